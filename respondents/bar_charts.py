"""Small columns for the screens of the fieldwork: whole numbers for SVG attributes, no style, no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 200  # of the view box; the drawing stretches to its place


@dataclass(frozen=True)
class Column:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Columns:
    """Columns over a scale from zero to *top*, with a line at half of it."""

    columns: list[Column]
    top: int
    middle: int
    width: int = WIDTH
    height: int = HEIGHT


def columns(values: Sequence[tuple[int, int]], *, top: int = 0) -> Columns:
    """One column a value, given as (how many units wide, how high), from left to right.

    *top* is the end of the scale, for two drawings over each other; by itself it is the next round number.
    """
    top = top or round_top(max((height for _, height in values), default=0))
    units = sum(width for width, _ in values) or 1
    drawn, before = [], 0
    for width, height in values:
        left, right = before * WIDTH // units, (before + width) * WIDTH // units
        gap = min(4, (right - left) // 4)
        high = round(height * HEIGHT / top)
        drawn.append(Column(left + gap // 2, HEIGHT - high, max(1, right - left - gap), high))
        before += width
    return Columns(drawn, top, top // 2)


def round_top(highest: int) -> int:
    """The smallest of 2, 4, 6, 8, 10, 12, 16, 20, 40… that is not below *highest*: half of it is round too.

    >>> round_top(0), round_top(7), round_top(11), round_top(52)
    (2, 8, 12, 60)
    """
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10, 12, 16):
            if step * size >= highest:
                return step * size
        size *= 10
