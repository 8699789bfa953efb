"""What the tests talk to: a Redis that is theirs alone, and a Chromium; found here, else installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Missing(Exception):
    """A program is not there and cannot be installed; the message says what to do."""


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis: the one of REDIS_URL, an empty database of the local one, or a new server."""
    if url := os.environ.get("REDIS_URL", "").strip() or empty_local_database():
        yield url
    else:
        with throwaway_redis() as url:
            yield url


def empty_local_database() -> str | None:
    """A database of the Redis on its usual port that holds nothing: the tests empty the one they use."""
    from redis import Redis, RedisError

    for number in range(15, 0, -1):
        url = f"redis://127.0.0.1:6379/{number}"
        try:
            with Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2) as client:
                if client.dbsize() == 0:
                    return url
        except RedisError:
            return None
    return None


@contextmanager
def throwaway_redis() -> Iterator[str]:
    """A Redis or Valkey server of our own, on a free port, that keeps nothing."""
    program = find(["redis-server", "valkey-server"]) or install(["redis-server"], ["redis-server"])
    with tempfile.TemporaryDirectory(prefix="santesurvey-redis-") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = [
            "--bind",
            "127.0.0.1",
            "--port",
            str(port),
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        log = Path(folder) / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [program, *options], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        try:
            wait_for(port, server, log)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(10)


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise Missing(f"Redis ne démarre pas : {log.read_text(errors='replace')[-500:]}")


def chromium() -> str | None:
    """The path of a Chromium of the machine; None where Playwright has its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        if Path(playwright.chromium.executable_path).exists():
            return None
    names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
    return find(names) or install(names, ["chromium", "fonts-liberation", "fonts-dejavu-core"])


def find(names: list[str]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def install(programs: list[str], packages: list[str]) -> str:
    """Install Debian's *packages* as root or by sudo without a password; returns where a program is."""
    wish = f"installez {programs[0]} (sous Debian et Ubuntu : « sudo apt install {' '.join(packages)} »)"
    apt = shutil.which("apt-get")
    if apt is None:
        raise Missing(f"{programs[0]} manque : {wish}, puis relancez la commande.")
    print(f"Installation de {', '.join(packages)}…", flush=True)
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        try:
            done = subprocess.run(
                [*prefix, apt, *command],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                env=environ,
            )
        except FileNotFoundError as error:  # neither root nor sudo
            raise Missing(f"{programs[0]} manque : {wish}, puis relancez la commande.") from error
        if done.returncode != 0:
            print(done.stderr.strip())
    if found := find(programs):
        return found
    raise Missing(f"{programs[0]} n'a pas pu être installé : {wish}, puis relancez la commande.")
