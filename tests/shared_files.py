"""Files of a folder ``shared`` beside the project: a test that needs one skips where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def shared(path: str) -> Path:
    """The file ``path`` of the shared folder; skips the test, by the file's name, where it is absent.

    The folder is the one named by ``SANTESURVEY_SHARED``, else ``shared`` beside the project.
    """
    folder = Path(os.environ.get("SANTESURVEY_SHARED") or PROJECT.parent / "shared")
    file = folder / path
    if not file.exists():
        pytest.skip(f"shared/{path} is not on this machine")
    return file
