"""The colours of the design system, pair by pair: text at 4.5 to 1, controls and marks at 3 to 1."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "frontend" / "src" / "design" / "tokens.css"
GROUNDS = ["paper", "raised"]
TEXT = [
    *((ink, ground) for ink in ("ink", "quiet", "accent", "accent-strong", "warning") for ground in GROUNDS),
    *((ink, "accent-soft") for ink in ("ink", "quiet", "accent", "accent-strong")),
    *(("ink", ground) for ground in ("warning-soft", "positive-soft")),
    ("warning", "warning-soft"),
    ("positive", "positive-soft"),
    ("positive", "paper"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
MARKS = [("edge", "paper"), ("edge", "raised"), ("accent", "line"), ("accent", "paper"), ("accent", "grey")]


def themes() -> dict[str, dict[str, str]]:
    """Light, dark and print: the last two change some of the first."""
    blocks = re.findall(r":root \{(.*?)\}", TOKENS.read_text(), re.DOTALL)
    values = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in blocks]
    light, dark, _motion, printed = values
    return {"light": light, "dark": light | dark, "print": light | printed}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (MARKS, 3.0)], ids=["text", "marks"])
def test_every_pair_can_be_read(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = themes()[theme]
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}
