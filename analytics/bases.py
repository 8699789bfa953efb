"""Who was asked what: routing applied to whole columns.

A condition reads a few variables with few values, so it is evaluated once for each combination that occurs,
by the one interpreter of expressions, and the outcome is carried back to the rows.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics.columns import TEXT, flag
from surveys.definition import Questionnaire, variables_of
from surveys.expressions import Tree, evaluate, references, truth
from surveys.routing import compile_questionnaire


def conditional(questionnaire: Questionnaire) -> set[str]:
    """The questions that not everyone is asked."""
    return {
        question.code
        for page in questionnaire.pages
        for question in page.questions
        if page.relevant or question.relevant
    }


def conditions_read(questionnaire: Questionnaire) -> dict[str, set[str]]:
    """Per variable and scale, the variables that decide whether it is asked; empty where everyone is.

    A scale depends on a condition where all its items do.
    """
    compiled = compile_questionnaire(questionnaire)
    found: dict[str, set[str]] = {}
    for page in questionnaire.pages:
        on_page = references(compiled.relevant[page.code]) if page.code in compiled.relevant else set()
        for question in page.questions:
            own = (
                references(compiled.relevant[question.code]) if question.code in compiled.relevant else set()
            )
            found |= dict.fromkeys(variables_of(question, questionnaire), on_page | own)
    for scale in questionnaire.scales:
        items = [found.get(item, set()) for item in scale.items]
        found[scale.code] = set().union(*items) if all(items) else set()
    return found


def asked_counts(data: pl.DataFrame, versions: dict[int, Questionnaire]) -> dict[str, int]:
    """How many respondents were asked each question. *data* holds free texts too, where logic reads them."""
    counts: dict[str, int] = {}
    for number, questionnaire in versions.items():
        part = data.filter(pl.col("_version") == number)
        compiled = compile_questionnaire(questionnaire)
        for page in questionnaire.pages:
            page_holds = holds(compiled.relevant.get(page.code), part, questionnaire)
            for question in page.questions:
                both = page_holds & holds(compiled.relevant.get(question.code), part, questionnaire)
                counts[question.code] = counts.get(question.code, 0) + int(both.sum())
    return counts


def holds(tree: Tree | None, data: pl.DataFrame, questionnaire: Questionnaire) -> pl.Series:
    """Per row of *data*, whether the condition holds on the answers as they are stored.

    Answers to questions that were not asked are not stored, so a stored answer is one that routing knows.
    """
    if tree is None or not data.height:
        return pl.Series([True], dtype=pl.Boolean).new_from_index(0, data.height)
    names = sorted(references(tree))
    if not names:
        return pl.Series([truth(evaluate(tree, {}))], dtype=pl.Boolean).new_from_index(0, data.height)
    columns = {name: _columns(name, questionnaire) for name in names}
    used = [column for found in columns.values() for column in found]
    read = data.select(used)
    distinct = read.unique(maintain_order=True)
    outcome = [
        truth(evaluate(tree, {name: _answer(row, name, columns[name]) for name in names}))
        for row in distinct.iter_rows(named=True)
    ]
    known = distinct.with_columns(pl.Series("__holds", outcome, dtype=pl.Boolean))
    return read.join(known, on=used, how="left", nulls_equal=True, maintain_order="left")["__holds"]


def _columns(name: str, questionnaire: Questionnaire) -> list[str]:
    question = questionnaire.question_of_variable()[name]
    if question.type == "multiple" and name == question.code:
        return [flag(name, option.code) for option in questionnaire.options(question)]
    if question.type == "text" or (name != question.code and question.type != "matrix"):
        return [TEXT + name]
    return [name]


def _answer(row: dict[str, Any], name: str, columns: list[str]) -> Any:
    if columns == [name] or columns == [TEXT + name]:
        return row[columns[0]]
    prefix = flag(name, "")
    ticked = [column.removeprefix(prefix) for column in columns if row[column]]
    return ticked or None
