"""Numbers as readers of the language write them: the one place that formats them.

French: 49 %, 12 345, 3,2 (narrow no-break spaces). English: 49%, 12,345, 3.2.
"""

from __future__ import annotations

from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language


def _language(language: str | None) -> str:
    return (language or get_language() or "fr").replace("-", "_")


def percent(share: float, *, digits: int = 0, language: str | None = None) -> str:
    """A share from 0 to 1. Under half a percent that is not zero is "moins de 1 %".

    >>> percent(0.4851, language="en"), percent(0.0021, language="en", digits=1)
    ('49%', '0.2%')
    """
    locale = _language(language)
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    spaced = "%" if locale.startswith("en") else "\u202f%"
    if digits == 0 and 0 < share < 0.005:
        return "< " + format_percent(0.01, format=f"{pattern}{spaced}", locale=locale)
    return format_percent(share, format=f"{pattern}{spaced}", locale=locale)


def number(value: float, *, digits: int = 0, language: str | None = None) -> str:
    """A count or a measure, at most *digits* decimals.

    >>> number(12345, language="en"), number(3.24, digits=1, language="en")
    ('12,345', '3.2')
    """
    pattern = "#,##0" + (f".{'#' * digits}" if digits else "")
    return format_decimal(value, format=pattern, locale=_language(language))
