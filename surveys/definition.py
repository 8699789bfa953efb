"""The questionnaire document: what is asked, in one immutable, portable JSON (or YAML) value.

`Questionnaire.model_validate(data)` checks the shape; `surveys.publishing.problems` checks what only the
whole document can tell (unknown references, doubled codes). `Questionnaire.model_json_schema()` is the
published JSON Schema.

Answers to a questionnaire are one flat mapping from *variable* to value, the same everywhere (page, API,
database, snapshot, datasets):

===========  =============================================================  =======================
question     variables                                                      value
===========  =============================================================  =======================
single       the question's code                                            option code (str)
multiple     the question's code                                            list of option codes
matrix       one per row: the row's code                                    option code (str)
integer      the question's code                                            int
decimal      the question's code                                            int or float, finite
text         the question's code                                            str
note         none                                                           –
===========  =============================================================  =======================

A question that was not asked, or not answered, has no key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
Text = dict[Language, str]
Expression = str
QuestionType = Literal["single", "multiple", "matrix", "integer", "decimal", "text", "note"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Part):
    """One choice. *missing* marks answers that say nothing: never in a score or the base of a share."""

    code: Code
    label: Text
    missing: Literal["dont_know", "prefer_not"] | None = None
    exclusive: bool = False  # in a multiple choice: ticking it unticks the others
    specify: bool = False  # opens a short text "other, specify", variable `<question>_other`


class Row(Part):
    """One line of a matrix: an item with its own variable."""

    code: Code
    label: Text


class Question(Part):
    code: Code
    type: QuestionType
    label: Text
    short: Text = {}  # for charts and tables; the label where absent
    hint: Text = {}
    required: bool = False
    relevant: Expression = ""
    constraint: Expression = ""  # `.` is the answer itself
    constraint_message: Text = {}
    choices: Code | None = None  # name of a list in `Questionnaire.choices`
    appearance: Literal["", "dropdown", "horizontal"] = ""
    rows: list[Row] = []
    minimum: float | None = None
    maximum: float | None = None
    unit: Text = {}
    max_length: int = 1000
    multiline: bool = False
    min_choices: int = 0
    max_choices: int | None = None
    note: Text = {}  # for a note: its paragraphs, blank line between

    @model_validator(mode="after")
    def fits_its_type(self) -> Question:
        choosing = self.type in {"single", "multiple", "matrix"}
        if choosing and not self.choices:
            raise ValueError(f"une question « {self.type} » nomme sa liste de choix (choices).")
        if not choosing and self.choices:
            raise ValueError(f"une question « {self.type} » n'a pas de choix : retirez choices.")
        if (self.type == "matrix") != bool(self.rows):
            raise ValueError("une grille (matrix) a des lignes (rows), et elle seule.")
        return self


class Page(Part):
    code: Code
    title: Text
    intro: Text = {}
    relevant: Expression = ""
    questions: list[Question] = Field(min_length=1)


class Consent(Part):
    code: Code
    label: Text


class HelpLine(Part):
    """Where a respondent in distress finds somebody to talk to."""

    name: Text
    phone: str = ""
    url: str = ""
    text: Text = {}


class Band(Part):
    """A range of scores, lower bound included: `from <= score < next band's from`."""

    code: Code
    start: float
    label: Text
    message: Text  # what the respondent reads with their own score: informs, never diagnoses


class Scale(Part):
    """A score over items. `points` values each option; `reverse` items get `low + high - value`."""

    code: Code
    title: Text
    items: list[Code] = Field(min_length=1)
    reverse: list[Code] = []
    points: dict[Code, float]
    method: Literal["mean", "sum"] = "mean"
    min_answered: int = Field(ge=1)
    bands: list[Band] = []
    critical: float | None = None  # the threshold that researchers call high
    source: str = ""
    personal_result: bool = False  # shown to the respondent after submission


class Section(Part):
    title: Text
    text: Text


class Questionnaire(Part):
    """The whole document. Frozen once published; its digest names it."""

    format: Literal[1] = 1
    slug: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    title: Text
    description: Text = {}
    languages: list[Language] = Field(min_length=1)
    minutes: int = Field(gt=0)
    notice: list[Section] = Field(min_length=1)  # the information notice, shown before the first question
    consents: list[Consent] = Field(min_length=1)  # every box must be ticked to take part
    help: list[HelpLine] = Field(min_length=1)
    choices: dict[Code, list[Option]] = {}
    pages: list[Page] = Field(min_length=1)
    scales: list[Scale] = []
    group_by: list[Code] = []  # single-choice questions that results can be filtered by, the main one first
    quasi_identifiers: list[Code] = []  # what somebody may already know of a respondent
    sensitive: list[Code] = []  # what must not be learnt about one person
    synthetic: bool = False  # demo data: every screen, chart and file says so

    @property
    def language(self) -> Language:
        """The language to fall back to: the first."""
        return self.languages[0]

    def questions(self) -> Iterator[Question]:
        for page in self.pages:
            yield from page.questions

    def question_of_variable(self) -> dict[str, Question]:
        """Every variable of the answers, in document order, with the question it comes from."""
        variables: dict[str, Question] = {}
        for question in self.questions():
            for code in variables_of(question, self):
                variables[code] = question
        return variables

    def options(self, question: Question) -> list[Option]:
        """The choices of *question*; none for a list that does not exist (publishing says so)."""
        return self.choices.get(question.choices, []) if question.choices else []


def variables_of(question: Question, questionnaire: Questionnaire) -> list[str]:
    """The variables that answers to *question* fill, its "other, specify" text last."""
    if question.type == "note":
        return []
    if question.type == "matrix":
        return [row.code for row in question.rows]
    specify = any(option.specify for option in questionnaire.options(question))
    return [question.code, f"{question.code}_other"] if specify else [question.code]


def text(value: Text, language: str) -> str:
    """*value* in *language*, else in the first language it has, else empty."""
    return value.get(language) or next(iter(value.values()), "")


def canonical(document: dict[str, Any]) -> bytes:
    """The one byte form of a document: JSON, sorted keys, no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal: the name of a version's content."""
    return hashlib.sha256(canonical(document)).hexdigest()
