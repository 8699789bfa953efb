"""Drafts: ciphertext that only the link can read, kept until the submission or for thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from respondents import codes, counters, invitations
from respondents.models.counters import Counter
from respondents.models.invitations import Draft, Invitation
from surveys.models import Survey

LARGEST = 64 * 1024  # bytes of ciphertext


class DraftRefused(Exception):
    """The draft is too large, or its link cannot be used (any more)."""


SAVE = """
INSERT INTO respondents_draft (key_digest, ciphertext, expires_on)
SELECT %(key)s, %(ciphertext)s, %(expires)s
FROM respondents_invitation i
JOIN respondents_campaign c ON c.id = i.campaign_id
JOIN surveys_survey s ON s.id = c.survey_id
WHERE i.code_digest = %(code)s AND i.state < 3 AND s.id = %(survey)s
  AND s.state = 'open' AND c.state = 'open' AND (c.closes_on IS NULL OR c.closes_on >= %(day)s)
FOR UPDATE OF i
ON CONFLICT (key_digest) DO UPDATE SET ciphertext = EXCLUDED.ciphertext, expires_on = EXCLUDED.expires_on
"""


@transaction.atomic
def save(survey: Survey, *, code: int, key_id: bytes, ciphertext: bytes, pages: Sequence[int] = ()) -> None:
    """Keep *ciphertext* under *key_id*, for a link that can still be used; count what was newly reached.

    The row of the invitation is locked, so that a late draft never outlives a submission. Raises
    `DraftRefused`.
    """
    if not ciphertext or len(ciphertext) > LARGEST:
        raise DraftRefused
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(
            SAVE,
            {
                "key": codes.draft_digest(key_id),
                "ciphertext": ciphertext,
                "expires": today + timedelta(days=settings.DRAFT_DAYS),
                "code": codes.code_digest(code),
                "survey": survey.pk,
                "day": today,
            },
        )
        if not cursor.rowcount:
            raise DraftRefused
    invitations.advance(survey, code, Invitation.State.STARTED)
    if pages:
        counters.add(
            survey.pk, today, [counters.Count(Counter.Kind.PAGE, page) for page in sorted(set(pages))]
        )


def read(key_id: bytes) -> bytes | None:
    draft = Draft.objects.filter(
        key_digest=codes.draft_digest(key_id), expires_on__gte=timezone.localdate()
    ).first()
    return bytes(draft.ciphertext) if draft else None


def forget_expired() -> int:
    """Delete the drafts whose time is over. Returns how many."""
    return Draft.objects.filter(expires_on__lt=timezone.localdate()).delete()[0]
