"""The respondent page as a document: words for every mistake, nothing personal, nothing that can break out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.http import QueryDict

import surveys.validation
from respondents.page import rendering
from respondents.page.messages import explain, wordings
from respondents.page.posting import answers_from_post
from surveys.models import Survey, Version
from surveys.publishing import publish
from surveys.validation import Problem, check
from tests.questionnaires import small_document

SOURCES = Path(__file__).resolve().parents[2] / "frontend" / "src" / "respondent"


def test_every_problem_has_words(version: Version) -> None:
    source = Path(surveys.validation.__file__).read_text()
    codes = set(re.findall(r"_Wrong\(\"(\w+)\"", source)) | {"unknown_variable", "not_a_mapping"}
    assert codes <= set(wordings())
    parsed = rendering.compiled(version)
    assert explain(Problem("hours", "out_of_range", {"minimum": 0.5, "maximum": 120.0}), parsed, "fr") == (
        "Écrivez un nombre entre 0,5 et 120."
    )
    assert explain(Problem("admin_hours", "constraint"), parsed, "en") == "No more than your hours in all."
    assert explain(Problem("x", "too_few", {"minimum": 1}), parsed, "fr") == "Cochez au moins une réponse."


def test_every_sentence_that_the_script_names_exists(version: Version) -> None:
    words = rendering.document(version, "fr")["words"]
    used = {name for file in SOURCES.glob("*.js") for name in re.findall(r"\bwords\.(\w+)", file.read_text())}
    assert used <= set(words)
    states = ("saved", "saved_here", "offline", "this_tab", "not_kept", "unknown", "used", "closed")
    assert set(states) <= set(words)


def test_the_document_is_the_same_for_everybody(version: Version) -> None:
    first = rendering.page(version, "fr")
    assert first is rendering.page(version, "fr")
    assert first.etag != rendering.page(version, "en").etag
    html = first.body.decode()
    assert "csrf" not in html
    assert " style=" not in html
    assert not re.search(r"<script(?! src| type=\"application/json\")", html)
    assert not re.search(r"\son[a-z]+=", html)


def test_words_of_a_questionnaire_cannot_leave_their_place(survey: Survey) -> None:
    document = small_document()
    nasty = "</script><script>alert(1)</script><!--"
    document["title"] = {"fr": nasty, "en": nasty}
    document["scales"][0]["bands"][0]["message"] = {"fr": nasty, "en": nasty}
    version = publish(survey=survey, document=document, by=None)
    html = rendering.page(version, "fr").body.decode()
    assert "<script>alert" not in html
    data = re.search(r'<script type="application/json" id="questionnaire">(.*?)</script>', html, re.DOTALL)
    assert data is not None
    assert json.loads(data.group(1))["title"] == nasty


@pytest.mark.parametrize(
    ("posted", "expected"),
    [
        ("hours=35&admin_hours=3,5", {"hours": 35, "admin_hours": 3.5}),
        ("hours=beaucoup", {"hours": "beaucoup"}),
        ("tools_used=agenda&tools_used=records&unknown=1", {"tools_used": ["agenda", "records"]}),
        ("tired=often&code=1234&consent=part", {"tired": "often"}),
    ],
)
def test_a_post_becomes_raw_answers(version: Version, posted: str, expected: dict[str, object]) -> None:
    assert answers_from_post(rendering.compiled(version), QueryDict(posted)) == expected


def test_what_was_posted_comes_back_with_its_mistakes(version: Version) -> None:
    parsed = rendering.compiled(version)
    post = QueryDict("hours=<b>&tools_used=records&story=Une%0Aligne&tired=often&code=ABC&consent=part")
    checked = check(parsed, answers_from_post(parsed, post))
    html = rendering.render_form(version, "fr", post, checked.problems, ["Une phrase générale."])
    assert "Une phrase générale." in html
    assert 'value="&lt;b&gt;"' in html
    assert 'value="records" id="tools_used-records" checked' in html
    assert 'id="tired-often" aria-labelledby="l-tired t-tired-often" checked' in html
    assert "\nUne\nligne</textarea>" in html
    assert 'href="#f-hours"' in html
    assert 'href="#profession-nurse"' in html
