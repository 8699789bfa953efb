"""From columns of a snapshot to blocks of 0/1 indicators and of numbers, ready for the estimators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.columns import flag
from analytics.specification import FigureSpec, Grouping
from analytics.stats.arrays import BoolArray, FloatArray, IntArray

#: Columns of a block: bounds memory at about 100 bytes times this per respondent.
WIDTH = 96


@dataclass(frozen=True)
class Indicators:
    """The cells of one figure: `values` (n, cells) within `answered` (n,)."""

    spec: FigureSpec
    values: BoolArray
    answered: BoolArray


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


def _one_hot(codes: IntArray, size: int) -> BoolArray:
    table: BoolArray = codes[:, None] == np.arange(size)
    return table


def indicators(data: pl.DataFrame, spec: FigureSpec) -> Indicators | None:
    """The cells of *spec*, None where the snapshot has no such column (a question nobody was asked)."""
    match spec.kind:
        case "single":
            if spec.variable not in data.columns:
                return None
            codes = choice_codes(data, spec.variable, spec.codes)
            return Indicators(spec, _one_hot(codes, len(spec.codes)), codes >= 0)
        case "multiple":
            return _ticked(data, spec)
        case "bands":
            if spec.variable not in data.columns:
                return None
            score = numbers(data, spec.variable)
            band = np.searchsorted(np.array(spec.starts), score, side="right") - 1
            answered = ~np.isnan(score)
            return Indicators(spec, _one_hot(np.where(answered, band, -1), len(spec.codes)), answered)
    return None


def _ticked(data: pl.DataFrame, spec: FigureSpec) -> Indicators | None:
    """A multiple choice. Who ticked only "prefer not to answer" said nothing and is outside the base."""
    columns = [flag(spec.variable, code) for code in spec.codes]
    present = [column for column in columns if column in data.columns]
    if not present:
        return None
    values = np.column_stack(
        [
            data[column].fill_null(False).to_numpy()
            if column in data.columns
            else np.zeros(data.height, dtype=np.bool_)
            for column in columns
        ]
    )
    said = data[present[0]].is_not_null().to_numpy()
    others = [
        name for name in data.columns if name.startswith(flag(spec.variable, "")) and name not in columns
    ]
    if others:
        silent = np.column_stack([data[name].fill_null(False).to_numpy() for name in others]).any(axis=1)
        said = said & ~(silent & ~values.any(axis=1))
    return Indicators(spec, values & said[:, None], said)


def packed(found: list[Indicators]) -> Iterator[tuple[list[Indicators], npt.NDArray[np.bool_], BoolArray]]:
    """Figures put side by side in blocks of about `WIDTH` columns: figures, values, answered."""
    waiting: list[Indicators] = []
    width = 0
    for item in [*found, None]:
        if waiting and (item is None or width + item.values.shape[1] > WIDTH):
            values = np.hstack([one.values for one in waiting])
            answered = np.hstack(
                [np.broadcast_to(one.answered[:, None], one.values.shape) for one in waiting]
            )
            yield waiting, values, answered
            waiting, width = [], 0
        if item is not None:
            waiting.append(item)
            width += item.values.shape[1]
