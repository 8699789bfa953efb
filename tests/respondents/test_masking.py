"""The rule for counts on partners' screens, attacked: nothing held back can be worked out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respondents.masking import Period, Shown, shown

COUNTS = st.lists(st.integers(0, 30), max_size=40)


def test_the_worked_example() -> None:
    result = shown([7, 2, 0, 4, 1], invitations=100)
    assert result.periods == (Period(0, 0, 7), Period(1, 3, 6))
    assert (result.total, result.held_from, result.nearly_all) == (13, 4, False)


def test_nothing_is_shown_of_nothing() -> None:
    assert shown([], invitations=100).held_from is None
    assert shown([0, 0], invitations=100).held_from == 0


def test_all_of_them_have_answered_is_not_told() -> None:
    result = shown([6, 6], invitations=14)
    assert result.periods == (Period(0, 0, 6),)
    assert result.held_from == 1
    assert result.nearly_all
    assert shown([5], invitations=9).periods == ()


@pytest.mark.parametrize(("counts", "minimum"), [([-1], 5), ([1], 0)])
def test_senseless_values_are_refused(counts: list[int], minimum: int) -> None:
    with pytest.raises(ValueError):
        shown(counts, invitations=100, minimum=minimum)


@given(COUNTS, st.integers(1, 10))
def test_periods_cover_days_once_and_hold_the_minimum(counts: list[int], minimum: int) -> None:
    result = shown(counts, invitations=10_000, minimum=minimum)
    covered = [day for period in result.periods for day in range(period.first, period.last + 1)]
    rest = list(range(result.held_from, len(counts))) if result.held_from is not None else []
    assert covered + rest == list(range(len(counts)))
    assert all(period.count == sum(counts[period.first : period.last + 1]) for period in result.periods)
    assert all(period.count >= minimum for period in result.periods)
    assert result.total == sum(period.count for period in result.periods)
    assert sum(counts[day] for day in rest) < minimum


@given(COUNTS, st.integers(0, 400))
def test_looking_every_day_shows_no_more_than_looking_once(counts: list[int], invitations: int) -> None:
    """What is shown one day stands the next: two totals differ by whole periods, never by a few people."""
    before: tuple[Period, ...] = ()
    for day in range(len(counts) + 1):
        now = shown(counts[:day], invitations=invitations).periods
        assert now[: len(before)] == before
        before = now


def screen_after(counts: list[int], move: tuple[int, int]) -> Shown:
    """The screen if one person had answered on another day."""
    trial = list(counts)
    trial[move[0]] -= 1
    trial[move[1]] += 1
    return shown(trial, invitations=10_000)


@given(COUNTS)
def test_no_day_of_a_period_can_be_worked_out(counts: list[int]) -> None:
    """For each day there is another history with the same screen."""
    result = shown(counts, invitations=10_000)
    for period in result.periods:
        if period.days == 1:
            continue
        for day in range(period.first, period.last + 1):
            # Move one person between the day and some other day of the period, whichever way is possible.
            others = [other for other in range(period.first, period.last + 1) if other != day]
            moves = [move for other in others for move in ((day, other), (other, day))]
            assert any(screen_after(counts, move) == result for move in moves if counts[move[0]])


@given(COUNTS, st.integers(0, 400))
def test_enough_invitations_always_remain_unused_on_the_screen(counts: list[int], invitations: int) -> None:
    result = shown(counts, invitations=invitations)
    assert not result.periods or invitations - result.total >= 5
