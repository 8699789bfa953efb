"""A thief who reads what is underneath: lengths, digests, counters, pages of a table, messages of errors."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from random import Random
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client

from respondents import ballots, campaigns, codes, counters, traces, views_respondent
from respondents.ballots import Outcome, Submission
from respondents.models import Ballot, Campaign, Counter, Response
from santesurvey.bare_errors import bare
from surveys.fieldwork import close_survey
from surveys.models import Survey, Version

Send = Callable[[dict[str, Any]], Submission]


@pytest.fixture
def send(campaign: Campaign, version: Version) -> Send:
    batch = campaigns.add_batch(campaign=campaign, size=60, label="Lot", by=None)
    unused = [codes.decode(link.code) for link in campaigns.links(batch)]

    def send(answers: dict[str, Any]) -> Submission:
        receipt = codes.decode(codes.new_code())
        submission = Submission(unused.pop(), receipt, version, answers, ["part", "health"])
        assert ballots.submit(submission) == Outcome.RECORDED
        return submission

    return send


def test_every_sealed_ballot_is_as_long_whatever_was_answered(send: Send) -> None:
    send({})
    send({"profession": "nurse"})
    send({"profession": "other", "profession_other": "x" * 200, "hours": 40, "tools_used": ["agenda"]})
    lengths = {len(bytes(ballot.sealed)) for ballot in Ballot.objects.all()}
    assert len(lengths) == 1
    send({"story": "é" * 1000})
    longer = {len(bytes(ballot.sealed)) for ballot in Ballot.objects.all()} - lengths
    assert longer == {next(iter(lengths)) + ballots.PADDING}


def test_the_digest_in_the_box_is_not_that_of_the_response(send: Send, survey: Survey) -> None:
    """A backup taken before the shuffle and one taken after it have no value in common."""
    for number in range(25):
        send({"profession": "nurse", "hours": number})
    before = {bytes(ballot.receipt_digest) for ballot in Ballot.objects.all()}
    ballots.empty_box(survey)
    after = {bytes(response.receipt_digest) for response in Response.objects.all()}
    assert len(before) == len(after) == 25
    assert not before & after


def test_pages_reached_and_durations_are_kept_without_a_day(
    client: Client, version: Version, campaign: Campaign
) -> None:
    """One answer on a day: that somebody met the page about assaults would be an answer with a date."""
    batch = campaigns.add_batch(campaign=campaign, size=1, label="Lot", by=None)
    data = {
        "code": next(iter(campaigns.links(batch))).code,
        "receipt": codes.new_code(),
        "version": version.digest,
        "answers": {"profession": "nurse"},
        "consents": ["part", "health"],
        "minutes": 7,
        "pages": [1, 2],
    }
    response = client.post("/q/petite-enquete/submit", orjson.dumps(data), content_type="application/json")
    assert response.status_code == 201
    kinds = set(counters.UNDATED)
    found = Counter.objects.filter(kind__in=kinds)
    assert {counter.kind for counter in found} == {str(kind) for kind in kinds}
    assert {counter.day for counter in found} == {counters.NO_DAY}
    assert not Counter.objects.exclude(kind__in=kinds).filter(day=counters.NO_DAY).exists()


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_a_shuffled_ballot_stays_in_the_table(send: Send, survey: Survey) -> None:
    for _ in range(settings.BALLOT_BATCH_MINIMUM):
        send({"profession": "nurse"})
    sealed = [bytes(ballot.sealed)[:64] for ballot in Ballot.objects.all()]
    held = _pages_of_the_box()
    assert all(content in held for content in sealed), "the test looks where ballots are"
    ballots.empty_box(survey)
    send({"profession": "nurse"})
    deadline = time.monotonic() + 20
    # PostgreSQL's own housekeeping may look at the table just then: the clock's task wipes again.
    while any(content in _pages_of_the_box() for content in sealed):
        assert time.monotonic() < deadline
        assert traces.wipe_again()
        time.sleep(0.5)


def _pages_of_the_box() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath('respondents_ballot'))")
        return bytes(cursor.fetchone()[0])


def test_the_planner_keeps_no_sample_of_answers_or_digests(send: Send, survey: Survey) -> None:
    """What ANALYZE samples stays after its rows are gone."""
    for number in range(30):
        send({"profession": "nurse", "hours": number})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE respondents_ballot, respondents_invitation")
        ballots.empty_box(survey)
        cursor.execute("ANALYZE respondents_response")
        cursor.execute(
            "SELECT tablename, attname FROM pg_stats WHERE tablename IN"
            " ('respondents_ballot', 'respondents_response', 'respondents_invitation')"
        )
        sampled = set(cursor.fetchall())
    assert sampled, "the test looks where samples are"
    secret = {"receipt_digest", "sealed", "answers", "code_digest"}
    assert not [column for _table, column in sampled if column in secret]


@pytest.mark.django_db(transaction=True)
def test_a_box_that_somebody_reads_for_long_is_emptied_all_the_same(send: Send, survey: Survey) -> None:
    for _ in range(settings.BALLOT_BATCH_MINIMUM):
        send({})
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT count(*) FROM respondents_ballot")
            assert ballots.empty_box(survey) == settings.BALLOT_BATCH_MINIMUM
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.django_db(transaction=True)
def test_a_closed_campaign_does_not_tell_in_which_order_its_links_were_used(
    send: Send, survey: Survey, campaign: Campaign
) -> None:
    """Transaction numbers would match invitations with the shuffle that followed them; places, with each other."""
    for _ in range(40):
        send({"profession": "nurse"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM respondents_invitation WHERE state = 3")
        assert cursor.fetchone() == (40,), "while it is open, each has its own"
        campaigns.close_campaign(campaign=campaign, by=None)
        assert traces.put_in_order() == ["respondents_invitation"]
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM respondents_invitation")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT code_digest FROM respondents_invitation ORDER BY ctid")
        places = [bytes(row[0]) for row in cursor.fetchall()]
    assert places == sorted(places)
    assert not traces.put_in_order(), "once is enough"


@pytest.mark.django_db(transaction=True)
def test_a_closed_survey_is_one_shuffle_however_few_came_last(send: Send, survey: Survey) -> None:
    for _ in range(settings.BALLOT_BATCH_MINIMUM):
        send({"profession": "nurse"})
    ballots.empty_box(survey)
    send({"profession": "doctor"})
    assert ballots.blend_closed() == 0, "it is open"
    close_survey(survey=survey, by=None)
    assert ballots.blend_closed() == 0, "a ballot waits"
    assert ballots.empty_boxes() == 1
    assert ballots.blend_closed() == settings.BALLOT_BATCH_MINIMUM + 1
    assert ballots.blend_closed() == 0
    assert traces.put_in_order() == ["respondents_response"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text), count(DISTINCT shuffle) FROM respondents_response")
        assert cursor.fetchone() == (1, 1)
        cursor.execute("SELECT id FROM respondents_response ORDER BY ctid")
        places = [row[0] for row in cursor.fetchall()]
    assert places == sorted(places)


def test_the_write_ahead_log_is_left_alone_while_nothing_was_shuffled(db: None) -> None:
    from django.core.cache import cache

    cache.delete(traces.FLAG)
    assert traces.shorten_log() is False


def test_an_error_in_the_log_quotes_no_value() -> None:
    with pytest.raises(ValueError) as caught:
        _fail("-".join(["a", "secret", "answer"]))  # the log shows this line, not what it makes
    text = bare(caught.value)
    assert "a-secret-answer" not in text
    assert "ValueError" in text
    assert "KeyError" in text
    assert "test_thief.py" in text


def _fail(value: str) -> None:
    answers: dict[str, str] = {}
    try:
        answers.pop(value)
    except KeyError as exc:
        raise ValueError(value) from exc


@pytest.mark.parametrize("kind", [KeyError, DatabaseError])
def test_a_failure_in_the_middle_of_a_submission_logs_no_answer(
    client: Client,
    version: Version,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Exception],
) -> None:
    """Whatever breaks, and whatever its message says."""
    answer = f"réponse-{Random(1).random()}"

    def break_down(*_args: object) -> None:
        raise kind(answer)

    monkeypatch.setattr(views_respondent, "check", break_down)
    caplog.set_level(logging.DEBUG)
    data = {"version": version.digest, "answers": {"story": answer}, "consents": ["part", "health"]}
    response = client.post("/q/petite-enquete/submit", orjson.dumps(data), content_type="application/json")
    assert response.status_code in {500, 503}
    assert kind.__name__ in caplog.text
    assert answer not in caplog.text


def test_ballots_of_a_lost_key_are_explained(survey: Survey, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(settings.BALLOT_BATCH_MINIMUM):
        Ballot.objects.create(receipt_digest=bytes([number]) * 32, survey=survey, sealed=b"x" * 60)
    assert ballots.empty_boxes() == 0
    assert "COLLECTION_KEY" in caplog.text
    assert Ballot.objects.count() == settings.BALLOT_BATCH_MINIMUM
