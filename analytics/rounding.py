"""What leaves for the public is rounded as it is printed: shares to whole percents, means to tenths.

Weights differ between groups, and anyone can work them out. So the exact weighted share of everyone, beside
the exact count, is a second equation on the same groups: together they would give back counts that were
withheld (with all decimals, one equation is enough to find several whole numbers). A share in whole percents
leaves, among 1,550 people, about fifteen in doubt, which is more than a withheld cell holds. The same holds
for bounds, means and effective numbers. The team reads the unrounded figures.
"""

from __future__ import annotations

import math
from typing import Any

#: A share that is not zero, yet rounds to it: printed as "< 1 %". Its counterpart near one is 1 less this.
TRACE = 0.004
Numbers = list[float | int | None]


def share(value: float) -> float:
    """*value* (0 to 1) in whole percents, halves up.

    >>> share(0.4949), share(0.495), share(0.0021), share(0.9999), share(1.0)
    (0.49, 0.5, 0.004, 0.996, 1.0)
    """
    rounded = math.floor(value * 100 + 0.5 + 1e-9) / 100
    if rounded == 0 < value:
        return TRACE
    return 1 - TRACE if rounded == 1 > value else rounded


def measure(value: float) -> float:
    """*value* in tenths, halves up.

    >>> measure(61.249), measure(61.25), measure(-0.05)
    (61.2, 61.3, 0.0)
    """
    return math.floor(value * 10 + 0.5 + 1e-9) / 10 + 0.0


def effective(value: float) -> float:
    """An effective number of people to two figures: it is about the size of something.

    >>> effective(1103.97), effective(97.2), effective(8.4)
    (1100.0, 97.0, 8.4)
    """
    if value <= 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(round(value / step) * step, 6)


def cell(numbers: Numbers, *, is_share: bool) -> Numbers:
    """One stored cell (`analytics.results`). Counts, and shares that follow from them, stay exact."""
    count, n_effective, *weighted, u, u_low, u_high = numbers
    plain: Numbers = [u, u_low, u_high]
    kind = share if is_share else measure
    if not is_share:
        plain = [_known(value, kind) for value in plain]
    return [count, effective(float(n_effective or 0)), *(_known(value, kind) for value in weighted), *plain]


def group(stored: dict[str, Any], *, is_share: bool) -> dict[str, Any]:
    """A figure in one group. Quantiles stay: they are values that people gave, at a rank shared by many."""
    cells = [None if one is None else cell(one, is_share=is_share) for one in stored["cells"]]
    return {**stored, "cells": cells}


def _known(value: float | int | None, kind: Any) -> float | None:
    return None if value is None else kind(value)
