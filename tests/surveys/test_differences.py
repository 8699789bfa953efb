"""What a new version changes for the data."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from santesurvey.models import User
from surveys.definition import Questionnaire
from surveys.differences import CONDITIONS, VALUES, WORDS, Difference, Kind, differences
from surveys.models import Survey, Version
from surveys.publishing import publish
from surveys.version_changes import in_words
from tests.questionnaires import small_document, t
from tests.surveys.test_problems import question

Change = Callable[[dict[str, Any]], Any]


def changed(change: Change) -> list[Difference]:
    document = copy.deepcopy(small_document())
    change(document)
    before, after = Questionnaire.model_validate(small_document()), Questionnaire.model_validate(document)
    return differences(before, after)


CASES: list[tuple[Change, list[Difference]]] = [
    (lambda d: None, []),
    (lambda d: d.update(title=t("Autre titre", "Other title")), []),
    (
        lambda d: question(d, "hours")["label"].update(fr="Combien d'heures ?"),
        [Difference(Kind.WORDING, "hours", ("label",))],
    ),
    (
        lambda d: question(d, "fatigue")["rows"][0]["label"].update(fr="Êtes-vous las ou lasse ?"),
        [Difference(Kind.WORDING, "tired", ("row",))],
    ),
    (
        lambda d: d["choices"]["yes_no"][0]["label"].update(en="Yes, I was"),
        [
            Difference(Kind.WORDING, "attacked", ("options",), ("yes",)),
            Difference(Kind.WORDING, "complaint", ("options",), ("yes",)),
        ],
    ),
    (lambda d: question(d, "hours").update(maximum=168), [Difference(Kind.RECODED, "hours", ("maximum",))]),
    (
        lambda d: d["choices"]["tools"].append({"code": "phone", "label": t("Téléphone", "Phone")}),
        [Difference(Kind.RECODED, "tools_used", ("options",), ("phone",))],
    ),
    (
        lambda d: d["choices"]["profession"].pop(1),
        [Difference(Kind.RECODED, "profession", ("options",), ("doctor",))],
    ),
    (
        lambda d: question(d, "hours").update(required=True),
        [Difference(Kind.LOGIC, "hours", ("required",))],
    ),
    (
        lambda d: d["pages"][2].update(relevant="${hours} > 40"),
        [Difference(Kind.LOGIC, "complaint", ("page",)), Difference(Kind.LOGIC, "story", ("page",))],
    ),
    (
        lambda d: question(d, "story").update(code="account"),
        [Difference(Kind.REMOVED, "story"), Difference(Kind.ADDED, "account")],
    ),
    (
        lambda d: d["scales"][0].update(critical=60, reverse=[]),
        [Difference(Kind.RECODED, "exhaustion", ("scale", "reverse", "critical"))],
    ),
    (
        lambda d: d["scales"][0]["bands"][1]["message"].update(fr="Plus haut."),
        [Difference(Kind.WORDING, "exhaustion", ("scale",))],
    ),
    (lambda d: d["scales"].clear(), [Difference(Kind.REMOVED, "exhaustion", ("scale",))]),
]


@pytest.mark.parametrize(("change", "found"), CASES)
def test_each_kind_of_change_is_told_apart(change: Change, found: list[Difference]) -> None:
    assert changed(change) == found


def test_the_heaviest_changes_come_first() -> None:
    def several(document: dict[str, Any]) -> None:
        question(document, "hours")["label"].update(fr="Heures")
        question(document, "attacked").update(required=True)
        document["choices"]["tools"].pop(0)
        document["pages"][2]["questions"].pop()

    assert [difference.kind for difference in changed(several)] == [
        Kind.REMOVED,
        Kind.RECODED,
        Kind.LOGIC,
        Kind.WORDING,
    ]


def test_the_team_reads_them_on_the_page_of_the_version(
    client: Client, researcher: User, version: Version, survey: Survey
) -> None:
    document = copy.deepcopy(small_document())
    question(document, "hours").update(maximum=168)
    document["pages"][2]["questions"].pop()
    publish(survey=survey, document=document, by=researcher)
    client.force_login(researcher)
    page = " ".join(client.get(f"/etudes/{survey.slug}/").content.decode().split())
    assert "depuis la version 1" in page
    assert "story : retirée" in page
    assert "hours : codage changé (maximum)" in page
    first = client.get(f"/etudes/{survey.slug}/?version=1").content.decode()
    assert "depuis la version" not in first


def test_every_part_has_a_name() -> None:
    parts = (*VALUES, *CONDITIONS, *WORDS, "options", "page", "row", "scale", "items", "reverse", "points")
    parts += ("method", "min_answered", "critical", "bands")
    for part in parts:
        assert in_words(Difference(Kind.RECODED, "x", (part,)))
