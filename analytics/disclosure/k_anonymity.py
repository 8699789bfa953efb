"""Can anybody be singled out in a dataset? k-anonymity and l-diversity, with what is to blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics.disclosure.errors import N_, DisclosureError

_SIZE = "__class_size"


@dataclass(frozen=True)
class EquivalenceClass:
    """People alike in every quasi-identifier: their ``values``, in the order declared, and their number."""

    values: tuple[object, ...]
    size: int


@dataclass(frozen=True)
class Contribution:
    """What would remain below k without one quasi-identifier, and how many categories it has.

    The variable whose removal leaves the fewest records below k is the first to drop or to coarsen.
    """

    variable: str
    categories: int
    records_below_without: int
    classes_below_without: int
    smallest_class_without: int


@dataclass(frozen=True)
class Diversity:
    """How varied a sensitive variable is within the classes.

    ``smallest`` is the fewest distinct known values in a class that knows any. A missing value is no
    protection, so it does not count as a value; a class where all are missing tells nothing.
    """

    variable: str
    required: int
    smallest: int
    classes_below: int
    records_below: int

    @property
    def satisfied(self) -> bool:
        return self.classes_below == 0


@dataclass(frozen=True)
class KAnonymityReport:
    """How well people hide among those alike in the quasi-identifiers.

    ``classes`` in all, ``classes_below`` and ``records_below`` those smaller than ``k``, ``uniques`` those of
    one person. ``sizes`` gives (size, number of classes) in order. ``worst`` the smallest classes first;
    ``contributions`` the variable to change first, first.
    """

    k: int
    quasi_identifiers: tuple[str, ...]
    records: int
    classes: int
    smallest_class: int
    classes_below: int
    records_below: int
    uniques: int
    sizes: tuple[tuple[int, int], ...]
    worst: tuple[EquivalenceClass, ...]
    contributions: tuple[Contribution, ...]
    diversity: tuple[Diversity, ...]

    @property
    def satisfied(self) -> bool:
        """Whether every class has at least k people and every sensitive variable varies enough in it."""
        return self.classes_below == 0 and all(item.satisfied for item in self.diversity)


def k_anonymity(
    frame: pl.DataFrame,
    quasi_identifiers: Sequence[str],
    k: int,
    *,
    sensitive: Sequence[str] = (),
    required_diversity: int = 2,
    worst: int = 10,
) -> KAnonymityReport:
    """The classes of ``frame`` (a row per person) by ``quasi_identifiers``, against ``k`` (Sweeney 2002).

    A missing value is a category of its own: someone who left a question out looks like those who left it
    out too, not like everyone. ``sensitive`` variables need ``required_diversity`` distinct known values in
    every class (distinct l-diversity, Machanavajjhala and others 2007). ``worst`` limits the classes listed.

    Raises ``DisclosureError`` for an empty frame, an unknown column, no quasi-identifier, or k below 2.

    >>> frame = pl.DataFrame({"profession": ["GP", "GP", "midwife"], "region": ["A", "A", None]})
    >>> report = k_anonymity(frame, ["profession", "region"], 2)
    >>> report.satisfied, report.smallest_class, report.records_below
    (False, 1, 1)
    """
    names = checked_quasi_identifiers(frame, quasi_identifiers, k)
    check_columns(frame, sensitive)
    if set(sensitive) & set(names):
        raise DisclosureError(
            N_("Une variable ne peut pas être à la fois quasi-identifiante et sensible : %(variables)s."),
            variables=", ".join(sorted(set(sensitive) & set(names))),
        )
    if required_diversity < 1:
        raise DisclosureError(N_("La diversité demandée est d'au moins une valeur."))
    classes = class_sizes(frame, names)
    below = classes.filter(pl.col(_SIZE) < k)
    smallest_first = classes.sort([_SIZE, *names], nulls_last=True).head(worst)
    distribution = classes.group_by(_SIZE).len().sort(_SIZE)
    return KAnonymityReport(
        k=k,
        quasi_identifiers=names,
        records=frame.height,
        classes=classes.height,
        smallest_class=_smallest(classes),
        classes_below=below.height,
        records_below=int(below[_SIZE].sum()),
        uniques=classes.filter(pl.col(_SIZE) == 1).height,
        sizes=tuple((int(size), int(number)) for size, number in distribution.iter_rows()),
        worst=tuple(EquivalenceClass(row[:-1], int(row[-1])) for row in smallest_first.iter_rows()),
        contributions=_contributions(classes, names, k),
        diversity=tuple(_diversity(frame, names, name, required_diversity) for name in sensitive),
    )


def class_sizes(frame: pl.DataFrame, quasi_identifiers: Sequence[str]) -> pl.DataFrame:
    """One row per class: the quasi-identifiers, then the number of people in a last column."""
    return frame.group_by(list(quasi_identifiers)).agg(pl.len().cast(pl.Int64).alias(_SIZE))


def checked_quasi_identifiers(frame: pl.DataFrame, names: Sequence[str], k: int) -> tuple[str, ...]:
    """``names`` without repetition, if they can be judged on ``frame`` for ``k``."""
    if frame.height == 0:
        raise DisclosureError(N_("Il n'y a aucune ligne à vérifier dans ce jeu de données."))
    if k < 2:
        raise DisclosureError(N_("Le seuil k est d'au moins 2 : il vaut %(k)s."), k=k)
    if not names:
        raise DisclosureError(
            N_("Déclarez au moins une variable quasi-identifiante, par exemple la profession ou la région.")
        )
    check_columns(frame, names)
    return tuple(dict.fromkeys(names))


def check_columns(frame: pl.DataFrame, names: Sequence[str]) -> None:
    """Raise where a declared variable is not a column of ``frame``."""
    unknown = [name for name in names if name not in frame.columns]
    if unknown:
        raise DisclosureError(
            N_("Ces variables déclarées n'existent pas dans le jeu de données : %(variables)s."),
            variables=", ".join(unknown),
        )


def _smallest(classes: pl.DataFrame) -> int:
    return int(min(classes[_SIZE].to_list()))


def _contributions(classes: pl.DataFrame, names: tuple[str, ...], k: int) -> tuple[Contribution, ...]:
    found = []
    for name in names:
        rest = [other for other in names if other != name]
        # Without any quasi-identifier left everyone is in one class.
        merged = (classes.group_by(rest) if rest else classes.group_by(pl.lit(0))).agg(pl.col(_SIZE).sum())
        below = merged.filter(pl.col(_SIZE) < k)
        found.append(
            Contribution(
                variable=name,
                categories=classes[name].n_unique(),
                records_below_without=int(below[_SIZE].sum()),
                classes_below_without=below.height,
                smallest_class_without=_smallest(merged),
            )
        )
    return tuple(
        sorted(found, key=lambda item: (item.records_below_without, -item.categories, item.variable))
    )


def _diversity(frame: pl.DataFrame, names: tuple[str, ...], variable: str, required: int) -> Diversity:
    classes = (
        frame.group_by(list(names))
        .agg(pl.len().alias(_SIZE), pl.col(variable).drop_nulls().n_unique().alias("__distinct"))
        .filter(pl.col("__distinct") > 0)
    )
    below = classes.filter(pl.col("__distinct") < required)
    return Diversity(
        variable=variable,
        required=required,
        smallest=min(classes["__distinct"].to_list(), default=0),
        classes_below=below.height,
        records_below=int(below[_SIZE].sum()),
    )
