"""What the pages of results show: the reader's choices, key figures, scales, themes, weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import get_language

from analytics import frames
from analytics.charts import Display, NoSuchFigure, View, display, rendering, words
from analytics.charts.catalogue import Theme, displays, headlines, scale_keys, themes
from analytics.charts.drawing import withheld_note
from analytics.estimates import estimates_of
from analytics.models import Snapshot
from analytics.results import ALL
from analytics.weighting import refusal
from surveys.definition import Text, text


@dataclass(frozen=True)
class Choice:
    """One group that the figures can be limited to."""

    key: str
    label: str
    n: int


@dataclass(frozen=True)
class Drawn:
    """A chart ready for a page."""

    display: Display
    svg: str
    alternative: str
    head: list[str]
    rows: list[list[str]]
    method: str
    withheld: str

    @property
    def words_first(self) -> int:
        """How many columns of the table hold words: the rest are numbers."""
        return 2 if len(self.display.rows[0].segments) > 1 else 1


def view_of(snapshot: Snapshot, chosen: QueryDict, *, public: bool) -> View | None:
    """The reader's view of *snapshot*: `groupe`, `poids=non`. None while its figures are not computed.

    A group that does not exist, or is too small to be described, is a 404.
    """
    results = estimates_of(snapshot, public=public)
    if results is None:
        return None
    questionnaire = frames.questionnaire(snapshot)
    wanted = get_language() or ""
    language = wanted if wanted in questionnaire.languages else questionnaire.language
    group = chosen.get("groupe", ALL)
    if group != ALL and results.group_size(group) is None:
        raise Http404
    return View(results, questionnaire, language, group=group, weighted=chosen.get("poids") != "non")


def drawn(shown: Display) -> Drawn:
    head, rows = rendering.table(shown)
    return Drawn(
        display=shown,
        svg=rendering.inline(shown),
        alternative=rendering.alternative(shown),
        head=head,
        rows=rows,
        method=words.method(shown.weighted),
        withheld=withheld_note() if shown.withheld else "",
    )


def chart(view: View, key: str) -> Drawn:
    """One chart of a page. 404 for a key that names nothing."""
    return drawn(shown(view, key))


def shown(view: View, key: str) -> Display:
    try:
        return display(view, key)
    except NoSuchFigure as exc:
        raise Http404 from exc


def theme(view: View, code: str) -> tuple[Theme, list[Drawn]]:
    """One theme with its charts. 404 for a page of the questionnaire that has none."""
    found = next((one for one in themes(view) if one.code == code), None)
    if found is None:
        raise Http404
    return found, [drawn(one) for one in displays(view, found.keys)]


def choices(view: View) -> list[tuple[str, list[Choice]]]:
    """Groupings with the groups that may be described."""
    found = []
    for grouping in view.results.groupings:
        groups = [
            Choice(key, words.group_label(view, key), view.results.group_size(key) or 0)
            for key in view.results.groups(grouping)
        ]
        if groups:
            found.append((words.label_of_variable(view, grouping.variable), groups))
    return found


def context(view: View, snapshot: Snapshot, *, open_theme: str) -> dict[str, Any]:
    """Everything that a page of results needs, the charts of one theme included."""
    listed = themes(view)
    codes = [one.code for one in listed]
    if open_theme and open_theme not in codes:
        raise Http404
    return {
        "snapshot": snapshot,
        "view": view,
        "n": view.results.n,
        "shown_n": view.results.n if view.group == ALL else view.results.group_size(view.group),
        "group_label": words.group_label(view, view.group) if view.group != ALL else "",
        "choices": choices(view),
        "headlines": headlines(view),
        "scales": [drawn(one) for one in displays(view, scale_keys(view))],
        "themes": listed,
        "open_theme": open_theme,
        "open_charts": theme(view, open_theme)[1] if open_theme else [],
        "weights": weights_panel(view, snapshot),
        "query": query(view),
        "survey_is_synthetic": view.questionnaire.synthetic,
    }


def query(view: View, **more: str) -> str:
    """The reader's choices as the query string of a link."""
    parts = QueryDict(mutable=True)
    if view.group != ALL:
        parts["groupe"] = view.group
    if not view.weighted:
        parts["poids"] = "non"
    for name, value in more.items():
        parts[name] = value
    return parts.urlencode()


@dataclass(frozen=True)
class WeightLine:
    variable: str
    category: str
    respondents: int
    base: float
    target: float
    weighted: float


def weights_panel(view: View, snapshot: Snapshot) -> dict[str, Any]:
    """What weighting did, in the words of the questionnaire."""
    stored = snapshot.weighting
    panel: dict[str, Any] = {"state": stored.get("state", "none"), "reason": refusal(stored)}
    if panel["state"] != "raked":
        return panel
    about: Text = stored["margins"]["about"]
    lines, hidden = [], 0
    for line in stored["categories"]:
        figure = view.results.figure(line["variable"])
        if figure is None or figure.cell(line["category"]) is None:
            hidden += 1  # not described among the figures, so not here either
            continue
        question = words.question_of(view.questionnaire, line["variable"])
        labels = words.option_labels(view, question) if question else {}
        lines.append(
            WeightLine(
                words.label_of_variable(view, line["variable"]),
                labels.get(line["category"], line["category"]),
                *(line[name] for name in ("respondents", "base", "target", "weighted")),
            )
        )
    sources = [text(m["source"], view.language) for m in stored["margins"]["margins"] if m["source"]]
    return {
        **panel,
        **{key: stored[key] for key in ("design_effect", "effective_n", "smallest", "largest", "trimmed")},
        "converged": stored["converged"],
        "bounds": stored["margins"]["bounds"],
        "about": text(about, view.language) if about else "",
        "sources": sources,
        "lines": lines,
        "hidden": hidden,
    }
