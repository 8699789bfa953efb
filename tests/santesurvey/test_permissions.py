"""Who may do what: the table of roles, and the two functions that every page gets its objects from."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from respondents.models import Batch, Campaign
from santesurvey.models import User
from santesurvey.permissions import ALLOWED, Action, Role, get_or_404, may, visible
from surveys.models import Survey, SurveyMember

TABLE = """
see_survey        researcher analyst data_user
manage_campaigns  researcher
see_campaign      researcher partner
download_links    partner
see_fieldwork     researcher analyst
freeze            researcher analyst
see_results       researcher analyst
build_report      researcher analyst
publish_results   researcher
build_release     researcher
download_release  researcher analyst data_user
"""


def test_the_table_is_the_one_that_was_agreed() -> None:
    agreed = {
        Action(line.split()[0]): frozenset(map(Role, line.split()[1:])) for line in TABLE.strip().splitlines()
    }
    assert agreed == ALLOWED


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ANALYST, Role.DATA_USER])
def test_a_role_on_a_survey_opens_that_survey_and_no_other(
    survey: Survey, outsider: User, action: Action, role: Role
) -> None:
    other = Survey.objects.create(slug="autre", title="Autre")
    SurveyMember.objects.create(survey=survey, user=outsider, role=role)
    assert may(outsider, action, survey) == (role in ALLOWED[action])
    assert not may(outsider, action, other)


@pytest.mark.parametrize("action", Action)
def test_a_partner_acts_on_its_own_campaigns_only(
    campaign: Campaign, partner_user: User, other_partner_user: User, action: Action
) -> None:
    assert may(partner_user, action, campaign) == (Role.PARTNER in ALLOWED[action])
    assert not may(other_partner_user, action, campaign)
    assert not may(partner_user, action, campaign.survey)


@pytest.mark.parametrize("action", Action)
def test_outsiders_closed_accounts_and_visitors_see_nothing(
    survey: Survey, campaign: Campaign, researcher: User, outsider: User, action: Action
) -> None:
    researcher.is_active = False
    for user in (outsider, researcher, AnonymousUser()):
        assert not visible(user, action, Survey.objects.all()).exists()
        assert not visible(user, action, Campaign.objects.all()).exists()


@pytest.mark.parametrize("action", Action)
def test_administrators_hold_every_role(survey: Survey, administrator: User, action: Action) -> None:
    assert may(administrator, action, survey)


def test_what_is_not_yours_does_not_exist(
    campaign: Campaign, partner_user: User, other_partner_user: User
) -> None:
    from respondents.campaigns import add_batch

    batch = add_batch(campaign=campaign, size=3, label="A", by=None)
    assert get_or_404(partner_user, Action.DOWNLOAD_LINKS, Batch.objects.all(), pk=batch.pk) == batch
    with pytest.raises(Http404):
        get_or_404(other_partner_user, Action.DOWNLOAD_LINKS, Batch.objects.all(), pk=batch.pk)
    with pytest.raises(Http404):
        get_or_404(partner_user, Action.DOWNLOAD_LINKS, Batch.objects.all(), pk="x")
