"""From the key of a display to what it shows (`Display`), in the view that the reader chose."""

from __future__ import annotations

from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from analytics import numerals
from analytics.bases import conditional
from analytics.charts import words
from analytics.charts.displays import Display, Row, Segment, View
from analytics.results import ALL, Cell, Estimate, Figure
from analytics.specification import Grouping
from surveys.definition import Question, Scale, text


class NoSuchFigure(LookupError):
    """The key names nothing in this estimate set."""


def display(view: View, key: str) -> Display:
    """The display that *key* names. Raises `NoSuchFigure`."""
    with translation.override(view.language):
        name, _sign, by = key.partition("@")
        grouping = next((g for g in view.results.groupings if g.variable == by), None)
        if by and grouping is None:
            raise NoSuchFigure(key)
        figure = view.results.figure(name)
        if figure is None:
            shown = _matrix(view, key, name)
        elif grouping:
            shown = _by_group(view, key, figure, grouping)
        else:
            shown = _plain(view, key, figure)
        if view.group == ALL or grouping:
            return shown
        # A chart travels without its page: its title says whom it is about.
        group = words.group_label(view, view.group)
        return replace(
            shown, finding=_("%(group)s. %(finding)s") % {"group": group, "finding": shown.finding}
        )


def _plain(view: View, key: str, figure: Figure) -> Display:
    match figure.spec.kind:
        case "single":
            return _single(view, key, figure)
        case "multiple":
            return _multiple(view, key, figure)
        case "bands":
            return _stack_of_bands(view, key, figure, [view.group])
        case "combination":
            return _combination(view, key, figure, [view.group])
    return _measures(view, key, figure, [view.group])


def _by_group(view: View, key: str, figure: Figure, grouping: Grouping) -> Display:
    """Everyone, then each group that may be described."""
    groups = [ALL, *view.results.groups(grouping)]
    match figure.spec.kind:
        case "single":
            return _crossed(view, key, figure, groups)
        case "bands":
            return _stack_of_bands(view, key, figure, groups)
        case "combination":
            return _combination(view, key, figure, groups)
        case "number" | "scale":
            return _measures(view, key, figure, groups)
    raise NoSuchFigure(key)


def _question(view: View, figure: Figure) -> Question:
    question = words.question_of(view.questionnaire, figure.spec.variable)
    if question is None:
        raise NoSuchFigure(figure.key)
    return question


def _scale(view: View, figure: Figure) -> Scale | None:
    return next((s for s in view.questionnaire.scales if s.code == figure.spec.variable), None)


def _exact(view: View, question: Question, variable: str) -> str:
    """The question in its exact words, with the item where it is one of a matrix."""
    label = text(question.label, view.language)
    item = next((row for row in question.rows if row.code == variable), None)
    return f"{label} {text(item.label, view.language)}" if item else label


def _of_some(view: View, question: Question | None) -> bool:
    """Whether not everyone is asked *question*."""
    return question is not None and question.code in conditional(view.questionnaire)


def _common(view: View, key: str, figure: Figure, question: Question | None) -> dict[str, object]:
    weighted = view.weighted and view.results.weighted
    main = view.results.groupings[0].variable if view.results.groupings else ""
    crossable = main and figure.spec.kind != "multiple" and figure.spec.variable != main
    return {
        "key": key,
        "base": words.base(view, figure, conditional=_of_some(view, question)),
        "source": words.source(view, figure.key),
        "weighted": weighted,
        "language": view.language,
        "crossing": f"{figure.key}@{main}" if crossable and "@" not in key and view.group == ALL else "",
    }


def _single(view: View, key: str, figure: Figure) -> Display:
    question = _question(view, figure)
    labels = words.option_labels(view, question)
    rows = [
        Row(labels.get(code, code), figure.n(view.group), (Segment("", figure.cell(code, view.group)),))
        for code in figure.spec.codes
    ]
    place = _point(view, figure, rows)
    title = words.label_of_variable(view, figure.spec.variable)
    return Display(
        shape="bars",
        finding=words.found_single(view, title, rows, place, conditional=_of_some(view, question)),
        question=_exact(view, question, figure.spec.variable),
        rows=tuple(rows),
        accent=place,
        **_common(view, key, figure, question),  # type: ignore[arg-type]
    )


def _point(view: View, figure: Figure, rows: list[Row]) -> int:
    """The row that the title speaks of: "yes" where it is an answer, else the most frequent."""
    if "yes" in figure.spec.codes and rows[figure.spec.codes.index("yes")].segments[0].cell:
        return figure.spec.codes.index("yes")
    shares = [
        row.segments[0].cell.best(view.weighted).value if row.segments[0].cell else -1.0 for row in rows
    ]
    return shares.index(max(shares))


def _multiple(view: View, key: str, figure: Figure) -> Display:
    question = _question(view, figure)
    labels = words.option_labels(view, question)
    rows = [
        Row(labels.get(code, code), figure.n(view.group), (Segment("", figure.cell(code, view.group)),))
        for code in figure.spec.codes
    ]
    rows.sort(
        key=lambda row: row.segments[0].cell.best(view.weighted).value if row.segments[0].cell else -1.0,
        reverse=True,
    )
    return Display(
        shape="bars",
        finding=words.found_multiple(
            view, words.short(question, view.language), rows, conditional=_of_some(view, question)
        ),
        question=text(question.label, view.language),
        rows=tuple(rows),
        notes=(_("Plusieurs réponses possibles : le total dépasse 100 %."),),
        **_common(view, key, figure, question),  # type: ignore[arg-type]
    )


def _matrix(view: View, key: str, name: str) -> Display:
    """All items of a matrix question, one row each."""
    question = next((q for q in view.questionnaire.questions() if q.code == name and q.rows), None)
    if question is None:
        raise NoSuchFigure(key)
    figures = [figure for row in question.rows if (figure := view.results.figure(row.code))]
    if not figures:
        raise NoSuchFigure(key)
    labels = words.option_labels(view, question)
    codes = figures[0].spec.codes
    together = _marked(view, figures[0])
    rows = []
    for figure in figures:
        mark = view.results.figure(figure.key + together[0]) if together[0] else None
        rows.append(
            Row(
                words.label_of_variable(view, figure.key),
                figure.n(view.group),
                tuple(Segment(labels.get(code, code), figure.cell(code, view.group)) for code in codes),
                marked=mark.cell(group=view.group) if mark else figure.cell(codes[0], view.group),
            )
        )
    marked = words.joined([labels.get(code, code) for code in together[1] or codes[:1]])
    scaled = any(set(codes) <= set(scale.points) for scale in view.questionnaire.scales)
    return Display(
        shape="stack",
        finding=words.found_stack(
            view, words.short(question, view.language), rows, marked, conditional=_of_some(view, question)
        ),
        question=text(question.label, view.language),
        rows=tuple(rows),
        palette="sequential" if scaled or len(codes) < 3 else "diverging",
        marked=marked,
        **{  # type: ignore[arg-type]
            **_common(view, key, figures[0], question),
            "base": words.base_of_rows(view, figures, conditional=_of_some(view, question)),
            "source": words.source(view, question.code),
            "crossing": "",
        },
    )


def _marked(view: View, figure: Figure) -> tuple[str, tuple[str, ...]]:
    """The combination that starts at the first answer, if one was estimated: its suffix and its codes."""
    for spec in view.results.specs.values():
        if spec.parent == figure.key and spec.codes == figure.spec.codes[: len(spec.codes)]:
            return spec.key.removeprefix(figure.key), spec.codes
    return "", ()


def _crossed(view: View, key: str, figure: Figure, groups: list[str]) -> Display:
    """Answers to one question, a row per group."""
    question = _question(view, figure)
    labels = words.option_labels(view, question)
    together = _marked(view, figure)
    mark = view.results.figure(figure.key + together[0]) if together[0] else None
    first = figure.spec.codes[0]
    rows = tuple(
        Row(
            words.group_label(view, group),
            figure.n(group),
            tuple(Segment(labels.get(code, code), figure.cell(code, group)) for code in figure.spec.codes),
            marked=mark.cell(group=group) if mark else figure.cell(first, group),
        )
        for group in groups
    )
    title = words.label_of_variable(view, figure.spec.variable)
    marked = words.joined([labels.get(code, code) for code in together[1] or (first,)])
    scaled = any(set(figure.spec.codes) <= set(scale.points) for scale in view.questionnaire.scales)
    wide = len(figure.spec.codes) > 5
    found = _("%(title)s, selon le groupe") % {"title": title}
    if differ := words.spread(view, rows[1:], share=True):
        found = _("%(name)s : %(value)s") % {"name": title, "value": marked + differ}
    return Display(
        shape="stack",
        finding=found,
        question=_exact(view, question, figure.spec.variable),
        rows=rows,
        palette="sequential" if scaled or wide or len(figure.spec.codes) < 3 else "diverging",
        marked=marked,
        **_common(view, key, figure, question),  # type: ignore[arg-type]
    )


def _stack_of_bands(view: View, key: str, figure: Figure, groups: list[str]) -> Display:
    """Bands of a scale, the highest first so that its share starts at zero."""
    scale = _scale(view, figure)
    if scale is None:
        raise NoSuchFigure(key)
    labels = band_labels(view, scale, figure)
    critical = view.results.figure(f"{scale.code}.critical")
    rows = tuple(
        Row(
            words.group_label(view, group),
            figure.n(group),
            tuple(Segment(labels[code], figure.cell(code, group)) for code in reversed(figure.spec.codes)),
            marked=critical.cell(group=group) if critical else None,
        )
        for group in groups
    )
    title = text(scale.title, view.language)
    found = view.results.figure(scale.code)
    quartiles = _quartiles(view, found, view.group) if found else None
    if quartiles:
        median = numerals.value(quartiles[1].value, share=False, language=view.language)
        title = _("%(title)s : score médian de %(median)s") % {"title": title, "median": median}
    return Display(
        shape="stack",
        finding=title,
        question=_items_of(view, scale),
        rows=rows,
        palette="sequential",
        marked=_("au seuil ou au-dessus"),
        **_common(view, key, figure, None),  # type: ignore[arg-type]
    )


def _combination(view: View, key: str, figure: Figure, groups: list[str]) -> Display:
    """One share, alone or by group."""
    scale = _scale(view, figure)
    rows = [
        Row(words.group_label(view, group), figure.n(group), (Segment("", figure.cell(group=group)),))
        for group in groups
    ]
    cell = figure.cell(group=view.group)
    if scale is not None:
        parent = view.results.specs[figure.spec.parent]
        threshold = min(parent.starts[parent.codes.index(code)] for code in figure.spec.codes)
        title = words.found_threshold(view, text(scale.title, view.language), threshold, cell)
        question, asked = None, _items_of(view, scale)
    else:
        question = _question(view, figure)
        labels = words.option_labels(view, question)
        answers = words.joined([labels.get(code, code) for code in figure.spec.codes])
        name = words.label_of_variable(view, figure.spec.variable)
        title = _("%(name)s : %(value)s") % {"name": name, "value": answers}
        if cell:
            title = _("%(title)s, %(percent)s") % {
                "title": title,
                "percent": numerals.said(cell.best(view.weighted).value, language=view.language),
            }
        asked = _exact(view, question, figure.spec.variable)
    return Display(
        shape="bars",
        finding=title + (words.spread(view, rows[1:], share=True) if len(rows) > 2 else ""),
        question=asked,
        rows=tuple(rows),
        **_common(view, key, figure, question),  # type: ignore[arg-type]
    )


def _measures(view: View, key: str, figure: Figure, groups: list[str]) -> Display:
    """Mean, quartiles and interval of a number or a score, a row per group."""
    scale = _scale(view, figure)
    question = None if scale else _question(view, figure)
    title = text(scale.title, view.language) if scale else words.short(question, view.language)  # type: ignore[arg-type]
    unit = text(question.unit, view.language) if question and question.unit else ""
    rows = [
        Row(
            words.group_label(view, group),
            figure.n(group),
            (Segment("", figure.cell(group=group)),),
            quartiles=_quartiles(view, figure, group),
        )
        for group in groups
    ]
    cell: Cell | None = figure.cell(group=view.group)
    return Display(
        shape="measure",
        finding=words.found_mean(view, title, cell, unit)
        + (words.spread(view, rows[1:], share=False) if len(rows) > 2 else ""),
        question=_items_of(view, scale) if scale else text(question.label, view.language),  # type: ignore[union-attr]
        rows=tuple(rows),
        unit=unit,
        notes=(_("Point : moyenne. Bande : la moitié centrale des réponses. Trait vertical : médiane."),),
        **_common(view, key, figure, question),  # type: ignore[arg-type]
    )


def _quartiles(view: View, figure: Figure, group: str) -> tuple[Estimate, Estimate, Estimate] | None:
    found = figure.quantiles(group)
    if found is None:
        return None
    best = found.best(view.weighted)
    if not {0.25, 0.5, 0.75} <= set(best):
        return None  # too few people for a quarter of them
    return best[0.25], best[0.5], best[0.75]


def band_labels(view: View, scale: Scale, figure: Figure) -> dict[str, str]:
    """The names of bands; those that a threshold cut out are named by their bounds."""
    known = {band.code: text(band.label, view.language) for band in scale.bands}
    return {
        code: known.get(code, _("à partir de %(start)s") % {"start": numerals.number(start, digits=1)})
        for code, start in zip(figure.spec.codes, figure.spec.starts, strict=True)
    }


def _items_of(view: View, scale: Scale) -> str:
    method = _("moyenne") if scale.method == "mean" else _("somme")
    words_ = _("Score « %(title)s », %(method)s de %(items)s réponses") % {
        "title": text(scale.title, view.language),
        "method": method,
        "items": len(scale.items),
    }
    return f"{words_}. {scale.source}" if scale.source else words_
