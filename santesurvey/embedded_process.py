"""Under which account the embedded PostgreSQL runs, and whether it is running.

PostgreSQL refuses to run as root. Started by root, it runs under an account without privileges that every
system has; where that account cannot reach the folders (a project in /root, say) it keeps one capability,
to pass through them, rather than having the permissions of the user's folders changed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Owner:
    """The account that the server runs under."""

    uid: int
    gid: int


def owner_of(cluster: Path) -> Owner:
    """The account of an existing cluster, else the current one, or for root one without privileges."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    if cluster.exists() and (seen := cluster.stat()).st_uid != 0:
        return Owner(seen.st_uid, seen.st_gid)
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(account.pw_uid, account.pw_gid)
    return Owner(65534, 65534)


def run_as(owner: Owner, command: Sequence[str | Path], *, data: Path) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs, on the cluster *data*, under the account of *owner*."""
    words = [str(word) for word in command]
    switch = os.geteuid() == 0
    reached = not switch or (_reaches(owner, data) and _reaches(owner, Path(words[0])))
    if not reached and (setpriv := shutil.which("setpriv")):
        account = [f"--reuid={owner.uid}", f"--regid={owner.gid}", "--clear-groups"]
        passage = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        words = [setpriv, *account, *passage, *words]
        switch = False
    return subprocess.run(  # noqa: S603
        words,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env={"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"},
        check=False,
        user=owner.uid if switch else None,
        group=owner.gid if switch else None,
        extra_groups=[] if switch else None,
    )


def _reaches(owner: Owner, path: Path) -> bool:
    """Whether the account can pass through every folder above *path*, and read and enter or execute it."""
    for folder in path.parents:
        seen = folder.stat()
        if not seen.st_mode & (stat.S_IXUSR if seen.st_uid == owner.uid else stat.S_IXOTH):
            return False
    seen = path.stat()
    wanted = 0o500 if seen.st_uid == owner.uid else 0o005
    return seen.st_mode & wanted == wanted


NO_PROCESS = "2147483646"  # above the highest number that a kernel gives to a process
State = Literal["absent", "busy", "ready"]


def postmaster(cluster: Path, socket_folder: Path) -> State:
    """What the cluster's server is doing.

    A pid file whose process is gone, or is now another program, is a trace of a crash: it is disowned, and
    the server counts as absent. A server that lives but takes no connection is starting or ending: busy.
    """
    pid_file = cluster / "postmaster.pid"
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return "absent"
    if not lines or not lines[0].isdigit() or not _is_server(int(lines[0]), cluster):
        _disown(pid_file, lines, socket_folder)
        return "absent"
    if len(lines) < 8 or lines[7].strip() != "ready":
        return "busy"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(socket_folder / ".s.PGSQL.5432"))
        except OSError:
            return "busy"
    return "ready"


def _disown(pid_file: Path, lines: list[str], socket_folder: Path) -> None:
    """Name a process that cannot be in the files of a crashed server.

    Otherwise a program that has got the old number since would keep the next server from starting.

    The rest of the pid file stays: from it the next server learns whether children of the old one still run.
    """
    if len(lines) < 2:
        pid_file.unlink()
    elif lines[0] != NO_PROCESS:
        pid_file.write_text("\n".join([NO_PROCESS, *lines[1:]]) + "\n")
    (socket_folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _is_server(pid: int, cluster: Path) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        if Path("/proc/self").exists():
            return False
        # Without /proc (macOS), ps tells the same.
        listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)  # noqa: S603, S607
        command = listed.stdout.split()
    return bool(command[0].endswith(b"postgres")) and os.fsencode(cluster) in command
