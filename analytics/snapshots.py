"""Freezing a survey: its responses become one file, weights and figures, all named by what they hold.

Each step writes its file first and its row last, and finds its own work again: stopped anywhere and started
again, a freeze ends in the same state.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from analytics import estimates
from analytics.columns import FIXED, Column, ColumnConflict, columns_of, decode, merged
from analytics.frames import frame, scan, texts
from analytics.models import Snapshot
from analytics.storing import digest_of, keep
from analytics.weighting import MarginsUnreadable, load_margins, weigh, weights_file
from respondents import responses
from santesurvey import audit
from santesurvey.jobs import JobRefused, start_job
from santesurvey.models import Job, User
from surveys.definition import Questionnaire
from surveys.models import Survey, Version

__all__ = ["frame", "freeze", "freeze_now", "latest", "scan", "texts"]
ROW_GROUP = 65_536
Report = Callable[[int, int, str], None]


def latest(survey: Survey) -> Snapshot | None:
    return survey.snapshots.order_by("-number").first()


def freeze(*, survey: Survey, by: User | None) -> Job:
    """Queue the freeze of *survey*: snapshot, weights, estimates. Pressing twice starts one."""
    return start_job("analytics.tasks.freeze", survey, by=by)


def freeze_now(*, survey: Survey, by: User | None, progress: Report | None = None) -> Snapshot:
    """Freeze the responses of *survey* as they are, weight them and compute their figures.

    Where nothing has changed since the newest snapshot, that one is returned. Raises `JobRefused` where
    there is nothing to freeze, or margins or questionnaire versions contradict each other.
    """
    report = progress or (lambda *_: None)
    data, versions = _read(survey, report)
    report(0, 0, gettext_noop("Écriture du fichier"))
    content = _parquet(data)
    digest = digest_of(content)
    name = keep(f"snapshots/{survey.slug}/{digest}.parquet", content)
    del content
    report(0, 0, gettext_noop("Calcul des poids"))
    weighting = _weighting(survey, data, digest, versions)
    count = data.height
    del data
    snapshot = _record(survey, digest, name, count, weighting, by)
    estimates.compute(snapshot, report)
    return snapshot


def _read(survey: Survey, report: Report) -> tuple[pl.DataFrame, dict[int, Questionnaire]]:
    """All responses as columns, sorted by their random ids, a chunk at a time."""
    total, done = responses.count(survey), 0
    documents: dict[int, Questionnaire] = {}
    plans: dict[int, list[Column]] = {}
    parts: list[pl.DataFrame] = []
    for chunk in responses.read_all(survey):
        rows = pl.DataFrame(chunk, schema=[*FIXED, "answers"], orient="row")
        for (number,), part in rows.group_by("_version", maintain_order=True):
            version = int(number)
            if version not in documents:
                documents[version] = Version.objects.get(survey=survey, number=version).questionnaire
                try:
                    plans[version] = columns_of(documents[version])
                except ColumnConflict as exc:
                    raise JobRefused(str(exc)) from exc
            decoded = decode(documents[version], part["answers"].to_list())
            parts.append(
                pl.concat(
                    [part.select(pl.col(n).cast(t) for n, t in FIXED.items()), decoded], how="horizontal"
                )
            )
        done += len(chunk)
        report(done, max(total, done), gettext_noop("Lecture des réponses"))
    if not parts:
        raise JobRefused(
            _(
                "Aucune réponse à geler : attendez que des personnes aient répondu et que l'urne ait été vidée."
            )
        )
    try:
        whole = merged(plans[number] for number in sorted(plans))
    except ColumnConflict as exc:
        raise JobRefused(str(exc)) from exc
    typed = [_typed(part, whole) for part in parts]
    parts.clear()
    return pl.concat(typed).sort("_response").rechunk(), documents


def _typed(part: pl.DataFrame, whole: dict[str, Column]) -> pl.DataFrame:
    """*part* with every column of the snapshot, in order: null where its version does not have it."""
    return part.select(
        *FIXED,
        *(
            (pl.col(name) if name in part.columns else pl.lit(None).alias(name)).cast(column.dtype)
            for name, column in whole.items()
        ),
    )


def _parquet(data: pl.DataFrame) -> bytes:
    """The same rows give the same bytes: fixed order, fixed row groups, no date."""
    buffer = io.BytesIO()
    data.write_parquet(buffer, compression="zstd", compression_level=3, row_group_size=ROW_GROUP)
    return buffer.getvalue()


def _weighting(
    survey: Survey, data: pl.DataFrame, digest: str, versions: dict[int, Questionnaire]
) -> dict[str, Any]:
    try:
        margins = load_margins(survey.slug)
    except MarginsUnreadable as exc:
        raise JobRefused(str(exc)) from exc
    silent: dict[str, list[str]] = {}
    for questionnaire in versions.values():
        for variable, question in questionnaire.question_of_variable().items():
            silent.setdefault(variable, []).extend(
                o.code for o in questionnaire.options(question) if o.missing
            )
    weighting = weigh(data, margins, ignored=silent)
    weights = weighting.pop("weights", None)
    if weights is not None:
        content = weights_file(weights)
        weighting["file_digest"] = digest_of(content)
        weighting["file"] = keep(
            f"snapshots/{survey.slug}/{digest}.{weighting['file_digest'][:16]}.weights.parquet", content
        )
    return weighting


@transaction.atomic
def _record(
    survey: Survey, digest: str, name: str, count: int, weighting: dict[str, Any], by: User | None
) -> Snapshot:
    """The row of the snapshot, last of all: the newest one if it says the same already."""
    Survey.objects.select_for_update().get(pk=survey.pk)
    newest = latest(survey)
    if (
        newest
        and newest.digest == digest
        and newest.weighting.get("digest") == weighting.get("digest")
        and newest.weighting.get("state") == weighting.get("state")
    ):
        return newest
    snapshot = Snapshot.objects.create(
        survey=survey,
        number=newest.number + 1 if newest else 1,
        digest=digest,
        file=name,
        responses=count,
        weighting=weighting,
    )
    audit.record("snapshot.freeze", survey, by=by, snapshot=snapshot.number, digest=digest, responses=count)
    return snapshot
