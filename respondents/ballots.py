"""The ballot box: one submission in, shuffled batches of responses out.

`submit` is one SQL statement, hence one transaction: it uses the invitation, puts the sealed answers in the
box, deletes the draft and adds to the counters, or does nothing of it. The link between code and answers
exists only in the memory of that request.
"""

from __future__ import annotations

import enum
import logging
import secrets
import uuid
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import psycopg
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from respondents import codes, counters, traces
from respondents.models.collection import Ballot, Mode, Response
from respondents.models.counters import Counter
from respondents.models.invitations import Invitation
from santesurvey.bare_errors import bare
from surveys.models import Survey, Version

log = logging.getLogger(__name__)
LARGEST_SHUFFLE = 5_000  # responses written in one transaction
# Sealed answers are as long as a multiple of this, so that their length says nothing of what is in them: who
# was asked more, who wrote a text. One such block is the most that stays in the row itself.
PADDING = 1_920


class Outcome(enum.Enum):
    """What became of a submission; only the first two mean that the answers are stored."""

    RECORDED = "recorded"
    ALREADY_RECORDED = "already_recorded"  # this very submission had arrived before
    USED = "used"  # the invitation has served for another submission
    CLOSED = "closed"
    UNKNOWN = "unknown"  # no such invitation for this survey
    RECEIPT_TAKEN = "receipt_taken"  # the receipt belongs to another response: make a new one


@dataclass(frozen=True)
class Submission:
    """Validated answers on their way into the box. *code* and *receipt* are the decoded 80-bit numbers."""

    code: int
    receipt: int
    version: Version
    answers: dict[str, Any]
    consents: list[str]
    draft: bytes | None = None  # key id of the draft to delete
    minutes: int | None = None
    pages: tuple[int, ...] = ()  # pages reached that no counter has yet
    javascript: bool = True


SUBMIT = """
WITH invitation AS (
    SELECT i.code_digest, i.state, c.id AS campaign, s.id AS survey
    FROM respondents_invitation i
    JOIN respondents_campaign c ON c.id = i.campaign_id
    JOIN surveys_survey s ON s.id = c.survey_id
    WHERE i.code_digest = %(code)s AND i.state < 3 AND s.id = %(survey)s
      AND s.state = 'open' AND c.state = 'open' AND (c.closes_on IS NULL OR c.closes_on >= %(day)s)
      AND NOT EXISTS (SELECT FROM respondents_response r WHERE r.receipt_digest = %(kept)s)
    FOR UPDATE OF i
), used AS (
    UPDATE respondents_invitation SET state = 3 FROM invitation
    WHERE respondents_invitation.code_digest = invitation.code_digest
), box AS (
    INSERT INTO respondents_ballot (receipt_digest, survey_id, sealed)
    SELECT %(receipt)s, survey, %(sealed)s FROM invitation
), forgotten AS (
    DELETE FROM respondents_draft USING invitation WHERE key_digest = %(draft)s
), counted AS (
    INSERT INTO respondents_counter (survey_id, campaign, day, kind, key, shard, count)
    SELECT survey, CASE WHEN c.of_campaign THEN campaign ELSE 0 END, c.day, c.kind, c.key, %(shard)s, 1
    FROM invitation, unnest(
        %(kinds)s::text[], %(keys)s::int[], %(below)s::int[], %(of_campaign)s::bool[], %(days)s::date[]
    ) AS c(kind, key, below, of_campaign, day)
    WHERE invitation.state < c.below
    ORDER BY 2, 4, 5
    ON CONFLICT ON CONSTRAINT counter_once DO UPDATE SET count = respondents_counter.count + 1
)
SELECT count(*) FROM invitation
"""


def submit(submission: Submission) -> Outcome:
    """Put *submission* in the box, once. Answers must have been validated.

    Two submissions with one code at the same moment: the second waits for the row of the invitation and then
    finds it used. The same submission again is told that it is already recorded.
    """
    values = parameters(submission, timezone.localdate())
    try:
        # A savepoint inside a transaction of the caller, nothing more outside one.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            connection.ensure_connection()
            # Bound and prepared by the server: Django's own cursor would write the values into the text.
            with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
                cursor.execute(SUBMIT, values, prepare=True)
                if cursor.fetchone() == (1,):
                    return Outcome.RECORDED
    except IntegrityError:
        return Outcome.ALREADY_RECORDED if _was_used(values["code"]) else Outcome.RECEIPT_TAKEN
    return _why_not(submission.version.survey, values)


def parameters(submission: Submission, day: date) -> dict[str, Any]:
    """The parameters of `SUBMIT`."""
    kinds = _counts(submission)
    receipt = codes.ballot_digest(submission.receipt)
    return {
        "code": codes.code_digest(submission.code),
        "receipt": receipt,
        "kept": codes.after_shuffle(receipt),
        "survey": submission.version.survey_id,
        "day": day,
        "draft": codes.draft_digest(submission.draft) if submission.draft else b"",
        "shard": secrets.randbelow(counters.SHARDS),
        "sealed": codes.seal("ballot", _content(submission)),
        "kinds": [kind for kind, _, _, _ in kinds],
        "keys": [key for _, key, _, _ in kinds],
        "below": [below for _, _, below, _ in kinds],
        "of_campaign": [of_campaign for _, _, _, of_campaign in kinds],
        "days": [counters.day_of(kind, day) for kind, _, _, _ in kinds],
    }


def _counts(submission: Submission) -> list[tuple[str, int, int, bool]]:
    """Counters of a submission: kind, key, counted only below this state of the invitation, by campaign."""
    kind, state, always = Counter.Kind, Invitation.State, 99
    rows: list[tuple[str, int, int, bool]] = [
        (kind.SUBMITTED, 0, always, True),
        (kind.OPENED, 0, state.OPENED, True),
        (kind.STARTED, 0, state.STARTED, True),
        (kind.MODE, 0 if submission.javascript else 1, always, False),
    ]
    if submission.minutes is not None:
        rows.append((kind.MINUTES, max(0, min(counters.LONGEST, submission.minutes)), always, False))
    rows += [(kind.PAGE, page, always, False) for page in sorted(set(submission.pages))]
    return rows


def _content(submission: Submission) -> bytes:
    content = orjson.dumps(
        {
            "version": submission.version.pk,
            "mode": Mode.DECLARED,
            "consents": submission.consents,
            "answers": submission.answers,
        }
    )
    return content.ljust(-(-len(content) // PADDING) * PADDING)  # JSON ignores spaces at its end


def _was_used(code: bytes) -> bool:
    return Invitation.objects.filter(code_digest=code, state=Invitation.State.USED).exists()


def _why_not(survey: Survey, values: dict[str, Any]) -> Outcome:
    invitation = (
        Invitation.objects.filter(code_digest=values["code"], campaign__survey=survey)
        .select_related("campaign__survey")
        .first()
    )
    if invitation is None:
        return Outcome.UNKNOWN
    stored = (
        Ballot.objects.filter(receipt_digest=values["receipt"]).exists()
        or Response.objects.filter(receipt_digest=values["kept"]).exists()
    )
    if invitation.state == Invitation.State.USED:
        return Outcome.ALREADY_RECORDED if stored else Outcome.USED
    return Outcome.RECEIPT_TAKEN if stored else Outcome.CLOSED


def waiting(survey: Survey) -> int:
    """How many ballots wait for enough company to be shuffled."""
    return Ballot.objects.filter(survey=survey).count()


def empty_box(survey: Survey, *, everything: bool = False) -> int:
    """Turn the ballots of *survey* into responses, shuffled, in batches of at least the policy's minimum.

    Fewer wait, unless *everything* is set, for the end of the fieldwork. Returns how many responses were
    written. A crash anywhere leaves each answer either in the box or among the responses.
    """
    written = 0
    while batch := _empty_once(survey, everything):
        written += batch
    if written and not connection.in_atomic_block:
        traces.wipe_box()
    return written


@transaction.atomic
def _empty_once(survey: Survey, everything: bool) -> int:
    with connection.cursor() as cursor:
        # One at a time for a survey: two half batches must not pass for a whole one.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('ballot box', %s))", [survey.pk])
    if not everything and waiting(survey) < settings.BALLOT_BATCH_MINIMUM:
        return 0
    # Digests of receipts are random: their order says nothing of arrival.
    ballots = list(Ballot.objects.filter(survey=survey).order_by("receipt_digest")[:LARGEST_SHUFFLE])
    if not everything and len(ballots) < settings.BALLOT_BATCH_MINIMUM:
        return 0
    secrets.SystemRandom().shuffle(ballots)
    digests = [bytes(ballot.receipt_digest) for ballot in ballots]
    kept = [codes.after_shuffle(digest) for digest in digests]
    taken = {
        bytes(d)
        for d in Response.objects.filter(receipt_digest__in=kept).values_list("receipt_digest", flat=True)
    }
    shuffle = uuid.uuid4()
    responses = []
    for ballot, receipt in zip(ballots, kept, strict=True):
        content = orjson.loads(codes.unseal("ballot", ballot.sealed))
        responses.append(
            Response(
                version_id=content["version"],
                answers=content["answers"],
                consents=content["consents"],
                mode=content["mode"],
                shuffle=shuffle,
                # One receipt for two responses: the second is kept, out of reach of the receipt.
                receipt_digest=secrets.token_bytes(32) if receipt in taken else receipt,
            )
        )
    Response.objects.bulk_create(responses)
    Ballot.objects.filter(receipt_digest__in=digests).delete()
    return len(responses)


def empty_boxes() -> int:
    """Empty the box of every survey as far as the policy allows; one that fails does not stop the others."""
    written = 0
    for survey in Survey.objects.filter(ballots__isnull=False).distinct():
        try:
            written += empty_box(survey, everything=survey.state == Survey.State.CLOSED)
        except InvalidTag:
            log.error(
                "the ballot box of %s was not emptied: its ballots were sealed under another COLLECTION_KEY; "
                "they wait, unreadable, until the key that was in use then is given back",
                survey.slug,
            )
        except (DatabaseError, ValueError) as exc:
            log.error("the ballot box of %s was not emptied: %s", survey.slug, bare(exc))
    return written


def blend_closed() -> int:
    """Make one shuffle of all those of a closed survey: the last one may have held a single answer.

    Written together, the responses no longer carry the numbers of the transactions that shuffled them. Returns
    how many were written.
    """
    written = 0
    for survey in Survey.objects.filter(state=Survey.State.CLOSED, ballots__isnull=True):
        kept = Response.objects.filter(version__survey=survey)
        if len(kept.order_by().values_list("shuffle", flat=True).distinct()[:2]) > 1:
            written += kept.update(shuffle=uuid.uuid4())
    if written:
        traces.rewritten("respondents_response")
    return written
