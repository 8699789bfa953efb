"""First results of the demonstration, public at once, so that there is something to read."""

from __future__ import annotations

from django.db import transaction

from analytics.publication import publish_results
from analytics.snapshots import freeze_now, latest
from santesurvey.models import User
from surveys.models import Survey


@transaction.atomic
def freeze_once(survey: Survey, by: User) -> None:
    """Freeze *survey* and publish its figures, unless it was frozen before: what was withdrawn stays so."""
    if latest(survey) is None:
        publish_results(snapshot=freeze_now(survey=survey, by=by), by=by)
