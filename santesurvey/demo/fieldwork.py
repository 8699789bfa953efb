"""A plausible past for the demonstration: eight weeks of invitations, openings, answers and drop-outs.

Everything adds up to the responses that are stored: as many invitations are used, as many submissions are
counted, and the pages that they reached are those that their answers lead to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import orjson
from django.db.models import F
from numpy.typing import NDArray

from respondents import counters, responses
from respondents.campaigns import add_batch, create_campaign
from respondents.counters import Count, Kind
from respondents.models import Batch, Campaign, Counter, Invitation, Partner
from santesurvey.models import User
from surveys.definition import variables_of
from surveys.models import Survey
from surveys.routing import Compiled, asked, compile_questionnaire

DAYS = 56
REMINDERS = (0, 21, 42)  # days after the first mailing
WEEKEND = 0.45  # activity of a weekend day beside a weekday
STARTED, OPENED = 1.22, 1.55  # for one submitted
MEDIAN_MINUTES, SPREAD = 7.2, 0.38  # of a lognormal
WITHOUT_JAVASCRIPT = 0.012
SPARE = 25  # invitations kept for visitors of the demonstration
SPARE_LABEL = "Invitations à essayer"

Days = NDArray[np.int64]


@dataclass(frozen=True)
class Mailing:
    """A campaign of the past: its share of the responses, and its batches by label and size."""

    partner: str
    name: str
    share: float
    batches: tuple[tuple[str, int], ...]


def run(
    *,
    survey: Survey,
    mailings: list[tuple[Mailing, Partner]],
    today: date,
    rng: np.random.Generator,
    by: User,
) -> None:
    """Make the campaigns of *mailings* and the eight weeks before *today*; spare invitations in the first."""
    first = today - timedelta(days=DAYS)
    submitted = responses.count(survey)
    pattern = _pattern(first)
    left = submitted
    started_in_all = np.zeros(DAYS, dtype=np.int64)
    for at, (mailing, partner) in enumerate(mailings):
        used = left if at == len(mailings) - 1 else round(submitted * mailing.share)
        left -= used
        campaign = create_campaign(survey=survey, partner=partner, name=mailing.name, by=by)
        for label, size in mailing.batches:
            add_batch(campaign=campaign, size=size, label=label, by=by)
        _date_back(campaign, first)
        sent = rng.multinomial(used, pattern)
        began = sent + rng.multinomial(round(used * (STARTED - 1)), pattern)
        seen = began + rng.multinomial(round(used * (OPENED - STARTED)), pattern)
        _use(campaign, int(sent.sum()), int(began.sum()), int(seen.sum()))
        for day in range(DAYS):
            counters.add(
                survey.pk,
                first + timedelta(days=day),
                _some(
                    campaign.pk, {Kind.OPENED: seen[day], Kind.STARTED: began[day], Kind.SUBMITTED: sent[day]}
                ),
            )
        started_in_all += began
        if at == 0:
            add_batch(campaign=campaign, size=SPARE, label=SPARE_LABEL, by=by)
    _of_the_survey(survey, first, started_in_all, submitted, rng)


def _pattern(first: date) -> NDArray[np.float64]:
    """Share of the activity of each day: a wave after each mailing that dies down, weekends quiet."""
    weight = np.zeros(DAYS)
    for rank, reminder in enumerate(REMINDERS):
        age = np.arange(DAYS) - reminder
        weight += np.where(age >= 0, np.exp(-np.maximum(age, 0) / 4.5) / (1 + 0.6 * rank), 0.0)
    weight += 0.02
    quiet = np.array([(first + timedelta(days=day)).weekday() >= 5 for day in range(DAYS)])
    weight[quiet] *= WEEKEND
    return np.asarray(weight / weight.sum())


def _date_back(campaign: Campaign, day: date) -> None:
    """The batches were just made: say that they were made on *day*."""
    Batch.objects.filter(campaign=campaign).update(created_on=day)
    Counter.objects.filter(campaign=campaign.pk, kind=Kind.INVITED).update(day=day)


def _use(campaign: Campaign, submitted: int, started: int, opened: int) -> None:
    """Move that many invitations on. Digests are random, so the first ones are anybody's."""
    states = [
        (Invitation.State.USED, submitted),
        (Invitation.State.STARTED, started - submitted),
        (Invitation.State.OPENED, opened - started),
    ]
    for state, count in states:
        some = Invitation.objects.filter(campaign=campaign, state=Invitation.State.ISSUED)
        some = some.order_by(F("code_digest"))[:count]
        Invitation.objects.filter(pk__in=some.values("pk")).update(state=state)


def _some(campaign: int, counts: dict[str, np.int64]) -> list[Count]:
    return [Count(kind, campaign=campaign, count=int(count)) for kind, count in counts.items() if count]


def _of_the_survey(
    survey: Survey, first: date, started: Days, submitted: int, rng: np.random.Generator
) -> None:
    """Pages reached, minutes taken and modes, which are counted for the survey only."""
    pages = _pages(survey, int(started.sum()) - submitted, rng)
    minutes = np.clip(
        np.rint(MEDIAN_MINUTES * np.exp(SPREAD * rng.standard_normal(submitted))), 2, counters.LONGEST
    )
    plain = round(WITHOUT_JAVASCRIPT * submitted)
    totals = {(Kind.PAGE, number): count for number, count in pages.items()}
    totals |= {
        (Kind.MINUTES, int(key)): int(count)
        for key, count in zip(*np.unique(minutes, return_counts=True), strict=True)
    }
    totals |= {(Kind.MODE, 0): submitted - plain, (Kind.MODE, 1): plain}
    counters.add(survey.pk, first, [Count(kind, key=key, count=n) for (kind, key), n in totals.items() if n])


def _pages(survey: Survey, stopped: int, rng: np.random.Generator) -> dict[int, int]:
    """How many reached each page, from 1: the respondents, by their answers, and *stopped* who gave up."""
    version = survey.current_version
    assert version is not None  # noqa: S101 - responses exist, hence a version
    questionnaire = version.questionnaire
    compiled = compile_questionnaire(questionnaire)
    reached = dict.fromkeys(range(1, len(questionnaire.pages) + 1), 0)
    for chunk in responses.read_all(survey):
        for *_response, answers in chunk:
            for number in _route(compiled, orjson.loads(answers)):
                reached[number] += 1
    # Most who give up do so early; each has reached every page up to their last, but conditional ones.
    last = np.minimum(rng.geometric(0.22, stopped), len(questionnaire.pages))
    for number, page in enumerate(questionnaire.pages, start=1):
        if not page.relevant:
            reached[number] += int((last >= number).sum())
    return reached


def _route(compiled: Compiled, answers: dict[str, object]) -> set[int]:
    """The numbers of the pages that somebody with *answers* meets."""
    questionnaire = compiled.questionnaire
    numbers = {page.code: number for number, page in enumerate(questionnaire.pages, start=1)}
    met: set[int] = set()
    for page, question, known in asked(compiled):
        met.add(numbers[page.code])
        known.update(
            {name: answers[name] for name in variables_of(question, questionnaire) if name in answers}
        )
    return met
