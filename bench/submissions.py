"""Submissions per second through HTTP, beside the same rows committed by bare psycopg."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import orjson
import psycopg
from django.conf import settings
from django.db import connections
from django.utils import timezone

from bench.load import Rate, post_json, rate, together
from respondents import ballots, campaigns, codes
from respondents.models import Campaign, Partner
from surveys.models import Survey, Version

CLIENTS = 8


def run(
    port: int, survey: Survey, version: Version, answers: list[dict[str, Any]], each: int
) -> dict[str, Any]:
    """*each* submissions from each of eight clients, through HTTP and then bare; the ratio of the rates."""
    partner, _ = Partner.objects.get_or_create(name="Banc d'essai")
    campaign = Campaign.objects.filter(survey=survey).first() or campaigns.create_campaign(
        survey=survey, partner=partner, name="Banc d'essai", by=None
    )
    warm = _requests(port, survey, version, answers, _codes(campaign, CLIENTS * 50))
    rate(port, warm, 201)
    through = rate(port, _requests(port, survey, version, answers, _codes(campaign, CLIENTS * each)), 201)
    bare = _bare(version, answers, _codes(campaign, CLIENTS * each))
    if through.failed:
        raise SystemExit(f"{through.failed} submissions were not recorded")
    return {
        "through HTTP, per second": through.per_second,
        "bare psycopg, per second": bare.per_second,
        "ratio": through.per_second / bare.per_second,
    }


def _codes(campaign: Campaign, size: int) -> list[str]:
    batch = campaigns.add_batch(campaign=campaign, size=size, label="Banc", by=None)
    return [link.code for link in campaigns.links(batch)]


def _requests(
    port: int, survey: Survey, version: Version, answers: list[dict[str, Any]], some_codes: list[str]
) -> list[list[bytes]]:
    consents = [consent.code for consent in version.questionnaire.consents]
    made = []
    for number, code in enumerate(some_codes):
        body = {
            "code": code,
            "receipt": codes.new_code(),
            "version": version.digest,
            "language": "fr",
            "answers": answers[number % len(answers)],
            "consents": consents,
            "minutes": 6,
        }
        made.append(post_json(f"/q/{survey.slug}/submit", port, orjson.dumps(body)))
    return [made[part::CLIENTS] for part in range(CLIENTS)]


def _bare(version: Version, answers: list[dict[str, Any]], some_codes: list[str]) -> Rate:
    """The same statement with ready parameters, from eight processes with a connection each."""
    rows = []
    for number, code in enumerate(some_codes):
        submission = ballots.Submission(
            code=codes.decode(code),
            receipt=secrets.randbits(80),
            version=version,
            answers=answers[number % len(answers)],
            consents=[consent.code for consent in version.questionnaire.consents],
            minutes=6,
        )
        rows.append(ballots.parameters(submission, timezone.localdate()))
    connections.close_all()
    url = settings.DATABASE_URL

    def client() -> Callable[[Any], bool]:
        connection = psycopg.connect(url, autocommit=True)
        return lambda values: connection.execute(ballots.SUBMIT, values, prepare=True).fetchone() == (1,)

    return together([rows[part::CLIENTS] for part in range(CLIENTS)], client)
