"""The sampling design that every estimate needs, and the variance of a raked estimator."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analytics.stats.arrays import FloatArray, IntArray, checked_codes, checked_weights
from analytics.stats.errors import N_, ShapeError, StatisticsError
from analytics.stats.margins import MarginCodes
from analytics.stats.weights import RakingResult

#: Numbers of float64 held at once in a block: about 30 MB, whatever the number of respondents.
BLOCK_CELLS = 4_000_000


@dataclass(frozen=True)
class Design:
    """How n respondents stand for a population.

    ``weights`` (n,) are final, ``base_weights`` (n,) are those before raking, ``margins`` are the
    margins that the raking met (none: the weights are taken as given). ``strata`` (n,) are codes from
    0; ``stratum_population`` (h,) are the population sizes for the finite population correction (none:
    no correction, as for a survey that anyone may answer).
    """

    weights: FloatArray
    base_weights: FloatArray
    margins: tuple[MarginCodes, ...] = ()
    strata: IntArray | None = None
    stratum_population: FloatArray | None = field(default=None)

    @classmethod
    def unweighted(cls, count: int) -> Design:
        """Every respondent counts for one."""
        return cls.weighted(np.ones(count, dtype=np.float64))

    @classmethod
    def weighted(
        cls,
        weights: npt.ArrayLike,
        *,
        strata: npt.ArrayLike | None = None,
        stratum_population: npt.ArrayLike | None = None,
    ) -> Design:
        """Weights that were not raked here, with strata (codes from 0) where the sample had some."""
        given = np.asarray(weights, dtype=np.float64)
        checked = checked_weights(given, given.size)
        if strata is None:
            if stratum_population is not None:
                raise ShapeError(N_("Des effectifs de strates sont donnés sans les strates."))
            return cls(weights=checked, base_weights=checked)
        codes = checked_codes(strata, checked.size, max(1, checked.size))
        if codes.size and codes.min() < 0:
            raise StatisticsError(N_("Une personne n'a pas de strate : complétez la colonne des strates."))
        sizes = None
        if stratum_population is not None:
            sizes = np.asarray(stratum_population, dtype=np.float64)
            if sizes.shape != (int(codes.max()) + 1,):
                raise ShapeError(N_("Il faut un effectif de population par strate."))
        return cls(weights=checked, base_weights=checked, strata=codes, stratum_population=sizes)

    @classmethod
    def from_raking(cls, result: RakingResult) -> Design:
        """The raked respondents: uncertainty then takes the margins into account."""
        return cls(weights=result.weights, base_weights=result.base_weights, margins=result.margins)

    @property
    def count(self) -> int:
        return int(self.weights.size)

    @cached_property
    def stratum_sizes(self) -> FloatArray:
        """Respondents per stratum (h,): one stratum where none is declared."""
        if self.strata is None:
            return np.array([float(self.count)])
        return np.bincount(self.strata).astype(np.float64)

    @cached_property
    def stratum_factors(self) -> FloatArray:
        """n_h / (n_h - 1), times 1 - n_h / N_h with a population size; NaN for a stratum of one."""
        sizes = self.stratum_sizes
        factors: FloatArray = np.divide(sizes, sizes - 1, out=np.full(sizes.shape, np.nan), where=sizes > 1)
        if self.stratum_population is not None:
            factors = factors * (1.0 - sizes / self.stratum_population)
        return factors

    @cached_property
    def _columns(self) -> tuple[FloatArray, ...]:
        """Per margin, the auxiliary values of each category; the last row (code -1, missing) is zero.

        The raking constraint of category c is sum over the known of w * (1[c] - share_c) = 0. Of the k
        constraints of a margin one follows from the others, so the first is left out.
        """
        tables: list[FloatArray] = []
        for margin in self.margins:
            size = len(margin.categories)
            table = np.zeros((size + 1, size - 1))
            table[:size] = (np.eye(size) - margin.shares)[:, 1:]
            tables.append(table)
        return tuple(tables)

    @property
    def auxiliary_count(self) -> int:
        """Columns of the auxiliary matrix: the constant and k - 1 for a margin of k categories."""
        return 1 + sum(len(margin.categories) - 1 for margin in self.margins)

    def auxiliaries(self, rows: slice | IntArray) -> FloatArray:
        """The auxiliary matrix X of ``rows``: a constant, then the margin dummies around their targets."""
        count = len(self.weights[rows])
        parts = [np.ones((count, 1))]
        parts.extend(
            table[margin.codes[rows]] for margin, table in zip(self.margins, self._columns, strict=True)
        )
        return np.hstack(parts)

    @cached_property
    def projection(self) -> FloatArray:
        """Pseudo-inverse of X'DX (p, p), D the base weights: margins may be redundant with each other.

        Without margins nothing was calibrated, not even the sum of the weights, so there is nothing to
        project on: the slopes are zero.
        """
        size = self.auxiliary_count
        if not self.margins:
            return np.zeros((size, size))
        gram = np.zeros((size, size))
        for rows in self.blocks(2 * size):
            x = self.auxiliaries(rows)
            gram += (x * self.base_weights[rows, None]).T @ x
        return np.asarray(linalg.pinvh(gram, rtol=1e-11), dtype=np.float64)

    @staticmethod
    def block_rows(width: int) -> int:
        """How many rows of ``width`` numbers fit in ``BLOCK_CELLS``."""
        return max(256, BLOCK_CELLS // max(1, width))

    def blocks(self, width: int) -> list[slice]:
        """Slices of rows such that ``width`` numbers per row stay within ``BLOCK_CELLS``."""
        step = self.block_rows(width)
        return [slice(start, min(start + step, self.count)) for start in range(0, self.count, step)]


def linearised_standard_error(design: Design, linearised: FloatArray) -> FloatArray:
    """Standard errors (m,) of estimators whose linearised variables are the columns of ``linearised`` (n, m).

    z_i = w_i * (u_i - x_i'B), B from the regression of u on the margin dummies weighted by the base
    weights, and SE = sqrt(sum over strata of n_h/(n_h - 1) * sum((z - zbar_h)²)) (Deville and Särndal
    1992; the formula of R's survey package for a raked design). For a mean u = (y - mean) / sum(w),
    zero outside the domain; for a total u = y.

    This is the direct form. ``analytics.stats.moments`` gets the same numbers for many variables by many
    groups from sums alone.

    >>> design = Design.unweighted(4)
    >>> y = np.array([[1.0], [2.0], [3.0], [4.0]])
    >>> round(float(linearised_standard_error(design, (y - y.mean()) / 4)[0]), 6)
    0.645497
    """
    if linearised.ndim != 2 or linearised.shape[0] != design.count:
        raise ShapeError(
            N_("Le tableau a %(rows)s lignes pour %(respondents)s personnes : il en faut autant."),
            rows=linearised.shape[0],
            respondents=design.count,
        )
    columns = linearised.shape[1]
    width = design.auxiliary_count + 2 * columns
    slopes = np.zeros((design.auxiliary_count, columns))
    for rows in design.blocks(width):
        x = design.auxiliaries(rows)
        slopes += (x * design.base_weights[rows, None]).T @ linearised[rows]
    slopes = design.projection @ slopes
    sums = np.zeros((design.stratum_sizes.size, columns))
    squares = np.zeros_like(sums)
    for rows in design.blocks(width):
        residual = linearised[rows] - design.auxiliaries(rows) @ slopes
        z = residual * design.weights[rows, None]
        for stratum in range(sums.shape[0]):
            part = z if design.strata is None else z[design.strata[rows] == stratum]
            sums[stratum] += part.sum(axis=0)
            squares[stratum] += np.square(part).sum(axis=0)
    within = np.maximum(squares - sums**2 / design.stratum_sizes[:, None], 0.0)
    return np.asarray(np.sqrt(design.stratum_factors @ within), dtype=np.float64)
