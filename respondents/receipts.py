"""Receipts: what one opens to the person who holds it, and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection, transaction

from respondents import codes
from respondents.models.collection import Ballot, Response
from santesurvey import audit
from surveys.models import Survey, Version


@dataclass(frozen=True)
class Own:
    """The answers that a receipt opens."""

    version: Version
    answers: dict[str, Any]


def find(survey: Survey, receipt: int) -> Own | None:
    """The response of *survey* that *receipt* belongs to, shuffled already or still in the box."""
    in_box = codes.ballot_digest(receipt)
    response = (
        Response.objects.filter(version__survey=survey, receipt_digest=codes.after_shuffle(in_box))
        .select_related("version")
        .first()
    )
    if response:
        return Own(response.version, response.answers)
    ballot = Ballot.objects.filter(survey=survey, receipt_digest=in_box).first()
    if ballot:
        content = orjson.loads(codes.unseal("ballot", ballot.sealed))
        return Own(Version.objects.get(pk=content["version"]), content["answers"])
    return None


@transaction.atomic
def erase(survey: Survey, receipt: int) -> bool:
    """Delete the response that *receipt* belongs to. False if there is none (any more).

    The journal says that an erasure took place, never which.
    """
    in_box = codes.ballot_digest(receipt)
    with connection.cursor() as cursor:
        # Not while the box is being emptied: the answers are in one place or the other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('ballot box', %s))", [survey.pk])
    kept = codes.after_shuffle(in_box)
    gone = Ballot.objects.filter(survey=survey, receipt_digest=in_box).delete()[0]
    gone += Response.objects.filter(version__survey=survey, receipt_digest=kept).delete()[0]
    if gone:
        audit.record("response.erase", survey, by=None)
    return bool(gone)
