"""A chart of the results as it goes into the white paper: its drawing, its sentence, its numbers."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analytics.charts import theme, words
from analytics.charts.displays import Display, Row
from analytics.charts.drawing import drawing as specification
from analytics.charts.drawing import withheld_note
from analytics.charts.rendering import alternative
from analytics.numerals import interval, number, value
from analytics.reporting.paper import Drawing, Table
from analytics.results import Cell


def drawing(shown: Display, name: str, *, headline: bool) -> tuple[Drawing, str]:
    """The figure *shown*, to be stored as *name*, and its SVG; *headline*: it is about the study's subject."""
    notes = [f"{shown.base}. {words.method(shown.weighted)}", *shown.notes]
    if shown.withheld:
        notes.append(withheld_note())
    figure = Drawing(
        finding=shown.finding,
        question=shown.question,
        file=name,
        alt=alternative(shown),
        note=" ".join(notes),
        table=_table(shown),
        headline=headline and shown.share,
    )
    return figure, _plot(shown)


def _table(shown: Display) -> Table:
    """One line per row of the chart: the number, its interval, its base."""
    head = {
        "bars": _("Part"),
        "stack": shown.marked[:1].upper() + shown.marked[1:] if shown.marked else _("Part"),
        "measure": _("Moyenne"),
    }[shown.shape]
    rows = [
        [row.label, *_numbers(shown, _said(shown, row)), _("n. c.") if row.n is None else number(row.n)]
        for row in shown.rows
    ]
    return Table(
        columns=["", head, _("Intervalle à 95 %"), "n"], rows=rows, numbers=3, widths=[25, 12, 21, 10]
    )


def _said(shown: Display, row: Row) -> Cell | None:
    if shown.shape == "stack":
        return row.marked
    return row.segments[0].cell if row.segments else None


def _numbers(shown: Display, cell: Cell | None) -> list[str]:
    if cell is None:
        return [_("n. c."), _("n. c.")]
    estimate = shown.estimate(cell)
    return [
        value(estimate.value, share=shown.share),
        interval(estimate, share=shown.share),
    ]


def _plot(shown: Display) -> str:
    """The plot alone: the words around it are the document's own."""
    import vl_convert  # here, not above: see analytics.charts.canvas

    theme.register_fonts()
    svg: str = vl_convert.vegalite_to_svg(specification(shown, complete=False))
    return svg
