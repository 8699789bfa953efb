"""Estimates and their intervals as readers of the language write them (numbers: santesurvey.numerals)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analytics.results import Estimate
from santesurvey.numerals import number, percent

__all__ = ["interval", "number", "percent", "said", "value"]


def value(estimate: float, *, share: bool, language: str | None = None) -> str:
    """A share in whole percents, a mean with one decimal, also where that is a zero: 61,0."""
    if share:
        return percent(estimate, language=language)
    return number(estimate, digits=1, fixed=True, language=language)


def said(estimate: float, *, share: bool = True, language: str | None = None) -> str:
    """The same inside a sentence: "moins de 1 %" where a table has "< 1 %"."""
    written = value(estimate, share=share, language=language)
    if written.startswith("< "):
        return _("moins de %(percent)s") % {"percent": written[2:]}
    if written.startswith("> "):
        return _("plus de %(percent)s") % {"percent": written[2:]}
    return written


def interval(estimate: Estimate, *, share: bool, language: str | None = None) -> str:
    """The bounds in words: "47 à 52 %"; a dash where they are not known."""
    if estimate.lower is None or estimate.upper is None:
        return "–"
    if share:
        # Bounds are written as plain numbers: "0 à 1 %", never "0 à < 1 %".
        low = number(100 * estimate.lower, language=language)
        points = float(number(100 * estimate.upper, language="en"))
        high = percent((points or float(estimate.upper > 0)) / 100, language=language)
        return _("%(low)s à %(high)s") % {"low": low, "high": high}
    return _("%(low)s à %(high)s") % {
        "low": value(estimate.lower, share=False, language=language),
        "high": value(estimate.upper, share=False, language=language),
    }
