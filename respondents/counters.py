"""Counts of the fieldwork: added to in one statement, read as sums, never from rows about people."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Sum

from respondents.models.counters import Counter
from surveys.models import Survey

SHARDS = 16
LONGEST = 60  # minutes; longer counts as this
Kind = Counter.Kind
# Never shown by day, and never kept by day: on a day with one answer, the pages reached would tell what was
# answered (who was asked about assaults has reported one), the minutes how long it took.
UNDATED = frozenset({Kind.PAGE, Kind.MINUTES, Kind.MODE})
NO_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Count:
    """Add *count* to the counter of *kind* and *key*; *campaign* 0 where it does not matter."""

    kind: str
    key: int = 0
    campaign: int = 0
    count: int = 1


ADD = """
INSERT INTO respondents_counter (survey_id, campaign, day, kind, key, shard, count)
SELECT %(survey)s, c.campaign, c.day, c.kind, c.key, %(shard)s, c.count
FROM unnest(%(campaigns)s::bigint[], %(kinds)s::text[], %(keys)s::int[], %(counts)s::int[], %(days)s::date[])
    AS c(campaign, kind, key, count, day)
ON CONFLICT ON CONSTRAINT counter_once DO UPDATE SET count = respondents_counter.count + EXCLUDED.count
"""


def day_of(kind: str, day: date) -> date:
    """The day that a count of *kind* on *day* is kept under."""
    return NO_DAY if kind in UNDATED else day


def parameters(survey_id: int, day: date, counts: Iterable[Count]) -> dict[str, Any]:
    """Parameters of `ADD`. Sorted, so that two writers never wait for each other in a circle."""
    merged: dict[tuple[int, str, int], int] = {}
    for one in counts:
        name = (one.campaign, str(one.kind), one.key)
        merged[name] = merged.get(name, 0) + one.count
    rows = sorted(merged.items())
    return {
        "survey": survey_id,
        "shard": secrets.randbelow(SHARDS),
        "campaigns": [name[0] for name, _ in rows],
        "kinds": [name[1] for name, _ in rows],
        "keys": [name[2] for name, _ in rows],
        "counts": [count for _, count in rows],
        "days": [day_of(name[1], day) for name, _ in rows],
    }


def add(survey_id: int, day: date, counts: Iterable[Count]) -> None:
    """Add *counts* to the counters of the survey, under *day* where the kind is kept by day."""
    with connection.cursor() as cursor:
        cursor.execute(ADD, parameters(survey_id, day, counts))


@dataclass(frozen=True)
class Fieldwork:
    """The state of a survey's fieldwork: totals, days, drop-out by page, durations in whole minutes."""

    invited: int
    opened: int
    started: int
    submitted: int
    without_javascript: int
    by_day: list[tuple[date, int, int, int]]  # day, opened, started, submitted
    pages: list[int]  # how many reached page 1, 2, …
    minutes: list[tuple[int, int]]  # minutes, respondents
    median_minutes: int | None


def fieldwork(survey: Survey, pages: int, campaign_id: int | None = None) -> Fieldwork:
    """Fieldwork of the survey over all campaigns, or of one. *pages* is how many the questionnaire has.

    Pages and durations are counted for the survey only: they do not say which campaign they come from.
    """
    rows = Counter.objects.filter(survey=survey)
    if campaign_id is not None:
        rows = rows.filter(campaign=campaign_id)
    sums = rows.values("kind", "key", "day").annotate(total=Sum("count")).order_by("day", "kind", "key")
    totals: dict[str, int] = dict.fromkeys(Kind.values, 0)
    days: dict[date, dict[str, int]] = {}
    reached, minutes, plain = [0] * pages, dict.fromkeys(range(LONGEST + 1), 0), 0
    for row in sums:
        kind, key, count = row["kind"], row["key"], row["total"]
        totals[kind] += count
        if kind in {Kind.OPENED, Kind.STARTED, Kind.SUBMITTED}:
            day = days.setdefault(row["day"], dict.fromkeys([Kind.OPENED, Kind.STARTED, Kind.SUBMITTED], 0))
            day[kind] += count
        elif kind == Kind.PAGE and 1 <= key <= pages:
            reached[key - 1] += count
        elif kind == Kind.MINUTES and key <= LONGEST:
            minutes[key] += count
        elif kind == Kind.MODE and key == 1:
            plain += count
    return Fieldwork(
        invited=totals[Kind.INVITED],
        opened=totals[Kind.OPENED],
        started=totals[Kind.STARTED],
        submitted=totals[Kind.SUBMITTED],
        without_javascript=plain,
        by_day=[(d, c[Kind.OPENED], c[Kind.STARTED], c[Kind.SUBMITTED]) for d, c in sorted(days.items())],
        pages=reached,
        minutes=[(minute, count) for minute, count in minutes.items() if count],
        median_minutes=_median(minutes),
    )


def _median(histogram: dict[int, int]) -> int | None:
    total, seen = sum(histogram.values()), 0
    for value, count in histogram.items():
        seen += count
        if total and 2 * seen >= total:
            return value
    return None
