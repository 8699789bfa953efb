"""One's own workspace, the front door and the pages of errors."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from analytics.models import Snapshot
from respondents import campaigns
from respondents.models import Campaign
from santesurvey.models import User
from surveys.models import Survey, SurveyMember, Version


def plain(response: Any) -> str:
    text: str = response.text
    return text.replace("&#x27;", "'")


def test_each_sees_their_own(
    client: Client, campaign: Campaign, researcher: User, partner_user: User, data_user: User
) -> None:
    client.force_login(researcher)
    page = client.get("/espace/")
    assert "Petite enquête" in page.text
    assert "chercheur ou chercheuse" in page.text
    assert page.context["campaigns"] == [], "who runs the survey does not distribute its links"
    client.force_login(data_user)
    assert client.get("/espace/").context["surveys"] == [campaign.survey]
    client.force_login(partner_user)
    page = client.get("/espace/")
    assert page.context["surveys"] == []
    assert page.context["campaigns"] == [campaign]
    assert "Aucun lot" in page.text


def test_an_empty_workspace_says_what_to_do_first(
    client: Client, outsider: User, other_partner_user: User, administrator: User
) -> None:
    for user, words in [
        (outsider, "n’a pas encore de rôle"),
        (other_partner_user, "Aucune campagne pour l’instant"),
        (administrator, "manage.py publish"),
    ]:
        client.force_login(user)
        assert words in plain(client.get("/espace/"))


def test_the_workspace_costs_the_same_with_many(
    client: Client,
    campaign: Campaign,
    partner_user: User,
    researcher: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(5):
        survey = Survey.objects.create(slug=f"etude-{number}", title=f"Étude {number}")
        SurveyMember.objects.create(survey=survey, user=partner_user, role="analyst")
        made = campaigns.create_campaign(survey=survey, partner=campaign.partner, name="C", by=None)
        campaigns.add_batch(campaign=made, size=5, label="A", by=None)
    client.force_login(partner_user)
    # session, user, surveys, own roles, campaigns
    with django_assert_num_queries(5):
        page = client.get("/espace/")
    assert len(page.context["surveys"]) == 5
    assert len(page.context["campaigns"]) == 6


def test_the_front_door_lists_the_last_published_results(
    client: Client, survey: Survey, version: Version
) -> None:
    assert "Aucun résultat n’est encore publié" in plain(client.get("/"))
    from django.utils import timezone

    for number in (1, 2):
        Snapshot.objects.create(
            survey=survey,
            number=number,
            digest=f"{number}" * 64,
            file="x",
            responses=number * 1000,
            published_at=timezone.now(),
        )
    page = client.get("/")
    assert page.text.count('<li class="card">') == 1
    assert "2\xa0000 réponses" in page.text or "2 000 réponses" in page.text


@pytest.mark.django_db
def test_a_page_that_does_not_exist_says_so_in_words(client: Client) -> None:
    page = client.get("/nulle-part/")
    assert page.status_code == 404
    assert "Cette page n’existe pas" in plain(page)
    assert not page.cookies
    respondent = client.get("/q/inconnue")
    assert respondent.status_code == 404
    assert not respondent.cookies


@pytest.mark.django_db
def test_a_wrong_host_gets_a_page_too(client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["enquetes.example"]):
        page = client.get("/espace/", headers={"Host": "ailleurs.example"})
    assert page.status_code == 400
    assert "n’a pas été comprise" in plain(page)


@pytest.mark.django_db
def test_a_breakdown_shows_a_page_that_needs_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from santesurvey import views

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(views, "render", broken)
    client.raise_request_exception = False
    page = client.get("/")
    assert page.status_code == 500
    assert "rencontré une panne" in plain(page)


@pytest.mark.django_db
def test_the_language_switch_goes_back_and_nowhere_else(client: Client) -> None:
    back = client.post("/langue/", {"language": "en", "next": "/accounts/login/"})
    assert back.headers["Location"] == "/accounts/login/"
    away = client.post("/langue/", {"language": "en", "next": "https://ailleurs.example/"})
    assert away.headers["Location"] == "/"
    assert client.post("/langue/", {"language": "xx"}).cookies.get("django_language") is None
