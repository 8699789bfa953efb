"""A freeze: stable columns, the same bytes from the same responses, one snapshot however often asked."""

from __future__ import annotations

import hashlib
import io

import polars as pl
import pytest
from django.core.files.storage import default_storage

from analytics.frames import DamagedSnapshot, forget_files, questionnaire
from analytics.models import EstimateSet, Snapshot
from analytics.snapshots import frame, freeze_now, scan, texts
from analytics.storing import read
from respondents.models import Response
from santesurvey.jobs import JobRefused
from santesurvey.models import AuditEvent
from surveys.models import Survey, Version
from surveys.publishing import publish
from surveys.scoring import score
from tests.analytics.made_up import respond
from tests.questionnaires import small_document

pytestmark = pytest.mark.django_db


def test_columns_are_named_after_variables(survey: Survey, version: Version) -> None:
    respond(version, 40)
    data = frame(freeze_now(survey=survey, by=None))
    assert data.schema["profession"] == pl.Enum(["nurse", "doctor", "other", "pns"])
    assert data.schema["tools_used__agenda"] == pl.Boolean
    assert data.schema["hours"] == pl.Int64
    assert data.schema["admin_hours"] == pl.Float64
    assert data.schema["exhaustion"] == pl.Float64
    assert "story" not in data.columns
    assert not [name for name in data.columns if name.startswith("_text")]


def test_values_are_those_that_were_stored(survey: Survey, version: Version) -> None:
    stored = {str(r.pk): r.answers for r in respond(version, 60, seed=3)}
    snapshot = freeze_now(survey=survey, by=None)
    scale = version.questionnaire.scales[0]
    for row in frame(snapshot).iter_rows(named=True):
        own = stored[row["_response"]]
        for variable in ("profession", "hours", "admin_hours", "tired", "complaint"):
            assert row[variable] == own.get(variable)
        for option in ("agenda", "records", "none"):
            ticked = own.get("tools_used")
            assert row[f"tools_used__{option}"] == (None if ticked is None else option in ticked)
        assert row["exhaustion"] == score(scale, own)
    kept = texts(snapshot)
    assert {row["_response"]: row["story"] for row in kept.iter_rows(named=True)} == {
        key: own.get("story") for key, own in stored.items()
    }


def test_same_responses_give_the_same_bytes(survey: Survey, version: Version) -> None:
    respond(version, 50)
    first = freeze_now(survey=survey, by=None)
    rows = list(Response.objects.order_by("-id"))
    Response.objects.all().delete()
    Response.objects.bulk_create(rows)  # another order in the table
    assert freeze_now(survey=survey, by=None) == first
    assert Snapshot.objects.count() == EstimateSet.objects.count() == 1
    content = read(first.file)
    assert hashlib.sha256(content).hexdigest() == first.digest
    assert AuditEvent.objects.filter(action="snapshot.freeze").count() == 1


def test_another_response_makes_another_snapshot(survey: Survey, version: Version) -> None:
    respond(version, 30)
    first = freeze_now(survey=survey, by=None)
    respond(version, 1, seed=99)
    second = freeze_now(survey=survey, by=None)
    assert (first.number, second.number) == (1, 2)
    Response.objects.filter(pk=respond(version, 1, seed=100)[0].pk).delete()
    assert freeze_now(survey=survey, by=None) == second


def test_a_half_written_file_is_replaced(survey: Survey, version: Version) -> None:
    respond(version, 30)
    first = freeze_now(survey=survey, by=None)
    path = default_storage.path(first.file)
    Snapshot.objects.all().delete()
    with open(path, "r+b") as file:  # noqa: PTH123 - as a dying process leaves it
        file.truncate(100)
    again = freeze_now(survey=survey, by=None)
    assert again.digest == first.digest
    assert frame(again).height == 30


def test_a_damaged_file_is_noticed(survey: Survey, version: Version) -> None:
    respond(version, 30)
    snapshot = freeze_now(survey=survey, by=None)
    with open(default_storage.path(snapshot.file), "ab") as file:  # noqa: PTH123
        file.write(b"x")
    forget_files()
    with pytest.raises(DamagedSnapshot, match="sauvegarde"):
        frame(snapshot)


def test_nothing_to_freeze_is_refused_in_words(survey: Survey, version: Version) -> None:
    with pytest.raises(JobRefused, match="Aucune réponse"):
        freeze_now(survey=survey, by=None)


def test_versions_share_their_columns(survey: Survey, version: Version) -> None:
    respond(version, 20)
    document = small_document()
    document["choices"]["profession"].insert(
        1, {"code": "midwife", "label": {"fr": "Sage-femme", "en": "Midwife"}}
    )
    document["pages"][1]["questions"].append(
        {
            "code": "again",
            "type": "single",
            "label": {"fr": "Et encore ?", "en": "And again?"},
            "choices": "yes_no",
        }
    )
    second = publish(survey=survey, document=document, by=None)
    respond(second, 20, seed=8)
    snapshot = freeze_now(survey=survey, by=None)
    data = frame(snapshot)
    assert set(data["profession"].drop_nulls().cast(pl.String)) <= {
        "nurse",
        "doctor",
        "other",
        "pns",
        "midwife",
    }
    assert data.filter(pl.col("_version") == 1)["again"].null_count() == 20
    assert questionnaire(snapshot).question_of_variable().keys() >= {"again"}


def test_a_question_that_changes_its_nature_is_refused(survey: Survey, version: Version) -> None:
    respond(version, 5)
    document = small_document()
    document["pages"][0]["questions"][1] = {
        "code": "hours",
        "type": "single",
        "label": {"fr": "Combien ?", "en": "How many?"},
        "choices": "yes_no",
    }
    document["pages"][0]["questions"].pop(2)
    respond(publish(survey=survey, document=document, by=None), 5, seed=2)
    with pytest.raises(JobRefused, match=r"hours.*doit changer de code"):
        freeze_now(survey=survey, by=None)


def test_scan_reads_only_the_columns_asked_for(survey: Survey, version: Version) -> None:
    respond(version, 10)
    snapshot = freeze_now(survey=survey, by=None)
    assert scan(snapshot).select("hours").collect().columns == ["hours"]
    assert "_text__story" in pl.read_parquet(io.BytesIO(read(snapshot.file))).columns
