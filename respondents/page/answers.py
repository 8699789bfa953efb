"""Answers in the words of the questionnaire, for the person who gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.definition import Questionnaire, text, variables_of


@dataclass(frozen=True)
class Shown:
    question: str
    answer: str


def shown_answers(whole: Questionnaire, answers: Mapping[str, Any], language: str) -> list[Shown]:
    """Every answered variable, in document order, with the question and the answer in words."""
    shown = []
    for question in whole.questions():
        labels = {option.code: text(option.label, language) for option in whole.options(question)}
        rows = {row.code: text(row.label, language) for row in question.rows}
        for variable in variables_of(question, whole):
            if variable not in answers:
                continue
            value = answers[variable]
            if isinstance(value, list):
                words = ", ".join(labels.get(code) or str(code) for code in value)
            elif question.type in {"integer", "decimal"}:
                figure = str(value).replace(".", ",") if language == "fr" else str(value)
                words = f"{figure} {text(question.unit, language)}".strip()
            else:
                words = str(value) if variable.endswith("_other") else labels.get(value) or str(value)
            shown.append(Shown(rows.get(variable) or text(question.label, language), words))
    return shown
