"""Tasks of the documents: each takes the id of a job, and can run twice."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from analytics import releases, reports
from analytics.models import Release, Snapshot
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


@shared_task
def build_report(job_id: str) -> None:
    """The white paper of the snapshot that the job names, in the language that it gives."""
    run_job(job_id, _build_report)


def _build_report(job: Job, progress: Progress) -> dict[str, Any]:
    snapshot = Snapshot.objects.select_related("survey").get(pk=job.target.rpartition(":")[2])
    report = reports.build(
        snapshot=snapshot, language=job.arguments["language"], progress=progress, by=job.created_by
    )
    return {"report": report.pk, "digest": report.digest}
