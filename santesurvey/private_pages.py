"""What somebody sees after signing in is kept by no cache, on no shared computer."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class PrivatePagesMiddleware:
    """`no-store` on every answer to a request with a session or an API token that says nothing else itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        personal = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        if personal and "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "private, no-store"
        return response
