"""Figures published elsewhere about the subject of a questionnaire, and how its answers measure each. Pure.

Read from `surveys/questionnaires/<slug>.published.yaml`, which says in its own words what it compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from surveys.definition import Code, Expression, Part, Questionnaire, Text
from surveys.expressions import evaluate, parse, references, truth
from surveys.scoring import score


class PublishedFigure(Part):
    """A published percentage and its measure: a variable and options, or a scale and a threshold."""

    key: str
    label: Text
    value: float = Field(ge=0, le=100)
    at_least: bool = False  # the publication says "more than"
    source: str
    variable: Code | None = None
    options: list[Code] = []
    scale: Code | None = None
    threshold: float | None = None
    base: Expression = ""
    note: Text = {}

    @model_validator(mode="after")
    def one_measure(self) -> PublishedFigure:
        by_answer = self.variable is not None and bool(self.options)
        by_score = self.scale is not None and self.threshold is not None
        if by_answer == by_score:
            raise ValueError(f"{self.key} : donnez variable et options, ou scale et threshold")
        return self

    @property
    def group(self) -> tuple[str, str] | None:
        """Variable and option of the one group that *base* names, None where it says anything else.

        >>> PublishedFigure(key="k", label={"fr": "K"}, value=1, source="s", scale="a", threshold=2,
        ...                 base="${profession} = 'psychologue'").group
        ('profession', 'psychologue')
        """
        match parse(self.base) if self.base else []:
            case ["=", ["ref", str(variable)], ["str", str(option)]]:
                return variable, option
        return None


class Published(Part):
    """All published figures that a questionnaire is held against."""

    format: Literal[1] = 1
    questionnaire: str
    study: Text
    about: Text
    sources: dict[str, Text]
    figures: list[PublishedFigure] = Field(min_length=1)

    def problems(self, whole: Questionnaire) -> Iterator[str]:
        """What of this the questionnaire *whole* cannot measure, in words for the person who wrote it."""
        variables = whole.question_of_variable()
        scales = {scale.code for scale in whole.scales}
        for figure in self.figures:
            if figure.source not in self.sources:
                yield f"{figure.key} : la source {figure.source} n'est pas décrite."
            if figure.scale is not None and figure.scale not in scales:
                yield f"{figure.key} : l'échelle {figure.scale} n'existe pas."
            if figure.variable is not None:
                question = variables.get(figure.variable)
                known = {option.code for option in whole.options(question)} if question else set()
                for code in sorted(set(figure.options) - known):
                    yield f"{figure.key} : {figure.variable} n'a pas l'option {code}."
            for name in sorted(references(parse(figure.base)) - set(variables) if figure.base else ()):
                yield f"{figure.key} : la variable {name} n'existe pas."


@dataclass(frozen=True)
class Reproduced:
    """*count* of the *base* people have what the figure counts."""

    count: int
    base: int

    @property
    def percent(self) -> float:
        """NaN for an empty base."""
        return 100 * self.count / self.base if self.base else float("nan")


def holds(figure: PublishedFigure, whole: Questionnaire, answers: Mapping[str, Any]) -> bool | None:
    """Whether one respondent has what *figure* counts; None if they are not in its base.

    Out of the base are those for whom its condition fails, who were not asked or left it blank, whose answer
    says nothing (refusal, don't know), or who have no score.
    """
    if figure.base and not truth(evaluate(parse(figure.base), answers)):
        return None
    if figure.scale is not None and figure.threshold is not None:
        scale = next(scale for scale in whole.scales if scale.code == figure.scale)
        value = score(scale, answers)
        return None if value is None else value >= figure.threshold
    given = answers.get(figure.variable or "")
    chosen = set(given if isinstance(given, list) else [given] if given else [])
    question = whole.question_of_variable()[figure.variable or ""]
    chosen -= {option.code for option in whole.options(question) if option.missing}
    return bool(chosen & set(figure.options)) if chosen else None


def reproduce(figure: PublishedFigure, whole: Questionnaire, rows: Iterable[Mapping[str, Any]]) -> Reproduced:
    """The figure among *rows* of answers, unweighted."""
    verdicts = [verdict for row in rows if (verdict := holds(figure, whole, row)) is not None]
    return Reproduced(sum(verdicts), len(verdicts))
