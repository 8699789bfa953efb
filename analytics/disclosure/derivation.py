"""Which withheld numbers of a table can be worked out from the published ones, exactly."""

from __future__ import annotations

import numpy as np

from analytics.stats.arrays import BoolArray, IntArray


def derivable(table: IntArray, hidden: BoolArray) -> BoolArray:
    """The hidden entries of ``table`` whose value follows from the others; same shape, booleans.

    ``table`` (r + 1, c + 1) holds counts, its last row and column the totals. The attacker knows every
    entry that is not hidden, that lines add up to their totals, and that counts are whole and not
    negative.

    An entry is free when another table with the same published entries gives it another value. Two such
    tables differ by cycles along which hidden entries go up and down in turn (transport polytopes: their
    edges are cycles), and one step of 1 is possible where each entry that goes down is at least 1. So the
    test is a search for a path in a small graph; no linear programme is needed (compare Gusfield 1988).

    >>> derivable(np.array([[3, 7, 10], [5, 6, 11], [8, 13, 21]]), np.eye(3, dtype=bool)).any(axis=1).tolist()
    [True, True, True]
    """
    rows, columns = table.shape
    last_row, last_column = rows - 1, columns - 1
    # With totals counted negatively every line sums to zero, so totals are entries like the others
    # except that they go "up" where the count goes down.
    is_total = np.zeros(table.shape, dtype=bool)
    is_total[last_row, :last_column] = True
    is_total[:last_row, last_column] = True
    can_rise = hidden & (~is_total | (table > 0))
    can_fall = hidden & (is_total | (table > 0))
    # Row i reaches column j by raising (i, j); column j reaches row i by lowering (i, j).
    from_row = [np.flatnonzero(can_rise[i]).tolist() for i in range(rows)]
    from_column = [np.flatnonzero(can_fall[:, j]).tolist() for j in range(columns)]
    fixed = np.zeros(table.shape, dtype=bool)
    for i, j in np.argwhere(hidden).tolist():
        rises = can_rise[i, j] and _escapes(from_column, from_row, j, i)
        falls = can_fall[i, j] and _escapes(from_row, from_column, i, j)
        fixed[i, j] = not (rises or falls)
    return fixed


def _escapes(ahead: list[list[int]], back: list[list[int]], origin: int, goal: int) -> bool:
    """Whether node ``origin`` reaches ``goal`` of the other side other than by their own entry.

    Such a path never comes back through ``origin``, so leaving it out of the search also leaves out that
    entry. ``ahead`` leads from the side of ``origin``, ``back`` from the side of ``goal``.
    """
    seen = {node for node in ahead[origin] if node != goal}
    waiting = list(seen)
    while waiting:
        for middle in back[waiting.pop()]:
            if middle == origin:
                continue
            for node in ahead[middle]:
                if node == goal:
                    return True
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
    return False
