"""Partner and researcher in a real browser: from login to the links, from the first look to the close."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from respondents import campaigns, counters
from respondents.models import Campaign
from respondents.models.counters import Counter
from santesurvey.models import Job, User
from surveys.models import Survey, Version
from tests.conftest import PASSWORD
from tests.journeys.conftest import NewContext, axe

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"phone": (390, 844), "desk": (1280, 900)}


@pytest.fixture
def collection(survey: Survey, campaign: Campaign) -> Campaign:
    """Three days of fieldwork, some of it too little to be shown to a partner."""
    campaigns.add_batch(campaign=campaign, size=300, label="Île-de-France", by=None)
    kind = Counter.Kind
    for days_ago, submitted in ((3, 20), (2, 3), (1, 1)):
        counters.add(
            survey.pk,
            timezone.localdate() - timedelta(days=days_ago),
            [
                counters.Count(kind.OPENED, campaign=campaign.pk, count=submitted + 6),
                counters.Count(kind.STARTED, campaign=campaign.pk, count=submitted + 4),
                counters.Count(kind.SUBMITTED, campaign=campaign.pk, count=submitted),
                counters.Count(kind.PAGE, 1, count=submitted + 4),
                counters.Count(kind.PAGE, 2, count=submitted + 2),
                counters.Count(kind.MINUTES, 5, count=submitted),
            ],
        )
    return campaign


LogIn = Callable[[BrowserContext, User], Page]


@pytest.fixture
def log_in(live_server: Any) -> LogIn:
    """A page of somebody who is logged in already."""

    def enter(context: BrowserContext, user: User) -> Page:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        return context.new_page()

    return enter


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_every_page_passes_axe_and_fits(
    new_context: NewContext,
    log_in: LogIn,
    live_server: Any,
    collection: Campaign,
    researcher: User,
    partner_user: User,
    outsider: User,
    size: str,
    scheme: str,
) -> None:
    width, height = SIZES[size]
    batch = collection.batches.get()
    job = Job.objects.create(
        kind="analytics.tasks.freeze", target="x", state="running", created_by=researcher
    )
    failed = Job.objects.create(
        kind="analytics.tasks.freeze",
        target="y",
        state="failed",
        error="Aucune réponse.",
        created_by=researcher,
    )
    survey = "/etudes/petite-enquete"
    campaign = f"/campagnes/{collection.pk}"
    paths: dict[User | None, list[str]] = {
        None: [
            "/",
            "/api/v1/",
            "/accounts/login/",
            "/accounts/password/reset/",
            "/accounts/signup/",
            "/nulle-part/",
        ],
        outsider: ["/espace/"],
        partner_user: ["/espace/", f"{campaign}/", f"{campaign}/lots/{batch.pk}/lettres/"],
        researcher: [
            "/espace/",
            f"{survey}/",
            f"{survey}/cloture/",
            f"{survey}/diffusion/",
            f"{survey}/diffusion/nouvelle/",
            f"{survey}/terrain/",
            f"{campaign}/",
            f"{campaign}/lots/nouveau/",
            f"{campaign}/cloture/",
            f"/travaux/{job.pk}/",
            f"/travaux/{failed.pk}/",
            "/api/v1/",
            "/accounts/password/change/",
            "/accounts/2fa/",
            "/accounts/logout/",
        ],
    }
    wrong: list[str] = []
    for user, addresses in paths.items():
        context = new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = log_in(context, user) if user else context.new_page()
        for path in addresses:
            page.goto(live_server.url + path)
            wrong += [f"{path} {problem}" for problem in axe(page)]
            if not fits(page):
                wrong.append(f"{path} is wider than the screen")
    assert not wrong, "\n".join(wrong)


def test_a_partner_logs_in_and_takes_the_links_away(
    phone: BrowserContext, live_server: Any, collection: Campaign, partner_user: User
) -> None:
    page = phone.new_page()
    page.goto(f"{live_server.url}/espace/")
    page.get_by_label("Adresse électronique").fill(partner_user.email)
    page.get_by_label("Mot de passe").fill("pas le bon")
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Adresse électronique").fill(partner_user.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()

    page.get_by_role("link", name="Printemps").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Printemps")
    expect(page.get_by_role("table").nth(1)).to_contain_text("< 5")
    with page.expect_download() as download:
        page.get_by_role("link", name="Liens du lot Île-de-France, CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 301
    with page.expect_download() as book:
        page.get_by_role("link", name="Liens du lot Île-de-France, Excel").click()
    assert book.value.suggested_filename.endswith(".xlsx")


def test_a_researcher_makes_a_campaign_and_closes_it(
    desk: BrowserContext, log_in: LogIn, live_server: Any, version: Version, researcher: User
) -> None:
    page = log_in(desk, researcher)
    page.goto(f"{live_server.url}/etudes/petite-enquete/terrain/")
    page.get_by_role("link", name="Créer une campagne").click()
    page.get_by_role("button", name="Créer la campagne").click()
    expect(page.get_by_role("alert")).to_contain_text("Donnez un nom à la campagne")
    page.get_by_label("Organisation partenaire").fill("Entraide")
    page.get_by_label("Nom de la campagne").fill("Automne")
    page.get_by_role("button", name="Créer la campagne").click()
    page.get_by_label("Nom du lot").fill("Bretagne")
    page.get_by_label("Nombre d’invitations").fill("25")
    page.get_by_role("button", name="Préparer les invitations").click()
    expect(page.get_by_role("status")).to_contain_text("25 invitations sont prêtes")

    page.get_by_role("link", name="Clore la campagne").click()
    button = page.get_by_role("button", name="Clore et détruire les liens")
    expect(button).to_be_disabled()
    page.get_by_label("Pour confirmer").fill("Automne")
    expect(button).to_be_enabled()
    button.click()
    expect(page.get_by_role("main")).to_contain_text("Ses liens sont détruits")


def test_the_fieldwork_moves_while_one_looks(
    desk: BrowserContext, log_in: LogIn, live_server: Any, collection: Campaign, researcher: User
) -> None:
    page = log_in(desk, researcher)
    page.clock.install()
    page.goto(f"{live_server.url}/etudes/petite-enquete/terrain/")
    expect(page.locator("#fieldwork-figures")).to_contain_text("42")
    page.get_by_text("Les nombres de chaque jour").click()
    counters.add(
        collection.survey_id,
        timezone.localdate(),
        [counters.Count(Counter.Kind.OPENED, campaign=collection.pk, count=58)],
    )
    page.clock.run_for(10_500)
    expect(page.locator("#fieldwork-figures")).to_contain_text("100")
    expect(page.locator("#fieldwork-days-table")).to_be_visible()  # what was open stays open
    expect(page.locator("#fieldwork-days-table")).to_contain_text("58")
    with page.expect_response(lambda response: response.status == 204):
        page.clock.run_for(10_500)


def test_the_fieldwork_can_be_read_without_script(
    new_context: NewContext, log_in: LogIn, live_server: Any, collection: Campaign, researcher: User
) -> None:
    page = log_in(new_context(java_script_enabled=False), researcher)
    page.goto(f"{live_server.url}/etudes/petite-enquete/terrain/")
    expect(page.locator("#fieldwork-figures")).to_contain_text("42")
    expect(page.locator("svg.bars")).to_have_count(2)
    page.get_by_role("link", name="Suspendre").click()
    expect(page.get_by_role("main")).to_contain_text("Actualisation suspendue")


def test_a_bar_follows_its_job_to_the_end(
    desk: BrowserContext, log_in: LogIn, live_server: Any, survey: Survey, researcher: User
) -> None:
    job = Job.objects.create(
        kind="analytics.tasks.freeze",
        target="x",
        state="running",
        step="Lecture des réponses",
        done=1,
        total=4,
        started_at=timezone.now() - timedelta(seconds=40),
        created_by=researcher,
    )
    page = log_in(desk, researcher)
    page.goto(f"{live_server.url}/travaux/{job.pk}/")
    bar = page.locator(".job")
    expect(bar).to_contain_text("Lecture des réponses")
    expect(bar).to_contain_text("encore 2 minutes environ")
    Job.objects.filter(pk=job.pk).update(done=3, step="Calcul des marges")
    expect(bar).to_contain_text("Calcul des marges")
    expect(bar).to_contain_text("75 %")
    Job.objects.filter(pk=job.pk).update(state="done")
    expect(bar).to_contain_text("c’est fait")
