"""How well the items of a scale hold together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analytics.stats.arrays import FloatArray
from analytics.stats.errors import N_, ShapeError, StatisticsError
from analytics.stats.intervals import checked_level


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of a scale, on the ``respondents`` who answered every item.

    ``lower`` and ``upper`` are Feldt's bounds at ``level``. ``standardised`` is alpha of the correlations,
    ``average_correlation`` their mean. Per item, in the order given: ``alpha_if_dropped`` (NaN for two
    items) and ``item_total``, the correlation with the sum of the other items.
    """

    alpha: float
    lower: float
    upper: float
    level: float
    respondents: int
    items: int
    standardised: float
    average_correlation: float
    alpha_if_dropped: tuple[float, ...]
    item_total: tuple[float, ...]


def cronbach_alpha(items: npt.ArrayLike, *, level: float = 0.95) -> Alpha:
    """Alpha of ``items`` (n, k), NaN = not answered, items to be reversed already reversed.

    alpha = k/(k-1) * (1 - sum of item variances / variance of the sum) (Cronbach 1951), on complete rows
    only. Interval: 1 - (1 - alpha) * F quantiles with n-1 and (n-1)(k-1) degrees of freedom (Feldt, Woodruff
    and Salih 1987). Equals ``alpha`` of R's psych package on complete rows.

    Raises ``ShapeError`` for fewer than two items or three complete rows, ``StatisticsError`` for an item
    that everyone answered alike.

    >>> result = cronbach_alpha([[1, 2], [2, 2], [3, 4], [4, 5]])
    >>> round(result.alpha, 6), result.respondents
    (0.967033, 4)
    """
    checked_level(level)
    table = np.asarray(items, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ShapeError(N_("L'alpha de Cronbach demande une échelle d'au moins deux questions."))
    complete = table[~np.isnan(table).any(axis=1)]
    count, size = complete.shape
    if count < 3:
        raise ShapeError(
            N_("L'alpha de Cronbach demande au moins trois personnes ayant répondu à toutes les questions."),
        )
    covariance = np.atleast_2d(np.cov(complete, rowvar=False))
    variances = np.diag(covariance)
    if (variances <= 0).any():
        raise StatisticsError(
            N_(
                "Toutes les personnes ont donné la même réponse à la question numéro %(item)s de l'échelle : "
                "retirez-la pour calculer l'alpha."
            ),
            item=int(np.argmax(variances <= 0)) + 1,
        )
    deviations = np.sqrt(variances)
    correlation = covariance / np.outer(deviations, deviations)
    alpha = _alpha(covariance)
    tail = (1 - level) / 2
    freedom = (count - 1, (count - 1) * (size - 1))
    keep = [[other for other in range(size) if other != item] for item in range(size)]
    rest = [covariance[item, keep[item]].sum() for item in range(size)]
    rest_variance = [covariance[np.ix_(keep[item], keep[item])].sum() for item in range(size)]
    return Alpha(
        alpha=alpha,
        lower=1 - (1 - alpha) * float(special.fdtri(*freedom, 1 - tail)),
        upper=1 - (1 - alpha) * float(special.fdtri(*freedom, tail)),
        level=level,
        respondents=count,
        items=size,
        standardised=_alpha(correlation),
        average_correlation=float((correlation.sum() - size) / (size * (size - 1))),
        alpha_if_dropped=tuple(_alpha(covariance[np.ix_(rows, rows)]) for rows in keep),
        item_total=tuple(
            float(rest[item] / (deviations[item] * np.sqrt(rest_variance[item]))) for item in range(size)
        ),
    )


def _alpha(covariance: FloatArray) -> float:
    size = covariance.shape[0]
    if size < 2:
        return float("nan")
    return float(size / (size - 1) * (1 - np.trace(covariance) / covariance.sum()))
