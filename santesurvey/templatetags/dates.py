"""`|date` as Django has it, but that the first of a month is "1er" in French. A builtin: every template has it."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils.translation import get_language

register = template.Library()

FIRST = re.compile(r"(?<!\d)1(?= [^\W\d]|$)")


@register.filter(name="date", expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> str:
    """*value* in *form* (a name such as DATE_FORMAT, or Django's letters).

    >>> from django.utils.translation import override
    >>> with override("fr"):
    ...     date(day(2025, 9, 1), "j F Y"), date(day(2025, 9, 1), "j"), date(day(2025, 9, 21), "j F")
    ('1er septembre 2025', '1er', '21 septembre')
    """
    shown: str = defaultfilters.date(value, form)
    return FIRST.sub("1er", shown) if (get_language() or "").startswith("fr") else shown
