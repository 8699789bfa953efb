"""How wide words are, so that labels break where they must: from the fonts that draw them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

FILES = {
    ("sans", 400): "SourceSans3_400Regular.ttf",
    ("sans", 600): "SourceSans3_600SemiBold.ttf",
    ("serif", 600): "SourceSerif4_600SemiBold.ttf",
}
#: Mean width of a letter in ems where a font is not there: wide enough for the sans-serif fonts of systems.
MEAN = 0.56


@cache
def _advances(face: str, weight: int) -> dict[int, float]:
    """Width of each character in ems; empty where the font is not built."""
    path = Path(settings.FRONTEND_DIST) / "ttf" / FILES[face, weight]
    if not path.exists():
        return {}
    from fontTools.ttLib import TTFont  # here, not above: see analytics.charts.canvas

    with TTFont(path, lazy=True) as font:
        metrics, units = font["hmtx"].metrics, font["head"].unitsPerEm
        return {sign: metrics[glyph][0] / units for sign, glyph in font.getBestCmap().items()}


def width(content: str, size: float, *, face: str = "sans", weight: int = 400) -> float:
    """Pixels that *content* takes at *size*."""
    advances = _advances(face, weight)
    return size * sum(advances.get(ord(sign), MEAN) for sign in content)


def wrapped(content: str, size: float, limit: float, *, face: str = "sans", weight: int = 400) -> list[str]:
    """*content* in lines of at most *limit* pixels, broken at spaces; no-break spaces hold."""
    lines: list[str] = []
    current = ""
    for word in content.split(" "):
        longer = f"{current} {word}" if current else word
        if current and width(longer, size, face=face, weight=weight) > limit:
            lines.append(current)
            current = word
        else:
            current = longer
    return [*lines, current]
