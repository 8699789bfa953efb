"""The researcher's fieldwork: campaigns and batches to make, the collection to follow, what ends it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from respondents import campaigns, counters
from respondents.bar_charts import HEIGHT, WIDTH, columns, round_top
from respondents.fieldwork_figures import figures
from respondents.models import Batch, Campaign, Invitation, Partner
from respondents.models.counters import Counter
from santesurvey.models import AuditEvent, User
from surveys.models import Survey, Version

K = Counter.Kind
FIELDWORK = "/etudes/petite-enquete/terrain/"
DISTRIBUTION = "/etudes/petite-enquete/diffusion/"


@pytest.fixture
def rose(client: Client, researcher: User) -> Client:
    client.force_login(researcher)
    return client


def plain(response: Any) -> str:
    text: str = response.text
    return text.replace("&#x27;", "'")


def count(survey: Survey, days_ago: int, *counts: counters.Count) -> None:
    counters.add(survey.pk, timezone.localdate() - timedelta(days=days_ago), counts)


@pytest.fixture
def collection(survey: Survey, campaign: Campaign) -> Survey:
    """Two hundred invited, 100 opened, 80 started, 50 submitted over three days."""
    campaigns.add_batch(campaign=campaign, size=200, label="A", by=None)
    for days_ago, part in ((3, 30), (1, 20)):
        count(
            survey,
            days_ago,
            counters.Count(K.OPENED, campaign=campaign.pk, count=2 * part),
            counters.Count(K.STARTED, campaign=campaign.pk, count=part + 15),
            counters.Count(K.SUBMITTED, campaign=campaign.pk, count=part),
            counters.Count(K.PAGE, 1, count=part + 15),
            counters.Count(K.PAGE, 2, count=part + 5),
            counters.Count(K.PAGE, 3, count=part // 10),
            counters.Count(K.MODE, 0, count=part - 1),
            counters.Count(K.MODE, 1),
            counters.Count(K.MINUTES, 4, count=part - 1),
            counters.Count(K.MINUTES, 60),
        )
    return survey


def test_the_figures_are_sums_of_counters(collection: Survey, version: Version) -> None:
    found = figures(collection, version.questionnaire, "fr")
    assert (found.invited, found.opened.count, found.started.count, found.submitted.count) == (
        200,
        100,
        80,
        50,
    )
    assert (found.opened.share, found.started.share, found.submitted.share) == (50, 80, 62)
    assert found.response_share == 25
    assert found.without_javascript.share == 4
    assert [day[1:] for day in found.days] == [(60, 45, 30), (0, 0, 0), (40, 35, 20)]
    assert found.median_minutes == 4
    assert found.minutes[-1].label == "30 et plus"
    assert sum(minute.count for minute in found.minutes) == 50


def test_drop_out_is_counted_between_pages_asked_of_everybody(collection: Survey, version: Version) -> None:
    found = figures(collection, version.questionnaire, "fr")
    assert [(page.title, page.count, page.conditional, page.lost) for page in found.pages] == [
        ("Vous", 80, False, None),
        ("Travail", 60, False, 20),
        ("Ensuite", 5, True, None),
    ]
    assert found.pages[1].lost_share == 25.0
    assert found.end is not None
    assert (found.end.count, found.end.lost) == (50, 10)


def test_the_page_shows_them_without_javascript(rose: Client, collection: Survey) -> None:
    page = plain(rose.get(FIELDWORK))
    for words in ("200", "taux de réponse", "Travail", "4 minutes ou moins", "L’urne est vide"):
        assert words.lower() in page.lower()
    assert 'hx-trigger="every 10s"' in page
    assert "style=" not in page
    assert "hx-trigger" not in rose.get(f"{FIELDWORK}?pause").text


def test_htmx_gets_what_changed_and_nothing_otherwise(
    rose: Client, collection: Survey, campaign: Campaign
) -> None:
    page = rose.get(FIELDWORK)
    seen = page.context["figures"].fingerprint
    live = {"HX-Request": "true"}
    assert rose.get(f"{FIELDWORK}?vu={seen}", headers=live).status_code == 204
    count(collection, 0, counters.Count(K.OPENED, campaign=campaign.pk))
    changed = rose.get(f"{FIELDWORK}?vu={seen}", headers=live)
    assert changed.status_code == 200
    assert changed.text.count('hx-swap-oob="true"') == 6
    assert "<html" not in changed.text
    assert "101" in changed.text
    assert seen not in changed.text


def test_before_anything_the_page_says_what_to_do(rose: Client, survey: Survey, version: Version) -> None:
    assert f"{DISTRIBUTION}nouvelle/" in rose.get(FIELDWORK).text
    assert "hx-get" not in rose.get(FIELDWORK).text


def test_an_analyst_is_not_sent_where_they_may_not_go(
    client: Client, survey: Survey, version: Version, analyst: User
) -> None:
    client.force_login(analyst)
    page = client.get(FIELDWORK)
    assert page.status_code == 200
    assert DISTRIBUTION not in page.text


def test_the_cost_of_the_page_does_not_grow(
    rose: Client, collection: Survey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rose.get(FIELDWORK)
    for days_ago in range(5, 40):
        count(collection, days_ago, counters.Count(K.OPENED, count=3))
    # session, user, survey, version, counters, ballots, campaigns, may, version (banner), roles (navigation)
    with django_assert_num_queries(10):
        rose.get(FIELDWORK)


def test_a_campaign_for_a_new_partner(rose: Client, survey: Survey, version: Version) -> None:
    page = rose.get(f"{DISTRIBUTION}nouvelle/")
    assert "partner" not in page.context["form"].fields
    answer = rose.post(f"{DISTRIBUTION}nouvelle/", {"new_partner": "Entraide", "name": "Automne"})
    campaign = Campaign.objects.get()
    assert (campaign.partner.name, campaign.name, campaign.closes_on) == ("Entraide", "Automne", None)
    assert answer.headers["Location"] == f"/campagnes/{campaign.pk}/lots/nouveau/"
    assert set(AuditEvent.objects.values_list("action", flat=True)) >= {"partner.create", "campaign.create"}


def test_a_campaign_for_a_known_partner(rose: Client, survey: Survey, partner: Partner) -> None:
    end = timezone.localdate() + timedelta(days=30)
    data = {"partner": partner.pk, "name": "Automne", "closes_on": end.isoformat()}
    rose.post(f"{DISTRIBUTION}nouvelle/", data)
    assert Campaign.objects.get().closes_on == end
    again = rose.post(f"{DISTRIBUTION}nouvelle/", data)
    assert again.status_code == 422
    assert "déjà une campagne de ce nom" in again.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "A"}, "Choisissez une organisation"),
        ({"partner": "yes", "new_partner": "Autre", "name": "A"}, "pas les deux"),
        ({"new_partner": "agenda SANTÉ", "name": "A"}, "existe déjà"),
        ({"partner": "yes", "name": " "}, "Donnez un nom"),
        ({"partner": "yes", "name": "A", "closes_on": "2020-01-01"}, "Ce jour est passé"),
        ({"partner": "yes", "name": "A", "closes_on": "demain"}, "Écrivez une date"),
    ],
)
def test_a_wrong_campaign_says_what_to_do(
    rose: Client, survey: Survey, partner: Partner, data: dict[str, str], words: str
) -> None:
    if "partner" in data:
        data = data | {"partner": str(partner.pk)}
    answer = rose.post(f"{DISTRIBUTION}nouvelle/", data)
    assert answer.status_code == 422
    assert words in plain(answer)
    assert 'class="error-summary"' in answer.text
    assert not Campaign.objects.exists()
    assert Partner.objects.count() == 1


def test_a_batch_is_made_once(rose: Client, campaign: Campaign) -> None:
    path = f"/campagnes/{campaign.pk}/lots/nouveau/"
    assert rose.post(path, {"label": "Bretagne", "size": 12}).status_code == 302
    assert Invitation.objects.count() == 12
    second = rose.post(path, {"label": "bretagne ", "size": 12})
    assert second.status_code == 422
    assert "déjà ce nom" in second.text
    assert Batch.objects.count() == 1


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ("", "combien d’invitations"),
        ("0", "au moins une"),
        ("500001", "au plus 500 000"),
        ("beaucoup", "nombre entier"),
    ],
)
def test_a_wrong_batch_says_what_to_do(rose: Client, campaign: Campaign, size: str, words: str) -> None:
    answer = rose.post(f"/campagnes/{campaign.pk}/lots/nouveau/", {"label": "A", "size": size})
    assert answer.status_code == 422
    assert words in plain(answer)
    assert not Batch.objects.exists()


def test_closing_says_what_is_lost_and_asks_for_the_name(rose: Client, campaign: Campaign) -> None:
    campaigns.add_batch(campaign=campaign, size=40, label="A", by=None)
    path = f"/campagnes/{campaign.pk}/cloture/"
    page = plain(rose.get(path))
    assert "les liens de 40 invitations" in page
    assert "Agenda Santé" in page
    for wrong in ("", "printemps", "Automne"):
        assert rose.post(path, {"name": wrong}).status_code == 422
    assert Batch.objects.get().sealed_seed is not None
    assert rose.post(path, {"name": campaign.name}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == "closed"
    assert Batch.objects.get().sealed_seed is None
    assert rose.get(f"/campagnes/{campaign.pk}/lots/nouveau/").status_code == 302


def test_an_analyst_runs_no_fieldwork(client: Client, campaign: Campaign, analyst: User) -> None:
    client.force_login(analyst)
    for path in (DISTRIBUTION, f"{DISTRIBUTION}nouvelle/", f"/campagnes/{campaign.pk}/"):
        assert client.get(path).status_code == 404
    for path in ("lots/nouveau/", "cloture/"):
        assert client.post(f"/campagnes/{campaign.pk}/{path}", {"name": campaign.name}).status_code == 404


def test_the_list_of_campaigns_costs_the_same_with_many(
    rose: Client, survey: Survey, campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        made = campaigns.create_campaign(survey=survey, partner=campaign.partner, name=f"C{number}", by=None)
        campaigns.add_batch(campaign=made, size=10, label="A", by=None)
        campaigns.add_batch(campaign=made, size=20, label="B", by=None)
    # session, user, survey, campaigns, version (banner), document (banner), roles (navigation)
    with django_assert_num_queries(7):
        page = rose.get(DISTRIBUTION)
    assert [row.invitations_made for row in page.context["campaigns"]][:5] == [30] * 5


def test_columns_share_the_width_and_keep_to_the_scale() -> None:
    drawn = columns([(1, 10), (3, 5), (1, 0)])
    assert drawn.top == 10
    assert [bar.height for bar in drawn.columns] == [HEIGHT, HEIGHT // 2, 0]
    assert drawn.columns[1].width > 2 * drawn.columns[0].width
    assert all(bar.x + bar.width <= WIDTH for bar in drawn.columns)
    assert columns([]).columns == []


@pytest.mark.parametrize(("highest", "top"), [(0, 2), (7, 8), (11, 12), (52, 60), (113, 120), (1000, 1000)])
def test_the_scale_ends_at_a_round_number(highest: int, top: int) -> None:
    assert round_top(highest) == top


def test_days_without_anything_are_drawn_too(collection: Survey, version: Version) -> None:
    days: list[date] = [day for day, *_ in figures(collection, version.questionnaire, "fr").days]
    assert days == [days[0] + timedelta(days=n) for n in range(3)]
