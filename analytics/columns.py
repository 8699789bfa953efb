"""From answers to columns: what a snapshot holds for a questionnaire, and how its scales are scored.

A column is named after its variable, so that it stays the same across versions:

===========  ==========================================  =======================================
question     columns                                     type
===========  ==========================================  =======================================
single       `<code>`                                    Enum of the option codes
matrix       `<row code>`, one per row                   Enum of the option codes
multiple     `<code>__<option>`, one per option          Boolean, null where not answered
integer      `<code>`                                    Int64
decimal      `<code>`                                    Float64
text         `_text__<variable>`                         String: kept apart, never in a public output
scale        `<scale code>`                              Float64, null where too few items were answered
===========  ==========================================  =======================================

Columns that every snapshot has: `_response` (random id), `_version` (number), `_mode`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl
from django.utils.translation import gettext as _

from surveys.definition import Questionnaire, Scale

TEXT = "_text__"
FIXED = {"_response": pl.String(), "_version": pl.Int16(), "_mode": pl.String()}
Kind = Literal["choice", "flag", "integer", "decimal", "text", "score"]


class ColumnConflict(Exception):
    """Two variables want the same column in incompatible ways; the message says which."""


@dataclass(frozen=True)
class Column:
    name: str
    variable: str
    kind: Kind
    options: tuple[str, ...] = ()  # of a choice
    option: str = ""  # of a flag

    @property
    def dtype(self) -> pl.DataType:
        match self.kind:
            case "choice":
                return pl.Enum(self.options)
            case "flag":
                return pl.Boolean()
            case "integer":
                return pl.Int64()
            case "text":
                return pl.String()
            case _:
                return pl.Float64()


def flag(variable: str, option: str) -> str:
    """The column that says whether *option* of the multiple choice *variable* was ticked."""
    return f"{variable}__{option}"


def columns_of(questionnaire: Questionnaire) -> list[Column]:
    """The columns of one version, in the order of its questions, scores last."""
    found: list[Column] = []
    for variable, question in questionnaire.question_of_variable().items():
        codes = tuple(option.code for option in questionnaire.options(question))
        if question.type == "text" or (variable != question.code and question.type != "matrix"):
            found.append(Column(TEXT + variable, variable, "text"))
        elif question.type == "multiple":
            found += [Column(flag(variable, code), variable, "flag", option=code) for code in codes]
        elif question.type == "integer":
            found.append(Column(variable, variable, "integer"))
        elif question.type == "decimal":
            found.append(Column(variable, variable, "decimal"))
        else:
            found.append(Column(variable, variable, "choice", codes))
    found += [Column(scale.code, scale.code, "score") for scale in questionnaire.scales]
    names = [column.name for column in found]
    for name in names:
        if names.count(name) > 1:
            raise ColumnConflict(
                _(
                    "« %(name)s » nomme deux colonnes : donnez un autre code à l'une des questions ou échelles."
                )
                % {"name": name}
            )
    return found


def merged(plans: Iterable[Sequence[Column]]) -> dict[str, Column]:
    """The columns of several versions together, oldest version first; options that were removed are kept."""
    whole: dict[str, Column] = {}
    for plan in plans:
        for column in plan:
            known = whole.get(column.name)
            if known is None:
                whole[column.name] = column
            elif known.kind == column.kind:
                options = tuple(dict.fromkeys(known.options + column.options))
                whole[column.name] = replace(column, options=options)
            elif {known.kind, column.kind} == {"integer", "decimal"}:
                whole[column.name] = replace(column, kind="decimal")
            else:
                raise ColumnConflict(
                    _(
                        "« %(name)s » n'est pas de même nature d'une version du questionnaire à l'autre : une question"
                        " qui change de nature doit changer de code."
                    )
                    % {"name": column.name}
                )
    return whole


def decode(questionnaire: Questionnaire, answers: Sequence[str]) -> pl.DataFrame:
    """Answers as JSON texts of one version -> its columns, one row each, scores included."""
    plan = columns_of(questionnaire)
    fields: dict[str, pl.DataType] = {}
    for column in plan:
        match column.kind:
            case "score":
                continue
            case "flag":
                fields[column.variable] = pl.List(pl.String())
            case "choice":
                fields[column.variable] = pl.String()
            case _:
                fields[column.variable] = column.dtype
    raw = (
        pl.DataFrame({"json": pl.Series(answers, dtype=pl.String)})
        .select(pl.col("json").str.json_decode(pl.Struct(fields)))
        .unnest("json")
    )
    scales = {scale.code: scale for scale in questionnaire.scales}
    return raw.select(
        score(scales[column.variable])
        if column.kind == "score"
        else pl.col(column.variable).list.contains(column.option).alias(column.name)
        if column.kind == "flag"
        else pl.col(column.variable).alias(column.name)
        for column in plan
    )


def score(scale: Scale) -> pl.Expr:
    """The score of *scale* from columns of option codes: the vector form of `surveys.scoring.score`."""
    low, high = min(scale.points.values()), max(scale.points.values())
    worth = []
    for item in scale.items:
        points = (
            pl.col(item).cast(pl.String).replace_strict(scale.points, default=None, return_dtype=pl.Float64)
        )
        worth.append(low + high - points if item in scale.reverse else points)
    answered = pl.sum_horizontal(value.is_not_null().cast(pl.Int32) for value in worth)
    result = pl.sum_horizontal(worth) / answered
    if scale.method == "sum":
        result = result * len(scale.items)
    return pl.when(answered >= scale.min_answered).then(result).otherwise(None).alias(scale.code)
