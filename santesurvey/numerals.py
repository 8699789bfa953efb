"""Numbers as readers of the language write them: the one place that formats them.

French: 49 %, 12 345, 3,2 (narrow no-break spaces). English: 49%, 12,345, 3.2.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language


def _language(language: str | None) -> str:
    return (language or get_language() or "fr").replace("-", "_")


def _rounded(value: float, digits: int) -> Decimal:
    """*value* at *digits* decimals, halves away from zero as schools and newspapers do: 48,5 is 49."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP) + 0


def percent(share: float, *, digits: int = 0, language: str | None = None) -> str:
    """A share from 0 to 1. What is not zero is never printed as zero, nor what is not all as all.

    >>> percent(0.4851, language="en"), percent(0.0021, language="en", digits=1), percent(0.485, language="en")
    ('49%', '0.2%', '49%')
    >>> percent(0.002, language="en"), percent(0.998, language="en"), percent(1, language="en")
    ('< 1%', '> 99%', '100%')
    """
    locale = _language(language)
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    spaced = "%" if locale.startswith("en") else "\u202f%"
    if digits == 0 and 0 < share < 0.005:
        return "< " + format_percent(0.01, format=f"{pattern}{spaced}", locale=locale)
    if digits == 0 and 0.995 <= share < 1:
        return "> " + format_percent(0.99, format=f"{pattern}{spaced}", locale=locale)
    return format_percent(_rounded(share, digits + 2), format=f"{pattern}{spaced}", locale=locale)


def number(value: float, *, digits: int = 0, fixed: bool = False, language: str | None = None) -> str:
    """A count or a measure, at most *digits* decimals; *fixed*: exactly as many, as in a column of means.

    >>> number(12345, language="en"), number(3.25, digits=1, language="en"), number(60, digits=1, language="en")
    ('12,345', '3.3', '60')
    >>> number(60, digits=1, fixed=True, language="en")
    '60.0'
    """
    pattern = "#,##0" + (f".{('0' if fixed else '#') * digits}" if digits else "")
    return format_decimal(_rounded(value, digits), format=pattern, locale=_language(language))
