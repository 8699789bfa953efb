"""Jobs: started once, done once, resumed after a crash, watched from their row."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from santesurvey import jobs, time_left
from santesurvey.models import Job, User
from surveys.models import Survey

TASK = "analytics.tasks.freeze"


@pytest.fixture
def job(survey: Survey, researcher: User) -> Job:
    return Job.objects.create(kind=TASK, target=f"surveys.Survey:{survey.pk}", created_by=researcher)


@pytest.fixture
def somebody_else(job: Job) -> Iterator[psycopg.Connection[Any]]:
    """Another worker that holds the job's lock, on a connection of its own."""
    settings = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{name: settings[name] for name in names if settings.get(name)}) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [jobs._lock_key(job.pk)])
        yield other


@pytest.mark.django_db
def test_pressing_twice_starts_one_job(survey: Survey, researcher: User) -> None:
    first = jobs.start_job(TASK, survey, by=researcher, language="fr")
    assert jobs.start_job(TASK, survey, by=researcher, language="fr") == first
    assert jobs.start_job(TASK, survey, by=researcher, language="en") != first
    Job.objects.filter(pk=first.pk).update(state=Job.State.DONE)
    assert jobs.start_job(TASK, survey, by=researcher, language="fr") != first


@pytest.mark.django_db(transaction=True)
def test_two_people_pressing_at_once_start_one_job(survey: Survey, researcher: User) -> None:
    started: list[Job] = []
    barrier = threading.Barrier(4)

    def press() -> None:
        barrier.wait()
        try:
            started.append(jobs.start_job(TASK, survey, by=researcher))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(started) == 4
    assert len({job.pk for job in started}) == 1
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_job_is_done_once_and_keeps_its_outcome(job: Job) -> None:
    done: list[int] = []

    def work(job: Job, progress: jobs.Progress) -> dict[str, Any]:
        progress(1, 2, "Lecture")
        done.append(1)
        return {"rows": 3}

    jobs.run_job(str(job.pk), work)
    jobs.run_job(str(job.pk), work)
    job.refresh_from_db()
    assert done == [1]
    assert (job.state, job.outcome, job.step, job.done, job.total) == ("done", {"rows": 3}, "Lecture", 1, 2)
    assert job.percent == 100
    assert job.ended_at


@pytest.mark.django_db
def test_a_refusal_is_told_in_its_own_words_and_not_tried_again(job: Job) -> None:
    def work(job: Job, progress: jobs.Progress) -> None:
        raise jobs.JobRefused("Il n'y a encore aucune réponse à geler.")

    jobs.run_job(str(job.pk), work)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "Il n'y a encore aucune réponse à geler.")
    assert jobs.lost_jobs() == []


@pytest.mark.django_db
def test_a_mistake_fails_the_job_and_is_not_swallowed(job: Job) -> None:
    def work(job: Job, progress: jobs.Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        jobs.run_job(str(job.pk), work)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "ZeroDivisionError" in job.error


@pytest.mark.django_db(transaction=True)
def test_a_job_that_somebody_does_is_left_to_them(job: Job, somebody_else: psycopg.Connection[Any]) -> None:
    def work(job: Job, progress: jobs.Progress) -> None:
        raise AssertionError("done twice at once")

    jobs.run_job(str(job.pk), work)
    job.refresh_from_db()
    assert job.state == "queued"
    assert jobs.lost_jobs() == []


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_died_is_lost_and_done_again(
    job: Job, somebody_else: psycopg.Connection[Any]
) -> None:
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=1)
    assert jobs.lost_jobs() == []
    somebody_else.close()  # what the system does with the connections of a process that was killed
    assert jobs.lost_jobs() == [job]
    jobs.run_job(str(job.pk), lambda job, progress: {"again": True})
    job.refresh_from_db()
    assert (job.state, job.attempts, job.outcome) == ("done", 2, {"again": True})


@pytest.mark.django_db
def test_a_job_that_always_takes_its_worker_down_is_given_up(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=jobs.ATTEMPTS)
    assert jobs.resume_lost_jobs() == 0
    job.refresh_from_db()
    assert job.state == "failed"
    assert "mémoire" in job.error


@pytest.mark.django_db
def test_time_left_follows_the_pace(job: Job) -> None:
    now = timezone.now()
    assert time_left.time_left(job, now) is None
    job.state, job.started_at, job.done, job.total = "running", now - timedelta(seconds=30), 1, 4
    left = time_left.time_left(job, now)
    assert left == timedelta(seconds=90)
    assert time_left.in_words(left) == "encore 2 minutes environ"
    assert time_left.in_words(timedelta(seconds=21)) == "encore 20 secondes environ"
    assert time_left.in_words(timedelta(seconds=1)) == "encore quelques secondes"
    job.done = 0
    assert time_left.time_left(job, now) is None


@pytest.mark.django_db
def test_the_bar_asks_again_until_the_job_is_finished(client: Client, job: Job, researcher: User) -> None:
    client.force_login(researcher)
    address = f"/travaux/{job.pk}/"
    bar = client.get(address, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 1s"' in bar.text
    assert "<html" not in bar.text
    assert "HX-Refresh" not in bar
    assert "<html" in client.get(address).text

    Job.objects.filter(pk=job.pk).update(state="done")
    done = client.get(address, headers={"HX-Request": "true"})
    assert "hx-trigger" not in done.text
    assert done["HX-Refresh"] == "true"

    Job.objects.filter(pk=job.pk).update(state="failed", error="Le disque est plein.")
    failed = client.get(address, headers={"HX-Request": "true"})
    assert "hx-trigger" not in failed.text
    assert "HX-Refresh" not in failed
    assert "Le disque est plein." in failed.text
    assert "relancez" in failed.text


@pytest.mark.django_db
def test_a_job_belongs_to_whoever_started_it(
    client: Client, job: Job, analyst: User, outsider: User, administrator: User
) -> None:
    for user, status in [(analyst, 404), (outsider, 404), (administrator, 200)]:
        client.force_login(user)
        assert client.get(f"/travaux/{job.pk}/").status_code == status
