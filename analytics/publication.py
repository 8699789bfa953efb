"""Making results public, and taking them back. At most one snapshot of a survey is public at a time."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.models import Snapshot
from santesurvey import audit
from santesurvey.models import User
from surveys.models import Survey


class NotPublishable(Exception):
    """The snapshot cannot be made public; the message says why."""


def published(survey: Survey) -> Snapshot | None:
    """The snapshot of *survey* whose results are public."""
    return survey.snapshots.filter(published_at__isnull=False).order_by("-number").first()


@transaction.atomic
def publish_results(*, snapshot: Snapshot, by: User | None) -> Snapshot:
    """Make the figures of *snapshot* public, in place of those of another one. Raises `NotPublishable`."""
    Survey.objects.select_for_update().get(pk=snapshot.survey_id)
    if not snapshot.estimate_sets.exists():
        raise NotPublishable(
            _("Les figures de ce gel ne sont pas encore calculées : attendez la fin du calcul.")
        )
    snapshot.refresh_from_db()
    if snapshot.published_at:
        return snapshot
    Snapshot.objects.filter(survey=snapshot.survey_id, published_at__isnull=False).update(published_at=None)
    snapshot.published_at = timezone.now()
    snapshot.save(update_fields=["published_at"])
    audit.record("results.publish", snapshot.survey, by=by, snapshot=snapshot.number, digest=snapshot.digest)
    return snapshot


@transaction.atomic
def withdraw_results(*, survey: Survey, by: User | None) -> bool:
    """Take the public results of *survey* back. False if there were none."""
    Survey.objects.select_for_update().get(pk=survey.pk)
    found = published(survey)
    if found is None:
        return False
    Snapshot.objects.filter(survey=survey, published_at__isnull=False).update(published_at=None)
    audit.record("results.withdraw", survey, by=by, snapshot=found.number, digest=found.digest)
    return True
