"""The one disclosure rule: which numbers of a published figure may be shown.

Every figure that leaves the researchers' space passes here, on **unweighted** counts. The rule:

1. A group with fewer people than the minimum is not described at all.
2. A cell with 1 to minimum - 1 people is withheld.
3. What is withheld must not follow from what is shown. Where the base is shown, the withheld cells of a
   line are at least two and together hold at least the minimum, because their sum can be worked out. In
   a crossed table, no withheld number may follow from any combination of shown cells and totals.
4. Where everyone in a group gave the same answer (100 %, the rest 0 %), the whole line is withheld: it
   would tell everybody's answer without naming anyone (risk of inference).
5. A zero beside several other answers is shown: it tells something of nobody in particular. When a line
   needs a second cell to be withheld, its zeros go first, which costs the reader least; so a withheld
   cell may be anything from 0 up.

Reasons are for the researcher. The reader sees only that a number is not shown, because the reason
itself tells ("everyone gave the same answer").

Not covered, and to be known: someone who knows this very algorithm and all published numbers can narrow
withheld values further than to an interval in rare cases (a minimality attack); several overlapping
filters are not protected jointly, so a page may offer filters on one grouping only. Where the shares are
weighted, they are withheld with their counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from analytics.disclosure.errors import N_, DisclosureError
from analytics.stats.arrays import IntArray


class Reason(StrEnum):
    """Why a number is shown or withheld."""

    SHOWN = "shown"
    BASE = "base"
    SMALL = "small"
    CERTAIN = "certain"
    COMPLEMENT = "complement"


@dataclass(frozen=True)
class CellRule:
    """``minimum`` people in a cell; ``hide_certain``: withhold a line where everyone answers alike."""

    minimum: int = 10
    hide_certain: bool = True

    def __post_init__(self) -> None:
        if self.minimum < 1:
            raise DisclosureError(
                N_("L'effectif minimal d'une case publiée est au moins 1 : il vaut %(minimum)s."),
                minimum=self.minimum,
            )

    def small(self, count: int) -> bool:
        """Whether a cell of ``count`` people is one to withhold (a zero is not)."""
        return 0 < count < self.minimum


DEFAULT_RULE = CellRule()


@dataclass(frozen=True)
class ProtectedDistribution:
    """What may be shown of one distribution: a reason per cell, and one for the base."""

    cells: tuple[Reason, ...]
    base: Reason

    @property
    def shown(self) -> tuple[bool, ...]:
        """Per cell, whether it may be shown."""
        return tuple(reason is Reason.SHOWN for reason in self.cells)


def checked_counts(counts: npt.ArrayLike, dimensions: int) -> IntArray:
    """``counts`` as whole numbers, none negative, in ``dimensions`` dimensions, not empty."""
    checked = np.asarray(counts)
    if checked.ndim != dimensions or checked.size == 0:
        raise DisclosureError(N_("Il n'y a pas de case à protéger, ou le tableau n'a pas la bonne forme."))
    if not np.issubdtype(checked.dtype, np.integer) or (checked < 0).any():
        raise DisclosureError(
            N_("La protection porte sur des effectifs non pondérés : des nombres entiers, jamais négatifs.")
        )
    return checked.astype(np.int64, copy=False)


def protect_distribution(
    counts: Sequence[int] | IntArray, rule: CellRule = DEFAULT_RULE
) -> ProtectedDistribution:
    """What may be shown of the answers to a single-choice question: ``counts`` people per answer.

    Every person is in exactly one cell and the base, their sum, is shown with the figure. For a
    multiple-choice question use ``protect_share`` on each answer.

    >>> [reason.value for reason in protect_distribution([4, 25, 60, 80]).cells]
    ['small', 'complement', 'shown', 'shown']
    >>> protect_distribution([25, 0, 60]).shown
    (True, True, True)
    """
    checked = checked_counts(counts, 1)
    base, size = int(checked.sum()), int(checked.size)
    if base < rule.minimum:
        return ProtectedDistribution((Reason.BASE,) * size, Reason.BASE)
    if rule.hide_certain and size > 1 and np.count_nonzero(checked) == 1:
        return ProtectedDistribution((Reason.CERTAIN,) * size, Reason.SHOWN)
    return ProtectedDistribution(_line(checked.tolist(), rule), Reason.SHOWN)


def protect_share(count: int, base: int, rule: CellRule = DEFAULT_RULE) -> Reason:
    """Whether the share ``count`` of ``base`` may be shown: both those who did and those who did not count.

    >>> protect_share(40, 131).value, protect_share(128, 131).value, protect_share(0, 131).value
    ('shown', 'small', 'certain')
    """
    if count > base:
        raise DisclosureError(
            N_("Une part ne peut pas dépasser sa base : %(count)s sur %(base)s."), count=count, base=base
        )
    yes, no = protect_distribution([count, base - count], rule).cells
    # Where "no" is the small one, "yes" is withheld as its complement: name the cause, not the mechanism.
    return no if yes is Reason.COMPLEMENT else yes


def protect_groups(sizes: Sequence[int] | IntArray, rule: CellRule = DEFAULT_RULE) -> ProtectedDistribution:
    """Which groups may be described by a mean or a median beside the figure for all of them together.

    The sum over all less that over the groups shown is the sum over the others: so the others are at least
    two groups and hold at least the minimum. ``sizes`` must include those who are in no named group.

    >>> [reason.value for reason in protect_groups([179, 100, 6, 31]).cells]
    ['shown', 'shown', 'small', 'complement']
    """
    return protect_distribution(sizes, CellRule(rule.minimum, hide_certain=False))


def _line(counts: list[int], rule: CellRule) -> tuple[Reason, ...]:
    """Small cells withheld, then the smallest others until the withheld ones cannot be told apart."""
    reasons = [Reason.SMALL if rule.small(count) else Reason.SHOWN for count in counts]
    hidden = [count for count in counts if rule.small(count)]
    if hidden:
        # Sorting is stable: of equal cells the first goes, whatever the machine.
        for index in sorted(range(len(counts)), key=lambda at: counts[at]):
            if len(hidden) >= 2 and sum(hidden) >= rule.minimum:
                break
            if reasons[index] is Reason.SHOWN:
                reasons[index] = Reason.COMPLEMENT
                hidden.append(counts[index])
    return tuple(reasons)
