"""Confidence intervals for shares and means, weighted or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analytics.stats.arrays import FloatArray
from analytics.stats.errors import N_, StatisticsError


@dataclass(frozen=True)
class Interval:
    """Bounds at confidence ``level`` (0.95 = 95 %), in the units of the estimate."""

    lower: float
    upper: float
    level: float


def checked_level(level: float) -> float:
    """``level`` if it lies between 0 and 1; ``StatisticsError`` otherwise (95 instead of 0.95, say)."""
    if not 0 < level < 1:
        raise StatisticsError(
            N_("Le niveau de confiance est une part entre 0 et 1, par exemple 0,95 : il vaut %(level)s."),
            level=level,
        )
    return level


def wilson(successes: int, trials: int, *, level: float = 0.95) -> Interval:
    """Wilson's score interval of an unweighted share (Wilson 1927; R ``prop.test(correct = FALSE)``).

    centre = (p + z²/2n) / (1 + z²/n), half = z/(1 + z²/n) * sqrt(p(1-p)/n + z²/4n²).

    >>> interval = wilson(8, 10)
    >>> round(interval.lower, 6), round(interval.upper, 6)
    (0.490162, 0.943318)
    """
    _check_trials(successes, trials)
    z = float(special.ndtri(0.5 + checked_level(level) / 2))
    share = successes / trials
    shrink = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / shrink
    half = z / shrink * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials**2))
    # At 0 and n the formula gives the bound exactly; floating point may miss it by a rounding.
    lower = 0.0 if successes == 0 else float(centre - half)
    upper = 1.0 if successes == trials else float(centre + half)
    return Interval(lower, upper, level)


def clopper_pearson(successes: float, trials: float, *, level: float = 0.95) -> Interval:
    """Clopper and Pearson's exact interval of a share (1934; R ``binom.test``).

    Quantiles of Beta(x, n-x+1) and Beta(x+1, n-x). ``successes`` and ``trials`` may be fractional, as
    in the effective sample size of Korn and Graubard.

    >>> interval = clopper_pearson(8, 10)
    >>> round(interval.lower, 6), round(interval.upper, 6)
    (0.443905, 0.974789)
    """
    _check_trials(successes, trials)
    lower, upper = _beta_bounds(
        np.array([successes], dtype=np.float64), np.array([trials], dtype=np.float64), checked_level(level)
    )
    return Interval(float(lower[0]), float(upper[0]), level)


def korn_graubard(
    share: float, standard_error: float, count: int, df: float, *, level: float = 0.95
) -> Interval:
    """Interval of a weighted share by the exact method on an effective sample size.

    n* = p(1-p)/SE² * (t_{n-1} / t_df)², then Clopper–Pearson with n*·p successes of n* (Korn and
    Graubard 1998; R ``svyciprop(method = "beta")``). Raises where the standard error is zero.

    >>> interval = korn_graubard(0.5, 0.05, 100, 99)
    >>> round(interval.lower, 6), round(interval.upper, 6)
    (0.398321, 0.601679)
    """
    if not standard_error > 0:
        raise StatisticsError(N_("Cet intervalle demande une erreur type positive."))
    tail = 0.5 + checked_level(level) / 2
    inflate = float(special.stdtrit(count - 1, tail) / special.stdtrit(df, tail)) ** 2
    trials = share * (1 - share) / standard_error**2 * inflate
    return clopper_pearson(share * trials, trials, level=level)


def t_bounds(
    estimate: FloatArray, standard_error: FloatArray, df: npt.ArrayLike, level: float
) -> tuple[FloatArray, FloatArray]:
    """estimate ± t_df * SE, element by element; infinite ``df`` gives the normal interval."""
    half = t_quantile(df, level) * standard_error
    return estimate - half, estimate + half


def logit_bounds(
    share: FloatArray, standard_error: FloatArray, effective_n: FloatArray, df: npt.ArrayLike, level: float
) -> tuple[FloatArray, FloatArray]:
    """Bounds of weighted shares, symmetric on the logit scale, so that they stay within 0 and 1.

    logit(p) ± t_df * SE / (p(1-p)) (R ``svyciprop(method = "logit")``). At 0 and 1, where the logit does
    not exist, the exact interval on Kish's effective sample size ``effective_n`` takes its place.
    """
    spread = share * (1 - share)
    inside = spread > 0
    safe_share = np.where(inside, share, 0.5)
    half = t_quantile(df, level) * standard_error / np.where(inside, spread, 1.0)
    centre = special.logit(safe_share)
    lower, upper = special.expit(centre - half), special.expit(centre + half)
    edge = (share == 0) | (share == 1)
    if edge.any():
        trials = np.where(edge, effective_n, 1.0)
        exact_lower, exact_upper = _beta_bounds(np.where(edge, share, 0.0) * trials, trials, level)
        lower, upper = np.where(edge, exact_lower, lower), np.where(edge, exact_upper, upper)
    known = np.isfinite(share)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def t_quantile(df: npt.ArrayLike, level: float) -> FloatArray:
    """The two-sided Student quantile; NaN where there is no degree of freedom."""
    freedom = np.asarray(df, dtype=np.float64)
    quantile = special.stdtrit(np.where(freedom > 0, freedom, 1.0), 0.5 + checked_level(level) / 2)
    return np.asarray(np.where(freedom > 0, quantile, np.nan), dtype=np.float64)


def _beta_bounds(successes: FloatArray, trials: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    tail = (1 - level) / 2
    failures = trials - successes
    with np.errstate(invalid="ignore"):
        lower = np.where(successes > 0, special.betaincinv(successes, failures + 1, tail), 0.0)
        upper = np.where(failures > 0, special.betaincinv(successes + 1, failures, 1 - tail), 1.0)
    return lower, upper


def _check_trials(successes: float, trials: float) -> None:
    if not trials > 0 or not 0 <= successes <= trials:
        raise StatisticsError(
            N_(
                "Une part demande un effectif positif et un compte qui ne le dépasse pas : "
                "%(successes)s sur %(trials)s."
            ),
            successes=successes,
            trials=trials,
        )
