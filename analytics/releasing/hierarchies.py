"""How far each variable can be coarsened: its levels, from "as answered" to "left out".

The levels of a choice are written by the researchers in a companion file of the questionnaire
(`<slug>.hierarchies.yaml`); those of a number are bands, made here. A level tells what each original value
becomes, so that the same thing is applied to the data, printed in the codebook, and tried by the suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from surveys.definition import Option, Question, Questionnaire, Text

KEEP, DROP = "keep", "drop"
KEEP_LABEL: Text = {"fr": "Garder tel quel", "en": "Keep as it is"}
DROP_LABEL: Text = {"fr": "Ne pas diffuser", "en": "Leave out"}
BAND_WIDTHS = (5, 10, 20)


class HierarchyError(ValueError):
    """The companion file names something that the questionnaire does not have; the message says what."""


@dataclass(frozen=True)
class Level:
    """One degree of detail of a variable.

    *groups* gives the new code of every original code, None where the value is given up; a code that is
    absent stays as it is. *width* is the width of the bands of a number. *labels* names the new codes.
    """

    code: str
    label: Text
    groups: Mapping[str, str | None] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)
    width: int = 0

    @property
    def drops(self) -> bool:
        return self.code == DROP

    @property
    def keeps(self) -> bool:
        return self.code == KEEP


Levels = dict[str, list[Level]]


def levels(questionnaire: Questionnaire, companion: Mapping[str, Any]) -> Levels:
    """Levels of every quasi-identifier, the finest first: keep, the coarser ones, drop.

    *companion* is the content of the hierarchies file, empty where there is none. Raises `HierarchyError`.
    """
    variables = questionnaire.question_of_variable()
    for code in companion:
        if code not in questionnaire.quasi_identifiers:
            raise HierarchyError(
                _("%(variable)s : cette variable n'est pas un quasi-identifiant du questionnaire.")
                % {"variable": code}
            )
    found: Levels = {}
    for code in questionnaire.quasi_identifiers:
        question = variables[code]
        between: list[Level] = []
        if question.type in {"integer", "decimal"}:
            between = [_bands(width) for width in BAND_WIDTHS]
        elif question.type == "single":
            between = [
                _level(code, written, questionnaire.options(question)) for written in companion.get(code, [])
            ]
        _check_nested(code, between)
        found[code] = [Level(KEEP, KEEP_LABEL), *between, Level(DROP, DROP_LABEL)]
    return found


def _check_nested(variable: str, between: list[Level]) -> None:
    """Each level may only join what the one before it told apart."""
    for finer, coarser in pairwise(between):
        joined: dict[str | None, str | None] = {}
        for source, group in finer.groups.items():
            if joined.setdefault(group, coarser.groups[source]) != coarser.groups[source]:
                raise HierarchyError(
                    _(
                        "%(variable)s.%(coarser)s sépare ce que %(finer)s réunit : « %(source)s ». Un niveau ne peut"
                        " que regrouper ceux d'avant."
                    )
                    % {
                        "variable": variable,
                        "coarser": coarser.code,
                        "finer": finer.code,
                        "source": source,
                    }
                )


def _bands(width: int) -> Level:
    return Level(
        code=f"bands_{width}",
        label={"fr": f"Tranches de {width}", "en": f"Bands of {width}"},
        width=width,
    )


def band_code(start: int, width: int) -> str:
    """Code of the band from *start*: `20_29`.

    >>> band_code(20, 10), band_code(-5, 5)
    ('20_29', '-5_-1')
    """
    return f"{start}_{start + width - 1}"


def _level(variable: str, written: Mapping[str, Any], options: list[Option]) -> Level:
    """One level of the companion file: `{code, label, groups: [{code, label, from: [...]}]}`.

    Options that say nothing (prefer not to answer) are given up with every coarsening: they are few, and
    what they would tell apart is the one who did not answer. So is an option in a group without a code.
    """
    known = {option.code for option in options}
    groups: dict[str, str | None] = {option.code: None for option in options if option.missing}
    labels: dict[str, Text] = {}
    for group in written.get("groups", []):
        target: str | None = group.get("code")
        for source in group["from"]:
            if source not in known:
                raise HierarchyError(
                    _("%(variable)s.%(level)s : « %(source)s » n'est pas une réponse de la question.")
                    % {"variable": variable, "level": written["code"], "source": source}
                )
            groups[source] = target
        if target is not None:
            labels[target] = group["label"]
    if left := known - set(groups):
        raise HierarchyError(
            _("%(variable)s.%(level)s : aucun groupe ne contient %(left)s.")
            % {"variable": variable, "level": written["code"], "left": ", ".join(sorted(left))}
        )
    return Level(code=written["code"], label=written["label"], groups=groups, labels=labels)


def released_type(question: Question, level: Level) -> str:
    """Type of the variable in the dataset: a number in bands becomes a choice."""
    return "single" if level.width else question.type
