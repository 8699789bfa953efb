"""The life of an invitation before it is used: opened, started. Used is `respondents.ballots.submit`."""

from __future__ import annotations

import enum

from django.db import connection
from django.utils import timezone

from respondents import codes, counters
from respondents.models.counters import Counter
from respondents.models.invitations import Campaign, Invitation
from surveys.models import Survey


class Standing(enum.StrEnum):
    """What a link is good for, as the page tells its reader."""

    READY = "ready"
    STARTED = "started"
    USED = "used"
    CLOSED = "closed"
    UNKNOWN = "unknown"


ADVANCE = """
WITH invitation AS (
    SELECT code_digest, state, campaign_id FROM respondents_invitation
    WHERE code_digest = %(code)s AND state < %(state)s FOR UPDATE
), advanced AS (
    UPDATE respondents_invitation SET state = %(state)s FROM invitation
    WHERE respondents_invitation.code_digest = invitation.code_digest
)
INSERT INTO respondents_counter (survey_id, campaign, day, kind, key, shard, count)
SELECT %(survey)s, invitation.campaign_id, %(day)s, c.kind, 0, %(shard)s, 1
FROM invitation, unnest(%(kinds)s::text[], %(below)s::int[]) AS c(kind, below)
WHERE invitation.state < c.below
ORDER BY 2, 4
ON CONFLICT ON CONSTRAINT counter_once DO UPDATE SET count = respondents_counter.count + 1
"""


def advance(survey: Survey, code: int, state: Invitation.State) -> None:
    """Move the invitation up to *state*, counting each step once however often the page says so."""
    kinds = [
        (Counter.Kind.OPENED, Invitation.State.OPENED),
        (Counter.Kind.STARTED, Invitation.State.STARTED),
    ]
    reached = [(kind, step) for kind, step in kinds if step <= state]
    shard = counters.parameters(survey.pk, timezone.localdate(), [])["shard"]
    with connection.cursor() as cursor:
        cursor.execute(
            ADVANCE,
            {
                "code": codes.code_digest(code),
                "state": int(state),
                "survey": survey.pk,
                "day": timezone.localdate(),
                "shard": shard,
                "kinds": [str(kind) for kind, _ in reached],
                "below": [int(step) for _, step in reached],
            },
        )


def standing(survey: Survey, code: int) -> Standing:
    """What the link with *code* is good for."""
    invitation = (
        Invitation.objects.filter(code_digest=codes.code_digest(code), campaign__survey=survey)
        .select_related("campaign")
        .first()
    )
    if invitation is None:
        return Standing.UNKNOWN
    if invitation.state == Invitation.State.USED:
        return Standing.USED
    campaign = invitation.campaign
    late = campaign.closes_on is not None and campaign.closes_on < timezone.localdate()
    if survey.state != Survey.State.OPEN or campaign.state != Campaign.State.OPEN or late:
        return Standing.CLOSED
    return Standing.STARTED if invitation.state == Invitation.State.STARTED else Standing.READY


def open_link(survey: Survey, code: int) -> Standing:
    """What the link is good for, counting its first opening."""
    found = standing(survey, code)
    if found == Standing.READY:
        advance(survey, code, Invitation.State.OPENED)
    return found
