"""Which questions a respondent meets, given their answers.

Logic may only look back (checked when a questionnaire is published), so one pass in document order settles
everything: what is not asked counts as empty for all that follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.definition import Page, Question, Questionnaire, variables_of
from surveys.expressions import Tree, evaluate, parse, truth


@dataclass(frozen=True)
class Compiled:
    """A questionnaire with its expressions parsed, for validation, routing and the respondent page."""

    questionnaire: Questionnaire
    relevant: dict[str, Tree] = field(default_factory=dict)  # page or question code -> tree
    constraint: dict[str, Tree] = field(default_factory=dict)
    variables: dict[str, Question] = field(default_factory=dict)
    filled: dict[str, list[str]] = field(default_factory=dict)  # question code -> its variables
    codes: dict[str, list[str]] = field(default_factory=dict)  # question code -> its option codes


def compile_questionnaire(questionnaire: Questionnaire) -> Compiled:
    """Parse every expression once. Raises `ExpressionError` for one that cannot be read.

    Page and question codes share one name space (checked at publication), hence one mapping for both.
    """
    relevant, constraint = {}, {}
    for page in questionnaire.pages:
        if page.relevant:
            relevant[page.code] = parse(page.relevant)
        for question in page.questions:
            if question.relevant:
                relevant[question.code] = parse(question.relevant)
            if question.constraint:
                constraint[question.code] = parse(question.constraint)
    questions = list(questionnaire.questions())
    return Compiled(
        questionnaire,
        relevant,
        constraint,
        variables=questionnaire.question_of_variable(),
        filled={question.code: variables_of(question, questionnaire) for question in questions},
        codes={q.code: [option.code for option in questionnaire.options(q)] for q in questions},
    )


def asked(compiled: Compiled) -> Iterator[tuple[Page, Question, dict[str, Any]]]:
    """The questions that are asked, in order, each with the answers before it.

    The mapping that is yielded is the one that grows: the caller adds to it what it accepts of the answers
    to the question, before it asks for the next one.
    """
    known: dict[str, Any] = {}
    for page in compiled.questionnaire.pages:
        if not _holds(compiled.relevant.get(page.code), known):
            continue
        for question in page.questions:
            if _holds(compiled.relevant.get(question.code), known):
                yield page, question, known


def route(compiled: Compiled, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The part of *answers* that was asked for, taken as it is."""
    known: dict[str, Any] = {}
    for _page, question, known in asked(compiled):
        for variable in compiled.filled[question.code]:
            if variable in answers:
                known[variable] = answers[variable]
    return known


def _holds(tree: Tree | None, answers: Mapping[str, Any]) -> bool:
    return tree is None or truth(evaluate(tree, answers))
