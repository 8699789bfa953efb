"""Partners' counters tell how a mailing goes, and of no day with few people how many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.disclosure.counters import masked_count, merged_days
from analytics.disclosure.errors import DisclosureError

days = st.lists(st.integers(0, 12), max_size=30)


@given(days, st.integers(1, 8))
def test_periods_cover_every_day_once_and_hold_enough(counts: list[int], minimum: int) -> None:
    periods = merged_days(counts, minimum)
    assert [day for p in periods for day in range(p.first, p.last + 1)] == list(range(len(counts)))
    for period in periods:
        held = sum(counts[period.first : period.last + 1])
        assert period.count == (held if held >= minimum else None)
    assert all(period.count is not None for period in periods[:-1])


@given(days, st.integers(0, 12))
def test_a_new_day_never_changes_a_closed_period(counts: list[int], new: int) -> None:
    before = [period for period in merged_days(counts) if period.count is not None]
    assert list(merged_days([*counts, new]))[: len(before)] == before


@given(days.filter(bool))
def test_no_day_of_a_longer_period_can_be_worked_out(counts: list[int]) -> None:
    """Another course of the days gives the same screen, for every day of every period of several days."""
    screen = merged_days(counts)
    for period in screen:
        if period.count is None or period.first == period.last:
            continue
        for day in range(period.first, period.last + 1):
            others = []
            for moved in range(period.first, period.last + 1):
                for step in (-1, 1):
                    other = list(counts)
                    other[day] += step
                    other[moved] -= step
                    if moved != day and min(other) >= 0 and merged_days(other) == screen:
                        others.append(other)
            assert others


def test_masked_count() -> None:
    assert [masked_count(n, 5) for n in (0, 1, 4, 5, 1550)] == ["0", "< 5", "< 5", "5", "1550"]
    with pytest.raises(DisclosureError, match="au moins 1"):
        masked_count(3, 0)
    with pytest.raises(DisclosureError, match="négatif"):
        merged_days([1, -1])
