"""Reading a snapshot: its columns, its weights, the questionnaire that its responses answered."""

from __future__ import annotations

import io
from functools import lru_cache

import polars as pl
from django.utils.translation import gettext as _

from analytics.columns import TEXT
from analytics.models import Snapshot
from analytics.storing import digest_of, read
from surveys.definition import Questionnaire
from surveys.models import Version


class DamagedSnapshot(Exception):
    """The stored file is not the one that was frozen."""


@lru_cache(maxsize=2)
def _content(name: str, digest: str) -> bytes:
    content = read(name)
    if digest_of(content) != digest:
        raise DamagedSnapshot(
            _(
                "Le fichier %(name)s ne correspond plus à son empreinte : rétablissez-le depuis une sauvegarde."
            )
            % {"name": name}
        )
    return content


def forget_files() -> None:
    """Drop the files kept in memory: for a process that changes its storage."""
    _content.cache_clear()


def scan(snapshot: Snapshot, *, texts: bool = False) -> pl.LazyFrame:
    """The columns of *snapshot* (analytics.columns), lazily, without free texts unless asked for."""
    lazy = pl.scan_parquet(io.BytesIO(_content(snapshot.file, snapshot.digest)))
    if texts:
        return lazy
    return lazy.select(pl.exclude(f"^{TEXT}.*$"))


def frame(snapshot: Snapshot) -> pl.DataFrame:
    """All columns but free texts, in memory, with `_weight` (mean 1) where the snapshot was weighted."""
    data = scan(snapshot).collect()
    weight = weights(snapshot)
    return data if weight is None else data.with_columns(weight)


def texts(snapshot: Snapshot) -> pl.DataFrame:
    """`_response`, `_version` and the free texts by variable. For the team to code, never published."""
    lazy = scan(snapshot, texts=True)
    names = [name for name in lazy.collect_schema().names() if name.startswith(TEXT)]
    return (
        lazy.select("_response", "_version", *names)
        .rename({name: name.removeprefix(TEXT) for name in names})
        .collect()
    )


def weights(snapshot: Snapshot) -> pl.Series | None:
    """The weight of each row of `frame`, or None where the snapshot was not weighted."""
    stored = snapshot.weighting
    if stored.get("state") != "raked":
        return None
    return pl.read_parquet(io.BytesIO(_content(stored["file"], stored["file_digest"])))["_weight"]


def versions(snapshot: Snapshot) -> dict[int, Questionnaire]:
    """The questionnaires that the responses of *snapshot* answered, by version number."""
    numbers = scan(snapshot).select(pl.col("_version").unique()).collect()["_version"].to_list()
    found = Version.objects.filter(survey_id=snapshot.survey_id, number__in=numbers).order_by("number")
    return {version.number: version.questionnaire for version in found}


def questionnaire(snapshot: Snapshot) -> Questionnaire:
    """The latest of them: it gives figures their words."""
    known = versions(snapshot)
    return known[max(known)]
