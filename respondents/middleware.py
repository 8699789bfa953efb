"""Respondents get nothing but the page: no session, no cookie, no account, no language negotiation."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve
from django.utils import translation

PREFIX = "/q/"


class RespondentMiddleware:
    """Answers addresses under /q/ directly, so that no later middleware sees a respondent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        match = resolve(request.path_info)
        request.resolver_match = match
        with translation.override(settings.LANGUAGE_CODE):  # not the language of the thread's last request
            response = match.func(request, *match.args, **match.kwargs)
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))  # no later middleware does it
        return response
