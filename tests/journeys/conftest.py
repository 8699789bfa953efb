"""A real browser on a real server: Chromium, driven through Playwright."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import santesurvey.urls  # noqa: F401 - loaded before the first page is timed
from respondents import intake
from respondents.campaigns import add_batch, links
from respondents.models import Campaign

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def fresh_surveys() -> None:
    """No survey of another test: the views remember for some seconds which version is current."""
    intake._known.clear()


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Makes browser contexts (each a device of its own), closed after the test."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(locale="fr-FR", **options)
        context.set_default_timeout(8_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def phone(new_context: NewContext) -> BrowserContext:
    return new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


@pytest.fixture
def desk(new_context: NewContext) -> BrowserContext:
    return new_context(viewport={"width": 1280, "height": 900})


@pytest.fixture
def codes(campaign: Campaign) -> list[str]:
    """The codes of three invitations to the small survey."""
    batch = add_batch(campaign=campaign, size=3, label="lettres", by=None)
    return [link.code for link in links(batch)]


@pytest.fixture
def address(live_server: Any) -> str:
    return f"{live_server.url}/q/petite-enquete"


@pytest.fixture
def link(address: str, codes: list[str]) -> str:
    """The link of an invitation, as the partner distributes it."""
    return f"{address}#{codes[0]}"


def axe(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands."""
    # A transition caught half-way has colours that nobody reads.
    page.evaluate("() => Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    page.evaluate(AXE.read_text())
    found = page.evaluate("(rules) => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def axe_of_copy(page: Page, context: BrowserContext) -> list[str]:
    """The same for a page whose scripts are off, where axe-core cannot run: looks at a copy of it."""
    html = re.sub(r"<script src=.*?</script>", "", page.content())
    copy = context.new_page()
    copy.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    copy.goto(page.url)
    found = axe(copy)
    copy.close()
    return found
