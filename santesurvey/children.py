"""Programs that live and die together: when one ends, or the parent is told to stop, all of them stop."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

PARENT_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG
libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Stopped(BaseException):
    """A signal asks this program to stop. Not an Exception: no handler of errors may swallow it."""


def stop_on_signals() -> None:
    """Turn Ctrl-C, a termination and a closed terminal into `Stopped`."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


class Children:
    """The programs started so far, each in a process group of its own."""

    # Seconds to wait before each further word. The second one ends a Celery worker that waits for its task:
    # the task is interrupted, and goes on at the next start.
    LADDER = ((signal.SIGTERM, 12.0), (signal.SIGQUIT, 25.0), (signal.SIGKILL, 5.0))

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str]) -> None:
        # A session of its own keeps the terminal's Ctrl-C from it: only this program tells it to stop.
        self.running[name] = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_dying_with(os.getpid())
        )

    def ended(self) -> tuple[str, int] | None:
        """The name and the exit code of a program that ended by itself, if any did."""
        for name, process in self.running.items():
            if (code := process.poll()) is not None:
                return name, code
        return None

    def stop(self) -> None:
        """Ask every program to stop, ever more firmly, and leave nothing of their groups behind."""
        began = time.monotonic()
        for number, patience in self.LADDER:
            alive = [process for process in self.running.values() if process.poll() is None]
            if not alive:
                break
            if number == signal.SIGQUIT:
                self.say("Une tâche est en cours : elle est interrompue et reprendra au prochain démarrage…")
            for process in alive:
                process.send_signal(number)
            if self._wait(alive, patience, began):
                break
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()

    def _wait(self, alive: list[subprocess.Popen[bytes]], patience: float, began: float) -> bool:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                if all(process.poll() is not None for process in alive):
                    return True
                time.sleep(0.05)
            except Stopped:
                # Ctrl-C again: no more patience. (A terminal may deliver the first one twice at once.)
                if time.monotonic() - began > 1:
                    return False
        return False


def _dying_with(parent: int) -> Callable[[], None]:
    """What a new program does first, so that it ends when *parent* is killed outright and can stop nobody."""

    def ask_the_kernel() -> None:
        if libc is not None:
            libc.prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
            if os.getppid() != parent:  # killed in between: no signal will come any more
                os._exit(1)

    return ask_the_kernel
