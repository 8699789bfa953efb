"""`manage.py demo`: what is installed, that it adds up, and that running it again changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from analytics.models import Snapshot
from analytics.publication import published, withdraw_results
from respondents import campaigns, codes, counters, responses
from respondents.models import Batch, Campaign, Counter, Invitation, Partner
from santesurvey.demo import PASSWORD, RESPONSES, SLUG
from santesurvey.demo.cast import CAST
from santesurvey.demo.fieldwork import DAYS, SPARE, SPARE_LABEL
from santesurvey.models import AuditEvent, User
from santesurvey.permissions import Action, Role, visible
from surveys.models import Survey

State = Invitation.State


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def shown(db: None, storage: None) -> str:
    """What `manage.py demo` prints in an empty database."""
    return run()


@pytest.fixture
def demo(shown: str) -> Survey:
    return Survey.objects.get(slug=SLUG)


def test_it_prints_how_to_look_around_and_running_it_again_changes_nothing(shown: str, demo: Survey) -> None:
    for person in CAST:
        assert person.email in shown
        assert User.objects.get(email=person.email).check_password(PASSWORD)
    assert PASSWORD in shown
    (code,) = re.findall(rf"/q/{SLUG}#(\S+)", unquote(shown))
    invitation = Invitation.objects.get(pk=codes.code_digest(codes.decode(code)))
    assert invitation.state == State.ISSUED
    assert invitation.campaign.survey == demo
    changed = User.objects.get(email=CAST[1].email)
    changed.set_password("une-autre-phrase")
    changed.save()
    before = (AuditEvent.objects.count(), User.objects.count(), Invitation.objects.count())
    withdraw_results(survey=demo, by=None)
    before = (before[0] + 1, *before[1:])  # the withdrawal itself
    again = run()
    assert published(demo) is None
    assert before == (AuditEvent.objects.count(), User.objects.count(), Invitation.objects.count())
    assert responses.count(demo) == RESPONSES
    changed.refresh_from_db()
    assert changed.check_password("une-autre-phrase")
    assert "mot de passe changé" in again
    assert again.replace("  (mot de passe changé)", "") == shown


def test_eight_weeks_of_fieldwork_add_up_to_the_responses_and_are_frozen(demo: Survey) -> None:
    assert demo.state == Survey.State.OPEN
    found = counters.fieldwork(demo, pages=12)
    assert responses.count(demo) == found.submitted == RESPONSES
    assert Invitation.objects.filter(state=State.USED).count() == RESPONSES
    assert Invitation.objects.filter(state__gte=State.STARTED).count() == found.started
    assert Invitation.objects.filter(state__gte=State.OPENED).count() == found.opened
    assert Invitation.objects.count() == found.invited
    assert found.invited > found.opened > found.started > found.submitted
    assert sum(count for _minutes, count in found.minutes) == RESPONSES
    assert 6 <= (found.median_minutes or 0) <= 8
    assert 0 < found.without_javascript < 40
    assert all(opened >= started >= submitted for _day, opened, started, submitted in found.by_day)
    version = demo.current_version
    assert version is not None
    conditional = [bool(page.relevant) for page in version.questionnaire.pages]
    always = [count for count, skipped in zip(found.pages, conditional, strict=True) if not skipped]
    assert always == sorted(always, reverse=True)
    assert always[0] == found.started
    assert always[-1] >= RESPONSES
    attacked = sum(
        any(f'"{item}": "yes"' in answers for item in ("aggr_verbal", "aggr_physical", "aggr_theft"))
        for chunk in responses.read_all(demo)
        for *_row, answers in chunk
    )
    assert [count for count, skipped in zip(found.pages, conditional, strict=True) if skipped] == [attacked]
    today = timezone.localdate()
    used = Counter.objects.filter(survey=demo).exclude(kind__in=[Counter.Kind.INVITED, *counters.UNDATED])
    assert used.order_by("day").first().day >= today - timedelta(days=DAYS)  # type: ignore[union-attr]
    assert used.order_by("day").last().day <= today - timedelta(days=1)  # type: ignore[union-attr]
    assert set(Batch.objects.exclude(label=SPARE_LABEL).values_list("created_on", flat=True)) == {
        today - timedelta(days=DAYS)
    }
    snapshot = Snapshot.objects.get(survey=demo)
    assert snapshot.responses == RESPONSES
    assert snapshot.published_at
    assert snapshot.weighting["state"] == "raked"
    assert snapshot.weighting["converged"]
    assert snapshot.weighting["trimmed"] == 0
    assert snapshot.estimate_sets.count() == 1


def test_each_account_sees_what_its_role_allows(demo: Survey) -> None:
    by_role = {person.role: User.objects.get(email=person.email) for person in CAST}
    assert visible(by_role[Role.RESEARCHER], Action.FREEZE, Survey.objects.all()).get() == demo
    assert visible(by_role[Role.ANALYST], Action.SEE_RESULTS, Survey.objects.all()).get() == demo
    assert not visible(by_role[Role.ANALYST], Action.MANAGE_CAMPAIGNS, Survey.objects.all()).exists()
    assert visible(by_role[Role.DATA_USER], Action.SEE_SURVEY, Survey.objects.all()).get() == demo
    assert by_role[Role.ADMINISTRATOR].is_administrator
    for action in Action:
        for model in (Survey, Campaign, Partner):
            assert not visible(by_role[None], action, model.objects.all()).exists()
    seen = [
        set(visible(User.objects.get(email=person.email), Action.SEE_CAMPAIGN, Campaign.objects.all()))
        for person in CAST
        if person.role == Role.PARTNER
    ]
    assert [len(mine) for mine in seen] == [1, 1]
    assert not seen[0] & seen[1]


def test_the_link_shown_is_always_one_that_works(shown: str, demo: Survey) -> None:
    batch = Batch.objects.get(label=SPARE_LABEL)
    spare = [codes.code_digest(codes.decode(link.code)) for link in campaigns.links(batch)]
    assert len(spare) == SPARE
    Invitation.objects.filter(pk=spare[0]).update(state=State.USED)
    assert run("--print") != shown
    assert Batch.objects.filter(label=SPARE_LABEL).count() == 1
    Invitation.objects.filter(pk__in=spare).update(state=State.USED)
    run("--print")
    assert Batch.objects.filter(label=SPARE_LABEL).count() == 2
    for campaign in Campaign.objects.all():
        campaigns.close_campaign(campaign=campaign, by=None)
    assert "closes" in run("--print")


def test_it_stays_out_of_a_database_with_other_surveys(survey: Survey, storage: None) -> None:
    with pytest.raises(CommandError, match="DEMO=0"):
        run()
    assert not User.objects.exists()
    run("--force")
    assert Survey.objects.count() == 2


def test_printing_needs_an_installed_demonstration(db: None) -> None:
    with pytest.raises(CommandError, match="pas installée"):
        run("--print")
    assert not Survey.objects.exists()
