"""Errors in the log without what they say: the message of an error may quote the value that caused it.

PostgreSQL's "Failing row contains (…)" or a KeyError's key can hold an answer or a code. What is left is enough
to find the place in the code: the kinds of the errors, the SQL state, and the lines that led there.
"""

from __future__ import annotations

import traceback


def bare(exc: BaseException) -> str:
    """*exc* and its causes by kind, each with the places that it went through; no message, no value."""
    parts = []
    seen: BaseException | None = exc
    while seen is not None:
        state = getattr(seen, "sqlstate", None)
        kind = f"{type(seen).__module__}.{type(seen).__qualname__}"
        places = traceback.format_tb(seen.__traceback__)
        parts.append("".join([f"{kind} {state}\n" if state else f"{kind}\n", *places]))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "caused by ".join(parts).rstrip()
