"""What respondents reach: one cached page, and the few requests it makes.

No view here reads the address, the agent or the referrer of a request, sets a cookie, or logs anything about
a respondent. JSON in, JSON out; a form without JavaScript gets pages instead.
"""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext as _

from respondents import ballots, codes, drafts, invitations, receipts
from respondents.ballots import Outcome
from respondents.intake import (
    Refusal,
    as_json,
    bytes_in,
    code_in,
    current_version,
    key_in,
    language_of,
    pages_in,
    taking_json,
    too_big,
    version_named,
)
from respondents.page import posting, rendering
from respondents.page.answers import shown_answers
from respondents.page.messages import explain
from surveys.models import Survey, Version
from surveys.validation import check

# --- The page ---------------------------------------------------------------------------------------


def questionnaire(request: HttpRequest, slug: str, language: str | None = None) -> HttpResponseBase:
    """The whole questionnaire as one document that any cache may keep."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    version = current_version(slug)
    language = language or version.questionnaire.language
    if language not in version.questionnaire.languages:
        raise Http404
    page = rendering.page(version, language)
    if request.headers.get("If-None-Match") == page.etag:
        response = HttpResponse(status=304)
    else:
        accepted = request.headers.get("Accept-Encoding", "")
        response = HttpResponse(content_type="text/html; charset=utf-8")
        if "br" in accepted:
            response.content, response["Content-Encoding"] = page.brotli, "br"
        elif "gzip" in accepted:
            response.content, response["Content-Encoding"] = page.gzip, "gzip"
        else:
            response.content = page.body
    response["ETag"] = page.etag
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "public, max-age=60, stale-while-revalidate=86400"
    response["Content-Language"] = language
    return response


def service_worker(request: HttpRequest) -> HttpResponseBase:
    return rendering.service_worker()


def about(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What is known about a respondent, in plain words."""
    version = current_version(slug)
    language = language_of(version, request.GET.get("lang"))
    with translation.override(language):
        context = {
            "version": version,
            "whole": version.questionnaire,
            "language": language,
            "draft_days": settings.DRAFT_DAYS,
        }
        context["batch_minimum"] = settings.BALLOT_BATCH_MINIMUM
        return render(request, "respondent/about.html", context)


# --- While answering --------------------------------------------------------------------------------


@taking_json
def open_link(request: HttpRequest, slug: str, data: dict[str, Any]) -> HttpResponse:
    version = current_version(slug)
    return as_json({"state": invitations.open_link(version.survey, code_in(data))})


@taking_json
def read_draft(request: HttpRequest, slug: str, data: dict[str, Any]) -> HttpResponse:
    ciphertext = drafts.read(key_in(data, "key"))
    return as_json({"ciphertext": base64.b64encode(ciphertext).decode() if ciphertext else None})


@taking_json
def save_draft(request: HttpRequest, slug: str, data: dict[str, Any]) -> HttpResponse:
    version = current_version(slug)
    reached = pages_in(data, rendering.compiled(version))
    code, key = code_in(data), key_in(data, "key")
    if key != codes.draft_name(code, slug):  # one draft for a link: it is no place to store things
        raise Refusal(400, "key", _("La demande n'est pas lisible."))
    try:
        drafts.save(
            version.survey,
            code=code,
            key_id=key,
            ciphertext=bytes_in(data, "ciphertext"),
            pages=reached,
        )
    except drafts.DraftRefused as exc:
        raise Refusal(
            409, "refused", _("Le brouillon reste sur cet appareil : le lien ne peut plus servir.")
        ) from exc
    return HttpResponse(status=204)


# --- Submission -------------------------------------------------------------------------------------

MESSAGES: dict[Outcome, tuple[int, str, Any]] = {
    Outcome.USED: (
        409,
        "used",
        translation.gettext_lazy("Cette invitation a déjà servi : une réponse a été enregistrée avec elle."),
    ),
    Outcome.CLOSED: (
        410,
        "closed",
        translation.gettext_lazy("Cette enquête est close : elle ne reçoit plus de réponses."),
    ),
    Outcome.UNKNOWN: (
        404,
        "unknown",
        translation.gettext_lazy("Ce code n'est pas celui d'une invitation à cette enquête."),
    ),
    Outcome.RECEIPT_TAKEN: (
        409,
        "receipt",
        translation.gettext_lazy("Ce reçu existe déjà : renvoyez vos réponses, un autre sera créé."),
    ),
}


def submit(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The answers of one respondent: JSON from the page, or its form where there is no JavaScript."""
    if request.content_type == "application/json":
        return submit_json(request, slug)
    return submit_form(request, slug)


@taking_json
def submit_json(request: HttpRequest, slug: str, data: dict[str, Any]) -> HttpResponse:
    version = version_named(slug, data.get("version"))
    compiled = rendering.compiled(version)
    consents = data.get("consents")
    given = [consent.code for consent in version.questionnaire.consents]
    if not isinstance(consents, list) or not all(code in consents for code in given):
        raise Refusal(422, "consent", _("Cochez les cases d'accord pour pouvoir envoyer vos réponses."))
    checked = check(compiled, data.get("answers"))
    if not checked.valid:
        language = language_of(version, data.get("language"))
        found = [
            {
                "variable": problem.variable,
                "code": problem.code,
                "values": problem.values,
                "message": explain(problem, compiled, language),
            }
            for problem in checked.problems
        ]
        return as_json({"problems": found}, 422)
    minutes = data.get("minutes")
    try:
        receipt = codes.decode(str(data.get("receipt")))
    except codes.BadCode as exc:
        raise Refusal(400, "receipt", _("La demande n'est pas lisible.")) from exc
    code = code_in(data)
    outcome = ballots.submit(
        ballots.Submission(
            code=code,
            receipt=receipt,
            version=version,
            answers=checked.answers,
            consents=given,
            draft=codes.draft_name(code, slug),
            minutes=minutes if isinstance(minutes, int) and not isinstance(minutes, bool) else None,
            pages=pages_in(data, compiled),
        )
    )
    if outcome in MESSAGES:
        raise Refusal(MESSAGES[outcome][0], MESSAGES[outcome][1], str(MESSAGES[outcome][2]))
    return as_json({"recorded": True}, 201 if outcome == Outcome.RECORDED else 200)


def submit_form(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same without JavaScript: the page again with what is wrong, or the receipt."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        post = request.POST
    except RequestDataTooBig:
        return too_big(request)
    asked = post.get("language")
    try:
        with translation.override(asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            version = version_named(slug, post.get("version"))
    except Refusal as refusal:
        return HttpResponse(refusal.message, status=refusal.status, content_type="text/plain; charset=utf-8")
    language = language_of(version, asked)
    with translation.override(language):
        return _submit_form(request, version, language)


def _submit_form(request: HttpRequest, version: Version, language: str) -> HttpResponse:
    post, compiled = request.POST, rendering.compiled(version)
    given = [consent.code for consent in version.questionnaire.consents]
    raw = posting.answers_from_post(compiled, post)
    checked = check(compiled, raw)
    general: list[str] = []
    if not all(code in post.getlist("consent") for code in given):
        general.append(_("Cochez les cases d'accord pour pouvoir envoyer vos réponses."))
    try:
        code = codes.decode(post.get("code", ""))
    except codes.BadCode:
        code = None
        general.append(
            _("Le code n'est pas lisible : recopiez les dix-sept signes imprimés sur votre invitation.")
        )
    status = 422
    if checked.valid and code is not None and not general:
        receipt = codes.decode(codes.new_code())
        outcome = ballots.submit(
            ballots.Submission(
                code=code,
                receipt=receipt,
                version=version,
                answers=checked.answers,
                consents=given,
                draft=codes.draft_name(code, version.survey.slug),
                pages=tuple(range(1, len(version.questionnaire.pages) + 1)),
                javascript=False,
            )
        )
        if outcome == Outcome.RECORDED:
            context = {
                "version": version,
                "whole": version.questionnaire,
                "language": language,
                "receipt": codes.grouped(codes.encode(receipt)),
            }
            response = render(request, "respondent/recorded.html", context, status=201)
            response["Cache-Control"] = "no-store"
            return response
        status = MESSAGES[outcome][0]
        general.append(str(MESSAGES[outcome][2]))
    body = rendering.render_form(version, language, post, checked.problems, general)
    response = HttpResponse(body, status=status, content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


# --- Afterwards -------------------------------------------------------------------------------------


def receipt(request: HttpRequest, slug: str) -> HttpResponseBase:
    """See and erase one's answers with the receipt, which travels in the body of a POST only."""
    version = current_version(slug)
    try:
        asked = request.POST.get("language") or request.GET.get("lang")
    except RequestDataTooBig:
        return too_big(request)
    language = language_of(version, asked)
    with translation.override(language):
        context: dict[str, Any] = {"version": version, "whole": version.questionnaire, "language": language}
        if request.method == "POST":
            context |= _opened(request, version.survey, language)
        response = TemplateResponse(request, "respondent/receipt.html", context).render()
        response["Cache-Control"] = "no-store"
        return response


def _opened(request: HttpRequest, survey: Survey, language: str) -> dict[str, Any]:
    typed = request.POST.get("receipt", "")
    try:
        number = codes.decode(typed)
    except codes.BadCode:
        return {
            "typed": typed,
            "error": _("Ce reçu n'est pas lisible : il compte dix-sept signes, vérifiez-les un à un."),
        }
    if request.POST.get("action") == "erase":
        if receipts.erase(survey, number):
            return {"erased": True}
        return {
            "typed": typed,
            "error": _("Aucune réponse n'est liée à ce reçu : elle a peut-être déjà été effacée."),
        }
    own = receipts.find(survey, number)
    if own is None:
        return {
            "typed": typed,
            "error": _("Aucune réponse n'est liée à ce reçu : elle a peut-être déjà été effacée."),
        }
    return {
        "receipt": codes.grouped(codes.encode(number)),
        "answers": shown_answers(own.version.questionnaire, own.answers, language),
    }
