"""Who may do what to which object: the one place where that is written.

Roles are held on a survey (researcher, analyst, data user) or through a partner organisation (partner);
administrators hold every role. Views and the API get their objects from `visible` and `get_or_404` only:
an object that is not yours does not exist for you, so the answer is 404 and never 403.

This module knows models by their label and by lookup paths, so that it stays below the apps.
"""

from __future__ import annotations

import enum
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.http import Http404

from santesurvey.models import User


class Role(enum.StrEnum):
    ADMINISTRATOR = "administrator"
    RESEARCHER = "researcher"
    ANALYST = "analyst"
    DATA_USER = "data_user"
    PARTNER = "partner"


class Action(enum.StrEnum):
    """Verbs of the product, as the screens and the API name them."""

    SEE_SURVEY = "see_survey"
    MANAGE_CAMPAIGNS = "manage_campaigns"
    SEE_CAMPAIGN = "see_campaign"
    DOWNLOAD_LINKS = "download_links"
    SEE_FIELDWORK = "see_fieldwork"
    FREEZE = "freeze"
    SEE_RESULTS = "see_results"
    BUILD_REPORT = "build_report"
    PUBLISH_RESULTS = "publish_results"
    BUILD_RELEASE = "build_release"
    DOWNLOAD_RELEASE = "download_release"


R, A, D, P = Role.RESEARCHER, Role.ANALYST, Role.DATA_USER, Role.PARTNER
ALLOWED: dict[Action, frozenset[Role]] = {
    Action.SEE_SURVEY: frozenset({R, A, D}),
    Action.MANAGE_CAMPAIGNS: frozenset({R}),
    Action.SEE_CAMPAIGN: frozenset({R, P}),
    # The links let one answer: whoever distributes them holds them, researchers do not.
    Action.DOWNLOAD_LINKS: frozenset({P}),
    Action.SEE_FIELDWORK: frozenset({R, A}),
    Action.FREEZE: frozenset({R, A}),
    Action.SEE_RESULTS: frozenset({R, A}),
    Action.BUILD_REPORT: frozenset({R, A}),
    Action.PUBLISH_RESULTS: frozenset({R}),
    Action.BUILD_RELEASE: frozenset({R}),
    Action.DOWNLOAD_RELEASE: frozenset({R, A, D}),
}

# From a model to the survey and to the partner whose members hold roles on it.
SURVEY_PATH: dict[str, str] = {
    "surveys.Survey": "",
    "surveys.Version": "survey__",
    "respondents.Campaign": "survey__",
    "respondents.Batch": "campaign__survey__",
    "analytics.Snapshot": "survey__",
    "analytics.Report": "snapshot__survey__",
    "analytics.Release": "snapshot__survey__",
}
PARTNER_PATH: dict[str, str] = {
    "respondents.Partner": "",
    "respondents.Campaign": "partner__",
    "respondents.Batch": "campaign__partner__",
}

M = TypeVar("M", bound=models.Model)
Visitor = User | AnonymousUser


def visible(user: Visitor, action: Action, queryset: models.QuerySet[M]) -> models.QuerySet[M]:
    """The objects of *queryset* on which *user* may do *action*."""
    if not isinstance(user, User) or not user.is_active:
        return queryset.none()
    if user.is_administrator:
        return queryset
    label = queryset.model._meta.label
    roles = ALLOWED[action]
    mine = models.Q(pk__in=[])
    survey_roles = roles - {Role.PARTNER}
    if label in SURVEY_PATH and survey_roles:
        path = SURVEY_PATH[label]
        mine |= models.Q(
            pk__in=queryset.model._default_manager.filter(
                **{f"{path}members__user": user, f"{path}members__role__in": sorted(survey_roles)}
            ).values("pk")
        )
    if label in PARTNER_PATH and Role.PARTNER in roles:
        mine |= models.Q(
            pk__in=queryset.model._default_manager.filter(
                **{f"{PARTNER_PATH[label]}members__user": user}
            ).values("pk")
        )
    return queryset.filter(mine)


def get_or_404(user: Visitor, action: Action, queryset: models.QuerySet[M], **lookup: Any) -> M:
    """The one object of *queryset* that *lookup* names and on which *user* may do *action*, or `Http404`."""
    try:
        return visible(user, action, queryset).get(**lookup)
    except (ObjectDoesNotExist, ValueError, TypeError) as exc:
        raise Http404 from exc


def may(user: Visitor, action: Action, obj: models.Model) -> bool:
    """Whether *user* may do *action* to *obj*."""
    return visible(user, action, type(obj)._default_manager.filter(pk=obj.pk)).exists()
