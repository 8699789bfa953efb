"""The codebook of a dataset: every variable, its values, what was changed, and where it comes from."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
import polars as pl
from django.utils.translation import gettext as _

from analytics.releasing.dataset import WEIGHT, Dataset
from analytics.releasing.hierarchies import Level, Levels, released_type
from analytics.releasing.recoding import Recoding
from santesurvey.spreadsheets import harmless
from surveys.definition import Question, Questionnaire, Scale, Text, text, variables_of

MISSING: dict[str, Text] = {
    "dont_know": {"fr": "réponse sans information : ne sait pas", "en": "uninformative answer: don't know"},
    "prefer_not": {
        "fr": "réponse sans information : préfère ne pas répondre",
        "en": "uninformative answer: prefers not to say",
    },
}
YES: Text = {"fr": "choisi", "en": "chosen"}
NO: Text = {"fr": "non choisi", "en": "not chosen"}


@dataclass(frozen=True)
class Value:
    """One value of a variable, its label, why it says nothing if so, and how many records have it."""

    code: str
    label: Text
    missing: str = ""
    count: int = 0


@dataclass(frozen=True)
class Variable:
    """One column of the dataset."""

    name: str
    kind: str  # choice, option, number, score, weight
    label: Text
    question: Text
    values: list[Value] = field(default_factory=list)
    unit: Text = field(default_factory=dict)
    empty: int = 0  # records without a value: not asked, not answered, or given up
    asked_if: str = ""
    changes: list[Text] = field(default_factory=list)
    quasi_identifier: bool = False
    sensitive: bool = False
    minimum: float | None = None
    maximum: float | None = None
    scale: dict[str, Any] = field(default_factory=dict)


def variables(
    questionnaire: Questionnaire,
    dataset: Dataset,
    *,
    recoding: Recoding,
    levels: Levels,
    erased: dict[str, int],
    weight_kind: str,
) -> list[Variable]:
    """The codebook of *dataset*, in the order of its columns."""
    frame = dataset.frame
    conditions = _conditions(questionnaire)
    found: list[Variable] = []
    for question in questionnaire.questions():
        if question.type == "multiple":
            found += _options(questionnaire, question, frame, conditions[question.code])
            continue
        rows = {row.code: row.label for row in question.rows}
        for code in variables_of(question, questionnaire):
            if code in frame.columns:
                level = recoding.level(code, levels) if code in levels else None
                found.append(
                    _asked(
                        questionnaire,
                        question,
                        code,
                        rows.get(code, {}),
                        dataset,
                        condition=conditions[question.code],
                        level=level,
                        erased=erased.get(code, 0),
                    )
                )
    found += [_score(scale, frame) for scale in questionnaire.scales if scale.code in frame.columns]
    if WEIGHT in frame.columns:
        found.append(_weight(frame, weight_kind))
    order = {name: place for place, name in enumerate(frame.columns)}
    return sorted(found, key=lambda variable: order[variable.name])


def _conditions(questionnaire: Questionnaire) -> dict[str, str]:
    """Under which condition each question is asked, in the expression language; empty: always."""
    return {
        question.code: " and ".join(
            f"({part})" if page.relevant and question.relevant else part
            for part in (page.relevant, question.relevant)
            if part
        )
        for page in questionnaire.pages
        for question in page.questions
    }


def _counts(series: pl.Series) -> dict[str, int]:
    table = series.drop_nulls().value_counts()
    return {str(value): count for value, count in table.iter_rows()}


def _asked(
    whole: Questionnaire,
    question: Question,
    code: str,
    row: Text,
    dataset: Dataset,
    *,
    condition: str,
    level: Level | None,
    erased: int,
) -> Variable:
    series = dataset.frame[code]
    numeric = question.type in {"integer", "decimal"} and not (level and level.width)
    changes: list[Text] = []
    if level and not level.keeps:
        changes.append(
            {
                language: f"{words} {level.label.get(language, '')}".strip()
                for language, words in (("fr", "Regroupée :"), ("en", "Grouped:"))
            }
        )
    if erased:
        changes.append(
            {
                "fr": f"Valeur effacée dans {erased} enregistrements, dont la combinaison était rare.",
                "en": f"Value erased in {erased} records whose combination was rare.",
            }
        )
    if code in dataset.bounds:
        low, high = dataset.bounds[code]
        changes.append(
            {
                "fr": f"Valeurs extrêmes ramenées à {low:g} et {high:g}.",
                "en": f"Extreme values brought back to {low:g} and {high:g}.",
            }
        )
    return Variable(
        name=code,
        kind="number" if numeric else "choice",
        label=row or question.short or question.label,
        question=question.label,
        values=[] if numeric else _values(whole, question, series, level),
        unit=question.unit,
        empty=series.null_count(),
        asked_if=condition,
        changes=changes,
        quasi_identifier=code in whole.quasi_identifiers,
        sensitive=code in whole.sensitive or question.code in whole.sensitive,
        minimum=_extreme(series.min()) if numeric else None,
        maximum=_extreme(series.max()) if numeric else None,
    )


def _extreme(value: Any) -> float | None:
    return None if value is None else float(value)


def _values(whole: Questionnaire, question: Question, series: pl.Series, level: Level | None) -> list[Value]:
    counts = _counts(series)
    if level and released_type(question, level) != question.type:
        bands = sorted(counts, key=lambda band: int(band.rsplit("_", 1)[0]))
        return [Value(band, _band_label(band), count=counts[band]) for band in bands]
    options = {option.code: option for option in whole.options(question)}
    if level and level.groups:
        kept = {code: option.label for code, option in options.items() if code not in level.groups}
        labels = {**kept, **level.labels}
        return [Value(code, label, count=counts.get(code, 0)) for code, label in labels.items()]
    return [
        Value(code, option.label, missing=option.missing or "", count=counts.get(code, 0))
        for code, option in options.items()
    ]


def _band_label(band: str) -> Text:
    low, high = band.rsplit("_", 1)
    return {"fr": f"{low} à {high}", "en": f"{low} to {high}"}


def _options(whole: Questionnaire, question: Question, frame: pl.DataFrame, condition: str) -> list[Variable]:
    found = []
    for option in whole.options(question):
        name = f"{question.code}__{option.code}"
        if name not in frame.columns:
            continue
        counts = _counts(frame[name].cast(pl.String))
        found.append(
            Variable(
                name=name,
                kind="option",
                label=option.label,
                question=question.label,
                values=[
                    Value("true", YES, missing=option.missing or "", count=counts.get("true", 0)),
                    Value("false", NO, count=counts.get("false", 0)),
                ],
                empty=frame[name].null_count(),
                asked_if=condition,
                sensitive=question.code in whole.sensitive,
            )
        )
    return found


def _score(scale: Scale, frame: pl.DataFrame) -> Variable:
    series = frame[scale.code]
    return Variable(
        name=scale.code,
        kind="score",
        label=scale.title,
        question={},
        empty=series.null_count(),
        minimum=_extreme(series.min()),
        maximum=_extreme(series.max()),
        scale={
            "items": scale.items,
            "reversed": scale.reverse,
            "points": scale.points,
            "method": scale.method,
            "minimum_answered": scale.min_answered,
            "critical": scale.critical,
            "bands": [{"from": band.start, "label": band.label} for band in scale.bands],
            "source": scale.source,
        },
    )


def _weight(frame: pl.DataFrame, kind: str) -> Variable:
    meaning: dict[str, Text] = {
        "exact": {
            "fr": "Poids de calage de l'enregistrement, de moyenne 1.",
            "en": "Calibration weight of the record, of mean 1.",
        },
        "class_mean": {
            "fr": "Moyenne des poids de calage des enregistrements qui ont la même combinaison de"
            " quasi-identifiants diffusés, de moyenne 1 : le poids exact aurait redonné un détail regroupé.",
            "en": "Mean calibration weight of the records with the same combination of released"
            " quasi-identifiers, of mean 1: the exact weight would have given a grouped detail back.",
        },
    }
    series = frame[WEIGHT]
    return Variable(
        name=WEIGHT,
        kind="weight",
        label={"fr": "Poids", "en": "Weight"},
        question=meaning[kind],
        minimum=_extreme(series.min()),
        maximum=_extreme(series.max()),
    )


def as_json(entries: list[Variable], about: dict[str, Any]) -> bytes:
    """Everything, in both languages, for programs."""
    document = {"about": about, "variables": [asdict(entry) for entry in entries], "missing": MISSING}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


def as_csv(entries: list[Variable]) -> bytes:
    """One line per variable and value, for spreadsheets: comma, UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["variable", "kind", "label_fr", "label_en", "asked_if", "value", "value_fr", "value_en", "missing",
         "records"]
    )  # fmt: skip
    for entry in entries:
        head = [entry.name, entry.kind, *_labels(entry.label), harmless(entry.asked_if)]
        if not entry.values:
            writer.writerow([*head, "", "", "", "", ""])
        for value in entry.values:
            writer.writerow([*head, harmless(value.code), *_labels(value.label), value.missing, value.count])
    return out.getvalue().encode()


def _labels(label: Text) -> list[str]:
    """The French and the English of *label* as cells."""
    return [harmless(label.get(language, "")) for language in ("fr", "en")]


def localised(entries: list[Variable], language: str) -> list[dict[str, Any]]:
    """The entries with every text in *language*, for a page."""
    kinds = {
        "choice": _("choix"),
        "option": _("oui ou non"),
        "number": _("nombre"),
        "score": _("score"),
        "weight": _("poids"),
    }
    return [
        {
            **asdict(entry),
            "kind_label": kinds[entry.kind],
            "label": text(entry.label, language),
            "question": text(entry.question, language),
            "unit": text(entry.unit, language),
            "changes": [text(change, language) for change in entry.changes],
            "values": [
                {
                    "code": value.code,
                    "label": text(value.label, language),
                    "missing": text(MISSING.get(value.missing, {}), language),
                    "count": value.count,
                }
                for value in entry.values
            ],
            "bands": [
                _("%(name)s : %(value)s")
                % {"name": f"{band['from']:g}", "value": text(band["label"], language)}
                for band in entry.scale.get("bands", [])
            ],
            "points": [
                f"{code} = {points:g}"
                for code, points in sorted(
                    entry.scale.get("points", {}).items(), key=lambda pair: (-pair[1], pair[0])
                )
            ],
        }
        for entry in entries
    ]
