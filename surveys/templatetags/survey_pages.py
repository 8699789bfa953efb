"""What every page of a survey shows around its content: navigation by job, the way back, the demo banner."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import floatformat
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from santesurvey.permissions import ALLOWED, Action, Role
from surveys.definition import Option, Question, Questionnaire, Text
from surveys.definition import text as in_language
from surveys.models import Survey

register = template.Library()

# Job, name of its page, what one must be allowed to do to see it, and the pages that belong to it.
JOBS = [
    (gettext_lazy("Questionnaire"), "survey_overview", Action.SEE_SURVEY, ()),
    (gettext_lazy("Diffusion"), "survey_distribution", Action.MANAGE_CAMPAIGNS, ("campaign", "batch")),
    (gettext_lazy("Terrain"), "survey_fieldwork", Action.SEE_FIELDWORK, ()),
    (gettext_lazy("Résultats"), "survey_results", Action.SEE_RESULTS, ("result",)),
    (gettext_lazy("Livre blanc"), "survey_reports", Action.BUILD_REPORT, ("report",)),
    (gettext_lazy("Données"), "survey_releases", Action.DOWNLOAD_RELEASE, ("release",)),
]


@register.inclusion_tag("components/nav.html", takes_context=True)
def survey_nav(context: Context, survey: Survey) -> dict[str, Any]:
    """Left navigation of *survey*: the jobs that the user may do there, the current one marked."""
    request = context["request"]
    if request.user.is_administrator:
        roles = set(Role)
    else:
        roles = {
            Role(role) for role in survey.members.filter(user=request.user).values_list("role", flat=True)
        }
    here = getattr(request.resolver_match, "url_name", "") or ""
    jobs = [
        {
            "label": label,
            "url": _address(page, survey),
            "current": here == page or any(here.startswith(start) for start in parts),
        }
        for label, page, action, parts in JOBS
        if roles & ALLOWED[action]
    ]
    return {"title": survey.name, "context_label": _("Étude"), "jobs": jobs}


def _address(page: str, survey: Survey) -> str:
    try:
        return reverse(page, kwargs={"slug": survey.slug})
    except NoReverseMatch:  # the page is not part of this installation: shown, not pressed
        return ""


@register.inclusion_tag("components/breadcrumbs.html")
def survey_breadcrumbs(survey: Survey, label: str = "", url: str = "") -> dict[str, Any]:
    """The way back from a page of *survey*, through one more page (*label*, *url*) where given."""
    trail = [(_("Mon espace"), reverse("workspace")), (survey.name, _address("survey_overview", survey))]
    return {"trail": [*trail, (label, url)] if label else trail}


@register.simple_tag
def is_synthetic(survey: Survey) -> bool:
    """Whether the survey's answers are made up, which every page about it says."""
    version = survey.current_version
    return version is not None and version.questionnaire.synthetic


@register.filter
def text(value: Text, language: str) -> str:
    """`{{ question.label|text:language }}`: a text of the questionnaire in *language*."""
    return in_language(value, language)


KINDS = {
    "single": gettext_lazy("un choix"),
    "multiple": gettext_lazy("plusieurs choix"),
    "matrix": gettext_lazy("grille"),
    "integer": gettext_lazy("nombre entier"),
    "decimal": gettext_lazy("nombre"),
    "text": gettext_lazy("texte libre"),
    "note": gettext_lazy("texte affiché"),
}


@register.filter
def kind(question: Question) -> str:
    """`{{ question|kind }}`: the type of a question in words."""
    return str(KINDS[question.type])


@register.filter
def options_in(question: Question, questionnaire: Questionnaire) -> list[Option]:
    """`{{ question|options_in:questionnaire }}`: its choices."""
    return questionnaire.options(question)


@register.filter
def bounds(question: Question, language: str) -> str:
    """`{{ question|bounds:language }}`: how much an answer may be; empty where nothing limits it."""
    parts = []
    if question.minimum is not None:
        parts.append(_("au moins %(number)s") % {"number": floatformat(question.minimum)})
    if question.maximum is not None:
        parts.append(_("au plus %(number)s") % {"number": floatformat(question.maximum)})
    if parts and question.unit:
        parts.append(in_language(question.unit, language))
    if question.type == "text":
        parts.append(_("au plus %(number)s caractères") % {"number": floatformat(question.max_length, "0g")})
    if question.min_choices:
        parts.append(_("au moins %(number)s choix") % {"number": question.min_choices})
    if question.max_choices is not None:
        parts.append(_("au plus %(number)s choix") % {"number": question.max_choices})
    return ", ".join(parts)
