"""What is wrong with the shape of a questionnaire document, in words for the person who wrote it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

WORDS = {
    "missing": "il manque ; ajoutez-le.",
    "extra_forbidden": "ce nom n'existe pas ici ; corrigez-le ou retirez-le.",
    "string_type": "écrivez un texte, entre guillemets si c'est un nombre ou oui/non.",
    "int_type": "écrivez un nombre entier.",
    "int_parsing": "écrivez un nombre entier.",
    "int_from_float": "écrivez un nombre entier.",
    "float_type": "écrivez un nombre.",
    "float_parsing": "écrivez un nombre.",
    "bool_type": "écrivez true ou false.",
    "bool_parsing": "écrivez true ou false.",
    "list_type": "écrivez une liste.",
    "dict_type": "écrivez des noms suivis de leurs valeurs.",
    "model_type": "écrivez des noms suivis de leurs valeurs.",
    "model_attributes_type": "écrivez des noms suivis de leurs valeurs.",
    "string_pattern_mismatch": "cette écriture n'est pas admise (forme attendue : {pattern}).",
    "string_too_long": "au plus {max_length} caractères.",
    "literal_error": "choisissez parmi {expected}.",
    "too_short": "il en faut au moins {min_length}.",
    "greater_than": "doit être plus grand que {gt}.",
    "greater_than_equal": "doit être au moins {ge}.",
}


def in_words(error: ValidationError, document: dict[str, Any]) -> list[str]:
    """One line a problem: where it is, by the codes of pages and questions, and what to do."""
    return [f"{_place(one['loc'], document)} : {_advice(one)}" for one in error.errors()]


def _place(location: tuple[int | str, ...], document: Any) -> str:
    """The location with the code of a page, question or option in place of its position."""
    names, here = [], document
    for step in location:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        code = here.get("code") if isinstance(step, int) and isinstance(here, dict) else None
        names.append(code if isinstance(code, str) else str(step))
    return ".".join(names) or "document"


def _advice(error: ErrorDetails) -> str:
    if error["type"] == "value_error":  # raised by the document's own rules, in their own words
        return str(error["ctx"]["error"])
    words = WORDS.get(error["type"])
    if words is None:
        return error["msg"]
    context = {name: _french(value) for name, value in error.get("ctx", {}).items()}
    return words.format(**context)


def _french(value: Any) -> Any:
    return value.replace(" or ", " ou ") if isinstance(value, str) else value
