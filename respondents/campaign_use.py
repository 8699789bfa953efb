"""How many invitations of a campaign were used, as far as it may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils import timezone

from respondents import masking
from respondents.models.counters import Counter
from respondents.models.invitations import Campaign


@dataclass(frozen=True)
class Period:
    """Used invitations from *first* to *last*, both included."""

    first: date
    last: date
    count: int
    days: int


@dataclass(frozen=True)
class Use:
    """Of *invitations*, at least *total* used: the sum of the periods shown."""

    invitations: int
    periods: list[Period]
    total: int
    none_yet: bool  # not one before today
    held_from: date | None  # from this day on, fewer than *minimum*
    held_to: date
    nearly_all: bool
    minimum: int = masking.MINIMUM

    @property
    def too_small(self) -> bool:
        """Whether the campaign has too few invitations for anything to be shown, ever."""
        return self.invitations < 2 * self.minimum

    @property
    def newest_first(self) -> list[Period]:
        return self.periods[::-1]


def use(campaign: Campaign) -> Use:
    """The use of *campaign* on whole days, from its first batch (or first answer) until yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    made = list(campaign.batches.values_list("created_on", "size"))
    invitations = sum(size for _, size in made)
    used: dict[date, int] = dict(
        Counter.objects.filter(
            survey_id=campaign.survey_id,
            campaign=campaign.pk,
            kind=Counter.Kind.SUBMITTED,
            day__lte=yesterday,
        )
        .values_list("day")
        .annotate(total=Sum("count"))
    )
    start = min([day for day, _ in made] + list(used), default=yesterday)
    days = [start + timedelta(days=n) for n in range((yesterday - start).days + 1)]
    result = masking.shown([used.get(day, 0) for day in days], invitations=invitations)
    return Use(
        invitations=invitations,
        periods=[Period(days[p.first], days[p.last], p.count, p.days) for p in result.periods],
        total=result.total,
        none_yet=not used,
        held_from=None if result.held_from is None else days[result.held_from],
        held_to=yesterday,
        nearly_all=result.nearly_all,
    )
