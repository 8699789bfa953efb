"""The requests of the respondent page, one by one: what they answer, keep and never keep."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode

from respondents import ballots, campaigns, codes
from respondents.models import Ballot, Campaign, Draft, Invitation
from surveys.models import Survey, Version

SUBMIT = "/q/petite-enquete/submit"


@pytest.fixture
def invitation_codes(campaign: Campaign) -> list[str]:
    batch = campaigns.add_batch(campaign=campaign, size=5, label="Lot", by=None)
    return [link.code for link in campaigns.links(batch)]


@pytest.fixture
def payload(version: Version, invitation_codes: list[str]) -> dict[str, Any]:
    return {
        "code": invitation_codes[0],
        "receipt": codes.new_code(),
        "version": version.digest,
        "language": "fr",
        "answers": {"profession": "nurse", "hours": 40},
        "consents": ["part", "health"],
        "minutes": 4,
        "pages": [1, 2],
    }


def post(client: Client, path: str, data: Any) -> Any:
    return client.post(path, orjson.dumps(data), content_type="application/json")


def test_the_page_is_one_public_document_without_cookies(client: Client, version: Version) -> None:
    response = client.get("/q/petite-enquete")
    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "Vary" in response and "Cookie" not in response["Vary"]
    again = client.get("/q/petite-enquete", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert client.get("/q/petite-enquete/en")["Content-Language"] == "en"
    assert client.get("/q/petite-enquete/de").status_code == 404
    assert client.get("/q/inconnue").status_code == 404


def test_a_survey_in_preparation_does_not_exist_yet(client: Client, survey: Survey) -> None:
    Survey.objects.create(slug="en-preparation", title="x")
    assert client.get("/q/en-preparation").status_code == 404


def test_the_page_comes_compressed_when_asked(client: Client, version: Version) -> None:
    plain = client.get("/q/petite-enquete").content
    for encoding in ("br", "gzip"):
        response = client.get("/q/petite-enquete", headers={"Accept-Encoding": encoding})
        assert response["Content-Encoding"] == encoding
        assert len(response.content) < len(plain)


def test_a_submission_is_recorded_and_a_repeat_acknowledged(client: Client, payload: dict[str, Any]) -> None:
    first = post(client, SUBMIT, payload)
    assert (first.status_code, first.json()) == (201, {"recorded": True})
    assert not first.cookies
    second = post(client, SUBMIT, payload)
    assert (second.status_code, second.json()) == (200, {"recorded": True})
    assert Ballot.objects.count() == 1
    other = post(client, SUBMIT, {**payload, "receipt": codes.new_code()})
    assert other.status_code == 409
    assert other.json()["error"] == "used"
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"code": "AAAA"}, 404, "unknown"),
        ({"code": None}, 404, "unknown"),
        ({"code": codes.encode(77)}, 404, "unknown"),
        ({"receipt": "x"}, 400, "receipt"),
        ({"version": "0" * 64}, 400, "version"),
        ({"consents": ["part"]}, 422, "consent"),
        ({"consents": "part health"}, 422, "consent"),
    ],
)
def test_what_cannot_be_recorded_says_why_and_leaves_the_invitation(
    client: Client, payload: dict[str, Any], change: dict[str, Any], status: int, error: str
) -> None:
    response = post(client, SUBMIT, {**payload, **change})
    assert response.status_code == status
    assert response.json()["error"] == error
    assert response.json()["message"]
    assert post(client, SUBMIT, payload).status_code == 201


def test_wrong_answers_are_named_with_words(client: Client, payload: dict[str, Any]) -> None:
    answers = {"hours": 300, "attacked": "maybe", "nonsense": 1}
    response = post(client, SUBMIT, {**payload, "answers": answers})
    assert response.status_code == 422
    found = {problem["variable"]: problem for problem in response.json()["problems"]}
    assert set(found) == {"hours", "attacked", "nonsense", "profession"}
    assert all(problem["message"] for problem in found.values())
    assert found["hours"]["values"] == {"minimum": 0, "maximum": 120}
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b"\xff\xfe", b'{"a": NaN}', b'"' + b"x" * 600_000 + b'"']
)
def test_anything_but_an_object_is_refused(client: Client, version: Version, body: bytes) -> None:
    paths = ["submit", "open", "draft/read", "draft/save"]
    if not body:
        paths.remove("submit")  # without a body a request has no type: it goes to the form
    for path in paths:
        response = client.post(f"/q/petite-enquete/{path}", body, content_type="application/json")
        assert response.status_code in {400, 413}
        assert response.json()["message"]


def test_reading_methods_only_where_they_make_sense(client: Client, version: Version) -> None:
    for path in ("submit", "open", "draft/read", "draft/save"):
        assert client.get(f"/q/petite-enquete/{path}").status_code == 405
    assert client.post("/q/petite-enquete").status_code == 405


def test_an_open_link_says_what_it_is_good_for(
    client: Client, payload: dict[str, Any], invitation_codes: list[str], campaign: Campaign
) -> None:
    def state(code: str) -> str:
        return str(post(client, "/q/petite-enquete/open", {"code": code}).json()["state"])

    assert state(invitation_codes[0]) == "ready"
    assert post(client, "/q/petite-enquete/open", {"code": "nonsense"}).status_code == 404
    assert state(codes.encode(5)) == "unknown"
    post(client, SUBMIT, payload)
    assert state(invitation_codes[0]) == "used"
    campaigns.close_campaign(campaign=campaign, by=None)
    assert state(invitation_codes[1]) == "closed"


def test_a_draft_is_kept_for_the_link_and_goes_with_the_submission(
    client: Client, payload: dict[str, Any], invitation_codes: list[str]
) -> None:
    number = codes.decode(invitation_codes[0])
    key = base64.b64encode(codes.draft_name(number, "petite-enquete")).decode()
    text = base64.b64encode(b"ciphertext").decode()
    draft = {"key": key, "ciphertext": text, "pages": [1, 99, "x"], "code": invitation_codes[0]}
    assert post(client, "/q/petite-enquete/draft/save", draft).status_code == 204
    assert post(client, "/q/petite-enquete/draft/read", {"key": key}).json() == {"ciphertext": text}
    assert post(client, "/q/petite-enquete/draft/save", {**draft, "code": codes.encode(9)}).status_code == 400
    unused = {
        "code": codes.encode(9),
        "key": base64.b64encode(codes.draft_name(9, "petite-enquete")).decode(),
    }
    assert post(client, "/q/petite-enquete/draft/save", {**draft, **unused}).status_code == 409
    another = base64.b64encode(b"k" * 32).decode()  # a link is no place to store many things
    assert post(client, "/q/petite-enquete/draft/save", {**draft, "key": another}).status_code == 400
    assert post(client, SUBMIT, payload).status_code == 201
    assert post(client, "/q/petite-enquete/draft/read", {"key": key}).json() == {"ciphertext": None}
    assert not Draft.objects.exists()


def form(payload: dict[str, Any], **fields: Any) -> str:
    data = MultiValueDict(
        {
            "code": [payload["code"]],
            "version": [payload["version"]],
            "language": ["fr"],
            "consent": ["part", "health"],
            "profession": ["nurse"],
            "hours": ["35"],
            "admin_hours": ["7,5"],
            "tools_used": ["agenda", "records"],
        }
    )
    data.update(
        MultiValueDict(
            {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
        )
    )
    for name in fields:
        data.setlist(name, fields[name] if isinstance(fields[name], list) else [fields[name]])
    return urlencode(list(data.lists()), doseq=True)


def post_form(client: Client, body: str) -> Any:
    return client.post(SUBMIT, body, content_type="application/x-www-form-urlencoded")


def test_the_form_works_without_javascript(client: Client, payload: dict[str, Any], survey: Survey) -> None:
    response = post_form(client, form(payload))
    assert response.status_code == 201
    assert not response.cookies
    page = response.content.decode()
    ballots.empty_box(survey, everything=True)
    from respondents.models import Response

    stored = Response.objects.get()
    assert stored.answers == {
        "profession": "nurse",
        "hours": 35,
        "admin_hours": 7.5,
        "tools_used": ["agenda", "records"],
    }
    shown = [word for word in page.replace("<", " ").replace(">", " ").split() if word.count("-") == 4]
    receipt = next(word for word in shown if len(word) == 21)
    assert bytes(stored.receipt_digest) == codes.receipt_digest(codes.decode(receipt))


def test_the_form_keeps_what_was_filled_in_when_something_is_wrong(
    client: Client, payload: dict[str, Any]
) -> None:
    response = post_form(
        client, form(payload, code="1234", hours="beaucoup", consent=["part"], story="mon récit")
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="beaucoup"' in page
    assert 'value="1234"' in page
    assert "recopiez" in page
    assert "Cochez" in page
    assert "mon récit" in page
    assert not Ballot.objects.exists()
    assert not Invitation.objects.filter(state=Invitation.State.USED).exists()


def test_the_form_tells_a_used_code(client: Client, payload: dict[str, Any]) -> None:
    post(client, SUBMIT, payload)
    response = post_form(client, form(payload))
    assert response.status_code == 409
    assert "déjà servi" in response.content.decode()


def test_a_receipt_shows_and_erases(client: Client, payload: dict[str, Any]) -> None:
    post(client, SUBMIT, payload)
    path = "/q/petite-enquete/receipt"
    assert client.get(path).status_code == 200
    shown = client.post(path, {"receipt": codes.grouped(payload["receipt"])}).content.decode()
    assert "Infirmier" in shown
    assert "40 heures" in shown
    assert "pas lisible" in client.post(path, {"receipt": "12"}).content.decode()
    erased = client.post(path, {"receipt": payload["receipt"], "action": "erase"})
    assert "no-store" in erased["Cache-Control"]
    assert not erased.cookies
    assert not Ballot.objects.exists()
    assert "Aucune réponse" in client.post(path, {"receipt": payload["receipt"]}).content.decode()


def test_what_is_known_is_said(client: Client, version: Version) -> None:
    for language in ("fr", "en"):
        response = client.get("/q/petite-enquete/about", {"lang": language})
        assert response.status_code == 200
        assert not response.cookies
