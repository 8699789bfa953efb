"""The fieldwork of a survey, ready to be read: rates, drop-out by page, durations. From counters only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from respondents import ballots, counters
from respondents.bar_charts import Columns, columns, round_top
from surveys.definition import Page, Questionnaire, text
from surveys.models import Survey

LONGEST_SHOWN = 30  # minutes; the histogram ends with "30 and more" where nobody needs much longer


@dataclass(frozen=True)
class Step:
    """A step of the way: how many took it, and their share of those who took the one before, in percent."""

    count: int
    share: int | None


@dataclass(frozen=True)
class Reached:
    """A page of the questionnaire. *lost* counts from the page before it that everybody is asked."""

    number: int
    title: str
    count: int
    share: int | None  # of all who started, in percent
    conditional: bool
    lost: int | None
    lost_share: float | None  # in percent

    @property
    def bar(self) -> int:
        """Length of its bar, of a hundred."""
        return min(100, self.share or 0)


@dataclass(frozen=True)
class Minute:
    label: str
    count: int


@dataclass(frozen=True)
class Figures:
    opened: Step
    started: Step
    submitted: Step
    invited: int
    response_share: int | None
    without_javascript: Step
    days: list[tuple[date, int, int, int]]
    days_started: Columns
    days_submitted: Columns
    pages: list[Reached]
    end: Reached | None
    minutes: list[Minute]
    minutes_chart: Columns
    median_minutes: int | None
    waiting: int
    fingerprint: str  # changes when any of this does

    @property
    def newest_first(self) -> list[tuple[date, int, int, int]]:
        return self.days[::-1]

    @property
    def first_day(self) -> date | None:
        return self.days[0][0] if self.days else None

    @property
    def last_day(self) -> date | None:
        return self.days[-1][0] if self.days else None

    @property
    def minutes_start(self) -> str:
        return _("0 min")

    @property
    def minutes_end(self) -> str:
        return _("%(minutes)s min") % {"minutes": self.minutes[-1].label} if self.minutes else ""

    @property
    def minutes_text(self) -> str:
        """The histogram in words, for those who do not see it."""
        each = ", ".join(
            _("%(minutes)s min : %(count)s") % {"minutes": minute.label, "count": minute.count}
            for minute in self.minutes
            if minute.count
        )
        return _("Nombre de réponses par durée. %(each)s.") % {"each": each}


def figures(survey: Survey, questionnaire: Questionnaire | None, language: str) -> Figures:
    """All that the page of the fieldwork shows, with the titles of the pages in *language*."""
    pages = list(questionnaire.pages) if questionnaire else []
    work = counters.fieldwork(survey, len(pages))
    waiting = ballots.waiting(survey)
    days = _every_day(work.by_day)
    top = round_top(max((max(started, submitted) for _, _, started, submitted in days), default=0))
    minutes = _minutes(work.minutes)
    reached = _pages(pages, work.pages, work.started, language)
    return Figures(
        opened=Step(work.opened, _percent(work.opened, work.invited)),
        started=Step(work.started, _percent(work.started, work.opened)),
        submitted=Step(work.submitted, _percent(work.submitted, work.started)),
        invited=work.invited,
        response_share=_percent(work.submitted, work.invited),
        without_javascript=Step(work.without_javascript, _percent(work.without_javascript, work.submitted)),
        days=days,
        days_started=columns([(1, started) for _, _, started, _ in days], top=top),
        days_submitted=columns([(1, submitted) for _, _, _, submitted in days], top=top),
        pages=reached,
        end=_end(reached, work.submitted, work.started),
        minutes=minutes,
        minutes_chart=columns([(1, minute.count) for minute in minutes]),
        median_minutes=work.median_minutes,
        waiting=waiting,
        fingerprint=hashlib.sha256(repr((work, waiting, language)).encode()).hexdigest()[:16],
    )


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _every_day(days: list[tuple[date, int, int, int]]) -> list[tuple[date, int, int, int]]:
    """*days* with those on which nothing happened, so that the drawing keeps the pace of time."""
    if not days:
        return []
    known = {day[0]: day for day in days}
    first, last = days[0][0], days[-1][0]
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [known.get(day, (day, 0, 0, 0)) for day in every]


def _pages(pages: list[Page], counts: list[int], started: int, language: str) -> list[Reached]:
    rows: list[Reached] = []
    before: int | None = None  # how many reached the last page that is asked of all
    for number, (page, count) in enumerate(zip(pages, counts, strict=True), start=1):
        conditional = bool(page.relevant)
        lost = None if conditional or before is None else max(0, before - count)
        rows.append(
            Reached(
                number=number,
                title=text(page.title, language),
                count=count,
                share=_percent(count, started),
                conditional=conditional,
                lost=lost,
                lost_share=None if lost is None or not before else 100 * lost / before,
            )
        )
        if not conditional:
            before = count
    return rows


def _end(rows: list[Reached], submitted: int, started: int) -> Reached | None:
    """The submission, as the step after the last page."""
    asked_of_all = [row.count for row in rows if not row.conditional]
    if not asked_of_all:
        return None
    lost = max(0, asked_of_all[-1] - submitted)
    share = 100 * lost / asked_of_all[-1] if asked_of_all[-1] else None
    return Reached(len(rows) + 1, "", submitted, _percent(submitted, started), False, lost, share)


def _minutes(counted: list[tuple[int, int]]) -> list[Minute]:
    if not counted:
        return []
    longest = max(minute for minute, count in counted)
    end = min(longest, LONGEST_SHOWN)
    rows = dict.fromkeys(range(end + 1), 0)
    for minute, count in counted:
        rows[min(minute, end)] += count
    open_ended = longest > end or end == counters.LONGEST
    return [
        Minute(
            _("%(minutes)s et plus") % {"minutes": minute} if open_ended and minute == end else str(minute),
            count,
        )
        for minute, count in rows.items()
    ]
