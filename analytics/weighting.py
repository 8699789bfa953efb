"""Weights: what a survey's margins file says, and what raking to it did.

The margins are an input that the research team owns. Each survey may have a file
`surveys/questionnaires/<slug>.margins.yaml`::

    format: 1
    about: {fr: "…", en: "…"}       # what this frame is, and what it is not
    bounds: [0.2, 5]                # no weight leaves them, as multiples of the mean weight
    margins:
      - variable: profession
        source: {fr: "…", en: "…"}
        counts: {nurse: 100000, doctor: 58493}
        outside: [other]            # categories without a known count: their weight is left alone

What was used is stored with the snapshot, so that a figure can be recomputed when the file changes.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analytics.stats.design import Design
from analytics.stats.errors import N_, StatisticsError
from analytics.stats.margins import MarginCodes, code_margin
from analytics.stats.weights import rake
from surveys.definition import Code, Text, canonical
from surveys.loading import NotReadable, load, shipped


class MarginsUnreadable(Exception):
    """The margins file has a mistake; the message says where."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Margin(_Part):
    variable: Code
    source: Text = {}
    counts: dict[str, float] = Field(min_length=2)
    outside: list[str] = []


class Margins(_Part):
    """A margins file."""

    format: int = 1
    about: Text = {}
    bounds: tuple[float, float] = (0.2, 5.0)
    margins: list[Margin] = Field(min_length=1)

    @model_validator(mode="after")
    def each_once(self) -> Margins:
        names = [margin.variable for margin in self.margins]
        if len(set(names)) < len(names):
            raise ValueError("une variable n'a qu'une marge")
        return self

    @property
    def digest(self) -> str:
        return hashlib.sha256(canonical(self.model_dump(mode="json"))).hexdigest()


def margins_path(slug: str) -> Path:
    return shipped(slug, "margins")


def load_margins(slug: str) -> Margins | None:
    """The margins of the survey *slug*, None where it has no file. Raises `MarginsUnreadable`."""
    path = margins_path(slug)
    if not path.exists():
        return None
    try:
        return Margins.model_validate(load(path))
    except ValidationError as exc:
        wrong = exc.errors()[0]
        place = ".".join(map(str, wrong["loc"]))
        raise MarginsUnreadable(
            _("Marges illisibles, %(file)s, %(place)s : %(problem)s")
            % {"file": path.name, "place": place, "problem": wrong["msg"]}
        ) from exc
    except NotReadable as exc:
        raise MarginsUnreadable(str(exc)) from exc


def _columns(data: pl.DataFrame, margins: Margins) -> dict[str, list[str | None]]:
    """Each margin's column, null where its category has no known count."""
    columns: dict[str, list[str | None]] = {}
    for margin in margins.margins:
        if margin.variable not in data.columns:
            raise StatisticsError(
                N_("La marge « %(variable)s » ne correspond à aucune colonne des réponses."),
                variable=margin.variable,
            )
        column = data[margin.variable].cast(pl.String)
        columns[margin.variable] = column.replace_strict(
            dict.fromkeys(margin.outside), default=column, return_dtype=pl.String
        ).to_list()
    return columns


def weigh(data: pl.DataFrame, margins: Margins | None, *, ignored: dict[str, list[str]]) -> dict[str, Any]:
    """Rake *data* to *margins*. Returns what `Snapshot.weighting` keeps, with the weights under "weights".

    *ignored* are per variable the categories that say nothing ("prefer not to answer"): like those that
    the file leaves outside, they keep their weight. Margins that cannot be met by these responses do not
    stop the freeze: the state is then "refused" and the reason is told.
    """
    if margins is None:
        return {"state": "none"}
    margins = margins.model_copy(
        update={
            "margins": [
                m.model_copy(update={"outside": sorted({*m.outside, *ignored.get(m.variable, [])})})
                for m in margins.margins
            ]
        }
    )
    used = {"margins": margins.model_dump(mode="json"), "digest": margins.digest}
    try:
        columns = _columns(data, margins)
        result = rake(columns, {m.variable: m.counts for m in margins.margins}, bounds=margins.bounds)
    except StatisticsError as exc:
        values = {name: v if isinstance(v, int | float) else str(v) for name, v in exc.params.items()}
        return {"state": "refused", "reason": {"template": exc.template, "values": values}, **used}
    return {
        "state": "raked",
        **used,
        "converged": result.converged,
        "iterations": result.iterations,
        "max_margin_error": result.max_margin_error,
        "trimmed": result.trimmed,
        "design_effect": result.kish.design_effect,
        "effective_n": result.kish.effective_n,
        "smallest": result.kish.smallest,
        "largest": result.kish.largest,
        "categories": [
            {
                "variable": line.variable,
                "category": line.category,
                "respondents": line.respondents,
                "base": line.base,
                "target": line.target,
                "weighted": line.weighted,
            }
            for line in result.categories
        ],
        "weights": result.weights,
    }


def refusal(weighting: dict[str, Any]) -> str:
    """Why the margins could not be met, in the language of the reader; empty where they were."""
    stored = weighting.get("reason")
    if not stored:
        return ""
    message: str = stored["template"]
    return _(message) % stored["values"] if stored["values"] else _(message)


def weights_file(weights: np.ndarray) -> bytes:
    """The weights as a Parquet file of one column, rows in the order of the snapshot."""
    buffer = io.BytesIO()
    pl.DataFrame({"_weight": weights}).write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def design(data: pl.DataFrame, weighting: dict[str, Any]) -> Design | None:
    """The design behind the weights of *data* (`analytics.frames.frame`), None where it has none."""
    if weighting.get("state") != "raked":
        return None
    margins = Margins.model_validate(weighting["margins"])
    columns = _columns(data, margins)
    coded: tuple[MarginCodes, ...] = tuple(
        code_margin(m.variable, columns[m.variable], m.counts, data.height) for m in margins.margins
    )
    return Design(weights=data["_weight"].to_numpy(), base_weights=np.ones(data.height), margins=coded)
