"""A frozen small survey, and the usual way to a release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analytics import releases
from analytics.models import Release, Snapshot
from analytics.snapshots import freeze_now
from santesurvey.models import User
from surveys.models import Survey, Version
from tests.analytics.made_up import respond

Build = Callable[[dict[str, Any]], Release]


@pytest.fixture
def snapshot(survey: Survey, version: Version) -> Snapshot:
    """Six hundred made-up responses, frozen: profession and hours identify, `attacked` is sensitive."""
    respond(version, 600)
    return freeze_now(survey=survey, by=None)


@pytest.fixture
def build(snapshot: Snapshot, researcher: User) -> Build:
    """Ask for a release and do its job's work at once."""

    def do(recoding: dict[str, Any]) -> Release:
        release, _job = releases.request_release(snapshot=snapshot, recoding=recoding, by=researcher)
        return releases.build(release, lambda *_: None, by=researcher)

    return do
