"""What PostgreSQL keeps of what was deleted, and how it is made to let go.

A deleted ballot stays on its page, and in the write-ahead log beside the update of its invitation, until the
space is used again. Whoever holds the data files and the collection key could read it there, and with it the
link that the shuffle is there to break.
"""

from __future__ import annotations

from django.core.cache import cache
from django.db import OperationalError, connection

FLAG = "respondents:write-ahead-log-holds-ballots"
WRITTEN = "respondents:written-together"
ORDERED = ("respondents_invitation", "respondents_response")
MAY = """
SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE')
    AND pg_has_role(current_user, 'pg_checkpoint', 'USAGE')
"""


def wipe_box() -> None:
    """Write the table of the box anew, with what is left in it: a plain VACUUM leaves the bytes where they were.

    Submissions wait meanwhile, for milliseconds: the box is nearly empty after a shuffle. Call it outside a
    transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
        try:
            cursor.execute("VACUUM (FULL) respondents_ballot")
        except OperationalError:  # somebody reads the table for long: the next shuffle tries again
            cursor.execute("VACUUM respondents_ballot")
        finally:
            cursor.execute("RESET lock_timeout")
    cache.set(FLAG, True, timeout=None)


def wipe_again() -> bool:
    """Wipe the box once more if anything was shuffled since the log was last shortened.

    A transaction that was open at the shuffle (a freeze, say) keeps PostgreSQL from letting go of what it could
    still read; some minutes later it has ended. Returns whether it was done.
    """
    if not cache.get(FLAG):
        return False
    wipe_box()
    return True


def rewritten(table: str) -> None:
    """Remember that *table* holds old rows, which `put_in_order` is to take away."""
    cache.set(f"{WRITTEN}:{table}", True, timeout=None)


def put_in_order() -> list[str]:
    """Write tables anew in the order of their random keys, without the rows that were replaced.

    Until it succeeds, the next call tries again. Returns the tables. Call it outside a transaction.
    """
    done = []
    for table in ORDERED:
        if not cache.get(f"{WRITTEN}:{table}"):
            continue
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
            try:
                cursor.execute(f"CLUSTER {table} USING {table}_pkey")
            except OperationalError:
                continue
            finally:
                cursor.execute("RESET lock_timeout")
        cache.delete(f"{WRITTEN}:{table}")
        cache.set(FLAG, True, timeout=None)
        done.append(table)
    return done


def shorten_log() -> bool:
    """End the segment of the write-ahead log that holds emptied ballots, so that the server deletes it.

    Only where the role may do it, as it may on the embedded server; elsewhere the server's own settings decide
    how long the log is kept (docs/threat-model.md). Returns whether it was done.
    """
    if not cache.get(FLAG):
        return False
    with connection.cursor() as cursor:
        cursor.execute(MAY)
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT pg_switch_wal()")
        cursor.execute("CHECKPOINT")
    cache.delete(FLAG)
    return True
