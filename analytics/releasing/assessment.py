"""May this dataset leave? Its k-anonymity as released, beside everything that could be laid next to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from analytics.columns import flag
from analytics.disclosure.k_anonymity import KAnonymityReport, k_anonymity
from analytics.releasing.hierarchies import Levels
from analytics.releasing.recoding import Recoding, quasi_identifiers
from analytics.releasing.suppression import Suppression, suppress
from analytics.releasing.weighting import ReleaseWeight, release_weight
from surveys.definition import Questionnaire, variables_of
from surveys.expressions import parse, references

MAX_ERASED = 0.05  # erasing is for the few: past this share of records, the data would be bent
_EVERYONE = "_everyone"


@dataclass(frozen=True)
class Prior:
    """A release that is out already: its identifying columns as they left, with `_response`."""

    number: int
    identifying: pl.DataFrame


@dataclass(frozen=True)
class Assessment:
    """What would leave, and whether it may.

    *identifying* has the quasi-identifiers row by row as they would leave; *report* judges them together
    with *checked*, the columns that somebody could lay beside them.
    """

    identifying: pl.DataFrame
    checked: list[str]
    suppression: Suppression | None
    weight: ReleaseWeight | None
    report: KAnonymityReport
    minimum: int
    reasons: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return not self.reasons

    def as_json(self) -> dict[str, Any]:
        """Plain values for the row of the release and the pages."""
        report = self.report
        return {
            "k": report.smallest_class,
            "minimum": self.minimum,
            "records": report.records,
            "classes": report.classes,
            "classes_below": report.classes_below,
            "records_below": report.records_below,
            "uniques": report.uniques,
            "erased": self.suppression.cells if self.suppression else {},
            "erased_records": self.suppression.records if self.suppression else 0,
            "weight": self.weight.kind if self.weight else "",
            "beside_other_releases": any(name.startswith("_release") for name in self.checked),
            "routing_tells": any(name.startswith("_asked") for name in self.checked),
            "contributions": [
                {
                    "variable": item.variable,
                    "categories": item.categories,
                    "records_below_without": item.records_below_without,
                    "k_without": item.smallest_class_without,
                }
                for item in report.contributions
                if item.variable in self.identifying.columns
            ],
            "diversity": [
                {
                    "variable": item.variable,
                    "smallest": item.smallest,
                    "classes_alike": item.classes_below,
                    "records_alike": item.records_below,
                }
                for item in report.diversity
            ],
            "reasons": list(self.reasons),
        }


def beside(
    frame: pl.DataFrame,
    questionnaire: Questionnaire,
    recoding: Recoding,
    levels: Levels,
    priors: Sequence[Prior] = (),
) -> pl.DataFrame:
    """Columns that would tell more of a record than its released quasi-identifiers, row by row.

    1. `_asked__<question>`: a released question that is asked only for some values of a quasi-identifier
       gives that value away by being answered, however coarse the variable itself has become.
    2. `_release<n>__<variable>`: what an earlier release says of the same record. The sixty answers that
       both hold are as good as a key, so both can be read together; a record that is in one of them only
       can be told by that.
    """
    found: dict[str, pl.Series] = {}
    for page in questionnaire.pages:
        for question in page.questions:
            names = {
                n for text in (page.relevant, question.relevant) if text for n in references(parse(text))
            }
            coarse = {n for n in names if n in levels and not recoding.level(n, levels).keeps}
            if not coarse or question.code in levels or question.type in {"text", "note"}:
                continue
            columns = (
                [flag(question.code, option.code) for option in questionnaire.options(question)]
                if question.type == "multiple"
                else variables_of(question, questionnaire)
            )
            present = [column for column in columns if column in frame.columns]
            if present:
                found[f"_asked__{question.code}"] = frame.select(
                    pl.any_horizontal(pl.col(column).is_not_null() for column in present)
                ).to_series()
    for prior in priors:
        joined = frame.select("_response").join(
            prior.identifying.with_columns(pl.lit(True).alias("in")),
            on="_response",
            how="left",
            maintain_order="left",
        )
        for column in joined.columns:
            if column != "_response":
                found[f"_release{prior.number}__{column}"] = joined[column]
    return pl.DataFrame(found)


def assess(
    frame: pl.DataFrame,
    questionnaire: Questionnaire,
    recoding: Recoding,
    levels: Levels,
    *,
    minimum: int,
    priors: Sequence[Prior] = (),
) -> Assessment:
    """Judge *recoding* of the snapshot's *frame* against k = *minimum*."""
    identifying = quasi_identifiers(frame, recoding, levels)
    extra = beside(frame, questionnaire, recoding, levels, priors)
    together = pl.concat([identifying, extra], how="horizontal")
    suppression = None
    if recoding.erase_rare and identifying.columns:
        suppression = suppress(together, minimum, fixed=extra.columns)
        together = suppression.frame
        identifying = together.select(identifying.columns)
    if not together.columns:
        # Nothing tells one record from another: everyone is one class.
        together = pl.DataFrame({_EVERYONE: [""] * frame.height})
    weight = None
    if "_weight" in frame.columns:
        weight = release_weight(identifying, frame["_weight"], minimum, beside=extra)
    if weight and weight.kind == "exact":
        together = together.with_columns(weight.values)
    sensitive = sensitive_columns(questionnaire, frame)
    report = k_anonymity(
        pl.concat([together, frame.select(sensitive)], how="horizontal"),
        together.columns,
        minimum,
        sensitive=sensitive,
    )
    reasons = []
    if report.smallest_class < minimum:
        reasons.append("beside" if extra.columns and _alone(identifying, minimum) else "k")
    if suppression and suppression.records > MAX_ERASED * frame.height:
        reasons.append("erased")
    return Assessment(identifying, extra.columns, suppression, weight, report, minimum, tuple(reasons))


def _alone(identifying: pl.DataFrame, minimum: int) -> bool:
    """Whether the released quasi-identifiers by themselves would do."""
    if not identifying.columns:
        return True
    return k_anonymity(identifying, identifying.columns, minimum).classes_below == 0


def sensitive_columns(questionnaire: Questionnaire, frame: pl.DataFrame) -> list[str]:
    """The columns of the sensitive questions: one per option for a multiple choice."""
    found: list[str] = []
    variables = questionnaire.question_of_variable()
    for code in questionnaire.sensitive:
        question = variables.get(code)
        if question and question.type == "multiple":
            found += [flag(code, option.code) for option in questionnaire.options(question)]
        else:
            found.append(code)
    return [name for name in found if name in frame.columns and name not in questionnaire.quasi_identifiers]
