"""Ten thousand submissions of all kinds: never a crash, never a wrong answer stored, never a false "recorded"."""

from __future__ import annotations

from random import Random
from typing import Any

import orjson
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from respondents import campaigns, codes, receipts
from respondents.models import Ballot, Campaign, Response
from surveys.models import Survey, Version
from surveys.routing import Compiled, compile_questionnaire
from surveys.validation import check
from tests.answering import ODD, anything, proper

SUBMISSIONS = 10_000


def body(compiled: Compiled, version: Version, code: str, receipt: str, rng: Random) -> tuple[bytes, Any]:
    """The bytes of a submission and the answers in it: proper, odd, incomplete or cut off."""
    answers = proper(compiled, rng) if rng.random() < 0.3 else anything(compiled, rng)
    data: dict[str, Any] = {
        "code": code,
        "receipt": receipt,
        "version": version.digest,
        "language": rng.choice(["fr", "en", "xx", None, 3]),
        "answers": answers,
        "consents": ["part", "health"],
        "minutes": rng.choice([5, None, -3, 10**9, "x", 2.5, True]),
        "pages": rng.choice([[], [1, 2], [0, 99], "x", [[1]], None]),
    }
    while rng.random() < 0.15:
        data[rng.choice([*data, "draft"])] = rng.choice(ODD)
    while rng.random() < 0.05:
        data.pop(rng.choice(list(data)), None)
        if not data:
            break
    try:
        raw = orjson.dumps(data)
    except (orjson.JSONEncodeError, TypeError):  # a number or a text that JSON cannot carry
        raw = repr(data).encode("utf-8", "surrogatepass")
    if rng.random() < 0.03:
        raw = raw[: rng.randrange(1, len(raw) + 1)]
    if rng.random() < 0.03:
        at = rng.randrange(len(raw) + 1)
        raw = raw[:at] + rng.randbytes(3) + raw[at:]
    return raw, answers


@pytest.mark.slow
def test_ten_thousand_submissions(
    client: Client, survey: Survey, version: Version, campaign: Campaign
) -> None:
    compiled = compile_questionnaire(version.questionnaire)
    batch = campaigns.add_batch(campaign=campaign, size=SUBMISSIONS + 1, label="Lot", by=None)
    unused = [link.code for link in campaigns.links(batch)]
    recorded: list[int] = []

    @given(st.integers(min_value=0, max_value=2**63))
    @settings(
        max_examples=SUBMISSIONS, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
    )
    def submit(seed: int) -> None:
        rng = Random(seed)
        code, receipt = unused.pop() if unused else codes.encode(seed % 2**80), codes.new_code()
        raw, _answers = body(compiled, version, code, receipt, rng)
        response = client.post(
            f"/q/{survey.slug}/submit", raw, content_type="application/json", headers={"Referer": "x"}
        )
        assert response.status_code < 500, raw
        stored = receipts.find(survey, codes.decode(receipt))
        if response.status_code in {200, 201}:
            sent = orjson.loads(raw)
            stored = receipts.find(survey, codes.decode(sent["receipt"]))
            assert stored is not None, "told recorded, not stored"
            assert stored.answers == check(compiled, sent["answers"]).answers
            assert check(compiled, stored.answers).valid
            recorded.append(response.status_code)
        else:
            assert stored is None, "stored, but not told"
            assert orjson.loads(response.content).get("message") or orjson.loads(response.content)["problems"]

    submit()
    assert len(recorded) > SUBMISSIONS // 10
    assert Ballot.objects.count() + Response.objects.count() == recorded.count(201)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_other_encodings_are_refused(client: Client, version: Version, encoding: str) -> None:
    raw = '{"code": "é"}'.encode(encoding)
    response = client.post("/q/petite-enquete/submit", raw, content_type="application/json")
    assert response.status_code == 400
