"""The promise of the ballot box: one answer for one invitation, never lost, never twice, never linked."""

from __future__ import annotations

import threading
from collections import Counter as Tally
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from respondents import ballots, campaigns, codes, drafts, invitations, receipts, responses
from respondents.ballots import Outcome, Submission
from respondents.counters import fieldwork
from respondents.models import Ballot, Batch, Campaign, Draft, Invitation, Response
from surveys.models import Survey, Version

Make = Callable[..., Submission]


@pytest.fixture
def batch(campaign: Campaign) -> Batch:
    return campaigns.add_batch(campaign=campaign, size=60, label="Lot 1", by=None)


@pytest.fixture
def invitation_codes(batch: Batch) -> list[int]:
    return [codes.decode(link.code) for link in campaigns.links(batch)]


@pytest.fixture
def make(version: Version) -> Make:
    def make(code: int, receipt: int | None = None, **extra: object) -> Submission:
        receipt = codes.decode(codes.new_code()) if receipt is None else receipt
        content = {"answers": {"profession": "nurse"}, "consents": ["part", "health"], **extra}
        return Submission(code=code, receipt=receipt, version=version, **content)  # type: ignore[arg-type]

    return make


def stored(survey: Survey) -> int:
    return Ballot.objects.filter(survey=survey).count() + responses.count(survey)


def test_links_carry_the_code_in_the_fragment_and_the_database_holds_none(batch: Batch) -> None:
    links = list(campaigns.links(batch))
    assert len({link.code for link in links}) == 60
    assert all(f"/q/petite-enquete#{link.code.replace('-', '')}" in unquote(link.url) for link in links)
    assert links == list(campaigns.links(Batch.objects.get(pk=batch.pk)))
    seed = codes.unseal("batch", batch.sealed_seed)
    assert seed not in bytes(batch.sealed_seed)


def test_an_answer_is_recorded_once(make: Make, invitation_codes: list[int], survey: Survey) -> None:
    submission = make(invitation_codes[0])
    assert ballots.submit(submission) == Outcome.RECORDED
    assert ballots.submit(submission) == Outcome.ALREADY_RECORDED
    assert ballots.submit(make(invitation_codes[0])) == Outcome.USED
    assert stored(survey) == 1


def test_a_repeat_is_known_after_the_shuffle_too(
    make: Make, invitation_codes: list[int], survey: Survey
) -> None:
    submission = make(invitation_codes[0])
    ballots.submit(submission)
    ballots.empty_box(survey, everything=True)
    assert ballots.submit(submission) == Outcome.ALREADY_RECORDED
    assert stored(survey) == 1


def test_a_receipt_serves_for_one_response(make: Make, invitation_codes: list[int], survey: Survey) -> None:
    receipt = codes.decode(codes.new_code())
    assert ballots.submit(make(invitation_codes[0], receipt)) == Outcome.RECORDED
    assert ballots.submit(make(invitation_codes[1], receipt)) == Outcome.RECEIPT_TAKEN
    ballots.empty_box(survey, everything=True)
    assert ballots.submit(make(invitation_codes[1], receipt)) == Outcome.RECEIPT_TAKEN
    assert ballots.submit(make(invitation_codes[1])) == Outcome.RECORDED
    assert stored(survey) == 2


def test_unknown_and_closed_are_refused(make: Make, invitation_codes: list[int], campaign: Campaign) -> None:
    assert ballots.submit(make(12345)) == Outcome.UNKNOWN
    campaign.closes_on = timezone.localdate() - timedelta(days=1)
    campaign.save()
    assert ballots.submit(make(invitation_codes[0])) == Outcome.CLOSED
    with pytest.raises(drafts.DraftRefused):
        drafts.save(campaign.survey, code=invitation_codes[0], key_id=b"k" * 16, ciphertext=b"x")
    campaign.closes_on = timezone.localdate()
    campaign.save()
    assert ballots.submit(make(invitation_codes[0])) == Outcome.RECORDED
    campaigns.close_campaign(campaign=campaign, by=None)
    assert ballots.submit(make(invitation_codes[1])) == Outcome.CLOSED
    with pytest.raises(campaigns.CampaignError):
        list(campaigns.links(Batch.objects.get(campaign=campaign)))


def test_an_invitation_to_another_survey_is_unknown_here(
    make: Make, invitation_codes: list[int], version: Version
) -> None:
    other = Survey.objects.create(slug="autre", title="Autre", state=Survey.State.OPEN)
    foreign = Version.objects.create(survey=other, number=1, digest="0" * 64, document=version.document)
    submission = Submission(
        code=invitation_codes[0], receipt=1, version=foreign, answers={}, consents=["part", "health"]
    )
    assert ballots.submit(submission) == Outcome.UNKNOWN


def test_ballots_wait_for_company_then_come_out_shuffled(
    make: Make, invitation_codes: list[int], survey: Survey
) -> None:
    minimum = settings.BALLOT_BATCH_MINIMUM
    for number, code in enumerate(invitation_codes[: minimum - 1]):
        ballots.submit(make(code, answers={"profession": "nurse", "hours": number}))
    assert ballots.empty_box(survey) == 0
    assert ballots.waiting(survey) == minimum - 1
    ballots.submit(make(invitation_codes[minimum - 1], answers={"profession": "nurse", "hours": minimum - 1}))
    assert ballots.empty_box(survey) == minimum
    assert ballots.waiting(survey) == 0
    physical = Response.objects.order_by(RawSQL("ctid", [])).values_list("answers__hours", "shuffle")
    assert sorted(hours for hours, _ in physical) == list(range(minimum))
    assert [hours for hours, _ in physical] != list(range(minimum))
    assert len({shuffle for _, shuffle in physical}) == 1


def test_a_sealed_ballot_shows_nothing(make: Make, invitation_codes: list[int]) -> None:
    ballots.submit(
        make(invitation_codes[0], answers={"profession": "other", "profession_other": "rebouteuse"})
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT b::text FROM respondents_ballot b")
        assert b"rebouteuse".hex() not in cursor.fetchone()[0]


def test_counters_follow_and_count_each_step_once(
    make: Make, invitation_codes: list[int], survey: Survey, campaign: Campaign
) -> None:
    first, second, third = invitation_codes[:3]
    for _ in range(3):
        assert invitations.open_link(survey, first) in {"ready", "started"}
        drafts.save(survey, code=first, key_id=b"k" * 16, ciphertext=b"x", pages=[])
    drafts.save(survey, code=second, key_id=b"l" * 16, ciphertext=b"y", pages=[1, 2])
    ballots.submit(make(first, draft=b"k" * 16, minutes=7, pages=(1, 2, 3)))
    ballots.submit(make(third, minutes=500, javascript=False))
    seen = fieldwork(survey, pages=3)
    assert (seen.invited, seen.opened, seen.started, seen.submitted) == (60, 3, 3, 2)
    assert seen.pages == [2, 2, 1]
    assert seen.minutes == [(7, 1), (60, 1)]
    assert seen.without_javascript == 1
    assert [day[1:] for day in seen.by_day] == [(3, 3, 2)]
    assert fieldwork(survey, pages=3, campaign_id=campaign.pk).submitted == 2
    assert fieldwork(survey, pages=3, campaign_id=campaign.pk + 1).submitted == 0


def test_drafts_end_with_the_submission(make: Make, invitation_codes: list[int], survey: Survey) -> None:
    code, key = invitation_codes[0], b"k" * 16
    drafts.save(survey, code=code, key_id=key, ciphertext=b"one", pages=[])
    drafts.save(survey, code=code, key_id=key, ciphertext=b"two", pages=[])
    assert drafts.read(key) == b"two"
    assert ballots.submit(make(code, draft=key)) == Outcome.RECORDED
    assert drafts.read(key) is None
    with pytest.raises(drafts.DraftRefused):  # a late upload must not bring it back
        drafts.save(survey, code=code, key_id=key, ciphertext=b"late", pages=[])
    with pytest.raises(drafts.DraftRefused):
        drafts.save(survey, code=invitation_codes[1], key_id=key, ciphertext=b"x" * (drafts.LARGEST + 1))


def test_expired_drafts_are_forgotten(invitation_codes: list[int], survey: Survey) -> None:
    drafts.save(survey, code=invitation_codes[0], key_id=b"k" * 16, ciphertext=b"x")
    Draft.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert drafts.read(b"k" * 16) is None
    assert drafts.forget_expired() == 1


def test_a_receipt_sees_and_erases_before_and_after_the_shuffle(
    make: Make, invitation_codes: list[int], survey: Survey
) -> None:
    one, two = make(invitation_codes[0]), make(invitation_codes[1])
    ballots.submit(one)
    found = receipts.find(survey, one.receipt)
    assert found is not None
    assert found.answers == {"profession": "nurse"}
    assert receipts.erase(survey, one.receipt)
    assert not receipts.erase(survey, one.receipt)
    ballots.submit(two)
    ballots.empty_box(survey, everything=True)
    assert receipts.find(survey, two.receipt) is not None
    assert receipts.erase(survey, two.receipt)
    assert receipts.find(survey, two.receipt) is None
    assert stored(survey) == 0
    # An erased response does not come back by sending it again.
    assert ballots.submit(two) == Outcome.USED


def test_reading_all_keeps_no_order_of_arrival(
    make: Make, invitation_codes: list[int], survey: Survey
) -> None:
    for code in invitation_codes[:25]:
        ballots.submit(make(code))
    ballots.empty_box(survey)
    rows = [row for chunk in responses.read_all(survey, size=10) for row in chunk]
    assert len(rows) == 25
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert rows[0][3] == '{"profession": "nurse"}'


@pytest.mark.django_db(transaction=True)
def test_many_at_once_with_one_code_store_one(
    make: Make, invitation_codes: list[int], survey: Survey
) -> None:
    gate = threading.Barrier(8)
    outcomes: list[Outcome] = []

    def send() -> None:
        try:
            gate.wait()
            outcomes.append(ballots.submit(make(invitation_codes[0])))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Tally(outcomes) == {Outcome.RECORDED: 1, Outcome.USED: 7}
    assert stored(survey) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_submission_at_once_is_stored_once_and_always_acknowledged(
    make: Make, invitation_codes: list[int], survey: Survey
) -> None:
    gate = threading.Barrier(6)
    submission = make(invitation_codes[0])
    outcomes: list[Outcome] = []

    def send() -> None:
        try:
            gate.wait()
            outcomes.append(ballots.submit(submission))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Tally(outcomes) == {Outcome.RECORDED: 1, Outcome.ALREADY_RECORDED: 5}
    assert stored(survey) == 1


@pytest.mark.django_db(transaction=True)
def test_emptying_while_people_submit_loses_nothing(
    make: Make, invitation_codes: list[int], survey: Survey
) -> None:
    stop = threading.Event()

    def empty() -> None:
        try:
            while not stop.is_set():
                ballots.empty_box(survey, everything=True)
        finally:
            connection.close()

    def send(some: list[int]) -> None:
        try:
            for code in some:
                assert ballots.submit(make(code)) == Outcome.RECORDED
        finally:
            connection.close()

    emptier = threading.Thread(target=empty)
    senders = [threading.Thread(target=send, args=(invitation_codes[part::3],)) for part in range(3)]
    for thread in [emptier, *senders]:
        thread.start()
    for thread in senders:
        thread.join()
    stop.set()
    emptier.join()
    ballots.empty_box(survey, everything=True)
    assert responses.count(survey) == 60
    assert Invitation.objects.filter(state=Invitation.State.USED).count() == 60
    assert fieldwork(survey, pages=3).submitted == 60


def test_ballots_under_a_lost_key_stay_and_do_not_stop_the_others(
    make: Make, invitation_codes: list[int], survey: Survey
) -> None:
    other = Survey.objects.create(slug="autre", title="Autre", state=Survey.State.CLOSED)
    Ballot.objects.create(receipt_digest=b"r" * 32, survey=other, sealed=b"x" * 60)
    for code in invitation_codes[: settings.BALLOT_BATCH_MINIMUM]:
        ballots.submit(make(code))
    assert ballots.empty_boxes() == settings.BALLOT_BATCH_MINIMUM
    assert ballots.waiting(other) == 1
