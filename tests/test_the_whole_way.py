"""The whole way, once: from a partner's links to a public figure, a white paper and a dataset.

Everything is real: HTTP, PostgreSQL, the broker, a Celery worker in a process of its own.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import orjson
import polars as pl
import pytest
from django.test import Client
from pypdf import PdfReader

from respondents import codes
from respondents.models import Campaign, Response
from respondents.tasks import empty_ballot_boxes
from santesurvey.models import AuditEvent, Job, User
from surveys.models import Survey, Version
from surveys.routing import compile_questionnaire
from tests.answering import proper
from tests.api.test_api import as_user
from tests.workers import Workers, workers

PEOPLE = 80
API = "/api/v1/surveys/petite-enquete/"


def finished(job_id: str, at_work: Workers) -> Job:
    at_work.until(lambda: Job.objects.get(pk=job_id).finished, seconds=120)
    job = Job.objects.get(pk=job_id)
    assert job.state == Job.State.DONE, job.error
    return job


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_from_a_link_to_a_figure_a_paper_and_a_dataset(
    client: Client,
    researcher: User,
    partner_user: User,
    data_user: User,
    outsider: User,
    version: Version,
    survey: Survey,
    campaign: Campaign,
    settings: Any,
    tmp_path: Path,
) -> None:
    rose, paul, dao = as_user(researcher), as_user(partner_user), as_user(data_user)

    # The researcher makes invitations, the partner takes the links.
    made = rose.post(
        f"/api/v1/campaigns/{campaign.pk}/batches/", {"label": "Lot", "size": PEOPLE}, format="json"
    )
    links = paul.get(f"/api/v1/batches/{made.json()['id']}/links/").json()
    assert len(links) == PEOPLE

    # Everybody answers.
    compiled, rng = compile_questionnaire(version.questionnaire), Random(7)
    for link in links:
        answers = {**proper(compiled, rng), "hours": rng.choice([35, 50])}
        answers.pop("admin_hours", None)
        data = {
            "code": link["code"],
            "receipt": codes.new_code(),
            "version": version.digest,
            "answers": answers,
            "consents": ["part", "health"],
            "minutes": 3,
            "pages": [1, 2, 3],
        }
        body = orjson.dumps(data)
        response = client.post("/q/petite-enquete/submit", body, content_type="application/json")
        assert response.status_code == 201, response.content

    with workers(tmp_path) as at_work:
        settings.MEDIA_ROOT = at_work.storage
        at_work.start()

        # The box is emptied by the worker.
        empty_ballot_boxes.delay()
        at_work.until(lambda: Response.objects.count() == PEOPLE, seconds=60)
        fieldwork = rose.get(f"{API}fieldwork/").json()
        assert (fieldwork["submitted"], fieldwork["waiting"], fieldwork["pages"]) == (PEOPLE, 0, [PEOPLE] * 3)

        # The freeze makes figures, which become public.
        finished(rose.post(f"{API}snapshots/").json()["job"], at_work)
        results = rose.get(f"{API}results/").json()
        assert results["n"] == PEOPLE
        assert client.get("/api/v1/results/petite-enquete/").status_code == 404
        assert rose.put(f"{API}snapshots/1/publication/").status_code == 200
        public = client.get("/api/v1/results/petite-enquete/").json()
        # The same figures, rounded as they are printed.
        assert public["snapshot"] == results["snapshot"]
        assert [figure["key"] for figure in public["figures"]] == [
            figure["key"] for figure in results["figures"]
        ]
        shown = {figure["key"]: figure for figure in public["figures"]}
        everyone = [cell for cell in shown["exhaustion"]["cells"] if cell["group"] == ""]
        assert 0 <= everyone[0]["unweighted"]["lower"] < everyone[0]["unweighted"]["value"] <= 100
        assert client.get("/resultats/petite-enquete/").status_code == 200
        assert client.get("/q/petite-enquete/norms.json").json()["n"] == PEOPLE

        # The white paper.
        finished(rose.post(f"{API}reports/", {"language": "fr"}, format="json").json()["job"], at_work)
        paper = rose.get(f"{API}reports/").json()[0]
        pdf = rose.get(f"/api/v1/reports/{paper['id']}/file/").content
        assert results["snapshot"][:12] in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
        assert as_user(outsider).get(f"/api/v1/reports/{paper['id']}/file/").status_code == 404

        # The dataset: too detailed at first, then coarse enough.
        fine = rose.post(f"{API}releases/", {"recoding": {}}, format="json").json()
        finished(fine["job"], at_work)
        found = {release["id"]: release for release in rose.get(f"{API}releases/").json()}
        release = found[fine["release"]["id"]]
        if release["state"] == "refused":
            assert release["assessment"]["suggestions"]
            coarse = rose.post(
                f"{API}releases/", {"recoding": release["assessment"]["suggestions"][0]}, format="json"
            ).json()
            finished(coarse["job"], at_work)
            release = next(
                r for r in rose.get(f"{API}releases/").json() if r["id"] == coarse["release"]["id"]
            )
        assert release["state"] == "ready", release["assessment"]
        archive = zipfile.ZipFile(io.BytesIO(dao.get(f"/api/v1/releases/{release['id']}/file/").content))
        parquet = next(name for name in archive.namelist() if name.endswith(".parquet"))
        frame = pl.read_parquet(io.BytesIO(archive.read(parquet)))
        assert frame.height == PEOPLE
        assert not {"_response", "story", "profession_other"} & set(frame.columns)

    # Every step is in the journal, and no step says whose answer was whose.
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"batch.create", "batch.download", "results.publish", "report.build"} <= actions
