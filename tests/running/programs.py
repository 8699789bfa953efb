"""Programs under test: started as a person would, in a data folder of their own, and never left behind."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a fresh clone: no server named, data in *data*."""
    forgotten = {"DATABASE_URL", "REDIS_URL", "PORT", "SITE_URL", "DEMO", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in forgotten}
    return {**kept, "SANTESURVEY_DATA": str(data), "DEMO": "0", **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def product(data: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`python -m santesurvey.run`, ready to be used; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "santesurvey.run"],
        cwd=ROOT,
        env=environment(data, PORT=str(port)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        until(lambda: process.poll() is not None or healthy(port))
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
        if process.stdout:
            process.stdout.close()


def run_to_end(data: Path, **more: str) -> tuple[int, list[str]]:
    """The exit code of the same command where it cannot start, and the lines that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "santesurvey.run"],
        cwd=ROOT,
        env=environment(data, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()


def healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def programs_on(data: Path) -> dict[int, str]:
    """Every living program that works in *data*, by its environment or by its command line."""
    wanted = os.fsencode(data)
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            command = (folder / "cmdline").read_bytes()
            if command and (
                wanted in command or b"SANTESURVEY_DATA=" + wanted in (folder / "environ").read_bytes()
            ):
                found[int(folder.name)] = command.replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
    return found
