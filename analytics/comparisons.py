"""Figures published elsewhere that a survey can be held against.

A survey may have a file `surveys/questionnaires/<slug>.published.yaml`: what was published, where, and which
cells of which variable reproduce it.
"""

from __future__ import annotations


def combinations(slug: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Cells that a published figure adds up: key -> (variable, codes)."""
    return {}
