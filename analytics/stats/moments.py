"""Sums from which means, shares and their standard errors follow, for many variables by many groups.

The variance of a raked mean is a sum of squared residuals. Writing the square out, it needs only sums of
products of the variable, the margin dummies and the weights: no residual is ever stored. So one pass over
the respondents serves every group at once, memory stays bounded, and sums of parts can be added.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from analytics.stats.arrays import BoolArray, FloatArray, IntArray, Values
from analytics.stats.design import Design
from analytics.stats.errors import N_, ShapeError, StatisticsError


@dataclass(frozen=True)
class DesignMoments:
    """Sums over all respondents: p auxiliaries, h strata. Those of two parts can be added."""

    sizes: FloatArray  # (h,) respondents
    gram: FloatArray  # (p, p) X'DX with the base weights
    squared_gram: FloatArray  # (h, p, p) X'W²X with the final weights
    first: FloatArray  # (h, p) X'w

    def __add__(self, other: DesignMoments) -> DesignMoments:
        return DesignMoments(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class ValueMoments:
    """Sums for m variables in g groups. ``y`` is the variable less ``centre``, ``a`` is 1 where answered.

    Those of two parts can be added where their centres are the same.
    """

    centre: FloatArray  # (m,)
    answered: IntArray  # (g, m) respondents
    base_y: FloatArray  # (g, p, m) X'D y
    base_a: FloatArray  # (g, p, m) X'D a
    squared_y: FloatArray  # (h, g, p, m) X'W² y
    squared_a: FloatArray  # (h, g, p, m) X'W² a
    first_y: FloatArray  # (h, g, m) sum of w y
    first_a: FloatArray  # (h, g, m) sum of w a
    second_y: FloatArray  # (h, g, m) sum of w² y²

    def __add__(self, other: ValueMoments) -> ValueMoments:
        if not np.array_equal(self.centre, other.centre):
            raise StatisticsError(N_("Ces sommes partielles n'ont pas le même centre : recalculez-les."))
        names = [f.name for f in fields(self) if f.name != "centre"]
        return ValueMoments(self.centre, *(getattr(self, name) + getattr(other, name) for name in names))


def design_moments(design: Design) -> DesignMoments:
    """The sums of ``design`` over its respondents, in one pass."""
    size, strata = design.auxiliary_count, design.stratum_sizes.size
    gram = np.zeros((size, size))
    squared = np.zeros((strata, size, size))
    first = np.zeros((strata, size))
    for stratum, rows in _parts(design, None, 1, 3 * size):
        x, w, d = design.auxiliaries(rows), design.weights[rows], design.base_weights[rows]
        gram += (x * d[:, None]).T @ x
        squared[stratum[0]] += (x * (w * w)[:, None]).T @ x
        first[stratum[0]] += w @ x
    return DesignMoments(design.stratum_sizes, gram, squared, first)


def value_moments(
    design: Design,
    values: Values,
    groups: IntArray | None,
    group_count: int,
    *,
    answered: BoolArray | None = None,
    centre: FloatArray | None = None,
) -> ValueMoments:
    """The sums of ``values`` (n, m) in ``groups`` (n,) coded 0 to ``group_count`` - 1, -1 = in none.

    ``groups=None`` puts everyone in group 0. NaN in ``values``, and false in ``answered`` (n, m), mean
    not answered. ``centre`` (m,) is subtracted to keep precision for values far from zero: by default the
    mean of what is answered for floats, zero for booleans.
    """
    if values.ndim != 2 or values.shape[0] != design.count:
        raise ShapeError(
            N_("Le tableau a %(rows)s lignes pour %(respondents)s personnes : il en faut autant."),
            rows=values.shape[0] if values.ndim else 0,
            respondents=design.count,
        )
    if answered is not None and answered.shape != values.shape:
        raise ShapeError(N_("Le tableau des réponses données n'a pas la forme du tableau des valeurs."))
    m, size, strata = values.shape[1], design.auxiliary_count, design.stratum_sizes.size
    floating = bool(np.issubdtype(values.dtype, np.floating))
    if centre is None:
        centre = _column_means(values, answered) if floating else np.zeros(m)
    base = np.zeros((2, group_count, size, m))
    squared = np.zeros((2, strata, group_count, size, m))
    first = np.zeros((2, strata, group_count, m))
    second = np.zeros((strata, group_count, m))
    counts = np.zeros((group_count, m), dtype=np.int64)
    all_answered = answered is None and not (floating and bool(np.isnan(values).any()))
    for (stratum, group), rows in _parts(design, groups, group_count, 3 * m + 4 * size):
        x, w, d = design.auxiliaries(rows), design.weights[rows], design.base_weights[rows]
        # One product gives X'D, X'W² and w' at once: the block of values is read once from memory.
        left = np.hstack([x * d[:, None], x * (w * w)[:, None], w[:, None]]).T
        y = values[rows].astype(np.float64)
        if all_answered:
            y -= centre
            sums_a = np.broadcast_to(left.sum(axis=1)[:, None], (left.shape[0], m))
            counts[group] += len(w)
        else:
            mask = np.ones(y.shape, dtype=bool) if answered is None else answered[rows]
            if floating:
                mask = mask & ~np.isnan(y)
            y = np.where(mask, y - centre, 0.0)
            sums_a = left @ mask.astype(np.float64)
            counts[group] += mask.sum(axis=0)
        for index, sums in enumerate((left @ y, sums_a)):
            base[index, group] += sums[:size]
            squared[index, stratum, group] += sums[size : 2 * size]
            first[index, stratum, group] += sums[2 * size]
        second[stratum, group] += (w * w) @ np.square(y)
    return ValueMoments(centre, counts, base[0], base[1], squared[0], squared[1], first[0], first[1], second)


def _parts(
    design: Design, groups: IntArray | None, group_count: int, width: int
) -> list[tuple[tuple[int, int], slice | IntArray]]:
    """Blocks of rows that share a stratum and a group, small enough for ``width`` numbers per row."""
    if groups is None and design.strata is None:
        return [((0, 0), rows) for rows in design.blocks(width)]
    strata = design.strata if design.strata is not None else np.zeros(design.count, dtype=np.int64)
    codes = groups if groups is not None else np.zeros(design.count, dtype=np.int64)
    key = np.where(codes < 0, -1, strata * group_count + codes)
    order = np.argsort(key, kind="stable")
    cells = design.stratum_sizes.size * group_count
    edges = np.searchsorted(key[order], np.arange(cells + 1))
    step = design.block_rows(width)
    return [
        ((cell // group_count, cell % group_count), order[start : min(start + step, int(edges[cell + 1]))])
        for cell in range(cells)
        for start in range(int(edges[cell]), int(edges[cell + 1]), step)
    ]


def _column_means(values: Values, answered: BoolArray | None) -> FloatArray:
    sums, counts = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    step = max(256, 1_000_000 // max(1, values.shape[1]))
    for start in range(0, values.shape[0], step):
        block = values[start : start + step].astype(np.float64)
        mask = ~np.isnan(block)
        if answered is not None:
            mask &= answered[start : start + step]
        sums += np.where(mask, block, 0.0).sum(axis=0)
        counts += mask.sum(axis=0)
    return np.asarray(np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0), dtype=np.float64)
