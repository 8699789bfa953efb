"""The API, by role: the same rights as the screens, and nothing of others."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from knox.models import AuthToken
from rest_framework.test import APIClient

from respondents import campaigns
from respondents.models import Batch, Campaign
from santesurvey.models import AuditEvent, User
from surveys.models import Survey, Version

SURVEY = "/api/v1/surveys/petite-enquete/"


def as_user(user: User) -> APIClient:
    """A program of *user*: authenticated by a token, as programs are."""
    _token, secret = AuthToken.objects.create(user=user)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return client


@pytest.fixture
def batch(campaign: Campaign) -> Batch:
    return campaigns.add_batch(campaign=campaign, size=3, label="Lot 1", by=None)


def test_without_account_only_the_description_and_published_results_can_be_read(
    version: Version, batch: Batch
) -> None:
    client = APIClient()
    assert client.get("/api/v1/schema/").status_code == 200
    assert client.get("/api/v1/").status_code == 200
    for path in ["surveys/", "campaigns/", f"batches/{batch.pk}/links/", "surveys/petite-enquete/fieldwork/"]:
        assert client.get(f"/api/v1/{path}").status_code == 401
    assert client.get("/api/v1/results/petite-enquete/").status_code == 404


def test_others_get_404_everywhere(
    version: Version, batch: Batch, campaign: Campaign, outsider: User, other_partner_user: User
) -> None:
    paths = [
        SURVEY,
        f"{SURVEY}questionnaire/",
        f"{SURVEY}fieldwork/",
        f"{SURVEY}snapshots/",
        f"{SURVEY}results/",
        f"{SURVEY}releases/",
        f"/api/v1/campaigns/{campaign.pk}/",
        f"/api/v1/campaigns/{campaign.pk}/use/",
        f"/api/v1/batches/{batch.pk}/links/",
        "/api/v1/releases/1/file/",
    ]
    for user in (outsider, other_partner_user):
        client = as_user(user)
        assert client.get("/api/v1/surveys/").json()["results"] == []
        assert client.get("/api/v1/campaigns/").json()["results"] == []
        for path in paths:
            assert client.get(path).status_code == 404, path
        for path in [f"{SURVEY}snapshots/", f"{SURVEY}releases/", f"/api/v1/campaigns/{campaign.pk}/close/"]:
            assert client.post(path).status_code == 404, path


def test_a_researcher_makes_a_campaign_and_never_sees_its_links(
    researcher: User, version: Version, partner: Any
) -> None:
    client = as_user(researcher)
    assert client.get(SURVEY).json()["versions"][0]["digest"] == version.digest
    assert client.get(f"{SURVEY}questionnaire/").json()["slug"] == "petite-enquete"
    made = client.post(
        "/api/v1/campaigns/",
        {"survey": "petite-enquete", "partner": "Agenda Santé", "name": "Été"},
        format="json",
    )
    assert made.status_code == 201
    path = f"/api/v1/campaigns/{made.json()['id']}/"
    assert client.post(f"{path}batches/", {"label": "Lot", "size": 0}, format="json").status_code == 400
    batch = client.post(f"{path}batches/", {"label": "Lot", "size": 4}, format="json")
    assert batch.status_code == 201
    assert client.get(f"/api/v1/batches/{batch.json()['id']}/links/").status_code == 404
    again = client.post(
        "/api/v1/campaigns/",
        {"survey": "petite-enquete", "partner": "Agenda Santé", "name": "Été"},
        format="json",
    )
    assert again.status_code == 400
    assert "choisissez" in again.json()["name"][0]
    fieldwork = client.get(f"{SURVEY}fieldwork/").json()
    assert fieldwork["invited"] == 4
    assert len(fieldwork["pages"]) == 3
    assert client.post(f"{path}close/").json()["state"] == "closed"


def test_a_partner_reads_its_links_and_the_journal_knows(
    partner_user: User, batch: Batch, campaign: Campaign, django_assert_max_num_queries: Any
) -> None:
    client = as_user(partner_user)
    with django_assert_max_num_queries(5):
        found = client.get("/api/v1/campaigns/").json()["results"]
    assert [one["id"] for one in found] == [campaign.pk]
    links = client.get(f"/api/v1/batches/{batch.pk}/links/").json()
    assert [link["number"] for link in links] == [1, 2, 3]
    assert links[0]["url"].endswith(links[0]["code"].replace("-", ""))
    event = AuditEvent.objects.get(action="batch.download")
    assert (event.actor, event.details) == (partner_user, {"format": "api"})
    use = client.get(f"/api/v1/campaigns/{campaign.pk}/use/").json()
    assert (use["invitations"], use["total"], use["periods"]) == (3, 0, [])
    assert client.get(f"{SURVEY}fieldwork/").status_code == 404
    assert client.post(f"/api/v1/campaigns/{campaign.pk}/close/").status_code == 404


def test_a_data_user_sees_the_survey_and_its_datasets_only(data_user: User, version: Version) -> None:
    client = as_user(data_user)
    assert client.get(SURVEY).status_code == 200
    assert client.get(f"{SURVEY}releases/").json() == []
    for path in ("fieldwork/", "snapshots/", "results/"):
        assert client.get(SURVEY + path).status_code == 404
    assert client.post(f"{SURVEY}releases/").status_code == 404


def test_a_dataset_needs_a_freeze_first(researcher: User, version: Version) -> None:
    assert as_user(researcher).post(f"{SURVEY}releases/").status_code == 400


def test_a_revoked_or_foreign_token_opens_nothing(researcher: User, version: Version) -> None:
    client = as_user(researcher)
    AuthToken.objects.all().delete()
    assert client.get(SURVEY).status_code == 401


def test_tokens_are_made_in_the_browser_shown_once_and_stored_as_digests(
    client: Client, researcher: User, version: Version
) -> None:
    client.force_login(researcher)
    page = client.post("/api/v1/token/", follow=True).content.decode()
    stored = AuthToken.objects.get(user=researcher)
    secret = next(
        word
        for word in page.replace("<", " ").replace(">", " ").split()
        if word.startswith(stored.token_key) and len(word) > 40
    )
    assert secret not in repr(AuthToken.objects.values())
    assert secret not in client.get("/api/v1/").content.decode()
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    assert program.get(SURVEY).status_code == 200
    client.post(f"/api/v1/token/{stored.token_key}/revoke/")
    assert program.get(SURVEY).status_code == 401


def test_the_session_of_the_browser_works_and_asks_for_its_csrf_token(
    researcher: User, survey: Survey
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(researcher)
    assert client.get(SURVEY).status_code == 200
    assert client.post(f"{SURVEY}snapshots/").status_code == 403


def test_the_description_is_complete_and_valid() -> None:
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    for path in (
        "/api/v1/surveys/",
        "/api/v1/campaigns/",
        "/api/v1/results/{slug}/",
        "/api/v1/releases/{id}/file/",
    ):
        assert f"{path}:" in out.getvalue()
