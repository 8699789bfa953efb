"""Tasks of the foundation."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.core.management import call_command

from santesurvey import jobs


@shared_task
def resume_lost_jobs() -> None:
    jobs.resume_lost_jobs()


@shared_task
def forget_ended_sessions() -> None:
    call_command("clearsessions", verbosity=0)


@worker_ready.connect
def resume_at_start(**_: Any) -> None:
    """A worker that comes back looks at once for what its predecessor left undone."""
    resume_lost_jobs.delay()
