"""Which quasi-identifiers to coarsen or drop so that everyone hides among at least k."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics.disclosure.errors import N_, DisclosureError
from analytics.disclosure.k_anonymity import check_columns, checked_quasi_identifiers, class_sizes
from analytics.stats.arrays import IntArray

#: Per variable, its coarser and coarser levels; each maps every original value to its new category.
Hierarchies = Mapping[str, Sequence[Mapping[object, object]]]

_NOT_A_NUMBER = object()


@dataclass(frozen=True)
class Recoding:
    """One variable: ``level`` 0 leaves it, 1 and up name its levels, ``dropped`` takes it out.

    ``loss`` is the share of the variable's information that is lost: 1 - entropy after / entropy before.
    """

    variable: str
    level: int
    dropped: bool
    loss: float


@dataclass(frozen=True)
class RecodingSuggestion:
    """What to do, in the order of the quasi-identifiers, and what it gives.

    ``records_below`` people would still be in classes smaller than k: they are to be removed, and
    ``satisfied`` says whether they are within the share allowed. ``loss`` is the mean loss of the variables.
    """

    k: int
    recodings: tuple[Recoding, ...]
    satisfied: bool
    records_below: int
    smallest_class: int
    loss: float

    @property
    def changes(self) -> tuple[Recoding, ...]:
        """Only the variables to change."""
        return tuple(recoding for recoding in self.recodings if recoding.level or recoding.dropped)


def suggest_recoding(
    frame: pl.DataFrame,
    quasi_identifiers: Sequence[str],
    k: int,
    *,
    hierarchies: Hierarchies | None = None,
    keep: Sequence[str] = (),
    max_removed: float = 0.0,
) -> RecodingSuggestion:
    """Recodings of ``frame`` that reach ``k`` with little lost, found step by step.

    ``hierarchies`` gives the coarser levels of some variables; every variable can also be dropped, unless
    it is in ``keep``. At most the share ``max_removed`` of the people may be left below k, to be removed.

    Greedy: of all changes of one variable, take the one that brings most people to k per information
    lost; when k is reached, undo every change that proves not needed. It is a suggestion, not the optimum.

    Raises ``DisclosureError`` for a level that forgets a value or splits what a finer level joined.

    >>> frame = pl.DataFrame({"age": [31, 34, 52, 58], "sex": ["f", "f", "f", "f"]})
    >>> decades = {age: age // 10 * 10 for age in (31, 34, 52, 58)}
    >>> suggestion = suggest_recoding(frame, ["age", "sex"], 2, hierarchies={"age": [decades]})
    >>> [(change.variable, change.level, round(change.loss, 2)) for change in suggestion.changes]
    [('age', 1, 0.5)]
    """
    names = checked_quasi_identifiers(frame, quasi_identifiers, k)
    check_columns(frame, keep)
    if not 0 <= max_removed < 1:
        raise DisclosureError(N_("La part de personnes retirées est entre 0 et 1, par exemple 0,05."))
    tree = _Lattice(class_sizes(frame, names), names, k, hierarchies or {}, keep)
    allowed = int(max_removed * frame.height)
    levels = tree.descend(allowed)
    below, smallest = tree.below(levels)
    recodings = tuple(
        Recoding(
            variable=name,
            level=0 if tree.is_dropped(index, level) else level,
            dropped=tree.is_dropped(index, level),
            loss=tree.losses[index][level],
        )
        for index, (name, level) in enumerate(zip(names, levels, strict=True))
    )
    return RecodingSuggestion(
        k=k,
        recodings=recodings,
        satisfied=below <= allowed,
        records_below=below,
        smallest_class=smallest,
        loss=sum(recoding.loss for recoding in recodings) / len(recodings),
    )


def recode(
    frame: pl.DataFrame, suggestion: RecodingSuggestion, hierarchies: Hierarchies | None = None
) -> pl.DataFrame:
    """``frame`` with the recodings of ``suggestion`` carried out and the people still below k removed.

    Recoded columns hold text. Raises where the suggestion does not reach k.

    >>> frame = pl.DataFrame({"age": [31, 34, 52, 58]})
    >>> levels = {"age": [{31: "30-39", 34: "30-39", 52: "50-59", 58: "50-59"}]}
    >>> recode(frame, suggest_recoding(frame, ["age"], 2, hierarchies=levels), levels)["age"].to_list()
    ['30-39', '30-39', '50-59', '50-59']
    """
    if not suggestion.satisfied:
        raise DisclosureError(
            N_("Ces recodages n'atteignent pas k = %(k)s : %(records)s personnes restent isolées."),
            k=suggestion.k,
            records=suggestion.records_below,
        )
    coarse = frame
    for change in suggestion.changes:
        if change.dropped:
            coarse = coarse.drop(change.variable)
            continue
        level = (hierarchies or {})[change.variable][change.level - 1]
        texts = [_category(level, value) for value in frame[change.variable].to_list()]
        coarse = coarse.with_columns(pl.Series(change.variable, texts, dtype=pl.String))
    left = [recoding.variable for recoding in suggestion.recodings if not recoding.dropped]
    if not left:
        return coarse
    return coarse.filter(pl.len().over(left) >= suggestion.k)


class _Lattice:
    """The levels of all variables on the distinct classes of the data, as codes."""

    def __init__(
        self,
        classes: pl.DataFrame,
        names: tuple[str, ...],
        k: int,
        hierarchies: Hierarchies,
        keep: Sequence[str],
    ) -> None:
        self.k = k
        self.counts: IntArray = classes[classes.columns[-1]].to_numpy().astype(np.int64)
        self.codes: list[list[IntArray]] = []
        self.losses: list[list[float]] = []
        self._can_drop = [name not in keep for name in names]
        for name, can_drop in zip(names, self._can_drop, strict=True):
            levels = _level_codes(name, classes[name].to_list(), hierarchies.get(name, ()))
            if can_drop:
                levels.append(np.zeros(len(self.counts), dtype=np.int64))
            entropies = [self._entropy(codes) for codes in levels]
            self.codes.append(levels)
            self.losses.append(
                [1 - entropy / entropies[0] if entropies[0] > 0 else 0.0 for entropy in entropies]
            )

    def is_dropped(self, variable: int, level: int) -> bool:
        """Whether ``level`` is the last one, which takes the variable out."""
        return self._can_drop[variable] and level == len(self.codes[variable]) - 1

    def below(self, levels: Sequence[int]) -> tuple[int, int]:
        """People in classes smaller than k at these levels, and the smallest class."""
        place = np.zeros(len(self.counts), dtype=np.int64)
        for variable, level in enumerate(levels):
            codes = self.codes[variable][level]
            _, place = np.unique(place * (int(codes.max()) + 1) + codes, return_inverse=True)
        sizes = np.bincount(place, weights=self.counts)
        return int(sizes[sizes < self.k].sum()), int(sizes.min())

    def descend(self, allowed: int) -> list[int]:
        """Levels at which at most ``allowed`` people are below k, or the coarsest there are."""
        levels = [0] * len(self.codes)
        below = self.below(levels)[0]
        while below > allowed:
            choices = []
            for variable, level in enumerate(levels):
                for coarser in range(level + 1, len(self.codes[variable])):
                    trial = [*levels[:variable], coarser, *levels[variable + 1 :]]
                    left = self.below(trial)[0]
                    price = self.losses[variable][coarser] - self.losses[variable][level]
                    # People brought to k for what is lost; without any gain, the cheapest change.
                    choices.append((-(below - left) / (price + 1e-9), price, variable, coarser, left))
            if not choices:
                break
            _, _, variable, coarser, below = min(choices)
            levels[variable] = coarser
        return self._undo(levels, allowed)

    def _undo(self, levels: list[int], allowed: int) -> list[int]:
        """Give back detail, dearest first, wherever k still holds without the change."""
        if self.below(levels)[0] > allowed:
            return levels
        order = sorted(range(len(levels)), key=lambda at: -self.losses[at][levels[at]])
        for variable in order:
            for finer in range(levels[variable]):
                trial = [*levels[:variable], finer, *levels[variable + 1 :]]
                if self.below(trial)[0] <= allowed:
                    levels = trial
                    break
        return levels

    def _entropy(self, codes: IntArray) -> float:
        shares = np.bincount(codes, weights=self.counts)
        shares = shares[shares > 0] / shares.sum()
        return float(-(shares * np.log(shares)).sum())


def _level_codes(
    name: str, values: list[object], hierarchy: Sequence[Mapping[object, object]]
) -> list[IntArray]:
    codes = [_codes(values)]
    for level in hierarchy:
        for value in values:
            if value is not None and value not in level:
                raise DisclosureError(
                    N_("La hiérarchie de « %(variable)s » ne dit pas où ranger « %(value)s »."),
                    variable=name,
                    value=value,
                )
        coarser = _codes([_category(level, value) for value in values])
        pairs = {(int(fine), int(coarse)) for fine, coarse in zip(codes[-1], coarser, strict=True)}
        if len(pairs) != len({fine for fine, _ in pairs}):
            raise DisclosureError(
                N_(
                    "La hiérarchie de « %(variable)s » sépare à un niveau des catégories réunies au niveau "
                    "précédent : chaque niveau doit seulement regrouper."
                ),
                variable=name,
            )
        codes.append(coarser)
    return codes


def _category(level: Mapping[object, object], value: object) -> str | None:
    """The category of ``value``; a missing value stays missing unless the level places it."""
    category = level.get(value)
    return None if category is None else str(category)


def _codes(values: Sequence[object]) -> IntArray:
    position: dict[object, int] = {}
    # "Not a number" differs from itself, yet is one category, as it is for Polars.
    keys = (value if value == value else _NOT_A_NUMBER for value in values)
    return np.array([position.setdefault(key, len(position)) for key in keys], dtype=np.int64)
