"""What may become public after what: no two freezes whose difference tells about a few people."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from analytics.models import Snapshot
from analytics.publication import NotPublishable, publish_results, published, withdraw_results
from analytics.reports import build, public_reports
from analytics.snapshots import freeze_now
from respondents.models import Response
from santesurvey.models import User
from surveys.models import Survey, Version
from tests.analytics.frozen import frozen
from tests.analytics.made_up import respond

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(survey: Survey, version: Version) -> Snapshot:
    """Results of 130 people, public."""
    respond(version, 60, seed=1, profession="nurse")
    respond(version, 40, seed=2, profession="doctor")
    snapshot = frozen(survey, version, 0)
    return publish_results(snapshot=snapshot, by=None)


def again(survey: Survey) -> Snapshot:
    return publish_results(snapshot=freeze_now(survey=survey, by=None), by=None)


def test_a_few_more_people_are_not_shown_by_subtraction(
    survey: Survey, version: Version, public: Snapshot
) -> None:
    respond(version, 3, seed=3, profession="nurse")
    with pytest.raises(NotPublishable, match=r"^3 .*gel n° 1.*Attendez davantage de réponses"):
        again(survey)
    assert published(survey) == public
    respond(version, 1, seed=4, profession="nurse")
    respond(version, 6, seed=5, profession="nurse")
    assert again(survey).number == 3


def test_nor_a_few_in_one_group_among_many(survey: Survey, version: Version, public: Snapshot) -> None:
    respond(version, 50, seed=3, profession="nurse")
    respond(version, 2, seed=4, profession="doctor")
    with pytest.raises(NotPublishable, match=r"Médecin.*2"):
        again(survey)
    respond(version, 8, seed=5, profession="doctor")
    again(survey)


def test_nor_the_one_who_erased_their_answers(survey: Survey, version: Version, public: Snapshot) -> None:
    gone = Response.objects.filter(answers__profession="nurse").first()
    assert gone
    gone.delete()
    with pytest.raises(NotPublishable, match=r"^1 "):
        again(survey)


def test_taking_results_back_does_not_make_them_forgotten(
    survey: Survey, version: Version, public: Snapshot
) -> None:
    withdraw_results(survey=survey, by=None)
    respond(version, 3, seed=3, profession="nurse")
    with pytest.raises(NotPublishable):
        again(survey)
    public.refresh_from_db()
    assert publish_results(snapshot=public, by=None).published_at


def test_the_page_says_why(client: Client, researcher: User, survey: Survey, version: Version) -> None:
    frozen(survey, version, 100)
    client.force_login(researcher)
    client.post(reverse("result_publish", args=[survey.slug]))
    respond(version, 3, seed=3)
    freeze_now(survey=survey, by=None)
    page = client.post(reverse("result_publish", args=[survey.slug]), follow=True)
    assert "Attendez davantage de réponses" in page.content.decode()


def test_anybody_reads_the_white_paper_of_what_is_public(
    client: Client, survey: Survey, version: Version, public: Snapshot
) -> None:
    address = reverse("report_public", args=[survey.slug, "fr"])
    assert client.get(address).status_code == 404
    report = build(snapshot=public, language="fr", progress=lambda *_: None, by=None)
    response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert public.fingerprint in response["Content-Disposition"]
    assert address in client.get(reverse("public_results", args=[survey.slug])).content.decode()
    assert reverse("report_public", args=[survey.slug, "fr"]).replace("/fr.", "/en.") not in (
        client.get(reverse("public_results", args=[survey.slug])).content.decode()
    )
    papers = client.get(reverse("api-public-results", args=[survey.slug])).json()["white_papers"]
    assert papers == [{"language": "fr", "digest": report.digest, "address": address}]
    for other in ("en", "de"):
        assert client.get(reverse("report_public", args=[survey.slug, other])).status_code == 404
    withdraw_results(survey=survey, by=None)
    assert client.get(address).status_code == 404


def test_the_paper_of_another_freeze_stays_in_the_team(
    client: Client, survey: Survey, version: Version, public: Snapshot
) -> None:
    respond(version, 200, seed=8)
    other = freeze_now(survey=survey, by=None)
    build(snapshot=other, language="fr", progress=lambda *_: None, by=None)
    assert client.get(reverse("report_public", args=[survey.slug, "fr"])).status_code == 404


def test_a_stricter_policy_closes_papers_made_before(survey: Survey, public: Snapshot) -> None:
    build(snapshot=public, language="fr", progress=lambda *_: None, by=None)
    assert public_reports(public)
    survey.minimum_cell = 25
    survey.save()
    again = Snapshot.objects.get(pk=public.pk)
    assert public_reports(again) == []


@pytest.mark.parametrize(("people", "told"), [(60, False), (130, True)])
def test_norms_need_a_tenth_that_is_no_handful(
    client: Client, survey: Survey, version: Version, people: int, told: bool
) -> None:
    publish_results(snapshot=frozen(survey, version, people), by=None)
    found = client.get(reverse("respondent_norms", args=[survey.slug])).json()
    assert found["n"] == people
    assert ("exhaustion" in found["scales"]) is told
