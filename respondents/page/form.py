"""The form of the respondent page, described for its template: every question with its values and mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import QueryDict

from surveys.definition import Question, text
from surveys.routing import Compiled
from surveys.validation import OTHER_LENGTH


@dataclass(frozen=True)
class Choice:
    code: str
    label: str
    chosen: bool
    exclusive: bool
    specify: bool


@dataclass(frozen=True)
class Line:
    """A row of a matrix."""

    code: str
    label: str
    chosen: str
    mistake: str


@dataclass(frozen=True)
class Field:
    """One question as the template draws it."""

    code: str
    kind: str  # radio, dropdown, checkbox, matrix, number, decimal, text, paragraph, note
    label: str
    hint: str
    required: bool
    conditional: bool  # met only by some: without JavaScript the page says so
    unit: str
    value: str
    other: str
    mistake: str
    other_mistake: str
    longest: int
    choices: list[Choice] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)

    @property
    def described_by(self) -> str:
        """The ids of what says more about the question."""
        parts = [f"{self.code}-hint"] if self.hint else []
        if self.mistake:
            parts.append(f"{self.code}-error")
        return " ".join(parts)

    def mistakes(self) -> Iterator[tuple[str, str]]:
        if self.mistake:
            yield self.code, self.mistake
        if self.other_mistake:
            yield f"{self.code}_other", self.other_mistake
        yield from ((line.code, line.mistake) for line in self.lines if line.mistake)

    def anchor_of(self, variable: str) -> str:
        """The id of the control that a link to *variable* leads to."""
        if self.choices and variable == self.code and self.kind != "dropdown":
            return f"{self.code}-{self.choices[0].code}"
        if self.kind == "matrix":
            return f"{variable}-{self.choices[0].code}"
        return f"f-{variable}"

    def name_of(self, variable: str) -> str:
        return next((line.label for line in self.lines if line.code == variable), self.label)


@dataclass(frozen=True)
class Part:
    """One page of the questionnaire."""

    code: str
    title: str
    intro: str
    conditional: bool
    questions: list[Field]


KINDS = {"single": "radio", "multiple": "checkbox", "integer": "number", "text": "text"}


def fields(
    compiled: Compiled, language: str, values: QueryDict | None, mistakes: dict[str, str]
) -> list[Part]:
    """The pages of the questionnaire in *language*, filled with *values* and marked with *mistakes*."""
    posted = values if values is not None else QueryDict()
    return [
        Part(
            code=page.code,
            title=text(page.title, language),
            intro=text(page.intro, language),
            conditional=bool(page.relevant),
            questions=[_field(compiled, question, language, posted, mistakes) for question in page.questions],
        )
        for page in compiled.questionnaire.pages
    ]


def _kind(question: Question) -> str:
    if question.type == "single" and question.appearance == "dropdown":
        return "dropdown"
    if question.type == "text" and question.multiline:
        return "paragraph"
    return KINDS.get(question.type, question.type)


def _field(
    compiled: Compiled, question: Question, language: str, posted: QueryDict, mistakes: dict[str, str]
) -> Field:
    chosen = posted.getlist(question.code)
    other = f"{question.code}_other"
    return Field(
        code=question.code,
        kind=_kind(question),
        label=text(question.label, language),
        hint=text(question.hint, language),
        required=question.required,
        conditional=bool(question.relevant),
        unit=text(question.unit, language),
        value=str(posted.get(question.code, "")),
        other=str(posted.get(other, "")),
        mistake=mistakes.get(question.code, ""),
        other_mistake=mistakes.get(other, ""),
        longest=question.max_length if question.type == "text" else OTHER_LENGTH,
        choices=[
            Choice(
                option.code,
                text(option.label, language),
                option.code in chosen,
                option.exclusive,
                option.specify,
            )
            for option in compiled.questionnaire.options(question)
        ],
        lines=[
            Line(
                row.code,
                text(row.label, language),
                str(posted.get(row.code, "")),
                mistakes.get(row.code, ""),
            )
            for row in question.rows
        ],
        paragraphs=[part for part in text(question.note, language).split("\n\n") if part],
    )
