"""From what is stored of any table nothing small can be worked out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure.cells import CellRule
from analytics.publishable import shown_bases, shown_combination, shown_groups, shown_lines

RULE = CellRule(5)
TABLES = st.integers(2, 4).flatmap(
    lambda rows: st.integers(2, 4).flatmap(
        lambda columns: st.lists(
            st.lists(
                st.sampled_from([0, 0, 1, 2, 3, 4, 5, 7, 9, 14, 30, 80]), min_size=columns, max_size=columns
            ),
            min_size=rows,
            max_size=rows,
        )
    )
)


@settings(max_examples=300, deadline=None)
@given(table=TABLES, rest=st.integers(0, 20))
def test_lines(table: list[list[int]], rest: int) -> None:
    inside = np.array(table, dtype=np.int64)
    extra = np.zeros((1, inside.shape[1]), dtype=np.int64)
    extra[0, 0] = rest
    counts = np.vstack([inside.sum(axis=0) + extra[0], inside])
    shown = shown_lines(counts, RULE)
    described = shown_groups(counts.sum(axis=1), RULE)
    assert not (shown & (counts > 0) & (counts < RULE.minimum)).any()
    for line, seen in zip(counts[described], shown[described], strict=True):
        hidden = line[~seen]
        # The base of a described line is shown: what is hidden in it is known as a sum only.
        assert hidden.size == 0 or (hidden.size >= 2 and hidden.sum() >= RULE.minimum) or not seen.any()
    left = counts[0].sum() - counts[1:][described[1:]].sum()
    assert left == 0 or left >= RULE.minimum or not described[0]
    for column in range(counts.shape[1]):
        if not shown[0, column]:
            continue
        unseen = counts[0, column] - counts[1:, column][shown[1:, column]].sum()
        assert unseen == 0 or unseen >= RULE.minimum


@settings(max_examples=300, deadline=None)
@given(line=st.lists(st.integers(0, 40), min_size=3, max_size=6), data=st.data())
def test_a_combination_adds_nothing_to_what_is_known(line: list[int], data: st.DataObject) -> None:
    counts = np.array([line], dtype=np.int64)
    members = np.array(data.draw(st.lists(st.booleans(), min_size=len(line), max_size=len(line))))
    shown = shown_lines(counts, RULE)
    if not shown_combination(counts, shown, members, RULE)[0]:
        return
    hidden_inside = (~shown[0] & members).sum()
    hidden_outside = (~shown[0] & ~members).sum()
    assert not (hidden_inside and hidden_outside)
    assert counts[0, members].sum() >= RULE.minimum
    assert counts[0, ~members].sum() >= RULE.minimum


def test_the_base_of_a_conditional_question_is_a_cell_of_its_condition() -> None:
    people = np.array([200, 60, 70, 70])
    bases = np.array([120, 57, 31, 32])  # 57 of 60 were attacked: three were not, nobody may know
    told = shown_bases(bases, people, RULE)
    assert told[0]
    assert not told[1]
    assert not told.all()
    # The base of the first group is everyone's less those of the groups that are told: so another is untold.
    assert (~told[1:]).sum() >= 2
    assert shown_bases(np.array([120, 50, 35, 35]), people, RULE).all()
