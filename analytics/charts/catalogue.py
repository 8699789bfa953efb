"""Which charts a survey has, in which order: key figures, scales, then themes by page of the questionnaire."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from analytics import numerals
from analytics.charts import words
from analytics.charts.building import display
from analytics.charts.displays import Display, View
from analytics.comparisons import place_of, published_of
from analytics.results import ALL, Cell, Figure
from surveys.definition import Page, text

HEADLINES = 8


@dataclass(frozen=True)
class Headline:
    """One key figure: words, a number, its interval."""

    label: str
    value: str
    interval: str
    n: str


@dataclass(frozen=True)
class Theme:
    """The charts of one page of the questionnaire."""

    code: str
    title: str
    keys: tuple[str, ...]


def headlines(view: View) -> list[Headline]:
    """The figures that the study is known by, else the scales that have a threshold."""
    with translation.override(view.language):
        found: list[Headline] = []
        published = published_of(view.questionnaire.slug)
        for wanted in published.figures if published else ():
            place = place_of(wanted, view.questionnaire)
            if place is None or place.group != ALL:
                continue
            figure = view.results.figure(place.key)
            if figure is None or figure.spec.kind == "multiple":
                continue
            cell = figure.cell(place.code, view.group)
            found.append(_headline(view, text(wanted.label, view.language), figure, cell))
        if not found:
            for scale in view.questionnaire.scales:
                figure = view.results.figure(f"{scale.code}.critical")
                if figure is not None:
                    title = words.found_threshold(
                        view, text(scale.title, view.language), scale.critical or 0, None
                    )
                    found.append(_headline(view, title, figure, figure.cell(group=view.group)))
        return found[:HEADLINES]


def _headline(view: View, label: str, figure: Figure, cell: Cell | None) -> Headline:
    n = figure.n(view.group)
    count = numerals.number(n, language=view.language) if n is not None else ""
    if cell is None:
        return Headline(label, _("n. c."), "", count)
    found = cell.best(view.weighted)
    return Headline(
        label,
        numerals.percent(found.value, language=view.language),
        numerals.interval(found, share=True, language=view.language),
        count,
    )


def scale_keys(view: View) -> list[str]:
    """Per scale, who is above the threshold and the bands: by group, so that they read side by side."""
    keys: list[str] = []
    main = f"@{view.results.groupings[0].variable}" if view.results.groupings and view.group == ALL else ""
    for scale in view.questionnaire.scales:
        bands, critical = f"{scale.code}.bands", f"{scale.code}.critical"
        if view.results.figure(critical) and main:
            keys.append(critical + main)
        if view.results.figure(bands):
            keys.append(bands + main)
        elif view.results.figure(scale.code):
            keys.append(scale.code + main)
    return keys


def themes(view: View) -> list[Theme]:
    """The pages of the questionnaire that have figures; those about who answered come last."""
    found = [theme for page in view.questionnaire.pages if (theme := _theme(view, page)).keys]
    about = {page.code for page in view.questionnaire.pages if _about_people(view, page)}
    return [t for t in found if t.code not in about] + [t for t in found if t.code in about]


def _about_people(view: View, page: Page) -> bool:
    known = {*view.questionnaire.quasi_identifiers, *view.questionnaire.group_by}
    return sum(question.code in known for question in page.questions) * 2 >= len(page.questions)


def _theme(view: View, page: Page) -> Theme:
    keys = []
    for question in page.questions:
        if question.rows:
            if any(view.results.figure(row.code) for row in question.rows):
                keys.append(question.code)
        elif view.results.figure(question.code):
            keys.append(question.code)
    return Theme(page.code, text(page.title, view.language), tuple(keys))


def displays(view: View, keys: list[str] | tuple[str, ...]) -> list[Display]:
    return [display(view, key) for key in keys]
