"""From the request to the archive: refused with reasons, accepted after a suggestion, the same bytes twice."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import polars as pl
import pytest

from analytics import releases
from analytics.frames import frame
from analytics.models import Release, Snapshot
from analytics.releasing import archive
from analytics.releasing.recoding import quasi_identifiers, read
from analytics.storing import read as stored
from analytics.tasks_documents import build_release
from respondents.models import Response
from santesurvey.models import AuditEvent, Job, User
from surveys.models import Survey
from tests.analytics.releases.conftest import Build

COARSE: dict[str, Any] = {"variables": {"profession": "keep", "hours": "bands_20"}, "erase_rare": True}


def files_of(release: Release) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(stored(release.file))) as packed:
        return {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}


def test_a_detailed_dataset_is_refused_with_reasons_and_nothing_is_written(build: Build) -> None:
    release = build({})
    assert release.state == Release.State.REFUSED
    assert (release.file, release.digest) == ("", "")
    found = release.assessment
    assert found["k"] < found["minimum"] == 5
    assert found["records_below"] > 0
    assert found["reasons"] == ["k"]
    assert {item["variable"] for item in found["contributions"]} == {"profession", "hours"}


def test_each_suggestion_of_a_refusal_is_accepted(build: Build, snapshot: Snapshot) -> None:
    suggestions = build({}).assessment["suggestions"]
    assert suggestions
    for suggestion in suggestions:
        # Each by itself: the second one would be judged beside the first.
        Release.objects.filter(state=Release.State.READY).delete()
        release = build(suggestion)
        assert release.state == Release.State.READY, release.assessment
        table = pl.read_parquet(io.BytesIO(files_of(release)["data.parquet"]))
        left = [code for code in ("profession", "hours") if code in table.columns]
        assert not left or table.group_by(left).len()["len"].min() >= 5  # type: ignore[operator]


def test_the_files_give_back_the_recoded_answers_and_nothing_else(build: Build, snapshot: Snapshot) -> None:
    release = build(COARSE)
    assert release.state == Release.State.READY, release.assessment
    files = files_of(release)
    table = pl.read_parquet(io.BytesIO(files["data.parquet"]))
    from_csv = pl.read_csv(io.BytesIO(files["data.csv"]), schema=table.schema)
    assert from_csv.equals(table)

    # As many of each combination as the recoding makes, apart from the erased values.
    made_of = releases.material(snapshot)
    original = frame(snapshot)
    recoded = quasi_identifiers(original, read(COARSE, made_of.levels), made_of.levels)
    erased = release.assessment["erased"]
    for code in ("profession", "hours"):
        assert table[code].null_count() == recoded[code].null_count() + erased.get(code, 0)
    for code in ("tired", "worn", "attacked", "complaint"):
        assert sorted(table[code].cast(pl.String).to_list(), key=str) == sorted(
            original[code].cast(pl.String).to_list(), key=str
        )
    assert table["exhaustion"].sort().equals(original["exhaustion"].sort())

    # No id, no version, no mode, no free text, nowhere in the archive.
    assert not [column for column in table.columns if column.startswith("_")]
    assert "story" not in table.columns
    assert "profession_other" not in table.columns
    whole = b"".join(files.values())
    for word in [b"_response", b"autre chose", b"Une phrase.", *original["_response"].head(20).to_list()]:
        assert (word if isinstance(word, bytes) else word.encode()) not in whole


def test_records_do_not_come_in_the_order_of_the_snapshot(build: Build, snapshot: Snapshot) -> None:
    release = build(COARSE)
    table = pl.read_parquet(io.BytesIO(files_of(release)["data.parquet"]))
    same = (table["tired"].cast(pl.String) == frame(snapshot)["tired"].cast(pl.String)).sum()
    assert same < 0.6 * table.height


def test_the_archive_explains_itself(build: Build) -> None:
    release = build(COARSE)
    files = files_of(release)
    assert set(files) == {
        "data.csv",
        "data.parquet",
        "codebook.html",
        "codebook.en.html",
        "codebook.csv",
        "codebook.json",
        "LISEZMOI.txt",
        "README.txt",
        "SHA256SUMS",
    }
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, name = line.split()
        assert hashlib.sha256(files[name]).hexdigest() == digest
    table = pl.read_parquet(io.BytesIO(files["data.parquet"]))
    book = json.loads(files["codebook.json"])
    described = {variable["name"]: variable for variable in book["variables"]}
    assert list(described) == table.columns
    for name, variable in described.items():
        listed = {value["code"] for value in variable["values"]}
        if listed:
            assert set(table[name].drop_nulls().cast(pl.String).unique().to_list()) <= listed
    assert described["hours"]["changes"][0]["fr"] == "Regroupée : Tranches de 20"
    assert described["complaint"]["asked_if"] == "${attacked} = 'yes'"
    assert described["exhaustion"]["scale"]["reversed"] == ["energy"]
    assert "Anonymat" in files["LISEZMOI.txt"].decode()
    assert "comma" in files["README.txt"].decode() or "virgule" in files["README.txt"].decode()


def test_building_twice_gives_the_same_bytes(build: Build, snapshot: Snapshot) -> None:
    first = build(COARSE)
    digest = first.digest
    assert build(COARSE).pk == first.pk
    Release.objects.all().delete()
    assert build(COARSE).digest == digest


def test_a_job_that_runs_twice_or_was_stopped_half_way_ends_in_one_release(
    snapshot: Snapshot, researcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, job = releases.request_release(snapshot=snapshot, recoding=COARSE, by=researcher)
    same, same_job = releases.request_release(snapshot=snapshot, recoding=COARSE, by=researcher)
    assert (release.pk, job.pk) == (same.pk, same_job.pk)

    def stopped(files: dict[str, bytes], folder: str) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(archive, "pack", stopped)
        with pytest.raises(KeyboardInterrupt):
            build_release(str(job.pk))
    release.refresh_from_db()
    assert release.state == Release.State.BUILDING

    build_release(str(job.pk))
    build_release(str(job.pk))
    release.refresh_from_db()
    job = Job.objects.get(pk=job.pk)
    assert (release.state, job.state) == (Release.State.READY, Job.State.DONE)
    assert AuditEvent.objects.filter(action="release.ready").count() == 1
    assert AuditEvent.objects.filter(action="release.request").count() == 1


def test_a_second_release_is_judged_beside_the_first(build: Build) -> None:
    """Each would do alone; together they would give hours and profession of the same person."""
    only_profession = build({"variables": {"profession": "keep", "hours": "drop"}})
    assert only_profession.state == Release.State.READY, only_profession.assessment
    only_hours = build({"variables": {"profession": "drop", "hours": "bands_5"}})
    assert only_hours.state == Release.State.REFUSED
    assert only_hours.assessment["reasons"] == ["beside"]
    assert only_hours.assessment["beside_other_releases"]


def test_the_few_who_answered_between_two_freezes_are_not_told_apart(
    build: Build, survey: Survey, snapshot: Snapshot, researcher: User
) -> None:
    """Three new people in a second release would be the three that the first one does not have."""
    from analytics.snapshots import freeze_now
    from tests.analytics.made_up import respond

    choice = {"variables": {"profession": "drop", "hours": "drop"}}
    assert build(choice).state == Release.State.READY
    version = survey.current_version
    assert version
    respond(version, 3, seed=99)
    newer = freeze_now(survey=survey, by=None)
    assert newer.responses == Response.objects.count() == 603
    release, _ = releases.request_release(snapshot=newer, recoding=choice, by=researcher)
    second = releases.build(release, lambda *_: None, by=researcher)
    assert second.state == Release.State.REFUSED
    assert second.assessment["k"] <= 3


def test_erasing_too_much_is_refused(build: Build) -> None:
    release = build({"erase_rare": True})
    assert release.state == Release.State.REFUSED
    assert "erased" in release.assessment["reasons"]


def test_a_choice_that_does_not_exist_is_not_asked_for(snapshot: Snapshot, researcher: User) -> None:
    with pytest.raises(releases.NotBuildable, match="bands_3"):
        releases.request_release(
            snapshot=snapshot, recoding={"variables": {"hours": "bands_3"}}, by=researcher
        )
    assert not Release.objects.exists()
