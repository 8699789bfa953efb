"""From frozen data to a public figure in a real browser, with a real worker behind the button."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from analytics.frames import forget_files
from analytics.publication import publish_results
from analytics.snapshots import freeze_now
from santesurvey.models import User
from surveys.models import Survey, Version
from tests.analytics.frozen import use_margins
from tests.analytics.made_up import respond
from tests.journeys.conftest import NewContext, axe
from tests.workers import workers

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"phone": (390, 844), "desk": (1280, 900)}


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "storage"
    forget_files()
    yield
    forget_files()


def enter(context: BrowserContext, user: User, live_server: Any) -> Page:
    """A page of somebody who is logged in already."""
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


@pytest.mark.slow
def test_from_the_button_to_the_public_page(
    desk: BrowserContext,
    new_context: NewContext,
    live_server: Any,
    survey: Survey,
    version: Version,
    researcher: User,
    tmp_path: Path,
) -> None:
    respond(version, 300)
    page = enter(desk, researcher, live_server)
    address = f"{live_server.url}/etudes/{survey.slug}/resultats/"
    with workers(tmp_path) as team:
        page.goto(address)
        page.get_by_role("button", name="Geler les données").click()
        expect(page.locator(".job progress")).to_be_visible()
        team.start()
        expect(page.get_by_role("heading", name="L’essentiel")).to_be_visible(timeout=60_000)

    # A theme comes when the reader nears it; a figure by group when its fold is opened.
    page.locator("#theme-work").scroll_into_view_if_needed()
    attacked = page.locator("#fig-attacked")
    expect(attacked.locator("svg").first).to_be_visible()
    attacked.get_by_text("Selon le groupe").click()
    expect(page.locator("#fig-attacked-profession svg")).to_be_visible()
    attacked.get_by_text("Les chiffres").first.click()
    expect(attacked.get_by_role("rowheader", name="Oui").first).to_be_visible()
    with page.expect_download() as download:
        attacked.get_by_role("link", name="CSV").last.click()
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").startswith("row;answer;")
    assert axe(page) == []

    page.get_by_label("Personnes", exact=True).select_option("profession=nurse")
    expect(page.get_by_text("Seulement : Infirmier, infirmière")).to_be_visible()
    assert "groupe=profession" in page.url

    page.goto(address)
    page.get_by_role("link", name="Publier les résultats").click()
    assert axe(page) == []
    page.get_by_role("button", name="Publier ces résultats").click()
    expect(page.get_by_text("Les résultats sont publics.")).to_be_visible()

    reader = new_context(viewport={"width": 390, "height": 844}).new_page()
    reader.goto(f"{live_server.url}/resultats/{survey.slug}/")
    expect(reader.get_by_role("heading", name="Petite enquête")).to_be_visible()
    expect(reader.get_by_role("heading", name="Méthode")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_for_everybody(
    new_context: NewContext,
    live_server: Any,
    survey: Survey,
    version: Version,
    researcher: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: str,
    scheme: Any,
) -> None:
    use_margins(tmp_path, monkeypatch)
    respond(version, 200)
    publish_results(snapshot=freeze_now(survey=survey, by=None), by=None)
    width, height = SIZES[size]
    context = new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = enter(context, researcher, live_server)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    own, public = f"/etudes/{survey.slug}/resultats/", f"/resultats/{survey.slug}/"
    for path in (
        own,
        f"{own}?theme=work",
        f"{own}figures/tired@profession/",
        f"{own}retirer/",
        public,
        f"{public}?theme=you&groupe=profession%3Dnurse",
        f"{public}figures/exhaustion.bands/",
    ):
        response = page.goto(live_server.url + path)
        assert response is not None
        assert response.status == 200, path
        page.wait_for_load_state("networkidle")
        for fold in page.locator("details").all():
            fold.evaluate("fold => { fold.open = true }")
        page.wait_for_load_state("networkidle")
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    # No inline style, no script that the policy refuses.
    assert said == []


def test_without_scripts_every_figure_can_be_reached(
    new_context: NewContext, live_server: Any, survey: Survey, version: Version
) -> None:
    respond(version, 120)
    publish_results(snapshot=freeze_now(survey=survey, by=None), by=None)
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/resultats/{survey.slug}/")
    page.locator("#theme-work").get_by_role("link").click()
    expect(page.locator("#fig-fatigue svg")).to_be_visible()
    page.locator("#fig-attacked summary", has_text="Selon le groupe").click()
    page.locator("#fig-attacked").get_by_role("link", name="Voir cette figure groupe par groupe").click()
    expect(page.locator("#fig-attacked-profession svg")).to_be_visible()
    page.goto(f"{live_server.url}/resultats/{survey.slug}/")
    page.get_by_label("Personnes", exact=True).select_option("profession=nurse")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_text("Seulement : Infirmier, infirmière")).to_be_visible()
