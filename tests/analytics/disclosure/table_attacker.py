"""An attacker with a linear programme: everything that published figures say about the cells they withhold.

Knows the count and the base of every cell shown, for everyone and by group, the weighted shares with the step
they are rounded to, and the weight of every group (anyone can work it out from a population table).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from analytics.results import Figure, group_key
from analytics.specification import Grouping


@dataclass(frozen=True)
class Range:
    """What a withheld cell may hold, for all that the attacker knows."""

    group: str
    code: str
    low: float
    high: float

    @property
    def found(self) -> bool:
        """Whether a single whole number is left."""
        return self.high - self.low < 1 and np.floor(self.high + 1e-6) - np.ceil(self.low - 1e-6) < 1


def ranges(figure: Figure, grouping: Grouping, weights: dict[str, float], step: float) -> list[Range]:
    """The range of every withheld cell of a distribution crossed with *grouping*; *step* 0: exact shares.

    *weights* holds the weight of each group whose figures are given at all.
    """
    codes = figure.spec.codes
    keys = [group_key(grouping.variable, code) for code in grouping.codes]
    keys = [key for key in keys if figure.n(key) is not None]
    if sum(figure.n(key) or 0 for key in keys) != figure.n():
        return []  # some groups are not described at all: less is known than this attacker supposes
    place: dict[tuple[str, str], int] = {}
    for key in keys:
        for code in codes:
            if figure.cell(code, key) is None:
                place[key, code] = len(place)
    if not place:
        return []
    size = len(place)
    equal, equal_to, below, below_to = [], [], [], []
    for key in keys:
        row = np.zeros(size)
        known = 0
        for code in codes:
            cell = figure.cell(code, key)
            if cell is None:
                row[place[key, code]] = 1
            else:
                known += cell.count or 0
        equal.append(row)
        equal_to.append((figure.n(key) or 0) - known)
    total = sum(weights[key] * (figure.n(key) or 0) for key in keys)
    for code in codes:
        whole = figure.cell(code)
        if whole is None:
            continue
        plain, heavy, known, weighted = np.zeros(size), np.zeros(size), 0, 0.0
        for key in keys:
            cell = figure.cell(code, key)
            if cell is None:
                plain[place[key, code]], heavy[place[key, code]] = 1, weights[key]
            else:
                known += cell.count or 0
                weighted += weights[key] * (cell.count or 0)
        equal.append(plain)
        equal_to.append((whole.count or 0) - known)
        assert whole.weighted
        slack = (step / 2 + 1e-9) * total
        for sign in (1, -1):
            below.append(sign * heavy)
            below_to.append(sign * (whole.weighted.value * total - weighted) + slack)
    found = []
    for (key, code), at in place.items():
        ends = []
        for sign in (1, -1):
            aim = np.zeros(size)
            aim[at] = sign
            answer = linprog(aim, A_ub=below, b_ub=below_to, A_eq=equal, b_eq=equal_to, bounds=(0, None))
            ends.append(float(answer.x[at]) if answer.success else float("nan"))
        found.append(Range(key, code, *ends))
    return found
