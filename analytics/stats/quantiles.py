"""Medians and other quantiles, weighted or not, with Woodruff's interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.stats.arrays import FloatArray
from analytics.stats.design import Design
from analytics.stats.errors import N_, ShapeError, StatisticsError
from analytics.stats.estimates import estimate_share
from analytics.stats.intervals import checked_level, t_quantile


@dataclass(frozen=True)
class QuantileEstimate:
    """The value below which ``probability`` of the population lies, in the units of the variable.

    ``respondents`` is the base. The bounds are NaN where fewer than two answered.
    """

    probability: float
    respondents: int
    estimate: float
    lower: float
    upper: float
    level: float


def weighted_quantile(
    values: npt.ArrayLike, probability: float, weights: npt.ArrayLike | None = None
) -> float:
    """The quantile of ``values`` (n,), NaN left out: the inverse of the weighted distribution function.

    Where the distribution is flat exactly at ``probability`` the two ends are averaged, so that without
    weights the median is the usual one (definition 2 of Hyndman and Fan 1996; ``qrule="hf2"`` of R's
    survey package). NaN where there is no value.

    >>> weighted_quantile([1, 2, 3, 4], 0.5), weighted_quantile([1, 2, 3], 0.5, [1, 1, 3])
    (2.5, 3.0)
    """
    ordered, cumulated = _distribution(values, weights)
    return _invert(ordered, cumulated, _checked_probability(probability))


def estimate_quantile(
    design: Design,
    values: npt.ArrayLike,
    probability: float = 0.5,
    *,
    domain: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> QuantileEstimate:
    """The weighted quantile of ``values`` (n,), NaN = not answered, in ``domain`` (n,) booleans.

    Interval (Woodruff 1952): that of the share of people at or below the quantile, p ± t_df * SE with the
    SE of the raked design, carried back through the distribution function.

    >>> result = estimate_quantile(Design.unweighted(9), range(1, 10))
    >>> result.estimate, result.lower, result.upper
    (5.0, 1.0, 9.0)
    """
    checked_level(level)
    probability = _checked_probability(probability)
    y = np.asarray(values, dtype=np.float64)
    if y.shape != (design.count,):
        raise ShapeError(
            N_("Il y a %(values)s valeurs pour %(respondents)s personnes : il en faut autant."),
            values=y.size,
            respondents=design.count,
        )
    if domain is not None:
        y = np.where(np.asarray(domain, dtype=bool), y, np.nan)
    ordered, cumulated = _distribution(y, design.weights)
    estimate = _invert(ordered, cumulated, probability)
    respondents = int(np.count_nonzero(~np.isnan(y)))
    below = np.where(np.isnan(y), np.nan, (y <= estimate).astype(np.float64))
    share = estimate_share(design, below, level=level)
    half = float(t_quantile(share.degrees_of_freedom, level)) * share.standard_error
    if not np.isfinite(half):
        lower = upper = float("nan")
    else:
        lower = _invert(ordered, cumulated, max(0.0, probability - half))
        upper = _invert(ordered, cumulated, min(1.0, probability + half))
    return QuantileEstimate(probability, respondents, estimate, lower, upper, level)


def _distribution(values: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Distinct values in order, and the share of the weight at or below each."""
    y = np.asarray(values, dtype=np.float64)
    w = np.ones(y.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    if y.ndim != 1 or w.shape != y.shape:
        raise ShapeError(N_("Un quantile demande une valeur et un poids par personne."))
    known = ~np.isnan(y) & (w > 0)
    ordered, place = np.unique(y[known], return_inverse=True)
    if ordered.size == 0:
        return ordered, ordered
    cumulated = np.cumsum(np.bincount(place, weights=w[known]))
    return ordered, cumulated / cumulated[-1]


def _invert(ordered: FloatArray, cumulated: FloatArray, probability: float) -> float:
    if ordered.size == 0:
        return float("nan")
    # Sums of weights that should equal the probability may miss it by a rounding.
    slack = 1e-12
    at = min(int(np.searchsorted(cumulated, probability - slack)), ordered.size - 1)
    if abs(float(cumulated[at]) - probability) <= slack and at + 1 < ordered.size:
        return float(ordered[at] + ordered[at + 1]) / 2
    return float(ordered[at])


def _checked_probability(probability: float) -> float:
    if not 0 <= probability <= 1:
        raise StatisticsError(
            N_(
                "Un quantile se demande entre 0 et 1, par exemple 0,5 pour la médiane : "
                "il vaut %(probability)s."
            ),
            probability=probability,
        )
    return probability
