"""Figures published elsewhere, held against the same figures of a snapshot.

What was published and how the questionnaire measures it is in `surveys/questionnaires/<slug>.published.yaml`
(`surveys.published`). Here each becomes a cell of an estimate set, so that what is compared has passed the
same disclosure rule as everything else.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.results import ALL, Cell, Results, group_key
from analytics.specification import Combinations, bands, combination_key
from surveys.definition import Questionnaire
from surveys.loading import load, shipped
from surveys.published import Published, PublishedFigure


@dataclass(frozen=True)
class Place:
    """Where a published figure is found in an estimate set."""

    key: str
    code: str
    group: str


@dataclass(frozen=True)
class Comparison:
    """A published figure and its reproduction; no cell where it may not be shown or is not measured."""

    published: PublishedFigure
    place: Place | None
    cell: Cell | None


def published_of(slug: str) -> Published | None:
    """The published figures that the survey *slug* is held against, None where it has none."""
    path = shipped(slug, "published")
    return Published.model_validate(load(path)) if path.exists() else None


def place_of(figure: PublishedFigure, questionnaire: Questionnaire) -> Place | None:
    """The cell that measures *figure*, None where its base is not everyone or one group."""
    if figure.base and figure.group is None:
        return None
    group = group_key(*figure.group) if figure.group else ALL
    if figure.group and figure.group[0] not in questionnaire.group_by:
        return None
    if figure.scale is not None:
        scale = next((s for s in questionnaire.scales if s.code == figure.scale), None)
        if scale is None or figure.threshold is None:
            return None
        if figure.threshold == scale.critical:
            return Place(f"{scale.code}.critical", "", group)
        high = tuple(code for code, start in bands(scale).items() if start >= figure.threshold)
        if figure.threshold not in bands(scale).values():
            return None
        parent = f"{scale.code}.bands"
        return (
            Place(parent, high[0], group)
            if len(high) == 1
            else Place(combination_key(parent, high), "", group)
        )
    question = questionnaire.question_of_variable().get(figure.variable or "")
    if question is None or figure.variable is None:
        return None
    if len(figure.options) == 1:
        return Place(figure.variable, figure.options[0], group)
    if question.type == "multiple":
        return None
    ordered = tuple(o.code for o in questionnaire.options(question) if o.code in figure.options)
    return Place(combination_key(figure.variable, ordered), "", group)


def combinations(slug: str, questionnaire: Questionnaire) -> Combinations:
    """The cells that published figures add up: parent figure -> sets of codes, for the specification."""
    published = published_of(slug)
    wanted: Combinations = {}
    for figure in published.figures if published else ():
        place = place_of(figure, questionnaire)
        if place and not place.code and "~" in place.key:
            parent, _, codes = place.key.partition("~")
            found = wanted.setdefault(parent, [])
            if tuple(codes.split("-")) not in found:
                found.append(tuple(codes.split("-")))
    return wanted


def compare(slug: str, questionnaire: Questionnaire, results: Results) -> list[Comparison]:
    """Every published figure beside its reproduction, in the order of the file."""
    published = published_of(slug)
    outcome = []
    for figure in published.figures if published else ():
        place = place_of(figure, questionnaire)
        found = results.figure(place.key) if place else None
        known = found is not None and place is not None and (not place.code or place.code in found.spec.codes)
        cell = found.cell(place.code, place.group) if found and place and known else None
        outcome.append(Comparison(figure, place, cell))
    return outcome
