"""Shares of a whole dashboard from counts of people who are alike.

Raking gives one weight to all respondents who are alike in every margin. So the sums that a share and its
standard error need (`analytics.stats.moments`) follow from how many people of each such cell gave each answer:
counting replaces arithmetic on a table of respondents by indicators, and gives the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.stats.arrays import FloatArray, IntArray
from analytics.stats.design import Design
from analytics.stats.estimates import GroupEstimates, finish
from analytics.stats.moments import DesignMoments, ValueMoments, design_moments

#: Numbers of one count held at once: 32 MB.
MOST = 4_000_000


class Cells:
    """The cells of a design: `of` (n,) says the cell of each respondent."""

    def __init__(self, design: Design) -> None:
        self.design = design
        _alike, of = np.unique(
            np.column_stack([design.weights, design.base_weights]), axis=0, return_inverse=True
        )
        of = of.reshape(-1)
        for margin in design.margins:
            _, of = np.unique(of * (len(margin.categories) + 1) + margin.codes + 1, return_inverse=True)
        self.of: IntArray = of.astype(np.int64)
        self.count = int(of.max()) + 1 if of.size else 0
        first = np.zeros(self.count, dtype=np.int64)
        first[of[::-1]] = np.arange(of.size)[::-1]
        self.auxiliaries: FloatArray = design.auxiliaries(first)
        self.weights: FloatArray = design.weights[first]
        self.base_weights: FloatArray = design.base_weights[first]

    @cached_property
    def moments(self) -> DesignMoments:
        return design_moments(self.design)


@dataclass(frozen=True)
class Tally:
    """People by group, cell of the design and answer: `counts` (g, k, m), of `answered` (g, k)."""

    counts: IntArray
    answered: IntArray

    @property
    def people(self) -> IntArray:
        """(g, m), unweighted."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def bases(self) -> IntArray:
        """(g,), unweighted."""
        return np.asarray(self.answered.sum(axis=1))

    def together(self, members: list[int]) -> Tally:
        """Several answers as one."""
        return Tally(self.counts[:, :, members].sum(axis=2, keepdims=True), self.answered)


def tally_choice(
    codes: IntArray, size: int, cells: IntArray, cell_count: int, groups: IntArray, group_count: int
) -> Tally:
    """Count the answers *codes* (n,), 0 to *size* - 1, -1 = none; *groups* (n,), -1 = in none."""
    known = (codes >= 0) & (groups >= 0)
    counts = _crossed(groups[known], group_count, cells[known], cell_count, codes[known], size)
    return Tally(counts, counts.sum(axis=2))


def tally_flags(
    flags: list[np.ndarray],
    said: np.ndarray,
    cells: IntArray,
    cell_count: int,
    groups: IntArray,
    group_count: int,
) -> Tally:
    """Count each of several answers that do not exclude each other, among those who *said* something."""
    known = said & (groups >= 0)
    answered = _crossed(groups[known], group_count, cells[known], cell_count, np.zeros(known.sum(), int), 1)
    columns = []
    for flag in flags:
        rows = known & flag
        columns.append(
            _crossed(groups[rows], group_count, cells[rows], cell_count, np.zeros(rows.sum(), int), 1)
        )
    return Tally(np.concatenate(columns, axis=2), answered[:, :, 0])


def _crossed(groups: IntArray, g: int, cells: IntArray, k: int, codes: IntArray, m: int) -> IntArray:
    if g * k * m <= MOST or g == 1:
        key = (groups * k + cells) * m + codes
        return np.bincount(key, minlength=g * k * m).reshape(g, k, m)
    parts = []
    for group in range(g):
        rows = groups == group
        parts.append(np.bincount(cells[rows] * m + codes[rows], minlength=k * m).reshape(k, m))
    return np.stack(parts)


def estimate_shares(cells: Cells, tally: Tally, *, level: float) -> GroupEstimates:
    """The shares of *tally* with their intervals: what `estimate_groups` gives on the respondents."""
    x, w, d = cells.auxiliaries, cells.weights, cells.base_weights
    counts, answered = tally.counts.astype(np.float64), tally.answered.astype(np.float64)
    with_base, with_square = (x * d[:, None]).T, (x * np.square(w)[:, None]).T
    # An answer that everyone gave: its sums are those of the base to the last bit, so that its share is 1.
    everyone = tally.people == tally.bases[:, None]

    def both(of_answers: FloatArray, of_base: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Sums of each answer and, as often, of the base that the answers of a figure share."""
        repeated = np.broadcast_to(of_base[..., None], of_answers.shape)
        full = everyone if of_answers.ndim == 2 else everyone[:, None, :]
        return np.where(full, repeated, of_answers), repeated

    base_y, base_a = both(with_base @ counts, answered @ with_base.T)
    squared_y, squared_a = both(with_square @ counts, answered @ with_square.T)
    first_y, first_a = both(np.einsum("k,gkm->gm", w, counts), answered @ w)
    second_y, _second_a = both(np.einsum("k,gkm->gm", np.square(w), counts), answered @ np.square(w))
    moments = ValueMoments(
        centre=np.zeros(counts.shape[2]),
        answered=np.broadcast_to(tally.bases[:, None], tally.people.shape),
        base_y=base_y,
        base_a=base_a,
        squared_y=squared_y[None],
        squared_a=squared_a[None],
        first_y=first_y[None],
        first_a=first_a[None],
        second_y=second_y[None],
    )
    return finish(cells.moments, moments, kind="share", level=level, factors=cells.design.stratum_factors)
