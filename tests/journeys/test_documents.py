"""A researcher, in a browser and with a real worker: a refused dataset, an accepted one, a white paper."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from analytics.models import Release, Report, Snapshot
from analytics.snapshots import freeze_now
from santesurvey.models import Job, User
from surveys.models import Survey, Version
from tests.analytics.made_up import respond
from tests.journeys.conftest import NewContext, axe
from tests.workers import Workers, workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SIZES = {"phone": (390, 844), "desk": (1280, 900)}


@pytest.fixture
def team(tmp_path: Path, settings: Any) -> Iterator[Workers]:
    if not settings.REDIS_URL:
        pytest.skip("REDIS_URL names no Redis")
    with workers(tmp_path) as found:
        settings.MEDIA_ROOT = found.storage
        yield found


@pytest.fixture
def snapshot(team: Workers, survey: Survey, version: Version) -> Snapshot:
    respond(version, 600)
    return freeze_now(survey=survey, by=None)


Open = Callable[..., Page]


@pytest.fixture
def open_page(live_server: Any, new_context: NewContext) -> Open:
    def enter(user: User, path: str, **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        context = new_context(**options)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    return enter


def finish(team: Workers, page: Page) -> None:
    """A worker comes, finds the job that was asked for, does it, and goes."""
    worker = team.start()
    team.until(
        lambda: not Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists(), seconds=60
    )
    team.kill(worker)
    page.reload()


def test_a_dataset_is_refused_with_reasons_then_taken_after_a_suggestion(
    team: Workers, survey: Survey, snapshot: Snapshot, researcher: User, open_page: Open
) -> None:
    page = open_page(researcher, f"/etudes/{survey.slug}/donnees/")
    preview = page.locator("#preview")
    expect(preview).to_contain_text("serait refusé")
    page.get_by_label("Combien d'heures par semaine ?").select_option("drop")
    expect(preview).to_contain_text("serait accepté")
    page.get_by_label("Combien d'heures par semaine ?").select_option("keep")
    expect(preview).to_contain_text("serait refusé")

    page.get_by_role("button", name="Construire le jeu de données").click()
    expect(page.locator(".job")).to_contain_text("Préparation du jeu de données")
    finish(team, page)
    expect(page.get_by_role("heading", name="Le jeu de données a été refusé")).to_be_visible()
    assert axe(page) == []

    page.get_by_role("button", name="Construire la proposition 1").click()
    expect(page.locator(".job")).to_be_visible()
    finish(team, page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Télécharger").click()
    content = Path(taken.value.path()).read_bytes()
    assert "data.parquet" in " ".join(zipfile.ZipFile(io.BytesIO(content)).namelist())
    assert Release.objects.filter(state=Release.State.READY).count() == 1


def test_a_white_paper_is_built_and_taken(
    team: Workers, survey: Survey, snapshot: Snapshot, researcher: User, open_page: Open
) -> None:
    page = open_page(researcher, f"/etudes/{survey.slug}/livre-blanc/")
    page.get_by_role("button", name="Construire en français").click()
    expect(page.locator(".job")).to_contain_text("Préparation du livre blanc")
    finish(team, page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Télécharger le PDF").click()
    assert len(PdfReader(taken.value.path()).pages) > 3
    assert Report.objects.count() == 1
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_the_pages_read_well_at_every_size(
    size: str, scheme: str, survey: Survey, snapshot: Snapshot, researcher: User, open_page: Open
) -> None:
    width, height = SIZES[size]
    options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
    for path in ("donnees/", "livre-blanc/"):
        page = open_page(researcher, f"/etudes/{survey.slug}/{path}", **options)
        assert axe(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_a_killed_worker_leaves_nothing_half_done(
    team: Workers, survey: Survey, snapshot: Snapshot, researcher: User, open_page: Open
) -> None:
    page = open_page(researcher, f"/etudes/{survey.slug}/livre-blanc/")
    page.get_by_role("button", name="Construire en français").click()
    worker = team.start()
    team.until(lambda: Job.objects.filter(state=Job.State.RUNNING, done__gte=1).exists(), seconds=60)
    team.kill(worker)
    assert not Report.objects.exists()
    finish(team, page)
    job = Job.objects.get()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)
    assert Report.objects.count() == 1
