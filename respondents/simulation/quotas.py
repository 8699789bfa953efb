"""Exact shares: how many of a group get each option, and who."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def counts_of(weights: Sequence[float], total: int) -> Whole:
    """*total* shared out in proportion to *weights* by largest remainder; ties go to the earlier.

    >>> counts_of([0.5, 0.3, 0.2], 9).tolist()
    [4, 3, 2]
    """
    weight = np.asarray(weights, dtype=float)
    ideal = weight / weight.sum() * total
    counts: Whole = np.floor(ideal).astype(np.int64)
    order = np.argsort(-(ideal - counts), kind="stable")
    counts[order[: total - counts.sum()]] += 1
    return counts


def ranked(propensity: Floats, weights: Sequence[float]) -> Whole:
    """The option of each person: those of lowest propensity get the first, in the shares of *weights*.

    >>> ranked(np.array([0.3, -1.0, 2.0, 0.1]), [1, 1]).tolist()
    [1, 0, 1, 0]
    """
    chosen = np.empty(len(propensity), dtype=np.int64)
    counts = counts_of(weights, len(propensity))
    chosen[np.argsort(propensity, kind="stable")] = np.repeat(np.arange(len(counts)), counts)
    return chosen


def highest(propensity: Floats, share: float) -> NDArray[np.bool_]:
    """Whether each person is among the *share* of highest propensity.

    >>> highest(np.array([0.3, -1.0, 2.0, 0.1]), 0.25).tolist()
    [False, False, True, False]
    """
    return np.asarray(ranked(propensity, [1 - share, share]) == 1)


def normal_scores(values: Floats) -> Floats:
    """Each value replaced by the normal quantile of its rank: (rank - 1/2) / n."""
    scores = np.empty(len(values))
    scores[np.argsort(values, kind="stable")] = ndtri((np.arange(len(values)) + 0.5) / max(1, len(values)))
    return scores


def category_scores(chosen: Whole, options: int) -> Floats:
    """Normal scores of ordered options: the middle rank of everybody who chose the same; 0 for none (-1).

    >>> category_scores(np.array([0, 1, -1, 0, 1]), 2).round(3).tolist()
    [-0.674, 0.674, 0.0, -0.674, 0.674]
    """
    given = chosen[chosen >= 0]
    counts = np.bincount(given, minlength=options)
    middles = (np.cumsum(counts) - counts / 2) / max(1, len(given))
    scores = np.append(np.where(counts > 0, ndtri(np.clip(middles, 1e-9, 1 - 1e-9)), 0.0), 0.0)
    return np.asarray(scores[chosen])
