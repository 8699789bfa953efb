"""Who sees, builds and takes datasets and white papers; everyone else gets a 404."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from analytics import releases, reports
from analytics.models import Release, Report, Snapshot
from analytics.tasks_documents import build_release
from santesurvey.models import AuditEvent, Job, User
from surveys.models import Survey
from tests.analytics.releases.conftest import Build

COARSE: dict[str, Any] = {"variables": {"profession": "keep", "hours": "bands_20"}, "erase_rare": True}


@pytest.fixture
def release(build: Build) -> Release:
    return build(COARSE)


@pytest.fixture
def report(snapshot: Snapshot) -> Report:
    return reports.build(snapshot=snapshot, language="fr", progress=lambda *_: None, by=None)


def addresses(survey: Survey, release: Release, report: Report) -> dict[str, tuple[str, str]]:
    """Name -> method and address of every page of the documents."""
    slug = survey.slug
    return {
        "data": ("get", reverse("survey_releases", args=[slug])),
        "build": ("post", reverse("release_build", args=[slug])),
        "take": ("get", reverse("release_download", args=[slug, release.pk])),
        "papers": ("get", reverse("survey_reports", args=[slug])),
        "write": ("post", reverse("report_build", args=[slug])),
        "read": ("get", reverse("report_download", args=[slug, report.pk])),
    }


ALLOWED = {
    "researcher": {"data", "build", "take", "papers", "write", "read"},
    "administrator": {"data", "build", "take", "papers", "write", "read"},
    "analyst": {"data", "take", "papers", "write", "read"},
    "data_user": {"data", "take"},
    "partner_user": set(),
    "other_partner_user": set(),
    "outsider": set(),
}


@pytest.mark.parametrize("person", list(ALLOWED))
def test_each_page_opens_for_its_roles_and_does_not_exist_for_others(
    person: str,
    survey: Survey,
    release: Release,
    report: Report,
    request: pytest.FixtureRequest,
    client: Client,
) -> None:
    client.force_login(request.getfixturevalue(person))
    opened = set()
    for name, (method, address) in addresses(survey, release, report).items():
        status = getattr(client, method)(address).status_code
        assert status in {200, 302, 404}
        if status != 404:
            opened.add(name)
    assert opened == ALLOWED[person]


def test_without_an_account_every_page_asks_to_log_in(
    survey: Survey, release: Release, report: Report, client: Client
) -> None:
    for method, address in addresses(survey, release, report).values():
        response = getattr(client, method)(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


def test_a_refused_or_unfinished_dataset_cannot_be_taken(
    survey: Survey, build: Build, snapshot: Snapshot, researcher: User, client: Client
) -> None:
    refused = build({})
    unfinished = Release.objects.create(snapshot=snapshot)
    client.force_login(researcher)
    for release in (refused, unfinished):
        assert client.get(reverse("release_download", args=[survey.slug, release.pk])).status_code == 404


def test_a_dataset_is_found_under_its_own_survey_only(
    release: Release, researcher: User, client: Client
) -> None:
    other = Survey.objects.create(slug="autre", title="Autre")
    client.force_login(researcher)
    assert client.get(reverse("release_download", args=[other.slug, release.pk])).status_code == 404


def test_taking_a_dataset_is_a_line_of_the_journal(
    survey: Survey, release: Release, data_user: User, client: Client
) -> None:
    client.force_login(data_user)
    response = client.get(reverse("release_download", args=[survey.slug, release.pk]))
    assert response["Content-Type"] == "application/zip"
    assert response.content[:2] == b"PK"
    line = AuditEvent.objects.get(action="release.download")
    assert (line.actor, line.details["digest"]) == (data_user, release.digest)


def test_a_data_user_sees_ready_datasets_and_no_form(
    survey: Survey, build: Build, data_user: User, client: Client
) -> None:
    client.force_login(data_user)
    page = reverse("survey_releases", args=[survey.slug])
    assert "Aucun jeu de données pour l’instant" in client.get(page).content.decode()
    build({})
    build(COARSE)
    shown = client.get(page).content.decode()
    assert "Jeux de données prêts" in shown
    assert "refusé" not in shown
    assert "<select" not in shown


def test_choices_can_be_tried_without_building(
    survey: Survey, snapshot: Snapshot, researcher: User, client: Client
) -> None:
    client.force_login(researcher)
    page = reverse("survey_releases", args=[survey.slug])
    detailed = client.get(page, {"detail-licence": "research"}).content.decode()
    assert "serait refusé" in detailed
    dropped = {"detail-profession": "drop", "detail-hours": "drop", "detail-licence": "research"}
    coarse = client.get(page, dropped, headers={"HX-Request": "true"}).content.decode()
    assert "serait accepté" in coarse
    assert "<html" not in coarse
    assert not Release.objects.exists()


def test_a_choice_that_does_not_exist_is_told(
    survey: Survey, snapshot: Snapshot, researcher: User, client: Client
) -> None:
    client.force_login(researcher)
    response = client.post(
        reverse("release_build", args=[survey.slug]),
        {"detail-hours": "bands_3", "detail-licence": "research"},
        follow=True,
    )
    assert "choix n’existe pas" in response.content.decode()
    assert not Release.objects.exists()


def test_before_the_first_freeze_the_pages_say_what_to_do(
    survey: Survey, version: object, researcher: User, client: Client
) -> None:
    client.force_login(researcher)
    for name in ("survey_releases", "survey_reports"):
        shown = client.get(reverse(name, args=[survey.slug])).content.decode()
        assert "Gelez d’abord" in shown
    for name in ("release_build", "report_build"):
        response = client.post(reverse(name, args=[survey.slug]), {"language": "fr"}, follow=True)
        assert response.status_code == 200
    assert not Job.objects.exists()


def test_asking_for_a_paper_starts_one_job(
    survey: Survey, snapshot: Snapshot, researcher: User, client: Client
) -> None:
    client.force_login(researcher)
    for _ in range(2):
        client.post(reverse("report_build", args=[survey.slug]), {"language": "fr"})
    job = Job.objects.get()
    assert (job.kind, job.arguments) == (reports.TASK, {"language": "fr"})
    assert client.post(reverse("report_build", args=[survey.slug]), {"language": "de"}).status_code == 302
    assert Job.objects.count() == 1


def test_the_list_of_papers_asks_the_database_as_often_for_many_as_for_one(
    survey: Survey,
    snapshot: Snapshot,
    report: Report,
    researcher: User,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        Report.objects.create(snapshot=snapshot, language="fr", file=f"x{number}", digest="0" * 64)
    client.force_login(researcher)
    with django_assert_max_num_queries(16):
        client.get(reverse("survey_reports", args=[survey.slug]))


def test_a_failure_is_told_until_a_later_build_succeeds(
    client: Client, researcher: User, survey: Survey, snapshot: Snapshot
) -> None:
    client.force_login(researcher)
    page = reverse("survey_releases", args=[survey.slug])
    failed, job = releases.request_release(snapshot=snapshot, recoding={}, by=researcher)
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, error="Plus de mémoire.")
    assert "Plus de mémoire." in client.get(page).content.decode()
    _other, later = releases.request_release(snapshot=snapshot, recoding=COARSE, by=researcher)
    assert later.pk != job.pk
    assert client.get(page).context["job"] == later
    build_release(str(later.pk))
    assert client.get(page).context["job"] is None
    failed.refresh_from_db()
    assert failed.state == Release.State.BUILDING, "it can be asked for again"
