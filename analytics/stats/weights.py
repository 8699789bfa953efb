"""Raking: weights that make the respondents look like the population on its known margins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from analytics.stats.arrays import FloatArray, IntArray, checked_weights
from analytics.stats.errors import N_, MarginError, ShapeError, StatisticsError
from analytics.stats.margins import MarginCategory, MarginCodes, code_margin, margin_report


class _Column(Protocol):
    """What a column must offer: a list, a tuple, a NumPy array or a Polars series all do."""

    def __len__(self) -> int: ...


@dataclass(frozen=True)
class Kish:
    """How uneven weights are, and what that costs (Kish 1965, 1992).

    ``design_effect`` = n * sum(w²) / sum(w)², ``effective_n`` = sum(w)² / sum(w²),
    ``variation`` = population standard deviation of the weights / their mean = sqrt(deff - 1).
    """

    n: int
    total: float
    design_effect: float
    effective_n: float
    variation: float
    smallest: float
    largest: float

    @property
    def ratio(self) -> float:
        """The largest weight over the smallest; infinite where the smallest is zero."""
        return self.largest / self.smallest if self.smallest > 0 else float("inf")


@dataclass(frozen=True)
class RakingResult:
    """Final weights with all that is needed to judge them and to estimate with them.

    ``weights`` (n,) sum to ``total``. ``converged`` is false when the margins could not be met within
    the tolerance (contradictory margins, or bounds too tight): ``categories`` then says where.
    ``max_margin_error`` is the largest absolute difference between a weighted share and its target,
    as a share (0.01 is one point). ``trimmed`` counts the respondents held at a bound.
    """

    weights: FloatArray
    base_weights: FloatArray
    margins: tuple[MarginCodes, ...]
    total: float
    converged: bool
    iterations: int
    max_margin_error: float
    trimmed: int
    kish: Kish
    categories: tuple[MarginCategory, ...]
    bounds: tuple[float, float] | None


def kish(weights: npt.ArrayLike) -> Kish:
    """Kish's design effect and effective sample size of ``weights`` (n,).

    >>> result = kish([1.0, 1.0, 2.0])
    >>> round(result.design_effect, 6), round(result.effective_n, 6)
    (1.125, 2.666667)
    """
    checked = np.asarray(weights, dtype=np.float64)
    if checked.ndim != 1 or checked.size == 0:
        raise ShapeError(N_("Il n'y a aucun poids : il faut au moins une personne."))
    checked = checked_weights(checked, checked.size)
    total = float(checked.sum())
    squares = float(np.square(checked).sum())
    effect = checked.size * squares / total**2
    return Kish(
        n=checked.size,
        total=total,
        design_effect=effect,
        effective_n=total**2 / squares,
        variation=float(checked.std() / checked.mean()),
        smallest=float(checked.min()),
        largest=float(checked.max()),
    )


def rake(
    columns: Mapping[str, _Column],
    margins: Mapping[str, Mapping[str, float]],
    *,
    base_weights: npt.ArrayLike | None = None,
    total: float | None = None,
    bounds: tuple[float, float] | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 2000,
) -> RakingResult:
    """Weights whose shares equal the margins, as near as possible to the base weights.

    In: ``columns`` gives for each margin variable its n categories (``None`` = missing), as a list, an
    array or a Polars series. ``margins`` gives for each variable its categories with a population
    count or share: only the proportions are used, because margins of different dates and scopes
    rarely have one total. ``total`` is what the weights sum to: by default n, so that the mean weight
    is 1; give the population size to estimate totals. ``bounds`` = (low, high), as multiples of the
    mean weight: no final weight leaves them. ``tolerance`` is on weighted shares.

    A respondent whose category is missing keeps their weight in the steps of that margin: the target
    shares hold among the respondents whose category is known. Nobody is dropped, and no category is
    imputed.

    Method: iterative proportional fitting (Deming and Stephan 1940). With bounds, weight
    w_i = clip(d_i * product of the margin factors, L, U) (Deville and Särndal 1992, truncated
    multiplicative distance): the factors go on being adjusted until the *clipped* weights meet the
    margins, so that trimming does not undo the margins where both can hold. Where both cannot hold, the
    bounds win, ``converged`` is false and the report says which categories are off.

    Raises ``MarginError`` for a category without a target, a target without respondents, or a margin
    that is not positive; ``ShapeError`` for columns of different lengths.

    >>> result = rake({"sex": ["f", "f", "f", "m"]}, {"sex": {"f": 0.5, "m": 0.5}})
    >>> [round(weight, 6) for weight in result.weights.tolist()]
    [0.666667, 0.666667, 0.666667, 2.0]
    """
    if not margins:
        raise MarginError(N_("Aucune marge n'est donnée : il en faut au moins une pour redresser."))
    unknown = [variable for variable in margins if variable not in columns]
    if unknown:
        raise MarginError(
            N_("La marge « %(variable)s » ne correspond à aucune colonne des réponses."), variable=unknown[0]
        )
    count = len(columns[next(iter(margins))])
    if count == 0:
        raise ShapeError(N_("Il n'y a aucune réponse à redresser."))
    coded = tuple(code_margin(variable, columns[variable], margins[variable], count) for variable in margins)
    base = checked_weights(base_weights, count)
    target_total = float(count) if total is None else float(total)
    if not np.isfinite(target_total) or target_total <= 0:
        raise StatisticsError(N_("L'effectif de la population doit être un nombre positif."))
    limits = _limits(bounds, target_total / count)
    cell_of, cell_base, cell_counts, cell_codes = _cells(coded, base)
    cell_weights, iterations, converged = _fit(
        coded, cell_codes, cell_base, cell_counts, target_total, limits, tolerance, max_iterations
    )
    weights = cell_weights[cell_of]
    categories = margin_report(coded, base, weights)
    trimmed = 0
    if limits is not None:
        trimmed = int(np.count_nonzero((weights <= limits[0]) | (weights >= limits[1])))
    return RakingResult(
        weights=weights,
        base_weights=base,
        margins=coded,
        total=target_total,
        converged=converged,
        iterations=iterations,
        max_margin_error=max(abs(category.error) for category in categories),
        trimmed=trimmed,
        kish=kish(weights),
        categories=categories,
        bounds=bounds,
    )


def _limits(bounds: tuple[float, float] | None, mean: float) -> tuple[float, float] | None:
    if bounds is None:
        return None
    low, high = bounds
    if not (0 <= low < 1 < high):
        raise StatisticsError(
            N_(
                "Les bornes des poids doivent encadrer 1, par exemple 0,2 et 5 : "
                "elles valent %(low)s et %(high)s."
            ),
            low=low,
            high=high,
        )
    return low * mean, high * mean


def _cells(
    margins: Sequence[MarginCodes], base: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray, list[IntArray]]:
    """Respondents alike in every margin and in base weight get the same weight: fit them once.

    Gives the cell of each respondent, then per cell the base weight, the count and the margin codes.
    Fitting on cells makes the result independent of the order of the rows, and fast: 100,000
    respondents are a few thousand cells.
    """
    base_values, cell_of = np.unique(base, return_inverse=True)
    width = len(base_values)
    for margin in margins:
        width_here = len(margin.categories) + 1
        _, cell_of = np.unique(cell_of * width_here + (margin.codes + 1), return_inverse=True)
        width = int(cell_of.max()) + 1
    first = np.zeros(width, dtype=np.int64)
    first[cell_of[::-1]] = np.arange(len(base))[::-1]
    counts = np.bincount(cell_of, minlength=width).astype(np.float64)
    return cell_of, base[first], counts, [margin.codes[first] for margin in margins]


def _fit(
    margins: Sequence[MarginCodes],
    codes: Sequence[IntArray],
    base: FloatArray,
    counts: FloatArray,
    total: float,
    limits: tuple[float, float] | None,
    tolerance: float,
    max_iterations: int,
) -> tuple[FloatArray, int, bool]:
    """Iterate on the cells; returns one weight per cell, the iterations used, and whether it converged."""

    def clipped(raw: FloatArray) -> FloatArray:
        return raw if limits is None else np.clip(raw, limits[0], limits[1])

    # The free weights may drift outside the bounds without end where bounds and margins cannot both
    # hold: keep them within a range that cannot overflow.
    floor, ceiling = 0.0, float("inf")
    if limits is not None:
        floor, ceiling = limits[1] * 1e-9, limits[1] * 1e9
    free = base * (total / float(base @ counts))
    for iteration in range(1, max_iterations + 1):
        worst = 0.0
        for margin, code in zip(margins, codes, strict=True):
            known = code >= 0
            mass = clipped(free) * counts
            size = len(margin.categories)
            reached = np.bincount(code[known], weights=mass[known], minlength=size)
            wanted = margin.shares * float(reached.sum())
            worst = max(worst, float(np.abs(reached - wanted).max()) / total)
            factor = np.divide(wanted, reached, out=np.ones(size), where=reached > 0)
            free = np.where(known, free * factor[code], free)
        reached_total = float(clipped(free) @ counts)
        worst = max(worst, abs(reached_total - total) / total)
        free = free * (total / reached_total)
        if limits is not None:
            free = np.clip(free, floor, ceiling)
        if worst < tolerance:
            return clipped(free), iteration, True
    return clipped(free), max_iterations, False


def trim_weights(weights: npt.ArrayLike, *, low: float, high: float) -> FloatArray:
    """Weights (n,) cut to [``low``, ``high``], what is cut shared equally among the others, repeated.

    The sum stays the same; margins do not: prefer ``rake(..., bounds=...)``, which keeps both. Same
    method as ``trimWeights(strict=TRUE)`` of R's survey package (Lumley 2010). Bounds are in the units of
    the weights.

    >>> trim_weights([1.0, 1.0, 1.0, 5.0], low=0.5, high=3.0).tolist()
    [1.6666666666666665, 1.6666666666666665, 1.6666666666666665, 3.0]
    """
    checked = np.asarray(weights, dtype=np.float64)
    trimmed = checked_weights(checked, checked.size).copy()
    mean = float(trimmed.mean())
    if not low <= mean <= high:
        raise StatisticsError(
            N_("Le poids moyen (%(mean)s) est hors des bornes demandées : élargissez-les."), mean=mean
        )
    while True:
        outside = (trimmed < low) | (trimmed > high)
        if not outside.any():
            return trimmed
        cut = np.clip(trimmed, low, high)
        if outside.all():
            return cut
        cut[~outside] += float((trimmed - cut).sum()) / np.count_nonzero(~outside)
        trimmed = cut
