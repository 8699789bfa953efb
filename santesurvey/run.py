"""`python -m santesurvey.run`: the whole product on one machine, from one command; Ctrl-C stops it.

Starts the embedded PostgreSQL unless DATABASE_URL names a server, brings the database up to date, loads the
demo, then starts the web server, a Celery worker and the Celery clock, and says where to go.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from santesurvey.children import Children, Stopped, stop_on_signals
from santesurvey.embedded import EmbeddedPostgresError, check_writable, start_postgres

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
READY_SECONDS = 120  # seconds on an idle machine, but it may be busy


class CannotStart(Exception):
    """Something outside of the program is not as it must be; the message says what to do."""


def main() -> int:
    os.chdir(ROOT)
    stop_on_signals()
    children = Children(say)
    try:
        port = free_port()
        reach_servers()
        shown = prepare()
        serve(children, port)
        work(children)
        if shown:
            say(f"\n{shown.strip()}")
        say(f"\nSantéSurvey est prêt : http://{HOST}:{port}/ (Ctrl-C pour arrêter)")
        return watch(children)
    except (CannotStart, EmbeddedPostgresError) as error:
        say(str(error))
        return 1
    except Stopped:
        say("\nArrêt…")
        return 0
    finally:
        children.stop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(
                number, signal.SIG_IGN
            )  # the embedded PostgreSQL stops next, and must not be left half-way


def say(text: str) -> None:
    print(text, flush=True)


def free_port() -> int:
    """The port to serve on, once sure that nobody else does."""
    raw = os.environ.get("PORT", "").strip() or "8000"
    if not raw.isdigit() or not 0 < int(raw) < 65536:
        raise CannotStart(f"PORT={raw} : écrivez un nombre entre 1 et 65535.")
    port = int(raw)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise CannotStart(
                f"Le port {port} est réservé : choisissez-en un autre, « make run PORT=8001 »."
            ) from error
        except OSError as error:
            raise CannotStart(
                f"Le port {port} est déjà utilisé : arrêtez le programme qui l'occupe, "
                "ou choisissez un autre port, par exemple « make run PORT=8001 »."
            ) from error
    return port


def reach_servers() -> None:
    """Start the embedded PostgreSQL, or make sure that the servers named in the environment answer."""
    data = Path(os.environ.get("SANTESURVEY_DATA", "").strip() or ROOT / ".data").resolve()
    check_writable(data)
    if url := os.environ.get("DATABASE_URL", "").strip():
        reach_postgres(url)
    else:
        start = time.monotonic()
        start_postgres(data)
        say(f"PostgreSQL… {time.monotonic() - start:.1f} s")
    if url := os.environ.get("REDIS_URL", "").strip():
        reach_redis(url)


def reach_postgres(url: str) -> None:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        raise CannotStart(
            "La base de données de DATABASE_URL ne répond pas : vérifiez que le serveur est démarré, que la "
            "base existe et que l'adresse et le mot de passe sont justes, ou retirez DATABASE_URL pour "
            f"utiliser le PostgreSQL embarqué. ({said})"
        ) from error


def reach_redis(url: str) -> None:
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        said = " ".join(str(error).split())
        raise CannotStart(
            "Le serveur Redis de REDIS_URL ne répond pas : vérifiez qu'il est démarré et que l'adresse est "
            f"juste, ou retirez REDIS_URL pour vous en passer. ({said})"
        ) from error


def prepare() -> str:
    """Bring database, static files and demo up to date; returns what the demo wants shown."""
    command = [sys.executable, "manage.py", "prepare"]
    if os.environ.get("DEMO", "").strip() in {"0", "no", "false"}:
        command.append("--no-demo")
    # In a session of its own: Ctrl-C reaches this program, which stops it.
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603
    try:
        shown, _ = process.communicate()
    except Stopped:
        process.terminate()
        process.wait()
        raise
    if process.returncode != 0:
        raise CannotStart("La préparation a échoué : la cause est écrite ci-dessus.")
    return shown


def web_command(port: int) -> list[str]:
    """The command of the web server, the same here and in the benchmarks."""
    address = ["--host", HOST, "--port", str(port)]
    # A thread waits while a slow phone sends its answers: with few of them, a handful of bad networks (or one
    # ill-meaning visitor) would keep everybody else out.
    workers = ["--workers", "2", "--blocking-threads", "64", "--respawn-failed-workers"]
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "error"]
    return [*granian, *address, *workers, "santesurvey.wsgi:application"]


def serve(children: Children, port: int) -> None:
    """Start the web server and wait until it answers."""
    start = time.monotonic()
    children.start("du serveur web", web_command(port))
    while time.monotonic() - start < READY_SECONDS:
        if ended := children.ended():
            raise CannotStart(describe(*ended))
        if answers(port):
            say(f"Serveur web… {time.monotonic() - start:.1f} s")
            return
        time.sleep(0.1)
    raise CannotStart(
        f"Le serveur web ne répond pas après {READY_SECONDS} s : la cause est écrite ci-dessus."
    )


def work(children: Children) -> None:
    """Start the worker and the clock of the tasks: after the web server, which people wait for."""
    # Tasks run as whoever started this; the embedded PostgreSQL has left root by itself.
    root_warning = ["-W", "ignore:You're running the worker"]
    celery = [sys.executable, *root_warning, "-m", "celery", "--quiet", "-A", "santesurvey.celery"]
    quiet = ["--loglevel", "WARNING"]
    children.start(
        "du serveur de tâches", [*celery, "worker", "--concurrency", "2", "--without-gossip", *quiet]
    )
    children.start("de l'horloge des tâches", [*celery, "beat", "--pidfile", "", *quiet])


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        # Where ALLOWED_HOSTS leaves this machine out, it is a refusal that says that the server is there.
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def watch(children: Children) -> int:
    """Wait until a signal comes, or one of the programs ends by itself."""
    while not (ended := children.ended()):
        time.sleep(0.5)
    say(f"{describe(*ended)} Tout s'arrête.")
    return 1


def describe(name: str, code: int) -> str:
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
    return f"Arrêt inattendu {name} ({how}) : la cause est écrite ci-dessus."


if __name__ == "__main__":
    sys.exit(main())
