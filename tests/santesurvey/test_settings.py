"""A wrong setting stops the start, and says which one and what to write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def start(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a fresh process, with a database URL that nothing connects to."""
    environment = {
        "PATH": os.environ["PATH"],
        "SANTESURVEY_DATA": str(folder),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-c", "import santesurvey.settings as s; print(s.SITE_URL, s.HTTPS)"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("PORT", "eighty", "nombre entier"),
        ("DEBUG", "maybe", "écrivez 1 ou 0"),
        ("DATABASE_URL", "mysql://localhost/x", "postgresql://"),
        ("DATABASE_URL", "postgresql://localhost", "postgresql://"),
        ("BALLOT_BATCH_MINIMUM", "vingt", "nombre entier"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(tmp_path: Path, name: str, value: str, advice: str) -> None:
    result = start(tmp_path, **{name: value})
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert name in last
    assert advice in last


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    assert start(tmp_path).stdout.split() == ["http://127.0.0.1:8000", "False"]
    key = tmp_path / "secret_key"
    before = key.read_text()
    assert key.stat().st_mode & 0o077 == 0
    start(tmp_path)
    assert key.read_text() == before
    assert (tmp_path / "collection_key").read_text() != before


def test_https_is_taken_from_the_address_of_the_site(tmp_path: Path) -> None:
    assert start(tmp_path, SITE_URL="https://enquetes.example/").stdout.split() == [
        "https://enquetes.example",
        "True",
    ]
