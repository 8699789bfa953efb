"""What the researchers chose to change before a dataset leaves, and its application to the data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from analytics.releasing.hierarchies import DROP, KEEP, Level, Levels

LICENCES: dict[str, dict[str, str]] = {
    "research": {
        "fr": "Usage de recherche, sous convention avec l'équipe de l'étude ; redistribution interdite.",
        "en": "Research use under an agreement with the study team; no redistribution.",
    },
    "etalab-2.0": {
        "fr": "Licence Ouverte 2.0 (Etalab).",
        "en": "Open Licence 2.0 (Etalab).",
    },
    "cc-by-4.0": {
        "fr": "Creative Commons Attribution 4.0 International (CC BY 4.0).",
        "en": "Creative Commons Attribution 4.0 International (CC BY 4.0).",
    },
}


# The same, short, for a list to choose from.
LICENCE_NAMES: dict[str, dict[str, str]] = {
    "research": {"fr": "Recherche, sous convention", "en": "Research, under an agreement"},
    "etalab-2.0": {"fr": "Licence Ouverte 2.0", "en": "Open Licence 2.0"},
    "cc-by-4.0": {"fr": "CC BY 4.0", "en": "CC BY 4.0"},
}


class RecodingError(ValueError):
    """A recoding that does not fit the questionnaire; the message says which and what is possible."""


@dataclass(frozen=True)
class Recoding:
    """The level chosen for each quasi-identifier, whether rare combinations are erased, and the licence."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    erase_rare: bool = False
    licence: str = "research"

    def as_json(self) -> dict[str, Any]:
        return {
            "variables": dict(sorted(self.chosen.items())),
            "erase_rare": self.erase_rare,
            "licence": self.licence,
        }

    @property
    def digest(self) -> str:
        """SHA-256 of what was chosen: the same choices are the same recoding."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()

    def level(self, code: str, levels: Levels) -> Level:
        wanted = self.chosen.get(code, KEEP)
        return next(level for level in levels[code] if level.code == wanted)

    def released(self, levels: Levels) -> list[str]:
        """The quasi-identifiers that stay in the dataset."""
        return [code for code in levels if self.chosen.get(code, KEEP) != DROP]


def read(value: Mapping[str, Any], levels: Levels) -> Recoding:
    """The recoding in *value* (as `as_json` writes it), checked against *levels*. Raises `RecodingError`.

    A quasi-identifier that *value* does not name is kept as it is.
    """
    chosen = dict.fromkeys(levels, KEEP)
    variables = value.get("variables", {})
    if not isinstance(variables, Mapping):
        raise RecodingError(_("« variables » : donnez pour chaque variable son niveau de détail."))
    for code, wanted in variables.items():
        if code not in levels:
            raise RecodingError(
                _("%(variable)s : cette variable n'est pas un quasi-identifiant de l'étude.")
                % {"variable": code}
            )
        possible = [level.code for level in levels[code]]
        if wanted not in possible:
            raise RecodingError(
                _("%(variable)s : « %(wanted)s » est inconnu ; choisissez parmi %(possible)s.")
                % {"variable": code, "wanted": wanted, "possible": ", ".join(possible)}
            )
        chosen[code] = wanted
    licence = value.get("licence", "research")
    if licence not in list(LICENCES):
        raise RecodingError(
            _("Licence inconnue : « %(wanted)s ». Choisissez parmi %(possible)s.")
            % {"wanted": licence, "possible": ", ".join(LICENCES)}
        )
    erase_rare = value.get("erase_rare", False)
    if not isinstance(erase_rare, bool):
        raise RecodingError(_("« erase_rare » : écrivez true ou false."))
    return Recoding(chosen=chosen, erase_rare=erase_rare, licence=licence)


def recoded(column: pl.Expr, level: Level) -> pl.Expr:
    """*column* (codes, or numbers for a level with bands) at *level*; dropping is the caller's affair."""
    if level.width:
        start = (column.cast(pl.Float64) / level.width).floor().cast(pl.Int64) * level.width
        return (
            pl.when(column.is_null())
            .then(None)
            .otherwise(start.cast(pl.String) + pl.lit("_") + (start + level.width - 1).cast(pl.String))
        )
    text = column.cast(pl.String)
    if not level.groups:
        return text
    return text.replace(list(level.groups), list(level.groups.values()))


def quasi_identifiers(frame: pl.DataFrame, recoding: Recoding, levels: Levels) -> pl.DataFrame:
    """The quasi-identifiers of *frame* as *recoding* makes them: the released ones only, as text.

    A number that is kept as it is becomes its text: two values are two classes.
    """
    return frame.select(
        recoded(pl.col(code), recoding.level(code, levels)).alias(code) for code in recoding.released(levels)
    )
