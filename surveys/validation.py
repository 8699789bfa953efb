"""The one validator of answers: what a respondent sent against the version they answered.

The browser runs the same rules (frontend/src/twins/validation.js) to help; this one decides.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.definition import Question, Questionnaire
from surveys.expressions import evaluate, truth
from surveys.routing import Compiled, asked

OTHER_LENGTH = 120  # signs in "other, specify"
LIMIT = 1e9  # of a number whose question sets no bound


@dataclass(frozen=True)
class Problem:
    """What is wrong with one variable: a code that the audience's own messages explain, and its numbers."""

    variable: str
    code: str
    values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """*answers* is what may be stored, only if *problems* is empty."""

    answers: dict[str, Any]
    problems: list[Problem]

    @property
    def valid(self) -> bool:
        return not self.problems


class _Wrong(Exception):
    def __init__(self, code: str, **values: float) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def check(compiled: Compiled, raw: Any) -> Checked:
    """Check *raw* (anything that JSON can hold) as answers to a compiled questionnaire. Never raises.

    Answers to questions that were not asked are dropped; variables that the questionnaire does not know are
    a problem, and so is every value that is not exactly what the question allows.
    """
    if not isinstance(raw, Mapping):
        return Checked({}, [Problem("", "not_a_mapping")])
    problems = [Problem(str(name)[:48], "unknown_variable") for name in raw if name not in compiled.variables]
    answers: dict[str, Any] = {}
    for _page, question, answers in asked(compiled):
        for variable in compiled.filled[question.code]:
            try:
                own = variable == question.code or question.type == "matrix"
                value = _value(question, variable, raw.get(variable), answers, compiled)
                if value is None:
                    if question.required and own:
                        raise _Wrong("required")
                    continue
                tree = compiled.constraint.get(question.code)
                if tree and own and not truth(evaluate(tree, answers, value)):
                    raise _Wrong("constraint")
                answers[variable] = value
            except _Wrong as wrong:
                problems.append(Problem(variable, wrong.code, wrong.values))
    return Checked(answers, problems)


def _value(
    question: Question, variable: str, raw: Any, answers: Mapping[str, Any], compiled: Compiled
) -> Any:
    """The clean value of one variable, None for no answer; raises `_Wrong`."""
    if raw is None or raw == "" or raw == []:
        return None
    if variable != question.code and question.type != "matrix":
        return _other(question, raw, answers, compiled.questionnaire)
    match question.type:
        case "single" | "matrix":
            if not isinstance(raw, str) or raw not in compiled.codes[question.code]:
                raise _Wrong("not_an_option")
            return raw
        case "multiple":
            return _several(question, raw, compiled)
        case "integer" | "decimal":
            return _number(question, raw)
        case _:
            return _text(raw, question.max_length)


def _several(question: Question, raw: Any, compiled: Compiled) -> list[str]:
    options, codes = compiled.questionnaire.options(question), compiled.codes[question.code]
    if not isinstance(raw, list) or not all(isinstance(code, str) and code in codes for code in raw):
        raise _Wrong("not_an_option")
    chosen = [code for code in codes if code in raw]  # in the order of the list, each once
    if len(chosen) > 1 and any(option.exclusive for option in options if option.code in chosen):
        raise _Wrong("exclusive")
    if len(chosen) < question.min_choices:
        raise _Wrong("too_few", minimum=question.min_choices)
    if question.max_choices is not None and len(chosen) > question.max_choices:
        raise _Wrong("too_many", maximum=question.max_choices)
    return chosen


def _number(question: Question, raw: Any) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise _Wrong("not_a_number")
    if isinstance(raw, float) and not math.isfinite(raw):  # an int of 400 digits has no float to look at
        raise _Wrong("not_a_number")
    low = -LIMIT if question.minimum is None else question.minimum
    high = LIMIT if question.maximum is None else question.maximum
    if not low <= raw <= high:
        raise _Wrong("out_of_range", minimum=low, maximum=high)
    if question.type == "decimal":
        return raw
    if raw != int(raw):
        raise _Wrong("not_whole")
    return int(raw)


def _other(question: Question, raw: Any, answers: Mapping[str, Any], whole: Questionnaire) -> str | None:
    chosen = answers.get(question.code)
    picked = chosen if isinstance(chosen, list) else [chosen]
    if not any(option.specify and option.code in picked for option in whole.options(question)):
        return None
    return _text(raw, OTHER_LENGTH)


def _text(raw: Any, longest: int) -> str | None:
    if not isinstance(raw, str):
        raise _Wrong("not_a_text")
    # Line breaks and tabs are text; other control signs and lone surrogates are not (nor can they be stored).
    kept = "".join(
        sign
        for sign in raw.replace("\r\n", "\n")
        if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
    )
    content = kept.strip()
    if len(content) > longest:
        raise _Wrong("too_long", maximum=longest)
    return content or None
