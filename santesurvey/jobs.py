"""Long work: queued on a row, done by a task, watched by a progress bar, resumed after a crash."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery import current_app
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from santesurvey.models import Job, User, label_of

log = logging.getLogger(__name__)
ATTEMPTS = 5  # a job that took its worker down this often is not handed out again


class JobRefused(Exception):
    """The work cannot be done, for a reason that its message tells a person; it is not tried again."""


def start_job(task: str, target: models.Model, *, by: User | None, **arguments: Any) -> Job:
    """Queue *task* (dotted path of a Celery task taking a job id) for *target*, once the transaction commits.

    While an unfinished job of the same task, target and arguments exists, that one is returned instead:
    pressing a button twice starts one job.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two people pressing at once: the second waits here, then finds the job of the first.
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{task} {label_of(target)}"]
            )
        unfinished = Job.objects.filter(
            kind=task,
            target=label_of(target),
            arguments=arguments,
            state__in=[Job.State.QUEUED, Job.State.RUNNING],
        ).first()
        if unfinished:
            return unfinished
        job = Job.objects.create(kind=task, target=label_of(target), arguments=arguments, created_by=by)
        transaction.on_commit(lambda: send(job))
        return job


def send(job: Job) -> None:
    """Hand the job to a worker. A dead broker loses nothing: `resume_lost_jobs` sends it again later."""
    try:
        current_app.send_task(job.kind, args=[str(job.pk)], retry=False)
    except Exception:
        log.exception("job %s stays queued: the broker did not take it", job.pk)


class Progress:
    """Tells the row of a running job how far it is; given to the work itself."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __call__(self, done: int, total: int, step: str = "") -> None:
        """*done* of *total* units, and in a few words what is being done now."""
        Job.objects.filter(pk=self.job.pk).update(done=done, total=total, step=step[:200])


def _lock_key(job_id: uuid.UUID) -> int:
    return int.from_bytes(job_id.bytes[:8], "big", signed=True)


@contextmanager
def _held(job_id: uuid.UUID) -> Iterator[bool]:
    """Hold the job's advisory lock on this connection; yields False if somebody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_lock_key(job_id)])
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_lock_key(job_id)])


def run_job(job_id: str, work: Callable[[Job, Progress], dict[str, Any] | None]) -> None:
    """Do *work* for the job, unless it is finished or being done: safe to call twice, or after a crash.

    *work* must be repeatable: whatever it wrote before a crash, doing it again ends in the same state.
    It returns what to remember as the outcome, raises `JobRefused` with a reason for the user, or any
    other exception, which marks the job as failed and is logged.
    """
    key = uuid.UUID(job_id)
    with _held(key) as got:
        if not got:
            return
        started = Job.objects.filter(pk=key, state__in=[Job.State.QUEUED, Job.State.RUNNING]).update(
            state=Job.State.RUNNING, started_at=timezone.now(), attempts=models.F("attempts") + 1, error=""
        )
        if not started:
            return
        job = Job.objects.get(pk=key)
        try:
            outcome = work(job, Progress(job)) or {}
        except JobRefused as refusal:
            _end(job, Job.State.FAILED, error=str(refusal))
        except Exception as exc:
            log.exception("job %s failed", job.pk)
            _end(job, Job.State.FAILED, error=_unexpected(exc))
            raise
        else:
            _end(job, Job.State.DONE, outcome=outcome)


def _unexpected(exc: Exception) -> str:
    """What a person reads about an error that nobody foresaw; the log has the rest."""
    return _(
        "Une erreur inattendue a arrêté ce travail (%(name)s) : relancez-le. Si elle revient, prévenez "
        "l'administration de la plateforme, son journal en dit plus."
    ) % {"name": type(exc).__name__}


def _end(job: Job, state: Job.State, *, error: str = "", outcome: dict[str, Any] | None = None) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state, error=error, outcome=outcome or {}, ended_at=timezone.now()
    )


def lost_jobs() -> list[Job]:
    """Unfinished jobs that nobody is doing: their worker died, or their message was lost."""
    lost = []
    for job in Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).order_by("created_at"):
        with _held(job.pk) as free:
            if free:
                lost.append(job)
    return lost


def resume_lost_jobs() -> int:
    """Send every lost job again; give up on one that took its worker down `ATTEMPTS` times.

    Returns how many were sent.

    A job that waits in a long queue is sent once more as well: `run_job` does it only once.
    """
    sent = 0
    for job in lost_jobs():
        if job.attempts >= ATTEMPTS:
            _end(
                job,
                Job.State.FAILED,
                error=_("Interrompu %(times)d fois : la machine manque sans doute de mémoire.")
                % {"times": job.attempts},
            )
            continue
        send(job)
        sent += 1
    return sent
