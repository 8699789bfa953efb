"""Shares from counts of alike people equal the estimator on every respondent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import tallies
from analytics.stats.design import Design
from analytics.stats.estimates import GroupEstimates, estimate_groups
from analytics.stats.weights import rake
from analytics.tallies import Cells, estimate_shares, tally_choice, tally_flags

FIELDS = ("respondents", "weight", "effective_n", "estimate", "standard_error", "lower", "upper")


def made_up(seed: int, n: int) -> tuple[np.random.Generator, Design, np.ndarray]:
    """A raked design, with missing margin values, and groups of which some hold nobody."""
    rng = np.random.default_rng(seed)
    columns = {
        "a": [None if rng.random() < 0.05 else "xyz"[i % 3] for i in rng.integers(0, 3, n)],
        "b": ["pq"[i] for i in rng.integers(0, 2, n)],
    }
    # Everyone of a margin must be there for it to be met.
    columns["a"][:3], columns["b"][:2] = ["x", "y", "z"], ["p", "q"]
    result = rake(columns, {"a": {"x": 5, "y": 3, "z": 2}, "b": {"p": 2, "q": 3}}, bounds=(0.2, 4))
    return rng, Design.from_raking(result), rng.integers(-1, 4, n)


def same(found: GroupEstimates, wanted: GroupEstimates) -> None:
    for name in FIELDS:
        # A standard error of zero is the root of a difference of sums: nothing above 1e-8 is left of it.
        least = 1e-7 if name == "standard_error" else 1e-10
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name), rtol=1e-7, atol=least)
    assert (found.estimate[wanted.estimate == 1] == 1).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(40, 400))
def test_single_choices(seed: int, n: int) -> None:
    rng, design, groups = made_up(seed, n)
    codes = rng.integers(-1, 4, n)
    cells = Cells(design)
    found = estimate_shares(cells, tally_choice(codes, 4, cells.of, cells.count, groups, 5), level=0.95)
    answered = np.broadcast_to((codes >= 0)[:, None], (n, 4))
    values = codes[:, None] == np.arange(4)
    same(found, estimate_groups(design, values, groups, 5, kind="share", answered=answered))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(40, 400))
def test_multiple_choices_and_combinations(seed: int, n: int) -> None:
    rng, design, groups = made_up(seed, n)
    said = rng.random(n) < 0.8
    values = (rng.random((n, 3)) < [0.2, 0.5, 0.9]) & said[:, None]
    cells = Cells(design)
    tally = tally_flags(list(values.T), said, cells.of, cells.count, groups, 5)
    answered = np.broadcast_to(said[:, None], values.shape)
    wanted = estimate_groups(design, values, groups, 5, kind="share", answered=answered)
    same(estimate_shares(cells, tally, level=0.95), wanted)
    codes = rng.integers(-1, 4, n)
    pair = tally_choice(codes, 4, cells.of, cells.count, groups, 5).together([0, 2])
    both = np.isin(codes, [0, 2])[:, None]
    known = (codes >= 0)[:, None]
    same(
        estimate_shares(cells, pair, level=0.95),
        estimate_groups(design, both, groups, 5, kind="share", answered=known),
    )


def test_a_large_table_is_counted_group_by_group(monkeypatch: pytest.MonkeyPatch) -> None:
    rng, design, groups = made_up(3, 300)
    codes, cells = rng.integers(-1, 6, 300), Cells(design)
    whole = tally_choice(codes, 6, cells.of, cells.count, groups, 4)
    monkeypatch.setattr(tallies, "MOST", 10)
    assert (tally_choice(codes, 6, cells.of, cells.count, groups, 4).counts == whole.counts).all()


def test_without_margins_weights_are_taken_as_they_are() -> None:
    rng = np.random.default_rng(1)
    design = Design.weighted(rng.choice([0.5, 1.0, 2.5], 200))
    codes, cells = rng.integers(0, 3, 200), Cells(design)
    everyone = np.zeros(200, dtype=np.int64)
    found = estimate_shares(cells, tally_choice(codes, 3, cells.of, cells.count, everyone, 1), level=0.9)
    same(found, estimate_groups(design, codes[:, None] == np.arange(3), kind="share", level=0.9))
