"""Weights that may leave with a dataset.

A raked weight is a function of the answers to the margin questions at their full detail: printed beside a
coarsened profession it would give the profession back. So the exact weight leaves only where it belongs to
the combination that is checked (k holds with the weight as one more quasi-identifier); otherwise every
record carries the mean weight of the records that share its released combination, which is a function of
what is released anyway and keeps the weighted totals of every released group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

DIGITS = 4


@dataclass(frozen=True)
class ReleaseWeight:
    """The weight column, of mean 1, and which of the two it is."""

    values: pl.Series
    kind: Literal["exact", "class_mean"]


def release_weight(
    identifying: pl.DataFrame, weight: pl.Series, k: int, *, beside: pl.DataFrame | None = None
) -> ReleaseWeight:
    """The weight to release with *identifying*, the quasi-identifiers as they leave.

    *beside* holds what else could be laid next to them (analytics.releasing.assessment): it counts for the
    check, and means are taken over the released columns only.

    >>> people = pl.DataFrame({"job": ["a", "a", "b", "b"]})
    >>> release_weight(people, pl.Series([1.0, 1.0, 2.0, 2.0]), 2).kind
    'exact'
    >>> mean = release_weight(people, pl.Series([1.0, 3.0, 2.0, 2.0]), 2)
    >>> mean.kind, mean.values.to_list()
    ('class_mean', [1.0, 1.0, 1.0, 1.0])
    """
    normalised = (weight / weight.mean()).round(DIGITS).alias("weight")
    checked = pl.concat(
        [identifying, *([] if beside is None else [beside]), normalised.to_frame()], how="horizontal"
    )
    sizes = checked.group_by(checked.columns).len()["len"].to_list()
    if min(sizes, default=0) >= k:
        return ReleaseWeight(normalised, "exact")
    if not identifying.columns:
        return ReleaseWeight(pl.Series("weight", [1.0] * len(weight)), "class_mean")
    mean = pl.col("weight").mean().over(identifying.columns).round(DIGITS)
    return ReleaseWeight(identifying.with_columns(normalised).select(mean)["weight"], "class_mean")
