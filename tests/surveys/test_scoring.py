"""Scores of the demonstration's scales against hand-computed cases, and what any scale must hold."""

from __future__ import annotations

import doctest
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import scoring
from surveys.definition import Questionnaire, Scale
from surveys.loading import load, shipped
from surveys.scoring import band, score

CASES = json.loads((Path(__file__).parents[1] / "references" / "cbi_cases.json").read_text(encoding="utf-8"))
QUESTIONNAIRE = Questionnaire.model_validate(load(shipped("soignants-liberaux-2025")))
SCALES = {scale.code: scale for scale in QUESTIONNAIRE.scales}


def _answers(scale: Scale, points: list[float | None]) -> dict[str, str]:
    """The option of each item that is worth *points* before reversal; None for an item left blank."""
    variables = QUESTIONNAIRE.question_of_variable()
    answers = {}
    for item, worth in zip(scale.items, points, strict=True):
        if worth is not None:
            options = [option.code for option in QUESTIONNAIRE.options(variables[item])]
            (answers[item],) = [code for code in options if scale.points[code] == worth]
    return answers


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: f"{case['scale']}-{case['answers']}")
def test_hand_computed_scores_of_the_copenhagen_inventory(case: dict[str, Any]) -> None:
    scale = SCALES[f"cbi_{case['scale']}"]
    found = score(scale, _answers(scale, case["answers"]))
    assert found == (None if case["expected"] is None else pytest.approx(case["expected"], rel=1e-12))


def test_structure_of_the_copenhagen_inventory() -> None:
    sizes = {code: (len(s.items), s.min_answered, s.reverse, s.critical) for code, s in SCALES.items()}
    assert sizes["cbi_personal"] == (6, 3, [], 50)
    assert sizes["cbi_work"] == (7, 4, ["cbi_w7"], 50)
    assert sizes["cbi_client"] == (6, 3, [], 50)
    for code in ("cbi_personal", "cbi_work", "cbi_client"):
        assert sorted(set(SCALES[code].points.values())) == [0, 25, 50, 75, 100]
        assert [found.start for found in SCALES[code].bands] == [0, 50, 75, 100]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0, "low"),
        (49.99, "low"),
        (50, "moderate"),
        (74.9, "moderate"),
        (75, "high"),
        (99, "high"),
        (100, "very_high"),
    ],
)
def test_band_includes_its_lower_bound(value: float, code: str) -> None:
    found = band(SCALES["cbi_work"], value)
    assert found is not None
    assert found.code == code


def test_no_band_below_the_first() -> None:
    assert band(SCALES["cbi_work"], -1) is None


POINTS = st.lists(st.sampled_from([None, 0, 25, 50, 75, 100]), min_size=7, max_size=7)


@given(POINTS)
def test_a_score_stays_in_the_range_of_its_points(points: list[float | None]) -> None:
    scale = SCALES["cbi_work"]
    found = score(scale, _answers(scale, points))
    answered = sum(value is not None for value in points)
    assert (found is None) == (answered < scale.min_answered)
    assert found is None or 0 <= found <= 100


@given(POINTS)
def test_reversing_every_item_mirrors_the_score(points: list[float | None]) -> None:
    scale = SCALES["cbi_work"]
    mirrored = scale.model_copy(
        update={"reverse": [item for item in scale.items if item not in scale.reverse]}
    )
    answers = _answers(scale, points)
    found, mirror = score(scale, answers), score(mirrored, answers)
    assert (found is None) == (mirror is None)
    assert found is None or mirror is None or found + mirror == pytest.approx(100)


def test_a_sum_with_a_blank_item_stays_comparable() -> None:
    scale = SCALES["cbi_personal"].model_copy(update={"method": "sum"})
    assert score(scale, _answers(scale, [100, 100, 100, None, None, None])) == 600


def test_answers_that_are_worth_nothing_are_not_counted() -> None:
    scale = SCALES["cbi_personal"]
    assert score(scale, dict.fromkeys(scale.items, "prefer_not")) is None


def test_the_worked_examples() -> None:
    assert doctest.testmod(scoring).failed == 0
