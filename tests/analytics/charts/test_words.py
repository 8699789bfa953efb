"""Titles of figures say no more than the numbers do: ties, near ties, withheld cells, chance among many groups."""

from __future__ import annotations

from typing import Any, cast

import pytest

from analytics.charts import words
from analytics.charts.displays import Row, Segment, View
from analytics.results import Cell, Estimate

VIEW = View(cast(Any, None), cast(Any, None), "fr", weighted=False)


def row(label: str, value: float | None, half: float = 0.02, n: int = 500) -> Row:
    if value is None:
        return Row(label, n, (Segment("", None),))
    found = Estimate(value, value - half, value + half)
    return Row(label, n, (Segment("", Cell(n, round(value * n), n, None, found)),))


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def multiple(*rows: Row, conditional: bool = False) -> str:
    return plain(words.found_multiple(VIEW, "Soutien", rows, conditional=conditional))


def spread(*rows: Row) -> str:
    return plain(words.spread(VIEW, rows, share=True))


def test_a_first_place_is_claimed_where_it_is_sure() -> None:
    assert multiple(row("Proches", 0.60), row("Pairs", 0.50)) == "Soutien : « Proches » en tête, avec 60 %"


def test_two_answers_that_chance_could_swap_are_both_named() -> None:
    told = multiple(row("Proches", 0.56), row("Pairs", 0.54), row("Aucun", 0.1))
    assert told == "Soutien : 56 % répondent « Proches », 54 % « Pairs »"


def test_nothing_is_first_where_something_is_withheld() -> None:
    told = multiple(row("Proches", 0.60), row("Pairs", 0.40), row("Autre", None))
    assert "en tête" not in told
    assert "60 %" in told


def test_a_question_for_some_says_of_whom() -> None:
    told = multiple(row("Stress", 0.66), row("Insomnie", 0.2), conditional=True)
    assert told.endswith("avec 66 % des personnes concernées")
    single = words.found_single(VIEW, "Plainte", [row("Jamais", 0.73)], 0, conditional=True)
    assert plain(single) == "Plainte : 73 % des personnes concernées répondent « Jamais »"


def test_groups_that_print_the_same_number_are_named_together() -> None:
    told = spread(row("Psychologue", 0.37), row("Généraliste", 0.623), row("Podologue", 0.618))
    assert told == ", de 37 % (psychologue) à 62 % (généraliste et podologue)"


def test_too_many_equals_are_not_named() -> None:
    told = spread(row("A", 0.2), *(row(name, 0.6) for name in "BCD"))
    assert told == ", de 20 % (a) à 60 %"


@pytest.mark.parametrize(("groups", "told"), [(2, True), (10, False)])
def test_the_extremes_of_many_groups_need_a_larger_gap(groups: int, told: bool) -> None:
    """Two intervals that just do not touch differ; as the extremes of ten groups, chance does it."""
    middle = [row(str(index), 0.5) for index in range(groups - 2)]
    assert bool(spread(row("Bas", 0.479), *middle, row("Haut", 0.521))) is told


def test_a_trace_is_written_in_words() -> None:
    told = words.found_single(VIEW, "Genre", [row("Autre", 0.003, half=0.001)], 0, conditional=False)
    assert plain(told) == "Genre : moins de 1 % répondent « Autre »"
