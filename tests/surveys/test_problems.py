"""What only the whole document can tell is told before it is published."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from surveys.publishing import NotPublishable, read
from tests.questionnaires import small_document

Change = Callable[[dict[str, Any]], Any]


def question(document: dict[str, Any], code: str) -> dict[str, Any]:
    return next(q for page in document["pages"] for q in page["questions"] if q["code"] == code)


CASES: list[tuple[str, Change]] = [
    ("hours : ce code est utilisé 2 fois", lambda d: question(d, "story").update(code="hours")),
    ("profession_other : ce nom est déjà", lambda d: question(d, "hours").update(code="profession_other")),
    (
        "choices.yes_no.yes : ce code est utilisé 2 fois",
        lambda d: d["choices"]["yes_no"].append(d["choices"]["yes_no"][0]),
    ),
    (
        "complaint : la liste de choix maybe n'existe pas",
        lambda d: question(d, "complaint").update(choices="maybe"),
    ),
    (
        "hours.relevant : ${attacked} vient plus loin",
        lambda d: question(d, "hours").update(relevant="${attacked} = 'yes'"),
    ),
    (
        "hours.relevant : ${colour} n'existe pas",
        lambda d: question(d, "hours").update(relevant="${colour} = 1"),
    ),
    ("after.relevant : ${colour} n'existe pas", lambda d: d["pages"][2].update(relevant="${colour}")),
    (
        "hours.constraint : fonction inconnue : regexp",
        lambda d: question(d, "hours").update(constraint="regexp(., 'a')"),
    ),
    (
        "admin_hours.constraint : l'expression est incomplète",
        lambda d: question(d, "admin_hours").update(constraint=". <="),
    ),
    ("scales.exhaustion : l'item calm n'existe pas", lambda d: d["scales"][0]["items"].append("calm")),
    ("scales.exhaustion : pas de points pour never", lambda d: d["scales"][0]["points"].pop("never")),
    ("scales.exhaustion : min_answered dépasse", lambda d: d["scales"][0].update(min_answered=9)),
    ("quasi_identifiers : la variable age n'existe pas", lambda d: d["quasi_identifiers"].append("age")),
    ("title : pas de texte en « en »", lambda d: d["title"].pop("en")),
    ("story.label : pas de texte en « en »", lambda d: question(d, "story")["label"].update(en=" ")),
]


@pytest.mark.parametrize(("said", "change"), CASES, ids=[said for said, _ in CASES])
def test_a_problem_is_named_with_its_place(said: str, change: Change) -> None:
    document = copy.deepcopy(small_document())
    change(document)
    with pytest.raises(NotPublishable) as refusal:
        read(document)
    assert any(said in problem for problem in refusal.value.problems), refusal.value.problems


def test_a_sound_document_has_none() -> None:
    assert read(small_document()).slug == "petite-enquete"
