"""Intervals of unweighted shares, quantiles, and their edges, against independent formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.stats.design import Design
from analytics.stats.errors import ShapeError, StatisticsError
from analytics.stats.intervals import clopper_pearson, korn_graubard, wilson
from analytics.stats.quantiles import estimate_quantile, weighted_quantile
from analytics.stats.reliability import cronbach_alpha


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_shares_against_scipy(case: tuple[int, int]) -> None:
    successes, trials = case
    reference = stats.binomtest(successes, trials)
    for method, ours in (("wilson", wilson), ("exact", clopper_pearson)):
        expected = reference.proportion_ci(0.95, method=method)
        interval = ours(successes, trials)
        assert interval.lower == pytest.approx(expected.low, rel=1e-7, abs=1e-10)
        assert interval.upper == pytest.approx(expected.high, rel=1e-7, abs=1e-10)
        assert interval.lower <= successes / trials <= interval.upper


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40),
    st.floats(0, 1),
)
def test_unweighted_quantile_against_numpy(values: list[float], probability: float) -> None:
    expected = np.quantile(values, probability, method="averaged_inverted_cdf")
    assert weighted_quantile(values, probability) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), min_size=1, max_size=30), st.floats(0, 1))
def test_a_whole_weight_is_a_repeated_value(pairs: list[tuple[int, int]], probability: float) -> None:
    values, weights = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    repeated = np.repeat(values, weights)
    assert weighted_quantile(values, probability, weights) == pytest.approx(
        weighted_quantile(repeated, probability)
    )


def test_median_with_missing_and_domain() -> None:
    values = [10, 20, 30, np.nan, 1000, 40]
    domain = [True, True, True, True, False, True]
    result = estimate_quantile(Design.unweighted(6), values, domain=domain)
    assert (result.respondents, result.estimate) == (4, 25.0)
    assert result.lower <= result.estimate <= result.upper
    nobody = estimate_quantile(Design.unweighted(2), [np.nan, np.nan])
    assert (nobody.respondents, np.isnan(nobody.estimate), np.isnan(nobody.lower)) == (0, True, True)


def test_woodruff_interval_covers_the_median() -> None:
    random = np.random.default_rng(8)
    covered = 0
    for _ in range(300):
        result = estimate_quantile(Design.unweighted(120), random.normal(size=120))
        covered += result.lower <= 0 <= result.upper
    assert 0.92 <= covered / 300 <= 0.98


def test_bad_input() -> None:
    with pytest.raises(StatisticsError, match="effectif positif"):
        wilson(0, 0)
    with pytest.raises(StatisticsError, match="effectif positif"):
        clopper_pearson(3, 2)
    with pytest.raises(StatisticsError, match="erreur type positive"):
        korn_graubard(1.0, 0.0, 10, 9)
    with pytest.raises(StatisticsError, match="entre 0 et 1"):
        weighted_quantile([1, 2], 50)
    with pytest.raises(ShapeError, match="une valeur et un poids"):
        weighted_quantile([1, 2], 0.5, [1])
    with pytest.raises(ShapeError, match="au moins deux questions"):
        cronbach_alpha([[1], [2], [3]])
    with pytest.raises(ShapeError, match="au moins trois personnes"):
        cronbach_alpha([[1, 2], [2, np.nan], [3, 4]])
    with pytest.raises(StatisticsError, match="question numéro 2"):
        cronbach_alpha([[1, 2], [2, 2], [3, 2]])
