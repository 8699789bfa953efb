"""Starting the web server loads no drawing library: who reads a page of a questionnaire does not wait for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("altair", "vl_convert", "scipy.stats", "typst", "fontTools", "analytics.computing")
PROGRAM = f"""
import sys, django
django.setup()
import santesurvey.urls
loaded = [name for name in {HEAVY!r} if name in sys.modules]
assert not loaded, loaded
"""


def test_addresses_are_light() -> None:
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "santesurvey.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
