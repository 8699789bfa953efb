"""French typography for print: the curly apostrophe, and spaces that never begin a line."""

from __future__ import annotations

import re
from typing import Any

_BEFORE = re.compile(r" (?=[:»])")
_BEFORE_THIN = re.compile(r" (?=[;?!%])")
_AFTER = re.compile(r"(?<=«) ")


def french(words: str) -> str:
    """*words* as a French printer sets them.

    >>> french("L'essentiel : « oui » ?")
    'L’essentiel\\xa0: «\\xa0oui\\xa0»\\u202f?'
    """
    words = words.replace("'", "’")
    return _AFTER.sub("\u00a0", _BEFORE_THIN.sub("\u202f", _BEFORE.sub("\u00a0", words)))


def everywhere(value: Any, language: str) -> Any:
    """Every text inside the plain *value*, set as *language* wants; other languages stay as they are."""
    if language != "fr":
        return value
    if isinstance(value, str):
        return french(value)
    if isinstance(value, list):
        return [everywhere(item, language) for item in value]
    if isinstance(value, dict):
        return {key: everywhere(item, language) for key, item in value.items()}
    return value
