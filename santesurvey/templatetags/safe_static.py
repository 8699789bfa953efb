"""The address of a static file for pages that must show whatever is broken, the static files included."""

from __future__ import annotations

from django import template
from django.templatetags.static import static

register = template.Library()


@register.simple_tag
def safe_static(path: str) -> str:
    """`{% safe_static "app.css" as sheet %}`: its address, empty where the file was not collected."""
    try:
        return static(path)
    except ValueError:
        return ""
