"""A database of its own for a run, the demo questionnaire in it, and the real web server on a free port."""

from __future__ import annotations

import os
import socket
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


server_process: list[int] = []


def server_peak_megabytes() -> float:
    """The most memory that the web server's processes together have held."""
    peak = 0.0
    for pid in _family(server_process[-1]):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                peak += int(line.split()[1]) / 1024
    return peak


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


@contextmanager
def web_server() -> Iterator[int]:
    """The web server as `make run` starts it, on a free port."""
    from santesurvey.children import Children
    from santesurvey.run import web_command

    port, children = free_port(), Children(print)
    children.start("the web server", web_command(port))  # ends with this program, however that ends
    server_process.append(children.running["the web server"].pid)
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
        children.stop()
