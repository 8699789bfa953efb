"""From the fields of a posted form to raw answers, for `surveys.validation.check`.

The browser reads its own form in the same way (frontend/src/respondent/form.js): one field per variable.
"""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict

from surveys.routing import Compiled

NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]*)?|[-+]?[.,][0-9]+", re.ASCII)
SPACES = str.maketrans("", "", " \t\u00a0\u202f\u2009")


def answers_from_post(compiled: Compiled, post: QueryDict) -> dict[str, Any]:
    """Raw answers to the questionnaire; fields that it does not know are left out."""
    answers: dict[str, Any] = {}
    for variable, question in compiled.variables.items():
        if variable not in post:
            continue
        if question.type == "multiple" and variable == question.code:
            answers[variable] = [value for value in post.getlist(variable) if value]
        elif question.type in {"integer", "decimal"}:
            answers[variable] = number(str(post[variable]))
        else:
            answers[variable] = str(post[variable])
    return answers


def number(written: str) -> int | float | str:
    """The number that was written, as people write them; the text itself where there is none.

    >>> number("35,5"), number(" 1 200 "), number("trente")
    (35.5, 1200, 'trente')
    """
    compact = written.translate(SPACES)
    if not NUMBER.fullmatch(compact) or len(compact) > 30:
        return written.strip()
    value = float(compact.replace(",", "."))
    return int(value) if value == int(value) else value
