"""`{{ step.share|percent }}`, `{{ line.target|share }}`: percents as the language writes them."""

from __future__ import annotations

from django import template

from santesurvey import numerals

register = template.Library()


@register.filter
def percent(value: float, digits: int = 0) -> str:
    """*value* from 0 to 100, with *digits* decimals."""
    return numerals.percent(value / 100, digits=digits)


@register.filter
def share(value: float, digits: int = 1) -> str:
    """*value* from 0 to 1, with *digits* decimals."""
    return numerals.percent(value, digits=digits)
