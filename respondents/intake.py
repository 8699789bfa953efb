"""What a respondent's request asks for and holds, read with care; and how it is refused in words.

Nothing here reads the address, the agent or the referrer of a request, or logs anything about a respondent.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils import translation
from django.utils.translation import gettext as _

from respondents import codes
from santesurvey.bare_errors import bare
from santesurvey.reconnecting import twice
from surveys.models import Survey, Version
from surveys.routing import Compiled

log = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]
DIGEST = re.compile(r"[0-9a-f]{64}")
LARGEST_READ = 16 * 1024 * 1024  # bytes of a refused body
FRESH = 5.0  # seconds for which a process trusts what it knows of a survey
_known: dict[str, tuple[float, Version]] = {}


def current_version(slug: str) -> Version:
    """The version of the survey that new respondents answer; asked of the database every few seconds."""
    now = time.monotonic()
    if (entry := _known.get(slug)) and entry[0] > now:
        return entry[1]
    version = (
        Version.objects.filter(survey__slug=slug)
        .exclude(survey__state=Survey.State.PREPARATION)
        .select_related("survey")
        .order_by("-number")
        .first()
    )
    if version is None:
        raise Http404
    _known[slug] = (now + FRESH, version)
    return version


def version_named(slug: str, digest: Any) -> Version:
    """The version that a respondent answered: of this survey, by its digest."""
    version = current_version(slug)
    if digest == version.digest:
        return version
    known = isinstance(digest, str) and DIGEST.fullmatch(digest)
    older = (
        Version.objects.filter(survey__slug=slug, digest=digest).select_related("survey").first()
        if known
        else None
    )
    if older is None:
        raise Refusal(400, "version", _("Cette page est ancienne : rechargez-la, vos réponses sont gardées."))
    return older


class Refusal(Exception):
    """An answer other than success: status, a word for the page, and words for its reader."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message


def as_json(content: object, status: int = 200) -> HttpResponse:
    response = HttpResponse(orjson.dumps(content), content_type="application/json", status=status)
    response["Cache-Control"] = "no-store"
    return response


def language_of(version: Version, asked: Any) -> str:
    languages = version.questionnaire.languages
    return asked if asked in languages else languages[0]


def taking_json(view: Callable[[HttpRequest, str, dict[str, Any]], HttpResponse]) -> View:
    """Give *view* the JSON object of a POST; turn refusals and failures into JSON that says what to do."""

    @wraps(view)
    def wrapped(request: HttpRequest, slug: str) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with translation.override(settings.LANGUAGE_CODE):
            try:
                data = orjson.loads(request.body)
                if not isinstance(data, dict):
                    raise Refusal(400, "not_an_object", _("La demande n'est pas lisible."))
                asked = data.get("language")
                if asked in [code for code, _name in settings.LANGUAGES]:
                    translation.activate(str(asked))
                # Everything that the page asks for may be asked again: that is how it rides out a lost network.
                return twice(lambda: view(request, slug, data))
            except RequestDataTooBig:
                read_to_end(request)
                refusal = Refusal(
                    413, "too_large", _("L'envoi est trop volumineux : raccourcissez vos réponses libres.")
                )
            except (orjson.JSONDecodeError, UnicodeDecodeError):
                refusal = Refusal(400, "not_json", _("La demande n'est pas lisible."))
            except Refusal as caught:
                refusal = caught
            except DatabaseError as exc:
                log.error("the database refused a request of a respondent: %s", bare(exc))
                refusal = Refusal(
                    503,
                    "unavailable",
                    _(
                        "Le service est momentanément indisponible. Vos réponses sont gardées ; "
                        "réessayez dans un instant."
                    ),
                )
            return as_json({"error": refusal.error, "message": refusal.message}, refusal.status)

    return wrapped


def read_to_end(request: HttpRequest) -> None:
    """Read what is left of a body that is refused for its size, up to `LARGEST_READ`, and forget it.

    A browser that is answered in the middle of its sending sees a broken connection and not the answer.
    """
    with suppress(OSError):  # UnreadablePostError: it stopped sending
        left = LARGEST_READ
        while left > 0 and (piece := request.read(min(left, 64 * 1024))):
            left -= len(piece)


def too_big(request: HttpRequest) -> HttpResponse:
    read_to_end(request)
    return HttpResponse(
        _("L'envoi est trop volumineux : raccourcissez vos réponses libres."),
        status=413,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def code_in(data: dict[str, Any], name: str = "code") -> int:
    value = data.get(name)
    try:
        return codes.decode(value if isinstance(value, str) else "")
    except codes.BadCode as exc:
        raise Refusal(
            404,
            "unknown",
            _("Ce code n'est pas celui d'une invitation. Vérifiez chaque signe, ou rouvrez le lien reçu."),
        ) from exc


def bytes_in(data: dict[str, Any], name: str) -> bytes:
    value = data.get(name)
    try:
        return base64.b64decode(value if isinstance(value, str) else "", validate=True)
    except (binascii.Error, ValueError) as exc:
        raise Refusal(400, name, _("La demande n'est pas lisible.")) from exc


def key_in(data: dict[str, Any], name: str) -> bytes:
    key = bytes_in(data, name)
    if not 16 <= len(key) <= 64:
        raise Refusal(400, name, _("La demande n'est pas lisible."))
    return key


def pages_in(data: dict[str, Any], compiled: Compiled) -> tuple[int, ...]:
    """Page numbers of the questionnaire; anything else is not counted."""
    value = data.get("pages")
    most = len(compiled.questionnaire.pages)
    numbers = value if isinstance(value, list) else []
    return tuple(
        sorted({n for n in numbers if isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= most})
    )
