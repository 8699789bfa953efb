"""Dataset releases: asked for, built, judged, downloaded.

A release is refused or ready for good: what was decided stays on its row, and its file is never rewritten.
Next to the archive the storage keeps which released combination each record of the snapshot had, so that
a later release can be judged together with this one. That file never leaves.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from analytics import codebooks, frames
from analytics.models import Release, Snapshot
from analytics.releasing import archive, dataset
from analytics.releasing.assessment import Assessment, Prior, assess
from analytics.releasing.hierarchies import HierarchyError, Levels, levels
from analytics.releasing.recoding import LICENCES, Recoding, RecodingError
from analytics.releasing.recoding import read as read_recoding
from analytics.releasing.suggestion import suggest
from analytics.storing import digest_of, keep, read
from santesurvey import audit
from santesurvey.jobs import JobRefused, start_job
from santesurvey.models import Job, User
from surveys.definition import Questionnaire, text
from surveys.loading import NotReadable, load, shipped
from surveys.models import Survey

TASK = "analytics.tasks_documents.build_release"
Report = Callable[[int, int, str], None]


class NotBuildable(Exception):
    """A release cannot be asked for like this; the message says what to change."""


@dataclass(frozen=True)
class Material:
    """What a release is made of: the questionnaire of its snapshot, and the levels of its variables."""

    questionnaire: Questionnaire
    levels: Levels


def material(snapshot: Snapshot) -> Material:
    """Questionnaire and levels for *snapshot*. Raises `NotBuildable` where its hierarchies file is wrong."""
    questionnaire = frames.questionnaire(snapshot)
    path = shipped(snapshot.survey.slug, "hierarchies")
    try:
        return Material(questionnaire, levels(questionnaire, load(path) if path.exists() else {}))
    except (HierarchyError, NotReadable) as exc:
        raise NotBuildable(_("Le fichier des regroupements est à corriger : %s") % exc) from exc


def preview(snapshot: Snapshot, recoding: Recoding, made_of: Material) -> Assessment:
    """The assessment that building *recoding* now would give."""
    return assess(
        frames.frame(snapshot),
        made_of.questionnaire,
        recoding,
        made_of.levels,
        minimum=snapshot.survey.minimum_k,
        priors=_priors(snapshot.survey),
    )


@transaction.atomic
def request_release(*, snapshot: Snapshot, recoding: dict[str, Any], by: User | None) -> tuple[Release, Job]:
    """Ask for a release of *snapshot*, to be built by a job.

    The one that is being built or was built from the same choices is returned instead, with its job.
    Raises `NotBuildable`.
    """
    try:
        chosen = read_recoding(recoding, material(snapshot).levels)
    except RecodingError as exc:
        raise NotBuildable(str(exc)) from exc
    Snapshot.objects.select_for_update().get(pk=snapshot.pk)
    release = snapshot.releases.filter(
        recoding=chosen.as_json(), state__in=[Release.State.BUILDING, Release.State.READY]
    ).first()
    if release is None:
        release = Release.objects.create(snapshot=snapshot, recoding=chosen.as_json(), created_by=by)
        audit.record("release.request", release, by=by, snapshot=snapshot.number, recoding=chosen.as_json())
    return release, start_job(TASK, release, by=by)


def build(release: Release, report: Report, *, by: User | None) -> Release:
    """Judge and, if accepted, write the release. Repeatable: a finished one is left as it is."""
    while True:
        current = Release.objects.select_related("snapshot__survey").get(pk=release.pk)
        if current.state != Release.State.BUILDING:
            return current
        priors = _priors(current.snapshot.survey)
        outcome = _outcome(current, priors, report)
        if _conclude(current, outcome, priors, by):
            current.refresh_from_db()
            return current
        # Another release became ready meanwhile: this one must be judged beside it too.


@dataclass(frozen=True)
class _Outcome:
    assessment: dict[str, Any]
    file: str = ""
    digest: str = ""


def _outcome(release: Release, priors: list[Prior], report: Report) -> _Outcome:
    snapshot = release.snapshot
    report(0, 4, _("Lecture du gel"))
    try:
        made_of = material(snapshot)
        recoding = read_recoding(release.recoding, made_of.levels)
    except (NotBuildable, RecodingError) as exc:
        raise JobRefused(str(exc)) from exc
    frame = frames.frame(snapshot)
    minimum = snapshot.survey.minimum_k
    report(1, 4, _("Contrôle de l'anonymat"))
    judged = assess(frame, made_of.questionnaire, recoding, made_of.levels, minimum=minimum, priors=priors)
    assessment = judged.as_json()
    if not judged.accepted:
        report(2, 4, _("Recherche de regroupements"))
        found = suggest(
            frame, made_of.questionnaire, recoding, made_of.levels, minimum=minimum, priors=priors
        )
        return _Outcome({**assessment, "suggestions": [suggestion.as_json() for suggestion in found]})
    report(2, 4, _("Écriture des données et du dictionnaire"))
    content = archive.pack(
        _files(snapshot, frame, made_of, recoding, judged),
        f"{snapshot.survey.slug}-{snapshot.fingerprint}-{recoding.digest[:8]}",
    )
    digest = digest_of(content)
    report(3, 4, _("Rangement"))
    name = keep(f"releases/{snapshot.survey.slug}/{digest}.zip", content)
    keep(_beside(name), _identifying_file(frame, judged))
    return _Outcome(assessment, name, digest)


def _files(
    snapshot: Snapshot, frame: pl.DataFrame, made_of: Material, recoding: Recoding, judged: Assessment
) -> dict[str, bytes]:
    """The files of the archive."""
    whole = made_of.questionnaire
    table = dataset.build(
        frame,
        whole,
        identifying=judged.identifying,
        weight=judged.weight.values if judged.weight else None,
        k=snapshot.survey.minimum_k,
        key=_order_key(snapshot, recoding),
    )
    summary = judged.as_json()
    entries = codebooks.variables(
        whole,
        table,
        recoding=recoding,
        levels=made_of.levels,
        erased=summary["erased"],
        weight_kind=summary["weight"],
    )
    released = recoding.released(made_of.levels)
    about = {
        "title": {language: text(whole.title, language) for language in archive.LANGUAGES},
        "synthetic": whole.synthetic,
        "snapshot": snapshot.digest,
        "recoding": recoding.digest,
        "records": table.frame.height,
        "columns": table.frame.width,
        "k": summary["k"],
        "minimum": summary["minimum"],
        "quasi_identifiers": ", ".join(released),
        "left_out": ", ".join(code for code in made_of.levels if code not in released),
        "erased_cells": sum(summary["erased"].values()),
        "erased_records": summary["erased_records"],
        "weight": summary["weight"],
        "licence": LICENCES[recoding.licence],
    }
    return archive.contents(table.frame, entries, about)


def _order_key(snapshot: Snapshot, recoding: Recoding) -> bytes:
    """The secret order of one release (see `dataset.keyed_order`): another one for every other recoding."""
    return salted_hmac(
        "analytics.releases.order", f"{snapshot.digest} {recoding.digest}", algorithm="sha256"
    ).digest()


@transaction.atomic
def _conclude(release: Release, outcome: _Outcome, priors: list[Prior], by: User | None) -> bool:
    """Write the decision, unless a release appeared that it did not take into account."""
    Survey.objects.select_for_update().get(pk=release.snapshot.survey_id)
    locked = Release.objects.select_for_update().get(pk=release.pk)
    if locked.state != Release.State.BUILDING:
        return True
    if set(_ready(release.snapshot.survey)) != {prior.number for prior in priors}:
        return False
    locked.state = Release.State.READY if outcome.file else Release.State.REFUSED
    locked.assessment, locked.file, locked.digest = outcome.assessment, outcome.file, outcome.digest
    locked.save(update_fields=["state", "assessment", "file", "digest"])
    audit.record(
        "release.ready" if outcome.file else "release.refuse",
        locked,
        by=by,
        k=outcome.assessment["k"],
        minimum=outcome.assessment["minimum"],
        digest=outcome.digest,
    )
    return True


@transaction.atomic
def download(*, release: Release, by: User | None) -> bytes:
    """The archive of a ready release; the journal says who took it."""
    content = read(release.file)
    if digest_of(content) != release.digest:
        raise frames.DamagedSnapshot(
            _("L'archive ne correspond plus à son empreinte : rétablissez-la depuis une sauvegarde.")
        )
    audit.record("release.download", release, by=by, digest=release.digest)
    return content


def _ready(survey: Survey) -> list[int]:
    ready = Release.objects.filter(snapshot__survey=survey, state=Release.State.READY)
    return list(ready.order_by("pk").values_list("pk", flat=True))


def _priors(survey: Survey) -> list[Prior]:
    """What is out already for this survey, from any of its snapshots."""
    releases = Release.objects.filter(pk__in=_ready(survey)).order_by("pk")
    return [Prior(release.pk, _identifying(_beside(release.file))) for release in releases]


@lru_cache(maxsize=8)
def _identifying(name: str) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(read(name)))


def _beside(name: str) -> str:
    return f"{name.removesuffix('.zip')}.identifying.parquet"


def _identifying_file(frame: pl.DataFrame, judged: Assessment) -> bytes:
    columns = [frame["_response"].to_frame(), judged.identifying]
    if judged.weight and judged.weight.kind == "exact":
        columns.append(judged.weight.values.to_frame())
    return archive.parquet_bytes(pl.concat(columns, how="horizontal"))
