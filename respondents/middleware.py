"""Respondents get nothing but the page: no session, no cookie, no account, no language negotiation."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.urls import resolve
from django.utils import translation
from django.views.defaults import server_error

from santesurvey.bare_errors import bare

log = logging.getLogger(__name__)
FORESEEN = (Http404, PermissionDenied, BadRequest, SuspiciousOperation, MultiPartParserError)
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
            try:
                response = match.func(request, *match.args, **match.kwargs)
            except FORESEEN:
                raise
            except Exception as exc:
                # Django would log the message of the error too, which may quote an answer or a code.
                log.error("a request of a respondent failed: %s", bare(exc))
                response = server_error(request)
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))  # no later middleware does it
        return response
