"""The released table: which columns leave, how they are coded, and in which order the records come."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

import polars as pl

from surveys.definition import Questionnaire, variables_of

WEIGHT = "weight"


@dataclass(frozen=True)
class Dataset:
    """The table that leaves, and the bounds that extreme numbers were brought back to."""

    frame: pl.DataFrame
    bounds: dict[str, tuple[float, float]]


def released_columns(questionnaire: Questionnaire, frame: pl.DataFrame) -> list[str]:
    """Columns of the snapshot that may leave, in document order, scales last.

    Free text never leaves, nor does any column that starts with `_` (id, version, mode, weight of the
    snapshot).
    """
    columns: list[str] = []
    for question in questionnaire.questions():
        if question.type in {"text", "note"}:
            continue
        if question.type == "multiple":
            columns += [f"{question.code}__{option.code}" for option in questionnaire.options(question)]
        else:
            other = f"{question.code}_other"  # "other, specify": free text
            columns += [code for code in variables_of(question, questionnaire) if code != other]
    columns += [scale.code for scale in questionnaire.scales]
    return [column for column in columns if column in frame.columns]


def keyed_order(responses: pl.Series, key: bytes) -> pl.Series:
    """A secret order of the records: HMAC-SHA256 of their ids under *key*, as hexadecimal text to sort by.

    It is the same whenever the same release is built again, and tells nothing without the key. The key must
    differ between releases: with one order for all, two releases could be laid side by side and read
    together, the coarse column of one beside the fine column of the other.
    """
    return pl.Series(
        "order",
        [hmac.new(key, str(code).encode(), hashlib.sha256).hexdigest() for code in responses.to_list()],
    )


def extremes(frame: pl.DataFrame, columns: list[str], k: int) -> dict[str, tuple[float, float]]:
    """For each number, the values beyond which fewer than *k* records lie on either side.

    Top and bottom coding: the longest working week would point at one person.

    >>> extremes(pl.DataFrame({"hours": [1, 40, 41, 42, 99]}), ["hours"], 2)
    {'hours': (40.0, 42.0)}
    """
    bounds = {}
    for column in columns:
        ordered = frame[column].drop_nulls().sort()
        if len(ordered) >= 2 * k:
            bounds[column] = (float(ordered[k - 1]), float(ordered[-k]))
    return bounds


def build(
    frame: pl.DataFrame,
    questionnaire: Questionnaire,
    *,
    identifying: pl.DataFrame,
    weight: pl.Series | None,
    k: int,
    key: bytes,
) -> Dataset:
    """The released table of a snapshot's *frame*.

    *identifying* holds the quasi-identifiers as they leave (recoded, rare values erased), row by row as in
    *frame*; those it does not hold are left out. *weight* is the weight that leaves, if any.
    """
    columns = released_columns(questionnaire, frame)
    dropped = set(questionnaire.quasi_identifiers) - set(identifying.columns)
    numbers = {q.code for q in questionnaire.questions() if q.type in {"integer", "decimal"}}
    free_numbers = [c for c in columns if c in numbers and c not in questionnaire.quasi_identifiers]
    bounds = extremes(frame, free_numbers, k)
    chosen: list[pl.Series] = []
    for column in columns:
        if column in dropped:
            continue
        if column in identifying.columns:
            series = _typed(identifying[column], frame[column])
        else:
            series = frame[column]
            if column in free_numbers:
                low, high = bounds.get(column, (None, None))
                series = (
                    series.clip(low, high)
                    if low is not None
                    else pl.Series(column, [None] * len(series), dtype=series.dtype)
                )
            elif not series.dtype.is_numeric() and series.dtype != pl.Boolean:
                series = series.cast(pl.String)
        chosen.append(series.alias(column))
    if weight is not None:
        chosen.append(weight.alias(WEIGHT))
    table = pl.DataFrame(chosen)
    order = keyed_order(frame["_response"], key)
    return Dataset(table.with_columns(order).sort("order").drop("order"), bounds)


def _typed(released: pl.Series, original: pl.Series) -> pl.Series:
    """A number that was kept as it is gets its type back; everything else stays text."""
    if original.dtype.is_numeric() and released.dtype == pl.String:
        number = released.cast(original.dtype, strict=False)
        if number.null_count() == released.null_count():
            return number
    return released
