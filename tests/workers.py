"""A real Celery worker in a process of its own, on the test database and the real broker, that can be killed.

A worker that starts looks for jobs that nobody does (santesurvey.tasks), so a test makes its job row, starts
a worker, and need not share a queue with it: each test's workers have a broker space of their own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from santesurvey.celery import app

PROJECT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """The address of the test database, as DATABASE_URL takes it."""
    found = connection.settings_dict
    host = str(found["HOST"] or "")
    socket = f"?host={quote(host, safe='')}" if host.startswith("/") else ""
    place = "" if socket else host
    port = f":{found['PORT']}" if found["PORT"] and not socket else ""
    user = quote(str(found["USER"] or ""))
    password = f":{quote(str(found['PASSWORD']))}" if found["PASSWORD"] else ""
    if socket and found["PORT"]:
        socket += f"&port={found['PORT']}"
    return f"postgresql://{user}{password}@{place}{port}/{quote(str(found['NAME']))}{socket}"


class Workers:
    """Workers of one test, one after the other or together, on a data folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = f"test-{uuid.uuid4().hex[:12]}-"
        self.running: list[subprocess.Popen[bytes]] = []
        self.log = folder / "worker.log"

    @property
    def storage(self) -> Path:
        """Where the workers keep files: the MEDIA_ROOT that the test must use too."""
        return self.folder / "storage"

    def start(self) -> subprocess.Popen[bytes]:
        environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "santesurvey.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "REDIS_PREFIX": self.prefix,
            "COLLECTION_KEY": settings.COLLECTION_KEY,
            "SECRET_KEY": settings.SECRET_KEY,
            "SANTESURVEY_DATA": str(self.folder),
        }
        command = [sys.executable, "-m", "celery", "-A", "santesurvey.celery", "worker", "--concurrency", "1"]
        command += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        with self.log.open("ab") as output:
            worker = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.running.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """As a power cut does: the worker and its children, at once."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)
        self.running.remove(worker)

    def until(self, holds: Callable[[], bool], *, seconds: float, every: float = 0.02) -> None:
        """Wait until *holds*; fails with the end of the workers' log after *seconds*."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                tail = self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""
                raise AssertionError(f"still waiting after {seconds} s. The workers say:\n{tail}")
            time.sleep(every)


@contextmanager
def workers(folder: Path) -> Iterator[Workers]:
    """Workers for one test, killed at its end. What the test itself sends goes to them and to nobody else."""
    found = Workers(folder)
    before = dict(app.conf.broker_transport_options)
    _send_with({**before, "global_keyprefix": found.prefix})
    try:
        yield found
    finally:
        for worker in list(found.running):
            found.kill(worker)
        _send_with(before)


def _send_with(options: dict[str, Any]) -> None:
    app.conf.broker_transport_options = options
    app._after_fork()  # its own way to forget the connections that it has
