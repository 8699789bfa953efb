"""Read the database and the logs as a thief would, after people have answered."""

from __future__ import annotations

import logging
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from respondents import ballots, campaigns, codes
from respondents.models import Campaign
from surveys.models import Survey, Version

MARKERS = {
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_USER_AGENT": "Agent-of-nurse-4711",
    "HTTP_REFERER": "https://mail.example/inbox-4711",
    "HTTP_X_FORWARDED_FOR": "198.51.100.77",
    "HTTP_COOKIE": "nurse=cookie-4711",
}


def everything_stored() -> str:
    """Every row of every table, as text: what a dump of the database holds."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            parts += [row[0] for row in cursor.fetchall()]
    return "\n".join(parts)


@pytest.fixture
def answered(
    client: Client, survey: Survey, version: Version, campaign: Campaign, caplog: pytest.LogCaptureFixture
) -> list[dict[str, Any]]:
    """Thirty people who opened, began, submitted and looked at their receipt, with all that gives them away."""
    caplog.set_level(logging.DEBUG)
    batch = campaigns.add_batch(campaign=campaign, size=30, label="Lot", by=None)
    sent = []
    for number, link in enumerate(campaigns.links(batch)):
        data = {
            "code": link.code,
            "receipt": codes.new_code(),
            "version": version.digest,
            "answers": {"profession": "other", "profession_other": f"métier {number:04d}", "hours": number},
            "consents": ["part", "health"],
            "minutes": 5,
        }
        for path in ("open", "submit"):
            response = client.post(
                f"/q/{survey.slug}/{path}", orjson.dumps(data), content_type="application/json", **MARKERS
            )
            assert response.status_code in {200, 201}
        client.post(f"/q/{survey.slug}/receipt", {"receipt": data["receipt"]}, **MARKERS)
        sent.append(data)
    return sent


def test_nothing_of_the_request_is_stored_or_logged(
    answered: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    stored = everything_stored()
    for place, text in {"database": stored, "logs": caplog.text}.items():
        for marker in MARKERS.values():
            assert marker not in text, (marker, place)
        for data in answered:
            bare = data["code"].replace("-", "")
            assert bare not in text
            assert data["code"] not in text
            assert data["receipt"] not in text, place


def test_answers_in_the_box_are_sealed_and_answers_out_of_it_bare_of_all_else(
    answered: list[dict[str, Any]], survey: Survey
) -> None:
    before = everything_stored()
    assert "métier" not in before
    assert "m\\u00e9tier" not in before
    assert ballots.empty_box(survey) == 30
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type, column_default, is_identity"
            " FROM information_schema.columns WHERE table_name IN"
            " ('respondents_response', 'respondents_ballot', 'respondents_invitation')"
        )
        for table, column, kind, default, identity in cursor.fetchall():
            assert not any(word in kind for word in ("timestamp", "date", "time")), (table, column)
            assert not (default and "nextval" in default), (table, column)
            assert identity == "NO", (table, column)


def test_no_column_of_a_response_is_shared_with_an_invitation(
    answered: list[dict[str, Any]], survey: Survey
) -> None:
    """No value, digests included, stands in both tables, and one shuffle covers everybody in it."""
    ballots.empty_box(survey)
    with connection.cursor() as cursor:
        cursor.execute("SELECT code_digest FROM respondents_invitation")
        invitations = {bytes(row[0]) for row in cursor.fetchall()}
        cursor.execute("SELECT receipt_digest, id, shuffle FROM respondents_response")
        rows = cursor.fetchall()
    assert not invitations & {bytes(row[0]) for row in rows}
    assert len({row[2] for row in rows}) == 1
    assert len({row[1] for row in rows}) == 30


def test_the_journal_of_the_collection_names_no_response(
    answered: list[dict[str, Any]], client: Client, survey: Survey
) -> None:
    erased = answered[0]["receipt"]
    client.post(f"/q/{survey.slug}/receipt", {"receipt": erased, "action": "erase"}, **MARKERS)
    event = apps.get_model("santesurvey", "AuditEvent").objects.get(action="response.erase")
    assert (event.actor, event.details) == (None, {})
    assert event.target == f"surveys.Survey:{survey.pk}"
