"""What a new version of a questionnaire changes for the data. Pure: two documents in, differences out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from surveys.definition import Question, Questionnaire, Scale, Text


class Kind(StrEnum):
    """From the heaviest for whoever analyses the data to the lightest."""

    REMOVED = "removed"  # the variable gets no more answers
    RECODED = "recoded"  # the same name holds other values: compare versions before joining them
    ADDED = "added"  # earlier responses have no value for it
    LOGIC = "logic"  # the same values, asked of others or under other conditions
    WORDING = "wording"  # the same values and conditions, other words


@dataclass(frozen=True)
class Difference:
    """One change of one variable or scale. *what* names the parts that differ; *codes* the options concerned."""

    kind: Kind
    name: str
    what: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


VALUES = ("type", "minimum", "maximum", "unit", "min_choices", "max_choices", "max_length")
CONDITIONS = ("relevant", "constraint", "required")
WORDS = ("label", "short", "hint", "note", "constraint_message")


def differences(old: Questionnaire, new: Questionnaire) -> list[Difference]:
    """Every change from *old* to *new* that concerns a variable or a scale, the heaviest kinds first.

    Variables are matched by their code, as the data of several versions are joined. An option that was added
    or dropped is a recoding: the codes that remain keep their meaning, the shares do not.
    """
    before, after = old.question_of_variable(), new.question_of_variable()
    found = [Difference(Kind.REMOVED, name) for name in before if name not in after]
    found += [Difference(Kind.ADDED, name) for name in after if name not in before]
    for name, question in before.items():
        if name in after:
            found += _of_variable(name, question, after[name], old, new)
    found += _of_scales(old, new)
    order = list(Kind)
    return sorted(found, key=lambda difference: order.index(difference.kind))


def _of_variable(
    name: str, before: Question, after: Question, old: Questionnaire, new: Questionnaire
) -> Iterator[Difference]:
    specified = name != before.code and before.type != "matrix"  # the text of "other, specify"
    options = [
        {} if specified else {option.code: option for option in whole.options(question)}
        for whole, question in ((old, before), (new, after))
    ]
    codes = tuple(code for code in [*options[0], *options[1]] if (code in options[0]) != (code in options[1]))
    shared = [code for code in options[0] if code in options[1]]
    meaning = tuple(code for code in shared if options[0][code].missing != options[1][code].missing)
    values = () if specified else _unlike(before, after, VALUES)
    if codes or meaning:
        values += ("options",)
    if values:
        yield Difference(Kind.RECODED, name, values, tuple(dict.fromkeys(codes + meaning)))
    conditions = _unlike(before, after, CONDITIONS)
    if _page_condition(old, before) != _page_condition(new, after):
        conditions += ("page",)
    if conditions:
        yield Difference(Kind.LOGIC, name, conditions)
    words = _unlike(before, after, WORDS)
    if _row(before, name) != _row(after, name):
        words += ("row",)
    reworded = tuple(code for code in shared if options[0][code].label != options[1][code].label)
    if reworded:
        words += ("options",)
    if words:
        yield Difference(Kind.WORDING, name, words, reworded)


def _unlike(before: Any, after: Any, parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in parts if getattr(before, part) != getattr(after, part))


def _page_condition(whole: Questionnaire, question: Question) -> str:
    return next(page.relevant for page in whole.pages if question in page.questions)


def _row(question: Question, name: str) -> Text:
    return next((row.label for row in question.rows if row.code == name), {})


def _of_scales(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    before, after = ({scale.code: scale for scale in whole.scales} for whole in (old, new))
    for code in before.keys() - after.keys():
        yield Difference(Kind.REMOVED, code, ("scale",))
    for code in after.keys() - before.keys():
        yield Difference(Kind.ADDED, code, ("scale",))
    for code in before.keys() & after.keys():
        scoring = _unlike(before[code], after[code], ("items", "reverse", "points", "method", "min_answered"))
        reading = _unlike(before[code], after[code], ("critical",))
        if _bounds(before[code]) != _bounds(after[code]):
            reading += ("bands",)
        if scoring or reading:
            yield Difference(Kind.RECODED, code, ("scale", *scoring, *reading))
        elif _unlike(before[code], after[code], ("title", "source", "bands")):
            yield Difference(Kind.WORDING, code, ("scale",))


def _bounds(scale: Scale) -> list[tuple[str, float]]:
    return [(band.code, band.start) for band in scale.bands]
