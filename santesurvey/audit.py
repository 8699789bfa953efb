"""The journal: every action that changes data writes one line, in its own transaction."""

from __future__ import annotations

from django.db import connection, models

from santesurvey.models import AuditEvent, User, label_of


def record(action: str, target: models.Model, *, by: User | None, **details: object) -> AuditEvent:
    """Write that *by* did *action* to *target*; call it inside the transaction of the action itself.

    *details* are JSON values about the work (names, numbers), never about a respondent. Raises
    `RuntimeError` outside a transaction: a journal line must stand or fall with what it tells.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"audit.record({action!r}) needs the transaction of the action it records")
    return AuditEvent.objects.create(actor=by, action=action, target=label_of(target), details=details)
