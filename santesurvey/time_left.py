"""How long a job still takes, from how long it took so far."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from santesurvey.models import Job

SOON = timedelta(seconds=2)  # before that, the pace says nothing


def time_left(job: Job, now: datetime) -> timedelta | None:
    """The time until *job* is done at the pace it had so far; none if that cannot be told (yet)."""
    if job.state != Job.State.RUNNING or job.started_at is None or not 0 < job.done <= job.total:
        return None
    elapsed = now - job.started_at
    if elapsed < SOON:
        return None
    return elapsed * (job.total - job.done) / job.done


def in_words(duration: timedelta) -> str:
    """*duration* as one says it of something that is not known exactly."""
    seconds = duration.total_seconds()
    if seconds < 5:
        return _("encore quelques secondes")
    if seconds < 50:
        tens = max(5, round(seconds / 5) * 5)
        return _("encore %(count)d secondes environ") % {"count": tens}
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return ngettext("encore %(count)d minute environ", "encore %(count)d minutes environ", minutes) % {
            "count": minutes
        }
    hours = round(minutes / 60)
    return ngettext("encore %(count)d heure environ", "encore %(count)d heures environ", hours) % {
        "count": hours
    }
