"""Weighted means and shares with honest uncertainty, one at a time or a whole dashboard at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analytics.stats.arrays import BoolArray, FloatArray, IntArray, Values, checked_codes
from analytics.stats.design import Design, linearised_standard_error
from analytics.stats.errors import N_, ShapeError, StatisticsError
from analytics.stats.intervals import checked_level, logit_bounds, t_bounds
from analytics.stats.moments import DesignMoments, ValueMoments, design_moments, value_moments

Kind = Literal["mean", "share"]


@dataclass(frozen=True)
class GroupEstimates:
    """Estimates of m variables in g groups: every array has shape (g, m).

    ``respondents`` = unweighted number who answered in the group (the base); ``weight`` = sum of their
    final weights; ``effective_n`` = Kish's; ``degrees_of_freedom`` = respondents less strata. Where nobody
    answered, the estimate is NaN; where fewer than two did, so is the standard error, and so are the bounds
    (but a share of 0 or 1 keeps its exact bounds, which one answer suffices for).
    """

    kind: Kind
    level: float
    respondents: IntArray
    weight: FloatArray
    effective_n: FloatArray
    estimate: FloatArray
    standard_error: FloatArray
    degrees_of_freedom: IntArray
    lower: FloatArray
    upper: FloatArray

    def at(self, group: int, variable: int) -> Estimate:
        """The estimate of one variable in one group, as plain numbers."""
        place = (group, variable)
        return Estimate(
            kind=self.kind,
            level=self.level,
            respondents=int(self.respondents[place]),
            weight=float(self.weight[place]),
            effective_n=float(self.effective_n[place]),
            estimate=float(self.estimate[place]),
            standard_error=float(self.standard_error[place]),
            degrees_of_freedom=int(self.degrees_of_freedom[place]),
            lower=float(self.lower[place]),
            upper=float(self.upper[place]),
        )


@dataclass(frozen=True)
class Estimate:
    """One estimate; the fields are those of ``GroupEstimates``."""

    kind: Kind
    level: float
    respondents: int
    weight: float
    effective_n: float
    estimate: float
    standard_error: float
    degrees_of_freedom: int
    lower: float
    upper: float


@dataclass(frozen=True)
class Total:
    """A population total: its estimate and standard error, in units of the variable times the weight."""

    estimate: float
    standard_error: float


def estimate_groups(
    design: Design,
    values: Values,
    groups: npt.ArrayLike | None = None,
    group_count: int = 1,
    *,
    kind: Kind,
    answered: BoolArray | None = None,
    level: float = 0.95,
) -> GroupEstimates:
    """Means or shares of many variables in many groups, with standard errors and intervals, in one pass.

    In: ``values`` (n, m), booleans or 0/1 for ``kind="share"``, any numbers for ``kind="mean"``; NaN or
    false in ``answered`` (n, m) = not asked or not answered, outside the base. ``groups`` (n,) codes each
    respondent's group from 0 to ``group_count`` - 1 (-1: in none; ``None``: everyone in one group).

    mean = sum(w y) / sum(w) over the base. Its standard error is that of a domain mean after raking: the
    linearised variable u = (y - mean) / sum(w), zero outside the base, then the formula of
    ``linearised_standard_error``. So a respondent outside the group still informs its variance through
    the margins. Intervals: logit for shares, Student for means, with (base - strata) degrees of freedom.
    Agrees with ``svyby``, ``svymean`` and ``svyciprop`` of R's survey package to 6 digits or more.

    Raises ``ShapeError`` where the arrays do not describe the same respondents, ``StatisticsError`` for a
    share of something else than 0 and 1.

    >>> design = Design.unweighted(4)
    >>> result = estimate_groups(design, np.array([[True], [False], [True], [True]]), kind="share")
    >>> float(result.estimate[0, 0]), round(float(result.standard_error[0, 0]), 6)
    (0.75, 0.25)
    """
    checked_level(level)
    codes = None if groups is None else checked_codes(groups, design.count, group_count)
    if groups is None and group_count != 1:
        raise ShapeError(N_("Plusieurs groupes sont annoncés, mais aucun code de groupe n'est donné."))
    if kind == "share":
        _check_binary(values)
    sums = value_moments(design, values, codes, group_count, answered=answered)
    return finish(design_moments(design), sums, kind=kind, level=level, factors=design.stratum_factors)


def finish(
    design: DesignMoments,
    sums: ValueMoments,
    *,
    kind: Kind,
    level: float = 0.95,
    factors: FloatArray | None = None,
) -> GroupEstimates:
    """Estimates from sums, which may be the added sums of several parts of the respondents.

    ``factors`` (h,) are the stratum factors of the whole design: by default n_h / (n_h - 1).
    """
    if factors is None:
        factors = np.divide(
            design.sizes, design.sizes - 1, out=np.full(design.sizes.shape, np.nan), where=design.sizes > 1
        )
    weight = sums.first_a.sum(axis=0)
    known = sums.answered > 0
    safe = np.where(weight > 0, weight, np.nan)
    mean = sums.first_y.sum(axis=0) / safe  # around the centre
    projection = linalg.pinvh(design.gram, rtol=1e-11)
    slopes = np.einsum("pq,gqm->gpm", projection, (sums.base_y - mean[:, None] * sums.base_a) / safe[:, None])
    variance = np.zeros_like(mean)
    for h, factor in enumerate(factors):
        cross = (sums.squared_y[h] - mean[:, None] * sums.squared_a[h]) / safe[:, None]
        # X has a constant first, so the sum of w² over the base is the first row of X'W²a.
        own = (
            sums.second_y[h] - 2 * mean * sums.squared_y[h, :, 0] + mean**2 * sums.squared_a[h, :, 0]
        ) / safe**2
        fitted = np.einsum("gpm,pq,gqm->gm", slopes, design.squared_gram[h], slopes, optimize=True)
        total = (sums.first_y[h] - mean * sums.first_a[h]) / safe - np.einsum(
            "p,gpm->gm", design.first[h], slopes
        )
        squares = own - 2 * (slopes * cross).sum(axis=1) + fitted
        variance += factor * np.maximum(squares - total**2 / design.sizes[h], 0.0)
    standard_error = np.where(sums.answered > 1, np.sqrt(variance), np.nan)
    squared_weight = sums.squared_a[:, :, 0].sum(axis=0)
    effective = np.divide(weight**2, squared_weight, out=np.zeros_like(weight), where=squared_weight > 0)
    estimate = np.where(known, mean + sums.centre, np.nan)
    if kind == "share":
        estimate = np.clip(estimate, 0.0, 1.0)
    df = np.maximum(sums.answered - len(factors), 0)
    if kind == "share":
        lower, upper = logit_bounds(estimate, standard_error, effective, df, level)
    else:
        lower, upper = t_bounds(estimate, standard_error, df, level)
    return GroupEstimates(
        kind=kind,
        level=level,
        respondents=sums.answered,
        weight=weight,
        effective_n=effective,
        estimate=estimate,
        standard_error=standard_error,
        degrees_of_freedom=df,
        lower=lower,
        upper=upper,
    )


def estimate_mean(
    design: Design, values: npt.ArrayLike, *, domain: npt.ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """The mean of ``values`` (n,), NaN = not answered, among the respondents in ``domain`` (n,) booleans.

    >>> result = estimate_mean(Design.unweighted(4), [1.0, 2.0, 3.0, 4.0])
    >>> result.estimate, round(result.standard_error, 6), round(result.lower, 6)
    (2.5, 0.645497, 0.44574)
    """
    return _one(design, np.asarray(values, dtype=np.float64), domain, "mean", level)


def estimate_share(
    design: Design, values: npt.ArrayLike, *, domain: npt.ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """The share of ``values`` (n,) that are 1 or true, NaN = not answered, in ``domain`` (n,) booleans.

    >>> result = estimate_share(Design.unweighted(4), [1, 0, 1, 1])
    >>> result.estimate, round(result.lower, 6), round(result.upper, 6)
    (0.75, 0.041303, 0.995236)
    """
    return _one(design, np.asarray(values, dtype=np.float64), domain, "share", level)


def estimate_total(design: Design, values: npt.ArrayLike, *, domain: npt.ArrayLike | None = None) -> Total:
    """The population total of ``values`` (n,), all known, in ``domain``; weights must sum to the population.

    total = sum(w y), linearised variable y itself (zero outside the domain).

    >>> estimate_total(Design.weighted([10.0, 10.0]), [1.0, 3.0]).estimate
    40.0
    """
    y = np.asarray(values, dtype=np.float64)
    if y.shape != (design.count,):
        raise ShapeError(N_("Il faut une valeur par personne pour estimer un total."))
    if domain is not None:
        y = np.where(np.asarray(domain, dtype=bool), y, 0.0)
    if not np.isfinite(y).all():
        raise StatisticsError(
            N_("Un total demande une valeur pour chaque personne : limitez-le aux personnes ayant répondu.")
        )
    error = linearised_standard_error(design, y[:, None])
    return Total(estimate=float(design.weights @ y), standard_error=float(error[0]))


def _one(
    design: Design, values: FloatArray, domain: npt.ArrayLike | None, kind: Kind, level: float
) -> Estimate:
    if values.shape != (design.count,):
        raise ShapeError(
            N_("Il y a %(values)s valeurs pour %(respondents)s personnes : il en faut autant."),
            values=values.size,
            respondents=design.count,
        )
    codes: IntArray | None = None
    if domain is not None:
        codes = np.where(np.asarray(domain, dtype=bool), 0, -1).astype(np.int64)
    return estimate_groups(design, values[:, None], codes, 1, kind=kind, level=level).at(0, 0)


def _check_binary(values: Values) -> None:
    if values.dtype == np.bool_:
        return
    step = max(1, 1_000_000 // max(1, values.shape[1] if values.ndim == 2 else 1))
    for start in range(0, values.shape[0], step):
        block = values[start : start + step]
        if not np.all((block == 0) | (block == 1) | (block != block)):
            raise StatisticsError(
                N_("Une part se calcule sur des 0 et des 1 : cette colonne contient d'autres valeurs.")
            )
