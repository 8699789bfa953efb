"""The questionnaire of a survey, to read whole, and the opening and closing of the collection."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from santesurvey.confirmation import ConfirmNameForm
from santesurvey.models import User
from santesurvey.permissions import Action, get_or_404, may
from surveys import fieldwork
from surveys.models import Survey, Version
from surveys.version_changes import changes_since_previous, previous_version


@login_required
@require_GET
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Versions, and one of them by page: questions, codes, choices, logic, scales.

    `?version=` chooses another version than the current one, `?langue=` another language of it.
    """
    survey = get_or_404(request.user, Action.SEE_SURVEY, Survey.objects.all(), slug=slug)
    versions = list(survey.versions.defer("document").order_by("-number"))
    version = _chosen(versions, request.GET.get("version"))
    context = {
        "survey": survey,
        "versions": versions,
        "version": version,
        "questionnaire": version.questionnaire if version else None,
        "manages": may(request.user, Action.MANAGE_CAMPAIGNS, survey),
    }
    if version:
        languages = version.questionnaire.languages
        wanted = request.GET.get("langue") or get_language()
        context["language"] = wanted if wanted in languages else version.questionnaire.language
        context["items"] = len(version.questionnaire.question_of_variable())
        context["previous"] = previous_version(version)
        context["changes"] = changes_since_previous(version)
    return render(request, "researcher/overview.html", context)


def _chosen(versions: list[Version], number: str | None) -> Version | None:
    if number is None:
        return versions[0] if versions else None
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404


@login_required
@require_POST
def open_(request: HttpRequest, slug: str) -> HttpResponse:
    survey = _to_manage(request, slug)
    try:
        fieldwork.open_survey(survey=survey, by=_user(request))
    except fieldwork.SurveyError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, _("L'étude est ouverte : les personnes invitées peuvent répondre."))
    return redirect("survey_overview", slug)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what closing ends, ask for the name, close."""
    survey = _to_manage(request, slug)
    if survey.state != Survey.State.OPEN:
        return redirect("survey_overview", slug)
    form = ConfirmNameForm(request.POST or None, expected=survey.title)
    if request.method == "POST" and form.is_valid():
        try:
            fieldwork.close_survey(survey=survey, by=_user(request))
        except fieldwork.SurveyError as exc:
            messages.error(request, str(exc))
        else:
            messages.success(request, _("L'étude est close. Ses résultats peuvent être calculés."))
        return redirect("survey_overview", slug)
    context = {"survey": survey, "form": form}
    return render(request, "researcher/survey_close.html", context, status=422 if form.errors else 200)


def _to_manage(request: HttpRequest, slug: str) -> Survey:
    return get_or_404(request.user, Action.MANAGE_CAMPAIGNS, Survey.objects.all(), slug=slug)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    return request.user
