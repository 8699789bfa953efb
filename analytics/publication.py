"""Making results public, and taking them back. At most one snapshot of a survey is public at a time."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from analytics.differencing import Telling, telling_difference
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
    if found := telling_difference(snapshot, language=get_language() or "fr"):
        raise NotPublishable(_too_alike(found))
    Snapshot.objects.filter(survey=snapshot.survey_id, published_at__isnull=False).update(published_at=None)
    snapshot.published_at = timezone.now()
    snapshot.was_public = True
    snapshot.save(update_fields=["published_at", "was_public"])
    audit.record("results.publish", snapshot.survey, by=by, snapshot=snapshot.number, digest=snapshot.digest)
    return snapshot


def _too_alike(found: Telling) -> str:
    """Why two freezes may not both be read, and what to do."""
    words = {"number": found.number, "people": found.people, "group": found.group}
    if found.group:
        why = ngettext(
            "Dans le groupe « %(group)s », %(people)s seule réponse sépare ce gel du gel n° %(number)s, qui a été"
            " public : la différence des deux la décrirait.",
            "Dans le groupe « %(group)s », %(people)s réponses seulement séparent ce gel du gel n° %(number)s, qui"
            " a été public : la différence des deux les décrirait.",
            found.people,
        )
    else:
        why = ngettext(
            "%(people)s seule réponse sépare ce gel du gel n° %(number)s, qui a été public : la différence des deux"
            " la décrirait.",
            "%(people)s réponses seulement séparent ce gel du gel n° %(number)s, qui a été public : la différence"
            " des deux les décrirait.",
            found.people,
        )
    return f"{why} {_('Attendez davantage de réponses, puis gelez de nouveau les données.')}" % words


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
