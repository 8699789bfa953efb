"""Texts on their way into a spreadsheet."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """*text* as a cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("Oui")
    ("'=1+1", 'Oui')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
