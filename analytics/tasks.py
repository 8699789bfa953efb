"""Tasks of the results: each takes the id of a job, and can run twice."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from analytics.snapshots import freeze_now
from santesurvey.jobs import Progress, run_job
from santesurvey.models import Job
from surveys.models import Survey


@shared_task
def freeze(job_id: str) -> None:
    """Snapshot, weights, estimates of the survey that the job names."""
    run_job(job_id, _freeze)


def _freeze(job: Job, progress: Progress) -> dict[str, Any]:
    survey = Survey.objects.get(pk=job.target.rpartition(":")[2])
    snapshot = freeze_now(survey=survey, by=job.created_by, progress=progress)
    return {"snapshot": snapshot.pk, "number": snapshot.number, "fingerprint": snapshot.fingerprint}
