"""The array types of this package, and the checks that every estimator makes on its input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analytics.stats.errors import N_, ShapeError, StatisticsError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64] | npt.NDArray[np.float32] | BoolArray | npt.NDArray[np.integer]


def checked_weights(weights: npt.ArrayLike | None, count: int) -> FloatArray:
    """``weights`` as ``count`` finite numbers, none negative, not all zero; ones where ``None``."""
    if weights is None:
        return np.ones(count, dtype=np.float64)
    checked = np.asarray(weights, dtype=np.float64)
    if checked.shape != (count,):
        raise ShapeError(
            N_("Il y a %(weights)s poids pour %(respondents)s personnes : donnez un poids par personne."),
            weights=checked.size,
            respondents=count,
        )
    if not np.isfinite(checked).all() or (checked < 0).any():
        raise StatisticsError(
            N_("Un poids est vide ou négatif : corrigez la colonne des poids avant de calculer.")
        )
    if count and not checked.any():
        raise StatisticsError(N_("Tous les poids valent zéro : corrigez la colonne des poids."))
    return checked


def checked_codes(codes: npt.ArrayLike, count: int, upper: int) -> IntArray:
    """``codes`` as ``count`` integers from -1 (outside or missing) to ``upper`` - 1."""
    checked = np.asarray(codes)
    if checked.shape != (count,):
        raise ShapeError(
            N_("Il y a %(codes)s codes de groupe pour %(respondents)s personnes : il en faut autant."),
            codes=checked.size,
            respondents=count,
        )
    if not np.issubdtype(checked.dtype, np.integer):
        raise StatisticsError(N_("Les codes de groupe doivent être des nombres entiers."))
    if count and (checked.min() < -1 or checked.max() >= upper):
        raise StatisticsError(
            N_("Un code de groupe sort de l'intervalle prévu, de -1 à %(last)s."), last=upper - 1
        )
    return checked.astype(np.int64, copy=False)


def encode(values: Sequence[object] | npt.NDArray[np.generic], categories: Sequence[object]) -> IntArray:
    """The position of each value in ``categories``; -1 where the value is missing or not listed.

    >>> encode(["b", None, "a"], ["a", "b"]).tolist()
    [1, -1, 0]
    """
    position = {category: index for index, category in enumerate(categories)}
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    return np.fromiter((position.get(value, -1) for value in listed), dtype=np.int64, count=len(listed))
