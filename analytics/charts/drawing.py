"""A display as one Vega-Lite specification, through Altair.

Labels stand above their bars, so that a chart fits a phone. Rows have fixed heights: the vertical axis counts
pixels, the horizontal one is in the units of the figure. The plain drawing is the plot alone, for pages that
write the words in HTML; the complete one carries title, question, base, method and source.
"""

from __future__ import annotations

import math
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from analytics import numerals
from analytics.charts import theme, words
from analytics.charts.canvas import Canvas
from analytics.charts.displays import Display, Row
from analytics.charts.measuring import width, wrapped

BAR = 14
LABEL = 17  # a line of label
GAP = 13
VALUE = 60  # on the right of a label, for its number


def drawing(display: Display, *, complete: bool = False) -> dict[str, Any]:
    """The Vega-Lite specification of *display*."""
    with translation.override(display.language):
        canvas = Canvas()
        if complete:
            _head(canvas, display)
        low, high = 0.0, 1.0
        match display.shape:
            case "bars":
                high = _bars(canvas, display)
            case "stack":
                _stack(canvas, display)
            case "measure":
                low, high = _measures(canvas, display)
        if complete:
            _foot(canvas, display)
        return canvas.specification(low, high)


def _head(canvas: Canvas, display: Display) -> None:
    for line in wrapped(display.finding, 19, theme.WIDTH, face="serif", weight=600):
        canvas.height += 24
        canvas.text(line, 0, canvas.height - 6, size=19, weight=600, serif=True)
    for line in wrapped(display.question, 14, theme.WIDTH):
        canvas.height += 18
        canvas.text(line, 0, canvas.height - 4, colour=theme.QUIET)
    canvas.height += 14


def _foot(canvas: Canvas, display: Display) -> None:
    canvas.height += 8
    notes = [f"{display.base}. {words.method(display.weighted)}", *display.notes]
    if display.withheld:
        notes.append(withheld_note())
    for note in [*notes, display.source]:
        for line in wrapped(note, 12, theme.WIDTH):
            canvas.height += 15
            canvas.text(line, 0, canvas.height - 3, size=12, colour=theme.QUIET)


def withheld_note() -> str:
    return _("n. c. : non communiqué, pour que personne ne puisse être reconnu.")


def _label(canvas: Canvas, row: Row, *, limit: float = theme.WIDTH - VALUE, weight: int = 400) -> None:
    for line in wrapped(row.label, 14, limit, weight=weight):
        canvas.height += LABEL
        canvas.text(line, 0, canvas.height - 4, weight=weight)


def _value(canvas: Canvas, content: str, *, weight: int = 400, quiet: bool = False) -> None:
    """A number at the right end of the last line of a label."""
    colour = theme.QUIET if quiet else theme.INK
    size = 14 if quiet else 15
    canvas.text(
        content, theme.WIDTH, canvas.height - 4, weight=weight, align="right", size=size, colour=colour
    )


def _bars(canvas: Canvas, display: Display) -> float:
    """Bars from zero, the interval drawn on them, the number on the right. Returns the end of the scale."""
    found = [display.estimate(s.cell) for row in display.rows for s in row.segments if s.cell]
    high = max([estimate.upper or estimate.value for estimate in found] + [0.1])
    scale = min(1.0, high * 1.02) if high > 0.5 else high * 1.1
    for index, row in enumerate(display.rows):
        point = index == display.accent
        weight = 600 if point else 400
        _label(canvas, row, weight=weight)
        cell, top = row.segments[0].cell, canvas.height
        if cell is None:
            _value(canvas, _("n. c."), quiet=True)
        else:
            estimate = display.estimate(cell)
            canvas.box(0, estimate.value, top, BAR, theme.ACCENT if point else theme.GREY)
            if estimate.lower is not None and estimate.upper is not None:
                canvas.interval(estimate.lower, estimate.upper, top + BAR / 2)
            _value(canvas, numerals.percent(estimate.value), weight=weight)
        canvas.height = top + (BAR if cell else 0) + GAP
    return scale


def _colours(display: Display) -> list[str]:
    count = len(display.rows[0].segments)
    return theme.diverging(count) if display.palette == "diverging" else theme.sequential(count)


def _stack(canvas: Canvas, display: Display) -> None:
    """Whole bars of 100 %, their parts labelled inside; the interval of what is marked, on its boundary."""
    colours = _colours(display)
    _legend(canvas, [segment.label for segment in display.rows[0].segments], colours)
    for row in display.rows:
        _label(canvas, row, limit=theme.WIDTH)
        top, height = canvas.height, BAR + 6
        for start, share, colour in _parts(display, row, colours):
            canvas.box(start, start + share, top, height, colour)
            if share >= 0.085:
                hidden = colour == theme.WITHHELD
                canvas.text(
                    _("n. c.") if hidden else numerals.percent(share),
                    (start + share / 2) * theme.WIDTH,
                    top + height - 6,
                    size=12,
                    colour=theme.QUIET if hidden else theme.on(colour),
                    align="center",
                )
        canvas.height = top + height
        marked = display.estimate(row.marked) if row.marked else None
        if marked and marked.lower is not None and marked.upper is not None:
            canvas.interval(marked.lower, marked.upper, canvas.height + 5)
            canvas.height += 6
        canvas.height += GAP


def _parts(display: Display, row: Row, colours: list[str]) -> list[tuple[float, float, str]]:
    """Start, length and colour of each part of a bar. What is withheld is one part, where its first cell was."""
    shares = [display.estimate(s.cell).value if s.cell else None for s in row.segments]
    hidden = max(0.0, 1.0 - sum(share for share in shares if share is not None))
    parts: list[tuple[float, float, str]] = []
    at, placed = 0.0, False
    for share, colour in zip(shares, colours, strict=True):
        if share is None and placed:
            continue
        length = hidden if share is None else share
        parts.append((at, length, theme.WITHHELD if share is None else colour))
        placed = placed or share is None
        at += length
    return parts


def _legend(canvas: Canvas, labels: list[str], colours: list[str]) -> None:
    """Names of the parts, in their order, on as many lines as they need."""
    x = 0.0
    canvas.height += LABEL
    for label, colour in zip(labels, colours, strict=True):
        taken = 16 + width(label, 13) + 12
        if x and x + taken > theme.WIDTH + 12:
            x = 0.0
            canvas.height += LABEL
        canvas.words.append(
            {
                "text": "■",
                "px": x,
                "y": canvas.height - 4,
                "size": 14,
                "colour": colour,
                "style": "left 400 sans",
            }
        )
        canvas.text(label, x + 16, canvas.height - 4, size=13, colour=theme.QUIET)
        x += taken
    canvas.height += 8


def _measures(canvas: Canvas, display: Display) -> tuple[float, float]:
    """The middle half as a band, the median as a tick, the mean as a point with its interval."""
    ends: list[float] = []
    for row in display.rows:
        cell = row.segments[0].cell
        if cell:
            estimate = display.estimate(cell)
            ends += [estimate.value, *(e for e in (estimate.lower, estimate.upper) if e is not None)]
        ends += [quartile.value for quartile in row.quartiles or ()]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    margin = (high - low or 1.0) * 0.08
    low, high = (low - margin if low < 0 or low > margin else 0.0), high + margin
    first_row = canvas.height + LABEL
    for index, row in enumerate(display.rows):
        point = index == display.accent
        _label(canvas, row, weight=600 if point and len(display.rows) > 1 else 400)
        cell, top = row.segments[0].cell, canvas.height
        if cell is None:
            _value(canvas, _("n. c."), quiet=True)
        else:
            estimate = display.estimate(cell)
            if row.quartiles:
                first, median, third = (quartile.value for quartile in row.quartiles)
                canvas.box(first, third, top + 1, BAR - 2, theme.SEQUENTIAL[4])
                canvas.line(median, median, top, top + BAR, theme.SEQUENTIAL[1], 2)
            if estimate.lower is not None and estimate.upper is not None:
                canvas.line(estimate.lower, estimate.upper, top + BAR / 2, top + BAR / 2, theme.INTERVAL)
            canvas.points.append({"x": estimate.value, "y": top + BAR / 2, "colour": theme.ACCENT})
            _value(canvas, numerals.value(estimate.value, share=False), weight=600)
        canvas.height = top + (BAR if cell else 0) + GAP
    _grid(canvas, low, high, first_row)
    return low, high


def _grid(canvas: Canvas, low: float, high: float, top: float) -> None:
    """Lines at round values behind the rows, their values under them."""
    bottom = canvas.height - GAP + 6
    for tick in round_values(low, high):
        line = {"x": tick, "x2": tick, "y": top, "y2": bottom, "colour": theme.LINE, "width": 1}
        canvas.grid.append(line)
        at = (tick - low) / (high - low) * theme.WIDTH
        canvas.text(
            numerals.number(tick, digits=1), at, bottom + 14, size=12, colour=theme.QUIET, align="center"
        )
    canvas.height = bottom + 20


def round_values(low: float, high: float, *, count: int = 5) -> list[float]:
    """About *count* round numbers between *low* and *high*.

    >>> round_values(28.0, 57.0)
    [30.0, 35.0, 40.0, 45.0, 50.0, 55.0]
    """
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= raw * 0.75)
    first = math.ceil(low / step)
    return [round(index * step, 10) for index in range(first, math.floor(high / step) + 1)]
