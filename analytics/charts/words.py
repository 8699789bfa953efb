"""The words of figures: findings made from the numbers, bases, sources. French here, English in locale/en."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

from django.utils.translation import gettext as _

from analytics import numerals
from analytics.charts.displays import Row, View
from analytics.results import ALL, Cell, Estimate, Figure
from surveys.definition import Question, Questionnaire, text


def question_of(questionnaire: Questionnaire, variable: str) -> Question | None:
    return questionnaire.question_of_variable().get(variable)


def label_of_variable(view: View, variable: str) -> str:
    """The words of a variable: its row in a matrix, else the question's short title."""
    question = question_of(view.questionnaire, variable)
    if question is None:
        return variable
    for row in question.rows:
        if row.code == variable:
            return text(row.label, view.language)
    return short(question, view.language)


def short(question: Question, language: str) -> str:
    return text(question.short or question.label, language)


def option_labels(view: View, question: Question) -> dict[str, str]:
    return {option.code: text(option.label, view.language) for option in view.questionnaire.options(question)}


def group_label(view: View, group: str) -> str:
    """The name of a group key, "Ensemble" for everyone."""
    if group == ALL:
        return _("Ensemble")
    variable, _sign, code = group.partition("=")
    question = question_of(view.questionnaire, variable)
    return option_labels(view, question).get(code, code) if question else code


def lowered(label: str) -> str:
    """A label inside a sentence. One that starts with several capitals is an abbreviation."""
    return label if label[:2].isupper() and len(label) > 1 else label[:1].lower() + label[1:]


def joined(labels: Sequence[str]) -> str:
    """« souvent ou toujours », in the order of the answers."""
    small = [lowered(label) for label in labels]
    if len(small) < 2:
        return small[0] if small else ""
    return _("%(first)s ou %(last)s") % {"first": ", ".join(small[:-1]), "last": small[-1]}


def base(view: View, figure: Figure, *, conditional: bool) -> str:
    """« Parmi les personnes concernées, n = 641 »."""
    n = figure.n(view.group)
    if n is None:
        return _("Effectif trop petit pour être décrit")
    count = numerals.number(n, language=view.language)
    words = f"n = {count}"
    if conditional:
        words = _("Parmi les personnes concernées, n = %(n)s") % {"n": count}
    return words if view.group == ALL else f"{group_label(view, view.group)}, {lowered(words)}"


def source(view: View, key: str) -> str:
    title = text(view.questionnaire.title, view.language)
    kind = _("données synthétiques, ") if view.questionnaire.synthetic else ""
    return _("Source : %(title)s, %(kind)sempreinte %(address)s") % {
        "title": title,
        "kind": kind,
        "address": view.results.address(key),
    }


def method(weighted: bool) -> str:
    return (
        _("Résultats pondérés. Traits fins : intervalles de confiance à 95 %.")
        if weighted
        else _("Résultats non pondérés. Traits fins : intervalles de confiance à 95 %.")
    )


def base_of_rows(view: View, figures: Sequence[Figure], *, conditional: bool) -> str:
    """The bases of several items: « n = 1 523 à 1 541 » where they differ."""
    counts = [n for figure in figures if (n := figure.n(view.group)) is not None]
    if not counts or min(counts) == max(counts):
        return base(view, figures[0], conditional=conditional)
    low, high = (numerals.number(n, language=view.language) for n in (min(counts), max(counts)))
    single = numerals.number(figures[0].n(view.group) or 0, language=view.language)
    return base(view, figures[0], conditional=conditional).replace(
        f"n = {single}", _("n = %(low)s à %(high)s selon la ligne") % {"low": low, "high": high}
    )


def _percent(view: View, cell: Cell) -> str:
    return numerals.said(cell.best(view.weighted).value, language=view.language)


def _of_whom(percent: str, conditional: bool) -> str:
    """« 73 % des personnes concernées » where not everyone was asked."""
    return _("%(percent)s des personnes concernées") % {"percent": percent} if conditional else percent


def found_single(view: View, title: str, rows: Sequence[Row], place: int, *, conditional: bool) -> str:
    row = rows[place]
    cell = row.segments[0].cell
    if cell is None:
        return title
    return _("%(title)s : %(percent)s répondent « %(answer)s »") % {
        "title": title,
        "percent": _of_whom(_percent(view, cell), conditional),
        "answer": row.label,
    }


def found_multiple(view: View, title: str, rows: Sequence[Row], *, conditional: bool) -> str:
    """The first answer, "en tête" only where it surely is: nothing withheld, no interval that reaches its own."""
    cell = rows[0].segments[0].cell if rows else None
    if cell is None:
        return title
    others = [row.segments[0].cell for row in rows[1:]]
    words = {
        "title": title,
        "answer": rows[0].label,
        "percent": _of_whom(_percent(view, cell), conditional),
    }
    if all(other and _apart(view, other, cell) for other in others):
        return _("%(title)s : « %(answer)s » en tête, avec %(percent)s") % words
    if others and others[0]:
        words |= {"second": _percent(view, others[0]), "other": rows[1].label}
        return _("%(title)s : %(percent)s répondent « %(answer)s », %(second)s « %(other)s »") % words
    return _("%(title)s : %(percent)s répondent « %(answer)s »") % words


def _apart(view: View, low: Cell, high: Cell) -> bool:
    """Whether the intervals of two shares leave a gap between them."""
    upper, lower = low.best(view.weighted).upper, high.best(view.weighted).lower
    return upper is not None and lower is not None and upper < lower


def found_stack(view: View, title: str, rows: Sequence[Row], marked: str, *, conditional: bool) -> str:
    """The row whose marked answers weigh most."""
    ranked = [(row.marked.best(view.weighted).value, row) for row in rows if row.marked]
    if not ranked:
        return title
    share, row = max(ranked, key=lambda pair: pair[0])
    return _("%(percent)s répondent %(answers)s : « %(item)s »") % {
        "percent": _of_whom(numerals.said(share, language=view.language), conditional),
        "answers": marked,
        "item": row.label.rstrip(" ."),
    }


def found_threshold(view: View, title: str, threshold: float, cell: Cell | None) -> str:
    if cell is None:
        return title
    return _("%(title)s : %(percent)s des personnes atteignent le seuil de %(threshold)s") % {
        "title": title,
        "percent": _percent(view, cell),
        "threshold": numerals.number(threshold, digits=1, language=view.language),
    }


def spread(view: View, rows: Sequence[Row], *, share: bool) -> str:
    """« , de 28 % (…) à 60 % (…) », only where the two differ for sure.

    The extremes of k groups are far apart by chance alone. So their difference is judged among all
    k(k - 1)/2 pairs (Bonferroni, 5 % in all). Groups that print the same number as an extreme are named with it.
    """
    known: list[tuple[Estimate, Row]] = [
        (cell.best(view.weighted), row)
        for row in rows
        if (cell := row.marked if len(row.segments) > 1 else row.segments[0].cell)
    ]
    if len(known) < 2:
        return ""
    lowest, highest = min(known, key=lambda p: p[0].value), max(known, key=lambda p: p[0].value)
    if not _differ(lowest[0], highest[0], groups=len(known)):
        return ""

    def named(extreme: Estimate) -> tuple[str, str]:
        written = numerals.said(extreme.value, share=share, language=view.language)
        same = [
            lowered(row.label)
            for estimate, row in known
            if numerals.said(estimate.value, share=share, language=view.language) == written
        ]
        if len(same) > 2:
            return written, ""
        return written, _(" et ").join(same)

    (low, low_groups), (high, high_groups) = named(lowest[0]), named(highest[0])
    return _(", de %(low)s à %(high)s") % {
        "low": f"{low} ({low_groups})" if low_groups else low,
        "high": f"{high} ({high_groups})" if high_groups else high,
    }


def _differ(low: Estimate, high: Estimate, *, groups: int) -> bool:
    """Whether two of *groups* groups differ, from the sides of their 95 % intervals that face each other."""
    if low.upper is None or high.lower is None:
        return False
    usual = NormalDist().inv_cdf(0.975)
    error = math.hypot(low.upper - low.value, high.value - high.lower) / usual
    needed = NormalDist().inv_cdf(1 - 0.05 / (groups * (groups - 1)))
    return error > 0 and (high.value - low.value) / error > needed


def found_mean(view: View, title: str, cell: Cell | None, unit: str) -> str:
    if cell is None:
        return title
    mean = numerals.value(cell.best(view.weighted).value, share=False, language=view.language)
    if unit and unit.split(" ")[0].casefold() not in title.casefold():
        mean = f"{mean} {unit}"
    return _("%(title)s : %(mean)s en moyenne") % {"title": title, "mean": mean}
