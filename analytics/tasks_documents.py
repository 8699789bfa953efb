"""Tasks of the documents: each takes the id of a job, and can run twice."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from analytics import releases
from analytics.models import Release
from santesurvey.jobs import Progress, run_job
from santesurvey.models import Job


@shared_task
def build_release(job_id: str) -> None:
    """The dataset release that the job names."""
    run_job(job_id, _build_release)


def _build_release(job: Job, progress: Progress) -> dict[str, Any]:
    release = Release.objects.get(pk=job.target.rpartition(":")[2])
    built = releases.build(release, progress, by=job.created_by)
    return {"release": built.pk, "state": built.state}
