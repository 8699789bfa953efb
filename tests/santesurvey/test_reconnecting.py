"""A database that restarts costs nobody an error: the lost connection is replaced and the work done again."""

from __future__ import annotations

import orjson
import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from respondents import campaigns, codes
from respondents.models import Ballot, Campaign
from santesurvey.reconnecting import twice
from surveys.models import Version
from tests.workers import database_url

pytestmark = pytest.mark.django_db(transaction=True)


def lose_connection() -> None:
    """As a restart of the server does, seen from here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def ask() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return int(cursor.fetchone()[0])


def test_work_is_done_again_on_a_new_connection() -> None:
    lose_connection()
    assert twice(ask) == 1


def test_inside_a_transaction_the_error_goes_on() -> None:
    def in_a_transaction() -> None:
        with transaction.atomic():
            lose_connection()
            twice(ask)

    with pytest.raises(OperationalError):
        in_a_transaction()
    connection.close()


def test_a_submission_survives_a_lost_connection(
    client: Client, version: Version, campaign: Campaign
) -> None:
    batch = campaigns.add_batch(campaign=campaign, size=1, label="Lot", by=None)
    data = {
        "code": next(iter(campaigns.links(batch))).code,
        "receipt": codes.new_code(),
        "version": version.digest,
        "answers": {"profession": "nurse"},
        "consents": ["part", "health"],
    }
    client.get("/q/petite-enquete")
    lose_connection()
    response = client.post("/q/petite-enquete/submit", orjson.dumps(data), content_type="application/json")
    assert response.status_code == 201
    assert Ballot.objects.count() == 1
