"""The one validator: what it takes, what it refuses, and that it never breaks."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.publishing import read
from surveys.routing import compile_questionnaire, route
from surveys.validation import check
from tests.answering import anything, proper
from tests.questionnaires import small_document

SMALL = compile_questionnaire(read(small_document()))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def problems(answers: dict[str, Any]) -> dict[str, str]:
    return {problem.variable: problem.code for problem in check(SMALL, answers).problems}


def test_proper_answers_are_taken_as_they_are() -> None:
    for seed in range(300):
        answers = proper(SMALL, Random(seed))
        checked = check(SMALL, answers)
        assert checked.valid, (answers, checked.problems)
        assert checked.answers == answers
        assert route(SMALL, answers) == answers


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({}, {"profession": "required"}),
        ({"profession": "plumber"}, {"profession": "not_an_option"}),
        ({"profession": ["nurse"]}, {"profession": "not_an_option"}),
        ({"profession": "nurse", "hours": "40"}, {"hours": "not_a_number"}),
        ({"profession": "nurse", "hours": True}, {"hours": "not_a_number"}),
        ({"profession": "nurse", "hours": 40.5}, {"hours": "not_whole"}),
        ({"profession": "nurse", "hours": 121}, {"hours": "out_of_range"}),
        ({"profession": "nurse", "hours": float("nan")}, {"hours": "not_a_number"}),
        ({"profession": "nurse", "hours": 30, "admin_hours": 31}, {"admin_hours": "constraint"}),
        ({"profession": "nurse", "tools_used": ["agenda", "none"]}, {"tools_used": "exclusive"}),
        ({"profession": "nurse", "tools_used": "agenda"}, {"tools_used": "not_an_option"}),
        ({"profession": "nurse", "nonsense": 1}, {"nonsense": "unknown_variable"}),
        ({"profession": "other", "profession_other": "x" * 121}, {"profession_other": "too_long"}),
        ({"profession": "nurse", "attacked": "yes", "story": "x" * 501}, {"story": "too_long"}),
        ({"profession": "nurse", "tired": 100}, {"tired": "not_an_option"}),
    ],
)
def test_what_is_wrong_is_named(answers: dict[str, Any], found: dict[str, str]) -> None:
    assert problems(answers) == found


def test_what_was_not_asked_is_dropped() -> None:
    answers = {"profession": "nurse", "attacked": "no", "complaint": "yes", "story": "x", "admin_hours": 3}
    assert check(SMALL, answers).answers == {"profession": "nurse", "attacked": "no"}


def test_other_is_kept_only_where_it_was_chosen() -> None:
    assert "profession_other" not in check(SMALL, {"profession": "nurse", "profession_other": "x"}).answers
    assert check(SMALL, {"profession": "other", "profession_other": " x "}).answers["profession_other"] == "x"


def test_texts_lose_what_cannot_be_stored_and_nothing_else() -> None:
    story = "Un\r\nmot\x00 de\ttrop \ud800é 👩‍⚕️ "
    taken = check(SMALL, {"profession": "nurse", "attacked": "yes", "story": story}).answers["story"]
    assert taken == "Un\nmot de\ttrop é 👩‍⚕️"


@given(json_values)
@settings(max_examples=500)
def test_it_never_raises(raw: Any) -> None:
    check(SMALL, raw)


@given(st.integers(min_value=0))
@settings(max_examples=500)
def test_what_it_takes_it_takes_again_unchanged(seed: int) -> None:
    checked = check(SMALL, anything(SMALL, Random(seed)))
    if checked.valid:
        assert check(SMALL, checked.answers) == checked
