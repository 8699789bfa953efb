"""The embedded PostgreSQL: shared by whoever uses it, stopped with the last, and back after any crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running.programs import ROOT, environment, programs_on, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for left programs in /proc")

USE = """
import sys
from pathlib import Path
import psycopg
from santesurvey.embedded import ensure_postgres
with psycopg.connect(ensure_postgres(Path(sys.argv[1]))) as connection:
    print(*connection.execute("SELECT current_database(), current_setting('fsync')").fetchone(), flush=True)
    sys.stdin.read()
"""


@contextmanager
def user(data: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that uses the database of *data* until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE, str(data)],
        cwd=ROOT,
        env=environment(data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    try:
        assert process.stdout.readline().split() == ["santesurvey", "on"]
        yield process
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def servers(data: Path) -> list[int]:
    return [pid for pid, command in programs_on(data).items() if "bin/postgres" in command]


def test_the_last_user_stops_it(tmp_path: Path) -> None:
    with user(tmp_path):
        with user(tmp_path):
            assert len(servers(tmp_path)) == 1
        assert len(servers(tmp_path)) == 1
    assert servers(tmp_path) == []


def test_it_comes_back_after_it_was_killed_with_its_user(tmp_path: Path) -> None:
    with user(tmp_path) as process:
        for pid in [process.pid, *servers(tmp_path)]:
            os.kill(pid, signal.SIGKILL)
        until(lambda: servers(tmp_path) == [])
    with user(tmp_path):
        pass
    assert servers(tmp_path) == []


@pytest.mark.parametrize("left", ["1\n{data}/pg\n1\n5432\n{data}/pg\n\n 1 1\nready\n", "", "12", "mot\n"])
def test_a_stale_or_broken_pid_file_does_not_keep_it_from_starting(tmp_path: Path, left: str) -> None:
    with user(tmp_path):
        pass
    # Process 1 always lives, and is not this server: as after a restart of the machine.
    (tmp_path / "pg" / "postmaster.pid").write_text(left.format(data=tmp_path))
    with user(tmp_path):
        pass
    assert servers(tmp_path) == []


def test_an_interrupted_creation_begins_again(tmp_path: Path) -> None:
    (tmp_path / "pg.new").mkdir()
    (tmp_path / "pg.new" / "PG_VERSION").write_text("18\n")
    with user(tmp_path):
        assert not (tmp_path / "pg.new").exists()


def test_a_folder_too_deep_for_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    with user(deep):
        assert not list((deep / "pg").glob(".s.PGSQL*"))
    with user(deep):
        pass


def test_data_of_another_version(tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "PG_VERSION").write_text("15\n")
    done = subprocess.run(
        [sys.executable, "-c", USE, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"Les données de {tmp_path / 'pg'} sont de PostgreSQL 15, et le serveur embarqué"
    )
    assert len(done.stderr.splitlines()) == 1


def test_its_log_never_holds_an_answer(tmp_path: Path) -> None:
    provoke = USE.replace(
        "    sys.stdin.read()",
        "    connection.execute('CREATE TABLE answer (text text PRIMARY KEY)')\n"
        "    connection.execute(\"INSERT INTO answer VALUES ('je suis à bout')\")\n"
        "    connection.execute(\"INSERT INTO answer VALUES ('je suis à bout')\")\n",
    )
    done = subprocess.run(
        [sys.executable, "-c", provoke, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert "UniqueViolation" in done.stderr
    log = (tmp_path / "pg" / "server.log").read_text()
    assert "duplicate key" in log
    assert "à bout" not in log


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_root_starts_it_as_somebody_else_and_in_a_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with user(closed / "data"):
        (pid,) = servers(closed / "data")
        assert Path(f"/proc/{pid}").stat().st_uid != 0
    assert closed.stat().st_mode & 0o777 == 0o700
