"""What the browser needs to know of a questionnaire to run it alone: structure and logic, no words.

The words are in the page's HTML, once. The JavaScript twins (frontend/src/twins/) read this form.
"""

from __future__ import annotations

from typing import Any

from surveys.definition import Question, Scale, text
from surveys.routing import Compiled


def logic(compiled: Compiled) -> dict[str, Any]:
    """Pages, questions, options, with expressions as trees; what has its default value is left out."""
    whole = compiled.questionnaire
    return {
        "choices": {
            name: [
                {"code": option.code}
                | ({"exclusive": True} if option.exclusive else {})
                | ({"specify": True} if option.specify else {})
                for option in options
            ]
            for name, options in whole.choices.items()
        },
        "pages": [
            {"code": page.code}
            | _tree(compiled, "relevant", page.code)
            | {"questions": [_question(compiled, question) for question in page.questions]}
            for page in whole.pages
        ],
    }


def _tree(compiled: Compiled, kind: str, code: str) -> dict[str, Any]:
    tree = getattr(compiled, kind).get(code)
    return {kind: tree} if tree else {}


def _question(compiled: Compiled, question: Question) -> dict[str, Any]:
    described: dict[str, Any] = {"code": question.code, "type": question.type}
    described |= _tree(compiled, "relevant", question.code) | _tree(compiled, "constraint", question.code)
    if question.rows:
        described["rows"] = [row.code for row in question.rows]
    for name in ("required", "choices", "minimum", "maximum", "max_length", "min_choices", "max_choices"):
        value = getattr(question, name)
        if value != Question.model_fields[name].default:
            described[name] = value
    return described


def personal_scales(compiled: Compiled, language: str) -> list[dict[str, Any]]:
    """The scales whose score the respondent sees, with the words that go with each band."""
    return [_scale(scale, language) for scale in compiled.questionnaire.scales if scale.personal_result]


def _scale(scale: Scale, language: str) -> dict[str, Any]:
    return {
        "code": scale.code,
        "title": text(scale.title, language),
        "items": scale.items,
        "reverse": scale.reverse,
        "points": scale.points,
        "method": scale.method,
        "min_answered": scale.min_answered,
        "critical": scale.critical,
        "source": scale.source,
        "bands": [
            {
                "start": band.start,
                "label": text(band.label, language),
                "message": text(band.message, language),
            }
            for band in scale.bands
        ],
    }
