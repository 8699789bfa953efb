"""The making of the environment: what is there is skipped, and what is missing is said in one line."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.running.programs import ROOT

SCRIPT = ROOT / "bin" / "prepare.py"


@pytest.fixture
def prepare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module, with the project in an empty folder."""
    spec = importlib.util.spec_from_file_location("prepare", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


def test_an_old_python_can_read_the_script_far_enough_to_say_so() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))


def test_a_missing_venv_module_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    shutil.copy(SCRIPT, tmp_path / "bin")
    (tmp_path / "lib").mkdir()
    # As on a Debian without the package python3-venv.
    (tmp_path / "lib" / "venv.py").write_text("raise SystemExit('ensurepip is not available')")
    done = subprocess.run(
        [sys.executable, tmp_path / "bin" / "prepare.py"],
        env={"PYTHONPATH": str(tmp_path / "lib"), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert done.stderr.splitlines() == [
        "Le module « venv » de Python manque : installez-le (sous Debian et Ubuntu : "
        f"« sudo apt install python{version}-venv »), puis relancez la commande."
    ]
    assert not (tmp_path / ".venv").exists()


def test_stamps_follow_contents_and_not_dates(prepare: ModuleType, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    stamp = prepare.Stamp(tmp_path / "stamp", [source])
    assert not stamp.fresh()
    stamp.write()
    os.utime(source, (1, 1))
    assert prepare.Stamp(tmp_path / "stamp", [source]).fresh()
    source.write_text("two")
    assert not prepare.Stamp(tmp_path / "stamp", [source]).fresh()


def test_locks_name_no_host_and_hash_every_package() -> None:
    for lock in ROOT.glob("requirements*.txt"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        pinned = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
        assert pinned
        assert all(line.endswith("\\") for line in pinned), lock.name
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text()


def test_every_dependency_has_a_reason() -> None:
    for wish in ROOT.glob("requirements*.in"):
        above = ""
        for line in filter(None, wish.read_text().splitlines()):
            if not line.startswith(("#", "-")):
                assert above, f"{wish.name}: a comment above {line} says why"
            above = line if not line.startswith("-") else ""
