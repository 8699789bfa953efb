"""Words of the questionnaire in templates: `{{ whole.title|in_language:language }}`."""

from __future__ import annotations

from django import template

from respondents.page.rendering import help_lines as lines_of
from surveys.definition import text
from surveys.models import Version

register = template.Library()


@register.filter
def in_language(value: dict[str, str], language: str) -> str:
    """The words of *value* in *language*, else in the first language that it has."""
    return text(value, language)


@register.simple_tag
def help_lines(version: Version, language: str) -> list[dict[str, str]]:
    """Where to find somebody to talk to."""
    return lines_of(version, language)
