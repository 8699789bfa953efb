"""The one rule for counts of used invitations on the screens of campaigns. Pure: plain values in and out.

A partner knows to whom it wrote and when, so an exact count watched from day to day would tell when somebody
answered. What is shown is therefore made of *periods* that never change once they are shown:

* only whole days count, today's never: looking twice on one day shows nothing new;
* days are merged from the first on until a period holds at least the minimum; what is left at the end is
  shown as "fewer than the minimum", zero included;
* the total is the sum of the periods shown, so that no subtraction gives back what is held back;
* a period is shown only while at least the minimum of invitations remain unused after it: "all of them have
  answered" would tell it of each.

Within a period of several days no day can be worked out: those before its last hold from none to
``minimum`` - 1 together. Figures about answers obey another rule (`analytics.disclosure`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MINIMUM = 5


@dataclass(frozen=True)
class Period:
    """Days counted together, by their positions, both included."""

    first: int
    last: int
    count: int

    @property
    def days(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Shown:
    """What may be shown of daily counts: the periods, their sum, and where the days held back begin."""

    periods: tuple[Period, ...]
    total: int
    held_from: int | None  # position of the first day that is held back, if any is
    nearly_all: bool  # held back because nearly all invitations are used, not because few more are


def shown(counts: Sequence[int], *, invitations: int, minimum: int = MINIMUM) -> Shown:
    """What may be shown of *counts* of whole days, in the order of time, of a campaign of *invitations*.

    >>> shown([7, 2, 0, 4, 1], invitations=100)
    Shown(periods=(Period(first=0, last=0, count=7), Period(first=1, last=3, count=6)), total=13, \
held_from=4, nearly_all=False)

    Raises `ValueError` for a negative count or a minimum below one.
    """
    if minimum < 1 or any(count < 0 for count in counts):
        raise ValueError("counts are not negative, and the minimum is at least one")
    periods: list[Period] = []
    first = held = total = 0
    for day, count in enumerate(counts):
        held += count
        if held < minimum:
            continue
        if invitations - total - held < minimum:
            return Shown(tuple(periods), total, first, nearly_all=True)
        periods.append(Period(first, day, held))
        total += held
        first, held = day + 1, 0
    return Shown(tuple(periods), total, first if first < len(counts) else None, nearly_all=False)
