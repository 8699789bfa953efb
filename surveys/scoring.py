"""Scores of scales from answers, the same on server and browser (frontend/src/twins/scoring.js)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveys.definition import Band, Scale


def score(scale: Scale, answers: Mapping[str, Any]) -> float | None:
    """The score of one respondent, or None where fewer than `scale.min_answered` items were answered.

    Each answered item is worth ``points[option]``, or ``low + high - points[option]`` for a reversed item,
    low and high being the extremes of the points. The score is their mean, or for the method "sum" the mean
    times the number of items, so that a sum with a missing item stays comparable.

    Source for the Copenhagen Burnout Inventory: Kristensen, Borritz, Villadsen, Christensen (2005),
    Work & Stress 19(3), 192-207.

    >>> scale = Scale(code="s", title={"fr": "S"}, items=["a", "b", "c"], reverse=["c"], min_answered=2,
    ...               points={"always": 100, "often": 75, "never": 0})
    >>> score(scale, {"a": "always", "b": "often", "c": "always"})
    58.333333333333336
    >>> score(scale, {"a": "always"}) is None
    True
    """
    low, high = min(scale.points.values()), max(scale.points.values())
    worth = []
    for item in scale.items:
        points = scale.points.get(answers.get(item, ""))
        if points is not None:
            worth.append(low + high - points if item in scale.reverse else points)
    if len(worth) < scale.min_answered:
        return None
    total = 0.0
    for points in worth:  # not sum(): since Python 3.12 it compensates rounding, which the browser does not
        total += points
    mean = total / len(worth)
    return mean * len(scale.items) if scale.method == "sum" else mean


def band(scale: Scale, value: float) -> Band | None:
    """The band that *value* falls in: the last one that starts at or below it."""
    reached = [band for band in scale.bands if band.start <= value]
    return reached[-1] if reached else None
