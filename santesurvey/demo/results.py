"""First results of the demonstration, so that there is something to read at once."""

from __future__ import annotations

from analytics.models import Snapshot
from analytics.snapshots import freeze_now, latest
from santesurvey.models import User
from surveys.models import Survey


def freeze_once(survey: Survey, by: User) -> Snapshot:
    """The newest snapshot of *survey*, made if there is none."""
    return latest(survey) or freeze_now(survey=survey, by=by)
