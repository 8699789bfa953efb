"""The one look of every chart: colours, type, sizes. Light for files; on a page the tokens take over.

Inside a page a chart is inline SVG, so its colours are replaced by the variables of the style sheet
(frontend/src/design/figures.css), which has their dark values.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

VERSION = 2  # part of the cache key: raise it when the look changes

WIDTH = 420
# A name that ends with a digit is no CSS identifier: without quotes the renderer draws no text at all.
FONT = "'Source Sans 3', sans-serif"
SERIF = "'Source Serif 4', serif"
PAPER, INK, QUIET, LINE, GREY, ACCENT = "#fbfaf7", "#1b2426", "#56646a", "#dad8d0", "#c9c8c1", "#0e5a61"
INTERVAL = "#1b2427"  # ink, with a name of its own so that a page can turn it on dark bars
WITHHELD = "#eeece5"
# Sequential teal, strongest first; diverging teal to sand to rust. At most seven, told apart in grey too.
SEQUENTIAL = ("#0e5a62", "#3c7f84", "#72a6a8", "#a6c9c9", "#cfe3e2", "#e3efef", "#f0f6f5")
DIVERGING = ("#0e5a63", "#72a6a9", "#ece3cf", "#d99a7c", "#a6431e")
#: Figures written on a step of colour: on the strong ones, on the others.
ON_STRONG, ON_SOFT = "#fffffe", "#1b2425"

#: Colour of a file -> variable of the page.
VARIABLES = {
    PAPER: "--paper",
    INK: "--ink",
    QUIET: "--quiet",
    LINE: "--line",
    GREY: "--grey",
    ACCENT: "--accent",
    INTERVAL: "--figure-interval",
    WITHHELD: "--figure-withheld",
    ON_STRONG: "--on-strong",
    ON_SOFT: "--on-soft",
    **{colour: f"--sequential-{index}" for index, colour in enumerate(SEQUENTIAL, 1)},
    **{colour: f"--diverging-{index}" for index, colour in enumerate(DIVERGING, 1)},
}


def sequential(count: int) -> list[str]:
    """*count* steps, strongest first."""
    if count <= 2:
        return [SEQUENTIAL[0], SEQUENTIAL[3]][:count]
    if count == 3:
        return [SEQUENTIAL[0], SEQUENTIAL[2], SEQUENTIAL[4]]
    if count == 4:
        return [SEQUENTIAL[0], SEQUENTIAL[1], SEQUENTIAL[3], SEQUENTIAL[4]]
    return [SEQUENTIAL[min(index, len(SEQUENTIAL) - 1)] for index in range(count)]


def diverging(count: int) -> list[str]:
    """*count* steps from agreement to its contrary."""
    places = {
        2: (0, 4),
        3: (0, 2, 4),
        4: (0, 1, 3, 4),
        5: (0, 1, 2, 3, 4),
    }.get(count)
    return [DIVERGING[place] for place in places] if places else sequential(count)


def on(colour: str) -> str:
    """The colour of a figure written on *colour*."""
    return ON_STRONG if colour in {*SEQUENTIAL[:2], DIVERGING[0], DIVERGING[4], ACCENT} else ON_SOFT


CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": None,
    "padding": 0,
    "view": {"stroke": None},
    "text": {"fontSize": 14, "fill": INK, "font": FONT},
}


@cache
def register_fonts() -> bool:
    """Give the renderer the fonts that the front end was built with; False where they are not built.

    Without them charts are drawn with the renderer's own sans-serif: readable, only less handsome.
    """
    folder = Path(settings.FRONTEND_DIST) / "ttf"
    if not folder.is_dir():
        return False
    import vl_convert  # here, not above: see analytics.charts.canvas

    vl_convert.register_font_directory(str(folder))
    return True
