"""The demonstration's questionnaire: complete, translated, set in good French, and no longer than it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from surveys.definition import Questionnaire, text
from surveys.loading import load, shipped
from surveys.publishing import read
from surveys.routing import asked, compile_questionnaire
from surveys.validation import check

SLUG = "soignants-liberaux-2025"
DOCUMENT = load(shipped(SLUG))
WHOLE = Questionnaire.model_validate(DOCUMENT)
READ_PER_MINUTE = 250  # words, read silently
SECONDS_TO_DECIDE = 3.0  # for an item, beside reading it


def _texts(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if value and set(value) <= {"fr", "en"}:
            yield value
            return
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def test_it_can_be_published() -> None:
    assert read(DOCUMENT).slug == SLUG
    assert WHOLE.synthetic


def test_every_text_is_in_both_languages() -> None:
    texts = list(_texts(DOCUMENT))
    assert len(texts) > 300
    assert all(set(found) == {"fr", "en"} and all(found.values()) for found in texts)


def test_every_question_has_a_name_short_enough_for_a_chart() -> None:
    for question in WHOLE.questions():
        if question.type != "note":
            assert question.short, question.code
            assert len(text(question.short, "fr")) <= 50, question.code


def test_french_typography() -> None:
    for found in _texts(DOCUMENT):
        french = found["fr"]
        assert not re.search(r" [?!;:%»]|« ", french), french  # a no-break space, not a plain one
        assert not re.search(r"(?<=\w)'(?=\w)", french), french
        assert "!" not in french
        assert "·" not in french


def test_about_sixty_items_in_five_to_eight_minutes() -> None:
    """Time to answer: reading what an average respondent reads (half of the options of a list), and deciding."""
    items, words = 0.0, 0.0
    for page in WHOLE.pages:
        chance = 0.5 if page.relevant else 1.0
        words += chance * len(f"{text(page.title, 'fr')} {text(page.intro, 'fr')}".split())
        for question in page.questions:
            weight = chance * (0.3 if question.relevant else 1.0)
            rows = sum(len(text(row.label, "fr").split()) for row in question.rows)
            options = sum(len(text(option.label, "fr").split()) for option in WHOLE.options(question))
            read_options = 0 if question.appearance == "dropdown" else options / 2
            words += weight * (len(text(question.label, "fr").split()) + rows + read_options)
            items += weight * (len(question.rows) or (question.type != "note"))
    minutes = words / READ_PER_MINUTE + items * SECONDS_TO_DECIDE / 60
    count = sum(len(question.rows) or (question.type != "note") for question in WHOLE.questions())
    assert 55 <= count <= 65
    assert 5 <= minutes <= 8
    assert abs(minutes - WHOLE.minutes) <= 1


def _asked(answers: dict[str, Any]) -> set[str]:
    compiled, met = compile_questionnaire(WHOLE), set()
    for _page, question, known in asked(compiled):
        met.add(question.code)
        known.update({row.code: answers[row.code] for row in question.rows if row.code in answers})
        if question.code in answers:
            known[question.code] = answers[question.code]
    return met


@pytest.mark.parametrize(
    ("answers", "question", "expected"),
    [
        ({"profession": "medecin_specialiste"}, "specialty", True),
        ({"profession": "infirmier"}, "specialty", False),
        ({"aggr_theft": "yes"}, "complaint", True),
        ({"aggr_verbal": "no", "aggr_physical": "prefer_not"}, "complaint", False),
        ({}, "consequences", False),
        ({"aggr_verbal": "yes", "complaint": "no_complaint"}, "complaint_reasons", True),
        ({"aggr_verbal": "yes", "complaint": "every_time"}, "complaint_reasons", False),
        ({"complaint": "no_complaint"}, "complaint_reasons", False),
        ({"diag_burnout": "yes"}, "burnout_leave", True),
        ({"diag_burnout": "prefer_not"}, "burnout_leave", False),
        ({"cbi_p4": "often"}, "help_reminder", True),
        ({"cbi_p4": "sometimes"}, "help_reminder", False),
    ],
)
def test_routing(answers: dict[str, str], question: str, expected: bool) -> None:
    assert (question in _asked(answers)) is expected


@pytest.mark.parametrize(
    ("answers", "valid"),
    [
        ({"hours_week": 40, "admin_hours_week": 40}, True),
        ({"hours_week": 40, "admin_hours_week": 41}, False),
        ({"admin_hours_week": 41}, True),
    ],
)
def test_administrative_hours_are_part_of_the_week(answers: dict[str, int], valid: bool) -> None:
    compiled = compile_questionnaire(WHOLE)
    assert check(compiled, {"profession": "autre", **answers}).valid is valid


def test_only_the_profession_must_be_answered() -> None:
    compiled = compile_questionnaire(WHOLE)
    assert [problem.variable for problem in check(compiled, {}).problems] == ["profession"]


def test_what_it_owes_to_respondents() -> None:
    """Two consents, a notice that says until when erasure works, help numbers, and words that never diagnose."""
    assert [consent.code for consent in WHOLE.consents] == ["take_part", "health_answers"]
    notice = " ".join(text(section.text, "fr") for section in WHOLE.notice)
    assert "jusqu’au gel des données" in notice
    assert {line.phone for line in WHOLE.help} == {"0 805 23 23 36", "3114", "15"}
    shown = [scale for scale in WHOLE.scales if scale.personal_result]
    assert len(shown) == 3
    for scale in shown:
        for band in scale.bands[1:]:
            assert "n’est pas un diagnostic" in text(band.message, "fr")
    for question in WHOLE.questions():
        if question.type == "text" or any(option.specify for option in WHOLE.options(question)):
            assert "ne nommez personne" in text(question.hint, "fr").lower(), question.code


def test_health_questions_can_be_declined() -> None:
    for code in (
        "diag_burnout",
        "diag_depression",
        "burnout_leave",
        "aggression_items",
        "consequences",
        "complaint",
    ):
        question = next(question for question in WHOLE.questions() if question.code == code)
        assert any(option.missing == "prefer_not" for option in WHOLE.options(question)), code
