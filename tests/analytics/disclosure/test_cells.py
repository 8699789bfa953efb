"""From what is shown, nobody can work out what is withheld."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure.cells import (
    CellRule,
    ProtectedDistribution,
    Reason,
    protect_distribution,
    protect_groups,
    protect_share,
)
from analytics.disclosure.derivation import derivable
from analytics.disclosure.errors import DisclosureError
from analytics.disclosure.tables import ProtectedTable, protect_nested, protect_table
from tests.analytics.disclosure.attacker import bounds_by_programming, bounds_by_propagation, with_totals

MINIMUM = 10
small_or_large = st.one_of(st.integers(0, 12), st.integers(0, 80))
tables = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(small_or_large, min_size=width, max_size=width), min_size=1, max_size=6)
)


def hidden_mask(table: ProtectedTable) -> np.ndarray:
    rows = [[*row, base] for row, base in zip(table.cells, table.rows, strict=True)]
    rows.append([*table.columns, table.total])
    return np.array([[reason is not Reason.SHOWN for reason in row] for row in rows])


def shown_line_leaks(counts: list[int], protected: ProtectedDistribution) -> bool:
    """Whether the sum of the withheld cells of a line, which the base gives away, is itself a small group."""
    hidden = [count for count, shown in zip(counts, protected.shown, strict=True) if not shown]
    return protected.base is Reason.SHOWN and bool(hidden) and (len(hidden) < 2 or sum(hidden) < MINIMUM)


@given(st.lists(small_or_large, min_size=2, max_size=8))
@settings(max_examples=400)
def test_distribution(counts: list[int]) -> None:
    protected = protect_distribution(counts)
    assert not shown_line_leaks(counts, protected)
    for count, shown in zip(counts, protected.shown, strict=True):
        assert not shown or count == 0 or count >= MINIMUM
    if sum(counts) < MINIMUM:
        assert protected.base is Reason.BASE
    if np.count_nonzero(counts) == 1:
        assert not any(protected.shown)


@given(tables)
@settings(max_examples=300, deadline=None)
def test_no_withheld_number_of_a_table_follows_from_the_rest(rows: list[list[int]]) -> None:
    protected = protect_table(rows)
    table, hidden = with_totals(rows), hidden_mask(protected)
    low, high = bounds_by_propagation(table, hidden)
    assert (low <= table).all()
    assert (table <= high).all()
    found = hidden & (low == high)
    # A zero total that is shown says that its line is empty: those zeros are public.
    found[:-1, :-1] &= table[:-1, :-1] > 0
    if len(rows[0]) == 1:  # one answer only: a cell is the size of its group
        found[:-1, 0] = False
    assert not found.any()


@given(tables.filter(lambda rows: len(rows[0]) > 1))
@settings(max_examples=300, deadline=None)
def test_not_even_when_the_size_of_every_group_is_known(rows: list[list[int]]) -> None:
    protected = protect_table(rows)
    if protected.total is not Reason.SHOWN:
        return
    table, hidden = with_totals(rows), hidden_mask(protected)
    hidden[:, -1] = False
    low, high = bounds_by_propagation(table, hidden)
    assert not (hidden & (low == high) & (table > 0)).any()


@given(tables)
@settings(max_examples=60, deadline=None)
def test_not_even_by_linear_programming(rows: list[list[int]]) -> None:
    protected = protect_table(rows)
    table, hidden = with_totals(rows), hidden_mask(protected)
    if not hidden.any() or hidden.all():
        return
    low, high = bounds_by_programming(table, hidden)
    found = hidden & (low == high)
    found[:-1, :-1] &= table[:-1, :-1] > 0
    if len(rows[0]) == 1:
        found[:-1, 0] = False
    assert not found.any()


@given(tables)
@settings(max_examples=300, deadline=None)
def test_no_small_number_of_a_table_is_shown(rows: list[list[int]]) -> None:
    protected = protect_table(rows)
    counts = np.array(rows)
    shown = protected.shown
    assert not (shown & (counts > 0) & (counts < MINIMUM)).any()
    for i, row in enumerate(rows):
        if protected.rows[i] is Reason.SHOWN and sum(row):
            filled = [(count, bool(shown[i, j])) for j, count in enumerate(row)]
            hidden = [count for count, is_shown in filled if not is_shown]
            assert not hidden or sum(hidden) >= MINIMUM
        if protected.rows[i] is not Reason.SHOWN:
            assert not shown[i].any()
        if len(row) > 1 and np.count_nonzero(row) == 1:
            assert not shown[i][counts[i] > 0].any()


@given(tables)
@settings(max_examples=200, deadline=None)
def test_totals_do_not_depend_on_the_crossing(rows: list[list[int]]) -> None:
    protected = protect_table(rows)
    assert protected.columns == protect_distribution(np.array(rows).sum(axis=0)).cells


@given(tables, st.data())
@settings(max_examples=100, deadline=None)
def test_derivable_agrees_with_linear_programming(rows: list[list[int]], data: st.DataObject) -> None:
    table = with_totals(rows)
    cells = st.lists(st.booleans(), min_size=table.size, max_size=table.size)
    hidden = np.array(data.draw(cells)).reshape(table.shape)
    if not hidden.any():
        return
    low, high = bounds_by_programming(table, hidden)
    assert (derivable(table, hidden) == (hidden & (low == high))).all()


@given(st.lists(st.tuples(small_or_large, small_or_large), min_size=2, max_size=5))
@settings(max_examples=200, deadline=None)
def test_a_group_beside_the_whole(pairs: list[tuple[int, int]]) -> None:
    part, rest = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    whole = [a + b for a, b in pairs]
    overall, inside = protect_distribution(whole), protect_nested(whole, part)
    for j, count in enumerate(rest):
        if overall.shown[j] and inside.shown[j]:
            assert count == 0 or count >= MINIMUM
    if 0 < sum(rest) < MINIMUM:
        assert not any(inside.shown)
        assert inside.base is not Reason.SHOWN
    if sum(part) < MINIMUM and any(rest):
        assert not any(inside.shown)


def test_a_large_table_is_protected_in_little_work() -> None:
    random = np.random.default_rng(2)
    counts = random.poisson(random.gamma(1.0, 25.0, (18, 8)))
    protected = protect_table(counts)
    lost = counts[~protected.shown].sum() / counts.sum()
    small = ((counts > 0) & (counts < MINIMUM)).sum()
    assert small > 20
    assert lost < 0.25


def test_words_for_the_researcher() -> None:
    assert protect_distribution([3, 3, 2]).base is Reason.BASE
    assert protect_distribution([0, 130]).cells == (Reason.CERTAIN, Reason.CERTAIN)
    assert protect_distribution([0, 130], CellRule(hide_certain=False)).shown == (True, True)
    assert protect_distribution([3, 0, 0, 40, 60]).cells == (
        Reason.SMALL,
        Reason.COMPLEMENT,
        Reason.COMPLEMENT,
        Reason.COMPLEMENT,
        Reason.SHOWN,
    )
    assert protect_share(5, 100) is Reason.SMALL
    assert protect_share(95, 100) is Reason.SMALL
    assert protect_share(5, 8) is Reason.BASE
    assert protect_share(50, 100) is Reason.SHOWN
    assert protect_groups([500, 0, 300]).shown == (True, True, True)
    assert protect_groups([500]).shown == (True,)
    assert protect_table([[1, 2], [3, 1]]).total is Reason.BASE


def test_bad_input() -> None:
    with pytest.raises(DisclosureError, match="nombres entiers"):
        protect_distribution([1.5, 2])  # type: ignore[list-item]
    with pytest.raises(DisclosureError, match="jamais négatifs"):
        protect_distribution([-1, 20])
    with pytest.raises(DisclosureError, match="pas de case"):
        protect_distribution([])
    with pytest.raises(DisclosureError, match="dépasser sa base"):
        protect_share(11, 10)
    with pytest.raises(DisclosureError, match="n'est pas contenu"):
        protect_nested([10, 20], [11, 5])
    with pytest.raises(DisclosureError, match="au moins 1"):
        CellRule(minimum=0)
