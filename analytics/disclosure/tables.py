"""The disclosure rule on crossed tables, and on a group beside the whole that contains it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.disclosure.cells import (
    DEFAULT_RULE,
    CellRule,
    ProtectedDistribution,
    Reason,
    checked_counts,
    protect_distribution,
    protect_groups,
)
from analytics.disclosure.derivation import derivable
from analytics.disclosure.errors import N_, DisclosureError
from analytics.stats.arrays import BoolArray, IntArray

_Cell = tuple[int, int]


@dataclass(frozen=True)
class ProtectedTable:
    """What may be shown of r groups by c answers.

    ``cells`` r rows of c reasons; ``rows`` the bases of the groups; ``columns`` the counts of all groups
    together; ``total`` the base of all.
    """

    cells: tuple[tuple[Reason, ...], ...]
    rows: tuple[Reason, ...]
    columns: tuple[Reason, ...]
    total: Reason

    @property
    def shown(self) -> BoolArray:
        """(r, c), whether each cell may be shown."""
        return np.array([[reason is Reason.SHOWN for reason in row] for row in self.cells], dtype=bool)


def protect_table(counts: npt.ArrayLike, rule: CellRule = DEFAULT_RULE) -> ProtectedTable:
    """What may be shown of ``counts`` (r, c): people by group and answer, with all totals shown too.

    Groups must not overlap and must cover everyone in the totals: give those who are in no named group a
    row of their own, even if it is never printed, because it can be worked out. The totals are protected
    by ``protect_distribution`` and ``protect_groups`` alone, so that the overall figure is the same
    whatever it is crossed with; the inside of the table gives way. Of a group whose base is withheld
    nothing is shown, because a share beside its count gives the base away. Yet the reader is taken to
    know the size of every group, for instance from a page about the sample: nothing follows even then.

    >>> table = protect_table([[40, 3, 50], [30, 25, 60], [35, 45, 55]])
    >>> [[reason.value for reason in row] for row in table.cells][0]
    ['complement', 'small', 'shown']
    """
    checked = checked_counts(counts, 2)
    overall = protect_distribution(checked.sum(axis=0), rule)
    sizes = protect_groups(checked.sum(axis=1), rule)
    if overall.base is Reason.BASE:
        row = (Reason.BASE,) * checked.shape[1]
        return ProtectedTable((row,) * checked.shape[0], sizes.cells, overall.cells, Reason.BASE)
    work = _Table(checked, sizes.cells, overall.cells, rule)
    work.protect()
    return ProtectedTable(tuple(tuple(row) for row in work.reasons), sizes.cells, overall.cells, Reason.SHOWN)


def protect_nested(
    whole: Sequence[int] | IntArray, part: Sequence[int] | IntArray, rule: CellRule = DEFAULT_RULE
) -> ProtectedDistribution:
    """What may be shown of ``part``, a group within ``whole`` whose own figure is published by the rule.

    The difference of the two is a group nobody asked for but anyone can compute: it obeys the rule too.
    Both give people per answer, in the same order.

    >>> [reason.value for reason in protect_nested([70, 80], [65, 78]).cells]
    ['base', 'base']
    """
    outer, inner = checked_counts(whole, 1), checked_counts(part, 1)
    if outer.shape != inner.shape or (inner > outer).any():
        raise DisclosureError(N_("Le groupe n'est pas contenu dans l'ensemble auquel il est comparé."))
    if int(inner.sum()) < rule.minimum or (inner == outer).all():
        return protect_distribution(inner, rule)
    table = protect_table(np.stack([inner, outer - inner]), rule)
    if table.rows[0] is not Reason.SHOWN:
        # The rest is too small: showing any of the group would tell about the rest.
        return ProtectedDistribution((Reason.BASE,) * len(outer), Reason.BASE)
    return ProtectedDistribution(table.cells[0], table.rows[0])


class _Table:
    """The reasons of the cells while they are being settled; withholding only ever grows."""

    def __init__(
        self, counts: IntArray, rows: Sequence[Reason], columns: Sequence[Reason], rule: CellRule
    ) -> None:
        self.counts, self.rule = counts, rule
        self.height, self.width = counts.shape
        self.reasons = [[Reason.SHOWN] * self.width for _ in range(self.height)]
        self.row_hidden = [reason is not Reason.SHOWN for reason in rows]
        self.column_hidden = [reason is not Reason.SHOWN for reason in columns]
        self.row_zero = [total == 0 for total in counts.sum(axis=1).tolist()]
        self.column_zero = [
            total == 0 and not hidden
            for total, hidden in zip(counts.sum(axis=0).tolist(), self.column_hidden, strict=True)
        ]
        self.row_small = [total < rule.minimum for total in counts.sum(axis=1).tolist()]

    def protect(self) -> None:
        """Withhold what is small, then whatever else is needed until nothing can be worked out."""
        for i in range(self.height):
            row = self.counts[i]
            certain = self.rule.hide_certain and self.width > 1 and np.count_nonzero(row) == 1
            for j in range(self.width):
                if self.row_small[i]:
                    self.reasons[i][j] = Reason.BASE
                elif certain:
                    self.reasons[i][j] = Reason.CERTAIN
                elif self.row_hidden[i]:
                    self.reasons[i][j] = Reason.COMPLEMENT
                elif self.rule.small(int(row[j])):
                    self.reasons[i][j] = Reason.SMALL
        # Each turn withholds at least one more cell, so there are at most r * c turns.
        while self._mend_lines() or self._mend_derivable():
            pass

    def _hidden(self, cell: _Cell) -> bool:
        return self.reasons[cell[0]][cell[1]] is not Reason.SHOWN

    def _implied_zero(self, cell: _Cell) -> bool:
        """A cell of a line whose shown total is zero: known to be zero whatever is done."""
        return self.row_zero[cell[0]] or self.column_zero[cell[1]]

    def _lines(self) -> Iterator[tuple[list[_Cell], bool]]:
        """Every row, then every column: its cells that may hold someone, and if its total is withheld."""
        for i in range(self.height):
            yield [(i, j) for j in range(self.width) if not self._implied_zero((i, j))], self.row_hidden[i]
        for j in range(self.width):
            cells = [(i, j) for i in range(self.height) if not self._implied_zero((i, j))]
            yield cells, self.column_hidden[j]

    def _mend_lines(self) -> bool:
        changed = False
        for cells, total_hidden in self._lines():
            while True:
                hidden = [cell for cell in cells if self._hidden(cell)]
                if total_hidden:
                    enough = bool(hidden)
                else:
                    people = sum(int(self.counts[cell]) for cell in hidden)
                    enough = not hidden or (len(hidden) >= 2 and people >= self.rule.minimum)
                if enough or not self._withhold([cell for cell in cells if not self._hidden(cell)]):
                    break
                changed = True
        return changed

    def _mend_derivable(self) -> bool:
        table, hidden = self._with_totals()
        for i, j in np.argwhere(derivable(table, hidden)).tolist():
            if i < self.height and j < self.width and self._implied_zero((i, j)):
                continue
            near = [
                (a, b)
                for a in range(self.height)
                for b in range(self.width)
                if (a == i or b == j) and not self._hidden((a, b)) and not self._implied_zero((a, b))
            ]
            everywhere = [
                (a, b)
                for a in range(self.height)
                for b in range(self.width)
                if not self._hidden((a, b)) and not self._implied_zero((a, b))
            ]
            if self._withhold(near) or self._withhold(everywhere):
                return True
        return False

    def _with_totals(self) -> tuple[IntArray, BoolArray]:
        table = np.zeros((self.height + 1, self.width + 1), dtype=np.int64)
        table[:-1, :-1] = self.counts
        table[:-1, -1] = self.counts.sum(axis=1)
        table[-1, :-1] = self.counts.sum(axis=0)
        table[-1, -1] = self.counts.sum()
        hidden = np.zeros(table.shape, dtype=bool)
        hidden[:-1, :-1] = [[reason is not Reason.SHOWN for reason in row] for row in self.reasons]
        # Sizes of groups count as known, even those withheld: see ``protect_table``.
        hidden[-1, :-1] = self.column_hidden
        return table, hidden

    def _withhold(self, candidates: list[_Cell]) -> bool:
        """Withhold the cheapest candidate: its own people, and those its other line would then need."""
        if not candidates:
            return False
        i, j = min(candidates, key=self._cost)
        self.reasons[i][j] = Reason.COMPLEMENT
        return True

    def _cost(self, cell: _Cell) -> tuple[int, int, int]:
        i, j = cell
        cost = int(self.counts[cell])
        for line in ([(i, b) for b in range(self.width)], [(a, j) for a in range(self.height)]):
            others = [other for other in line if other != cell and not self._implied_zero(other)]
            if others and not any(self._hidden(other) for other in others):
                cost += min(int(self.counts[other]) for other in others)
        return cost, i, j
