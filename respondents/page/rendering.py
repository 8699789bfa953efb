"""The respondent page: one HTML document per version and language, with nothing personal in it.

`page` is rendered once per process and served from memory; `render_form` renders the same template with the
answers of somebody who posted the form without JavaScript.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe

from respondents.page.document import logic, personal_scales
from respondents.page.form import fields
from respondents.page.messages import explain, wordings
from respondents.page.words import words
from surveys.definition import text
from surveys.models import Version
from surveys.routing import Compiled, compile_questionnaire
from surveys.validation import Problem


@dataclass(frozen=True)
class RenderedPage:
    body: bytes
    gzip: bytes
    brotli: bytes
    etag: str


@lru_cache(maxsize=64)
def _compiled(digest: str, pk: int) -> Compiled:
    return compile_questionnaire(Version.objects.get(pk=pk, digest=digest).questionnaire)


def compiled(version: Version) -> Compiled:
    """The questionnaire of *version* with its logic parsed, once per process."""
    return _compiled(version.digest, version.pk)


def page(version: Version, language: str) -> RenderedPage:
    """The document of *version* in *language*, ready to send."""
    return _page(version.digest, version.pk, language, (static("respondent.css"), static("respondent.js")))


@lru_cache(maxsize=64)
def _page(digest: str, pk: int, language: str, _assets: tuple[str, str]) -> RenderedPage:
    version = Version.objects.select_related("survey").get(pk=pk, digest=digest)
    html = _render(version, language, None, [], [])
    # Indentation is for people who read templates; the empty form holds no text where a space would matter.
    body = re.sub(r">\s+<", ">\n<", re.sub(r"\s*\n\s*", "\n", html)).encode()
    return RenderedPage(
        body=body,
        gzip=gzip.compress(body, 9, mtime=0),
        brotli=brotli.compress(body, quality=11),
        etag=f'"{hashlib.sha256(body).hexdigest()[:24]}"',
    )


def render_form(
    version: Version,
    language: str,
    values: QueryDict,
    problems: Sequence[Problem],
    general: Sequence[str] = (),
) -> str:
    """The page with what was posted, and what is wrong said first: *general* sentences, then *problems*."""
    return _render(version, language, values, problems, general)


def _render(
    version: Version,
    language: str,
    values: QueryDict | None,
    problems: Sequence[Problem],
    general: Sequence[str],
) -> str:
    parsed = compiled(version)
    whole = parsed.questionnaire
    ticked = values.getlist("consent") if values else []
    mistakes = {problem.variable: explain(problem, parsed, language) for problem in problems}
    with translation.override(language):
        described = fields(parsed, language, values, mistakes)
        context = {
            "version": version,
            "whole": whole,
            "language": language,
            "other_languages": [
                (code, NAMES.get(code, code), page_url(version, code))
                for code in whole.languages
                if code != language
            ],
            "title": text(whole.title, language),
            "description": text(whole.description, language),
            "notice": [(text(s.title, language), text(s.text, language)) for s in whole.notice],
            "consents": [(c.code, text(c.label, language), c.code in ticked) for c in whole.consents],
            "help_lines": help_lines(version, language),
            "pages": described,
            "code": values.get("code", "") if values else "",
            "general": general,
            "summary": [
                (question.anchor_of(variable), question.name_of(variable), message)
                for part in described
                for question in part.questions
                for variable, message in question.mistakes()
            ],
            "questionnaire": mark_safe(_for_script(document(version, language))),  # noqa: S308 - escaped there
        }
        return render_to_string("respondent/page.html", context)


NAMES = {"fr": "Français", "en": "English"}


def page_url(version: Version, language: str) -> str:
    return reverse("respondent_page_in", args=[version.survey.slug, language])


def help_lines(version: Version, language: str) -> list[dict[str, str]]:
    """Where to find somebody to talk to, with what a telephone dials."""
    return [
        {
            "name": text(line.name, language),
            "phone": line.phone,
            "dial": re.sub(r"[^0-9+]", "", line.phone),
            "url": line.url,
            "text": text(line.text, language),
        }
        for line in version.questionnaire.help
    ]


def document(version: Version, language: str) -> dict[str, Any]:
    """All that the page's script works with. Call under the language's translations."""
    parsed, slug = compiled(version), version.survey.slug
    whole = parsed.questionnaire
    return {
        "version": version.digest,
        "language": language,
        "slug": slug,
        "title": text(whole.title, language),
        "minutes": whole.minutes,
        "consents": [consent.code for consent in whole.consents],
        "urls": {
            "open": reverse("respondent_open", args=[slug]),
            "read": reverse("respondent_draft_read", args=[slug]),
            "save": reverse("respondent_draft_save", args=[slug]),
            "submit": reverse("respondent_submit", args=[slug]),
            "receipt": reverse("respondent_receipt", args=[slug]),
            "norms": f"{reverse('respondent_page', args=[slug])}/norms.json",
            "worker": reverse("service_worker"),
        },
        **logic(parsed),
        "scales": personal_scales(parsed, language),
        "constraints": {
            question.code: text(question.constraint_message, language)
            for question in whole.questions()
            if question.constraint_message
        },
        "problems": wordings(),
        "words": words(),
    }


def _for_script(content: dict[str, Any]) -> str:
    """JSON that no closing tag or comment can end, for a script element that is data."""
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def service_worker() -> HttpResponse:
    """The script that shows the page again without network; under /q/, which is all that it may see."""
    found = finders.find("sw.js") or settings.STATIC_ROOT / "sw.js"
    with open(str(found), "rb") as file:  # noqa: PTH123 - finders give text, settings a path
        response = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
