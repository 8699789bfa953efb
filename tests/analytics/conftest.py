"""Files of the tests of results go to a folder of the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analytics.frames import forget_files


@pytest.fixture(autouse=True)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Nothing to do for the pure modules, which run without Django's settings."""
    if "db" not in request.fixturenames and not request.node.get_closest_marker("django_db"):
        yield
        return
    settings: Any = request.getfixturevalue("settings")
    settings.MEDIA_ROOT = tmp_path
    forget_files()
    yield
    forget_files()
