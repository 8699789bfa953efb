"""Population margins coded against the respondents, and how well weights meet them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from analytics.stats.arrays import FloatArray, IntArray
from analytics.stats.errors import N_, MarginError, ShapeError


@dataclass(frozen=True)
class MarginCodes:
    """One margin: ``codes`` (n,) index ``categories``, -1 where missing; ``shares`` (k,) sum to 1."""

    variable: str
    categories: tuple[str, ...]
    codes: IntArray
    shares: FloatArray


@dataclass(frozen=True)
class MarginCategory:
    """One line of the report: shares among the respondents whose category is known.

    ``error`` = ``weighted`` - ``target``.
    """

    variable: str
    category: str
    respondents: int
    base: float
    target: float
    weighted: float

    @property
    def error(self) -> float:
        return self.weighted - self.target


def code_margin(variable: str, column: object, targets: Mapping[str, float], count: int) -> MarginCodes:
    """Code ``column`` (``count`` categories, ``None`` or NaN = missing) against ``targets``.

    Raises ``MarginError`` where a category has no target, a target no respondent, or a target is not a
    positive number; ``ShapeError`` where the column does not have ``count`` values.
    """
    listed = _values(column)
    if len(listed) != count:
        raise ShapeError(
            N_("La colonne « %(variable)s » a %(found)s valeurs au lieu de %(expected)s."),
            variable=variable,
            found=len(listed),
            expected=count,
        )
    for category, target in targets.items():
        if not np.isfinite(target) or target < 0:
            raise MarginError(
                N_("Marge « %(variable)s » : l'effectif de « %(category)s » doit être un nombre positif."),
                variable=variable,
                category=category,
            )
    distinct = {value: str(value) for value in set(listed) if not _is_missing(value)}
    seen = set(distinct.values())
    stray = sorted(seen - set(targets))
    if stray:
        raise MarginError(
            N_(
                "Marge « %(variable)s » : des personnes ont répondu « %(categories)s », qui n'y figure pas. "
                "Ajoutez cette catégorie à la marge, ou regroupez-la avec une autre."
            ),
            variable=variable,
            categories=" », « ".join(stray),
        )
    forbidden = sorted(seen & {name for name, target in targets.items() if target == 0})
    if forbidden:
        raise MarginError(
            N_(
                "Marge « %(variable)s » : « %(categories)s » a un effectif nul mais des personnes y sont. "
                "Corrigez l'effectif, ou regroupez cette catégorie avec une autre."
            ),
            variable=variable,
            categories=" », « ".join(forbidden),
        )
    empty = sorted(
        name for name, target in targets.items() if target > 0 and name not in set(distinct.values())
    )
    if empty:
        raise MarginError(
            N_(
                "Marge « %(variable)s » : personne n'a répondu « %(categories)s ». "
                "Regroupez cette catégorie avec une catégorie proche."
            ),
            variable=variable,
            categories=" », « ".join(empty),
        )
    categories = tuple(name for name, target in targets.items() if target > 0)
    position = {name: index for index, name in enumerate(categories)}
    code_of = {value: position[name] for value, name in distinct.items()}
    codes = np.fromiter((code_of.get(value, -1) for value in listed), dtype=np.int64, count=count)
    wanted = np.array([targets[name] for name in categories], dtype=np.float64)
    if not categories:
        raise MarginError(N_("La marge « %(variable)s » est vide."), variable=variable)
    return MarginCodes(variable=variable, categories=categories, codes=codes, shares=wanted / wanted.sum())


def margin_report(
    margins: Sequence[MarginCodes], base: FloatArray, weights: FloatArray
) -> tuple[MarginCategory, ...]:
    """Target, base and weighted share of every category of every margin."""
    lines: list[MarginCategory] = []
    for margin in margins:
        known = margin.codes >= 0
        codes, size = margin.codes[known], len(margin.categories)
        respondents = np.bincount(codes, minlength=size)
        before = np.bincount(codes, weights=base[known], minlength=size)
        after = np.bincount(codes, weights=weights[known], minlength=size)
        lines.extend(
            MarginCategory(
                variable=margin.variable,
                category=category,
                respondents=int(respondents[index]),
                base=float(before[index] / before.sum()),
                target=float(margin.shares[index]),
                weighted=float(after[index] / after.sum()),
            )
            for index, category in enumerate(margin.categories)
        )
    return tuple(lines)


def _values(column: object) -> list[object]:
    """A list of plain values; Polars series and NumPy arrays give theirs by one fast call."""
    for name in ("to_list", "tolist"):
        method = getattr(column, name, None)
        if callable(method):
            return cast("list[object]", method())
    return list(cast("Iterable[object]", column))


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and value != value)
