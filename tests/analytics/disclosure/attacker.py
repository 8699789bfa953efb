"""A reader who wants to know the withheld numbers: two independent ways to work them out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

Table = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def with_totals(counts: npt.ArrayLike) -> Table:
    inside = np.asarray(counts, dtype=np.int64)
    wide = np.hstack([inside, inside.sum(axis=1, keepdims=True)])
    return np.vstack([wide, wide.sum(axis=0, keepdims=True)])


def _lines(shape: tuple[int, int]) -> list[tuple[list[tuple[int, int]], tuple[int, int]]]:
    """The parts and the total of every line of a table with totals."""
    rows, columns = shape
    lines = [([(i, j) for j in range(columns - 1)], (i, columns - 1)) for i in range(rows)]
    lines += [([(i, j) for i in range(rows - 1)], (rows - 1, j)) for j in range(columns)]
    return lines


def bounds_by_propagation(table: Table, hidden: Mask) -> tuple[Table, Table]:
    """Lowest and highest value of every entry, by using each line in turn until nothing more follows."""
    ceiling = int(table.sum()) + 1
    low = np.where(hidden, 0, table)
    high = np.where(hidden, ceiling, table)
    while True:
        before = (low.copy(), high.copy())
        for parts, total in _lines(table.shape):
            lows, highs = sum(low[cell] for cell in parts), sum(high[cell] for cell in parts)
            low[total], high[total] = max(low[total], lows), min(high[total], highs)
            for cell in parts:
                low[cell] = max(low[cell], low[total] - (highs - high[cell]))
                high[cell] = min(high[cell], high[total] - (lows - low[cell]))
                lows, highs = sum(low[at] for at in parts), sum(high[at] for at in parts)
        if (before[0] == low).all() and (before[1] == high).all():
            return low, high


def bounds_by_programming(table: Table, hidden: Mask) -> tuple[Table, Table]:
    """The exact bounds of every hidden entry, by linear programming (vertices of such tables are whole)."""
    unknown = [tuple(cell) for cell in np.argwhere(hidden).tolist()]
    place = {cell: index for index, cell in enumerate(unknown)}
    equations, constants = [], []
    for parts, total in _lines(table.shape):
        equation, constant = np.zeros(len(unknown)), 0.0
        for cell, sign in [*((cell, 1.0) for cell in parts), (total, -1.0)]:
            if cell in place:
                equation[place[cell]] += sign
            else:
                constant -= sign * table[cell]
        if equation.any():
            equations.append(equation)
            constants.append(constant)
    low, high = table.copy(), table.copy()
    for cell, index in place.items():
        goal = np.zeros(len(unknown))
        goal[index] = 1.0
        down = linprog(goal, A_eq=np.array(equations), b_eq=constants, bounds=(0, None))
        up = linprog(-goal, A_eq=np.array(equations), b_eq=constants, bounds=(0, int(table.sum()) + 1))
        low[cell], high[cell] = round(down.fun), round(-up.fun)
    return low, high
