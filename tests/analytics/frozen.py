"""A survey with results: enough made-up people, frozen and computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics import weighting
from analytics.models import Snapshot
from analytics.snapshots import freeze_now
from surveys.models import Survey, Version
from tests.analytics.made_up import respond

MARGINS = """
about: {fr: "Marges des tests.", en: "Margins of the tests."}
margins:
  - variable: profession
    source: {fr: "Inventé", en: "Made up"}
    counts: {nurse: 60, doctor: 40}
    outside: [other]
"""


def use_margins(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Give the small survey a margins file for the time of a test."""
    path = folder / "margins.yaml"
    path.write_text(MARGINS, encoding="utf-8")
    patch.setattr(weighting, "margins_path", lambda slug: path)


def frozen(survey: Survey, version: Version, count: int = 400) -> Snapshot:
    respond(version, count)
    return freeze_now(survey=survey, by=None)
