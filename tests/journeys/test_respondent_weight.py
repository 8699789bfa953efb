"""The first load of the demo questionnaire: how much, and in how many requests."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import BrowserContext

from respondents.page import rendering
from surveys.models import Survey
from surveys.publishing import publish

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_fits_in_sixty_kilobytes_and_five_requests(
    phone: BrowserContext, live_server: Any
) -> None:
    path = ROOT / "surveys" / "questionnaires" / "soignants-liberaux-2025.yaml"
    document = yaml.safe_load(path.read_text())
    survey = Survey.objects.create(slug=document["slug"], title="Démonstration", state=Survey.State.OPEN)
    version = publish(survey=survey, document=document, by=None)
    page = phone.new_page()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(f"{live_server.url}/q/{survey.slug}#7Q2M-K0TR-XW4E-9ZHB-C")
    page.wait_for_load_state("networkidle")
    assert len(addresses) <= 5, addresses
    # The test server does not compress; the same bytes, as gzip would send them.
    assets = [ROOT / "frontend" / "dist" / name for name in ("respondent.css", "respondent.js")]
    sizes = [len(gzip.compress(asset.read_bytes(), 9)) for asset in assets]
    assert sizes[0] <= 6_000
    assert sizes[1] <= 15_000
    assert sum(sizes) + len(rendering.page(version, "fr").gzip) <= 60_000
