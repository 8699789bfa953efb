"""Going on after the database has been away: it restarted, and every kept connection is dead."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

T = TypeVar("T")


def twice(work: Callable[[], T]) -> T:
    """The result of *work*, done once more on fresh connections if the first one was lost.

    Only for work that may be repeated. Inside a transaction, or when the database is still away, the error goes on.
    """
    try:
        return work()
    except OperationalError:
        if connection.in_atomic_block:
            raise
        renew()
        return work()


def renew() -> None:
    """Let go of this thread's connection, and of every dead one that waits in the pool."""
    connection.close()
    pool = getattr(connection, "pool", None)  # of PostgreSQL's wrapper only
    if pool:
        pool.check()
