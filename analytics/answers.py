"""From columns of a snapshot to answers in codes and numbers, ready to be counted and averaged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.columns import flag
from analytics.specification import FigureSpec, Grouping
from analytics.stats.arrays import BoolArray, FloatArray, IntArray
from analytics.tallies import Cells, Tally, tally_choice, tally_flags


@dataclass(frozen=True)
class Answers:
    """The answers that one figure counts: one code per person, or one flag per option."""

    spec: FigureSpec
    codes: IntArray | None = None
    flags: tuple[BoolArray, ...] = ()
    said: BoolArray | None = None

    def tally(self, cells: Cells, groups: IntArray, group_count: int) -> Tally:
        if self.codes is not None:
            size = len(self.spec.codes)
            return tally_choice(self.codes, size, cells.of, cells.count, groups, group_count)
        assert self.said is not None  # noqa: S101 - flags come with it
        return tally_flags(list(self.flags), self.said, cells.of, cells.count, groups, group_count)


def choice_codes(data: pl.DataFrame, variable: str, codes: tuple[str, ...]) -> IntArray:
    """The position of each answer in *codes*, -1 where missing or not among them."""
    position = {code: index for index, code in enumerate(codes)}
    column = data[variable].cast(pl.String).replace_strict(position, default=-1, return_dtype=pl.Int64)
    return column.fill_null(-1).to_numpy()


def group_codes(data: pl.DataFrame, grouping: Grouping) -> IntArray:
    return choice_codes(data, grouping.variable, grouping.codes)


def numbers(data: pl.DataFrame, variable: str) -> FloatArray:
    """A numeric column, NaN where not answered."""
    return data[variable].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def answers(data: pl.DataFrame, spec: FigureSpec) -> Answers | None:
    """What *spec* counts, None where the snapshot has no such column (a question nobody was asked)."""
    if spec.kind == "multiple":
        return _ticked(data, spec)
    if spec.kind not in {"single", "bands"} or spec.variable not in data.columns:
        return None
    if spec.kind == "single":
        return Answers(spec, choice_codes(data, spec.variable, spec.codes))
    score = numbers(data, spec.variable)
    band = np.searchsorted(np.array(spec.starts), score, side="right") - 1
    return Answers(spec, np.where(np.isnan(score), -1, band).astype(np.int64))


def _ticked(data: pl.DataFrame, spec: FigureSpec) -> Answers | None:
    """A multiple choice. Who ticked only "prefer not to answer" said nothing and is outside the base."""
    columns = [flag(spec.variable, code) for code in spec.codes]
    present = [column for column in columns if column in data.columns]
    if not present:
        return None
    nobody = np.zeros(data.height, dtype=np.bool_)
    values = [
        data[column].fill_null(False).to_numpy() if column in data.columns else nobody for column in columns
    ]
    said = data[present[0]].is_not_null().to_numpy()
    others = [
        name for name in data.columns if name.startswith(flag(spec.variable, "")) and name not in columns
    ]
    if others:
        silent = np.column_stack([data[name].fill_null(False).to_numpy() for name in others]).any(axis=1)
        said = said & ~(silent & ~np.column_stack(values).any(axis=1))
    return Answers(spec, flags=tuple(values), said=said)
