"""Who works on a survey, and in which role."""

from __future__ import annotations

from django.db import transaction

from santesurvey import audit
from santesurvey.models import User
from santesurvey.permissions import Role
from surveys.models import Survey, SurveyMember


@transaction.atomic
def add_member(*, survey: Survey, user: User, role: Role, by: User | None) -> SurveyMember:
    """Give *user* a role on *survey*; one that is held already is returned as it is."""
    member, made = SurveyMember.objects.get_or_create(survey=survey, user=user, role=role.value)
    if made:
        audit.record("survey.member", survey, by=by, user=user.pk, role=role.value)
    return member
