"""The batch of many variables by many groups equals the direct formula, in parts and in any order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.stats import design as design_module
from analytics.stats.design import Design, linearised_standard_error
from analytics.stats.errors import ShapeError, StatisticsError
from analytics.stats.estimates import estimate_groups, estimate_mean, estimate_share, estimate_total, finish
from analytics.stats.moments import design_moments, value_moments
from analytics.stats.weights import rake


def raked_design(count: int, seed: int, *, missing: bool = False) -> Design:
    random = np.random.default_rng(seed)
    age = random.integers(0, 4, count).astype(object)
    region = random.integers(0, 6, count).astype(object)
    age[:4], region[:6] = range(4), range(6)
    if missing:
        age[random.random(count) < 0.1] = None
    margins = {
        "age": {str(key): float(value) for key, value in enumerate(random.uniform(1, 2, 4))},
        "region": {str(key): float(value) for key, value in enumerate(random.uniform(1, 2, 6))},
    }
    base = random.uniform(0.5, 2.0, count)
    return Design.from_raking(rake({"age": age, "region": region}, margins, base_weights=base))


@given(st.integers(0, 10_000), st.booleans(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_batch_equals_the_direct_formula(seed: int, missing: bool, floats: bool) -> None:
    random = np.random.default_rng(seed)
    count, variables, group_count = 150, 3, 3
    design = raked_design(count, seed, missing=missing)
    groups = random.integers(-1, group_count, count)
    values = (
        random.normal(2025.0, 3.0, (count, variables)) if floats else random.random((count, variables)) < 0.3
    )
    answered = random.random((count, variables)) < 0.85
    result = estimate_groups(
        design, values, groups, group_count, kind="mean" if floats else "share", answered=answered
    )
    w = design.weights
    for group in range(group_count):
        for variable in range(variables):
            inside = (groups == group) & answered[:, variable]
            y = values[:, variable].astype(float)
            mean = (w * y)[inside].sum() / w[inside].sum()
            linearised = np.where(inside, (y - mean) / w[inside].sum(), 0.0)
            one = result.at(group, variable)
            assert one.respondents == inside.sum()
            assert one.estimate == pytest.approx(mean, rel=1e-12)
            error = linearised_standard_error(design, linearised[:, None])[0]
            assert one.standard_error == pytest.approx(error, rel=1e-7, abs=1e-12)
            assert one.effective_n == pytest.approx(w[inside].sum() ** 2 / (w[inside] ** 2).sum())


@pytest.mark.parametrize("cells", [3_000, 50_000])
def test_size_of_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    random = np.random.default_rng(7)
    design, groups = raked_design(2_000, 7), random.integers(-1, 4, 2_000)
    values = random.normal(size=(2_000, 5))
    whole = estimate_groups(design, values, groups, 4, kind="mean")
    monkeypatch.setattr(design_module, "BLOCK_CELLS", cells)
    parts = estimate_groups(raked_design(2_000, 7), values, groups, 4, kind="mean")
    assert parts.estimate == pytest.approx(whole.estimate, rel=1e-12)
    assert parts.standard_error == pytest.approx(whole.standard_error, rel=1e-10)


def test_sums_of_parts_give_the_whole() -> None:
    random = np.random.default_rng(11)
    count = 600
    design, groups = raked_design(count, 11), random.integers(0, 3, count)
    values, centre = random.normal(50, 5, (count, 4)), np.full(4, 50.0)
    whole = estimate_groups(design, values, groups, 3, kind="mean")

    def part(rows: slice) -> Design:
        margins = tuple(
            type(margin)(margin.variable, margin.categories, margin.codes[rows], margin.shares)
            for margin in design.margins
        )
        return Design(design.weights[rows], design.base_weights[rows], margins)

    slices = [slice(0, 170), slice(170, 171), slice(171, 600)]
    designs = [part(rows) for rows in slices]
    sums = [
        value_moments(one, values[rows], groups[rows], 3, centre=centre)
        for one, rows in zip(designs, slices, strict=True)
    ]
    shapes = [design_moments(one) for one in designs]
    merged = finish(shapes[0] + shapes[1] + shapes[2], sums[0] + sums[1] + sums[2], kind="mean")
    assert merged.estimate == pytest.approx(whole.estimate, rel=1e-12)
    assert merged.standard_error == pytest.approx(whole.standard_error, rel=1e-9)
    assert (merged.respondents == whole.respondents).all()
    with pytest.raises(StatisticsError, match="même centre"):
        sums[0] + value_moments(designs[1], values[slices[1]], groups[slices[1]], 3, centre=centre + 1)


def test_order_of_rows_changes_nothing() -> None:
    random = np.random.default_rng(3)
    values, weights = random.random((300, 2)) < 0.4, random.uniform(1, 3, 300)
    order = random.permutation(300)
    straight = estimate_groups(Design.weighted(weights), values, kind="share")
    shuffled = estimate_groups(Design.weighted(weights[order]), values[order], kind="share")
    assert shuffled.estimate == pytest.approx(straight.estimate, rel=1e-12)
    assert shuffled.standard_error == pytest.approx(straight.standard_error, rel=1e-12)


def test_unweighted_share_is_the_textbook_one() -> None:
    answers = np.array([1.0] * 30 + [0.0] * 70)
    result = estimate_share(Design.unweighted(100), answers)
    assert result.estimate == pytest.approx(0.3)
    assert result.standard_error == pytest.approx(np.sqrt(0.3 * 0.7 / 99))


def test_raking_narrows_what_the_margins_explain() -> None:
    random = np.random.default_rng(5)
    design = raked_design(3_000, 5)
    region = design.margins[1].codes
    outcome = (random.random(3_000) < 0.1 + 0.15 * region).astype(float)
    with_margins = estimate_share(design, outcome).standard_error
    without = estimate_share(Design.weighted(design.weights), outcome).standard_error
    assert with_margins < 0.95 * without


def test_intervals_cover_the_truth() -> None:
    """95 % intervals of a raked share hold the population's share in 93 to 97 % of 600 samples."""
    random = np.random.default_rng(20)
    size, count, trials = 40_000, 500, 600
    sex = random.integers(0, 2, size)
    age = random.integers(0, 5, size)
    burnout = (random.random(size) < 0.1 + 0.1 * age + 0.1 * sex).astype(float)
    margins = {
        "sex": {str(key): float((sex == key).sum()) for key in range(2)},
        "age": {str(key): float((age == key).sum()) for key in range(5)},
    }
    hits = domain_hits = 0
    for _ in range(trials):
        rows = random.choice(size, count, replace=False)
        design = Design.from_raking(rake({"sex": sex[rows], "age": age[rows]}, margins))
        overall = estimate_share(design, burnout[rows])
        young = estimate_share(design, burnout[rows], domain=age[rows] == 0)
        hits += overall.lower <= burnout.mean() <= overall.upper
        domain_hits += young.lower <= burnout[age == 0].mean() <= young.upper
    assert 0.93 <= hits / trials <= 0.97
    assert 0.93 <= domain_hits / trials <= 0.97


def test_small_and_empty_bases() -> None:
    design = Design.unweighted(5)
    values = np.array([[1.0], [0.0], [1.0], [np.nan], [1.0]])
    groups = np.array([0, 0, 1, 2, -1])
    result = estimate_groups(design, values, groups, 4, kind="share")
    assert result.respondents[:, 0].tolist() == [2, 1, 0, 0]
    assert np.isnan(result.estimate[2:]).all()
    assert np.isnan(result.standard_error[1:]).all()
    assert np.isnan(result.lower[2:]).all()
    assert (result.lower[1, 0], result.upper[1, 0]) == pytest.approx((0.025, 1.0))
    single = estimate_mean(Design.unweighted(1), [4.0])
    assert (single.estimate, np.isnan(single.lower), np.isnan(single.upper)) == (4.0, True, True)


def test_a_share_of_zero_or_all_has_an_exact_interval() -> None:
    design = Design.unweighted(50)
    none, everyone = estimate_share(design, np.zeros(50)), estimate_share(design, np.ones(50))
    assert (none.lower, everyone.upper) == (0.0, 1.0)
    assert none.upper == pytest.approx(1 - 0.025 ** (1 / 50))
    assert everyone.lower == pytest.approx(0.025 ** (1 / 50))


def test_bad_input() -> None:
    design = Design.unweighted(3)
    with pytest.raises(StatisticsError, match="des 0 et des 1"):
        estimate_share(design, [0, 1, 2])
    with pytest.raises(ShapeError, match="2 valeurs pour 3 personnes"):
        estimate_mean(design, [0, 1])
    with pytest.raises(ShapeError, match="2 lignes pour 3 personnes"):
        estimate_groups(design, np.ones((2, 1)), kind="mean")
    with pytest.raises(StatisticsError, match="sort de l'intervalle"):
        estimate_groups(design, np.ones((3, 1)), np.array([0, 1, 2]), 2, kind="mean")
    with pytest.raises(StatisticsError, match="niveau de confiance"):
        estimate_mean(design, [1, 2, 3], level=95)
    with pytest.raises(StatisticsError, match="valeur pour chaque personne"):
        estimate_total(design, [1, np.nan, 3])
