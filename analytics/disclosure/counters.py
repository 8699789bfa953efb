"""Small counters on partners' screens: how many invitations were used, and when, without telling whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.disclosure.errors import N_, DisclosureError


@dataclass(frozen=True)
class Period:
    """Consecutive days counted together: positions ``first`` to ``last`` (included) and their ``count``.

    ``count`` is ``None`` for the last period while it holds fewer people than the minimum.
    """

    first: int
    last: int
    count: int | None


def masked_count(count: int, minimum: int = 5) -> str:
    """``count`` for a screen: itself when zero or at least ``minimum``, else "< minimum".

    Zero is shown: it tells that nobody used a link, so it points to no answer and nobody in particular, and
    a partner must be able to see that a mailing never left. Beside an exact total, one masked number can be
    worked out: show the total of ``merged_days`` instead.

    >>> masked_count(0), masked_count(3), masked_count(12)
    ('0', '< 5', '12')
    """
    _check([count], minimum)
    return f"< {minimum}" if 0 < count < minimum else str(count)


def merged_days(counts: Sequence[int], minimum: int = 5) -> tuple[Period, ...]:
    """Daily ``counts`` in time order, merged from the first day on until each period holds ``minimum``.

    Give complete days only. Periods never change once closed, so looking every day tells no more than
    looking once, and the sum of the periods is a total that can be shown. Within a period of several days
    no day can be worked out: the days before its last hold anything from 0 to ``minimum`` - 1 together.

    >>> [(period.first, period.last, period.count) for period in merged_days([7, 2, 0, 4, 1])]
    [(0, 0, 7), (1, 3, 6), (4, 4, None)]
    """
    _check(counts, minimum)
    periods: list[Period] = []
    first, held = 0, 0
    for day, count in enumerate(counts):
        held += count
        if held >= minimum:
            periods.append(Period(first, day, held))
            first, held = day + 1, 0
    if first < len(counts):
        periods.append(Period(first, len(counts) - 1, None))
    return tuple(periods)


def _check(counts: Sequence[int], minimum: int) -> None:
    if minimum < 1:
        raise DisclosureError(N_("L'effectif minimal affiché est au moins 1."))
    if any(count < 0 for count in counts):
        raise DisclosureError(N_("Un compteur ne peut pas être négatif."))
