"""Estimates and their intervals as readers of the language write them (numbers: santesurvey.numerals)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analytics.results import Estimate
from santesurvey.numerals import number, percent

__all__ = ["interval", "number", "percent", "value"]


def value(estimate: float, *, share: bool, language: str | None = None) -> str:
    return percent(estimate, language=language) if share else number(estimate, digits=1, language=language)


def interval(estimate: Estimate, *, share: bool, language: str | None = None) -> str:
    """The bounds in words: "47 à 52 %"; a dash where they are not known."""
    if estimate.lower is None or estimate.upper is None:
        return "–"
    if share:
        low = number(100 * estimate.lower, language=language)
        return _("%(low)s à %(high)s") % {"low": low, "high": percent(estimate.upper, language=language)}
    return _("%(low)s à %(high)s") % {
        "low": number(estimate.lower, digits=1, language=language),
        "high": number(estimate.upper, digits=1, language=language),
    }
