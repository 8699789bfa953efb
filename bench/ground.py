"""A database of its own for a run, the demo questionnaire in it, and the real web server on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.load import fetch, get

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def throwaway_database() -> Iterator[str]:
    """The URL of a new, empty database on the server that the product would use; dropped at the end."""
    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        from santesurvey.embedded import start_postgres

        url = start_postgres(Path(os.environ.get("SANTESURVEY_DATA", ROOT / ".data")).resolve())
    name = f"santesurvey_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web_server() -> Iterator[int]:
    """The web server as `make run` starts it, on a free port."""
    from santesurvey.run import web_command

    port = free_port()
    process = subprocess.Popen(web_command(port), stdout=subprocess.DEVNULL, start_new_session=True, cwd=ROOT)
    try:
        for _ in range(300):
            with suppress(OSError):
                if fetch(port, get("/healthz", port))[0] == 200:
                    break
            time.sleep(0.1)
        else:
            raise SystemExit("The web server does not answer.")
        yield port
    finally:
        process.terminate()
        process.wait(20)
