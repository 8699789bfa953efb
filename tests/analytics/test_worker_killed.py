"""A freeze whose worker is killed, at any step, ends right when a worker comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analytics.frames import frame
from analytics.models import EstimateSet, Snapshot
from analytics.snapshots import freeze
from santesurvey.models import AuditEvent, Job, User
from surveys.models import Survey, Version
from tests.analytics.made_up import respond
from tests.workers import workers

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = ["", "Lecture des réponses", "Écriture du fichier", "Calcul des poids", "Calcul des parts"]


@pytest.mark.slow
@pytest.mark.parametrize("step", [STEPS[0], STEPS[2], STEPS[4]])
def test_a_killed_freeze_is_finished_by_the_next_worker(
    survey: Survey, version: Version, researcher: User, tmp_path: Path, settings: Any, step: str
) -> None:
    respond(version, 1200)
    with workers(tmp_path) as team:
        settings.MEDIA_ROOT = team.storage
        job = freeze(survey=survey, by=researcher)
        first = team.start()

        def reached() -> bool:
            """Whether the worker is at *step*, or past it already."""
            job.refresh_from_db()
            return job.finished or (
                job.state == Job.State.RUNNING and job.step not in STEPS[: STEPS.index(step)]
            )

        team.until(reached, seconds=60, every=0.002)
        team.kill(first)
        job.refresh_from_db()
        assert job.attempts == 1

        team.start()
        team.until(lambda: Job.objects.get(pk=job.pk).finished, seconds=60)
    job.refresh_from_db()
    assert job.error == ""
    assert job.state == Job.State.DONE
    snapshot = Snapshot.objects.get()
    assert frame(snapshot).height == 1200
    assert EstimateSet.objects.count() == 1
    assert AuditEvent.objects.filter(action="snapshot.freeze").count() == 1


def test_pressing_twice_is_one_freeze(survey: Survey, version: Version, researcher: User) -> None:
    respond(version, 20)
    assert freeze(survey=survey, by=researcher).pk == freeze(survey=survey, by=researcher).pk
    assert Job.objects.count() == 1
