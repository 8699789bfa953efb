"""`manage.py simulate` and its action: what is stored, what the journal says, what is refused."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from respondents import responses
from respondents.models import Response
from respondents.simulation.storing import SHUFFLED_TOGETHER, SimulationError, simulate_responses
from santesurvey.demo import SLUG
from santesurvey.models import AuditEvent, User
from surveys.loading import load, shipped
from surveys.models import Survey, Version
from surveys.publishing import publish


@pytest.fixture
def demo(db: None) -> Survey:
    survey = Survey.objects.create(slug=SLUG, title="Démonstration", state=Survey.State.OPEN)
    publish(survey=survey, document=load(shipped(SLUG)), by=None)
    return survey


def _answers() -> list[str]:
    return sorted(
        json.dumps(answers, sort_keys=True) for answers in Response.objects.values_list("answers", flat=True)
    )


def test_responses_look_like_real_ones(demo: Survey, administrator: User) -> None:
    assert (
        simulate_responses(survey=demo, responses=SHUFFLED_TOGETHER + 50, seed=1, by=administrator) == 1_050
    )
    stored = list(Response.objects.all())
    assert responses.count(demo) == len(stored) == 1_050
    assert {response.id.version for response in stored} == {4}
    assert len({bytes(response.receipt_digest) for response in stored}) == 1_050
    assert len({response.shuffle for response in stored}) == 2
    assert {response.mode for response in stored} == {"declared"}
    assert {tuple(response.consents) for response in stored} == {("take_part", "health_answers")}
    assert {response.version for response in stored} == {demo.current_version}


def test_the_journal_tells_how_many_and_by_whom(demo: Survey, administrator: User) -> None:
    simulate_responses(survey=demo, responses=10, seed=7, by=administrator)
    event = AuditEvent.objects.get(action="responses.simulate")
    assert event.actor == administrator
    assert event.details == {"version": 1, "responses": 10, "seed": 7}


def test_answers_follow_from_the_seed_and_ids_do_not(demo: Survey) -> None:
    simulate_responses(survey=demo, responses=60, seed=9, by=None)
    answers, ids = _answers(), set(Response.objects.values_list("id", flat=True))
    Response.objects.all().delete()
    simulate_responses(survey=demo, responses=60, seed=9, by=None)
    assert _answers() == answers
    assert not ids & set(Response.objects.values_list("id", flat=True))


def test_the_command_says_what_it_did(demo: Survey) -> None:
    out = StringIO()
    call_command("simulate", SLUG, "--responses", "30", "--seed", "2", stdout=out)
    assert "30 réponses fictives ajoutées" in out.getvalue()
    assert responses.count(demo) == 30


def test_a_real_questionnaire_gets_no_synthetic_answers(version: Version) -> None:
    with pytest.raises(SimulationError, match="synthetic"):
        simulate_responses(survey=version.survey, responses=5, seed=1, by=None)
    assert not Response.objects.exists()


def test_a_survey_without_questionnaire_is_refused(survey: Survey) -> None:
    with pytest.raises(SimulationError, match="questionnaire"):
        simulate_responses(survey=survey, responses=5, seed=1, by=None)


def test_a_synthetic_questionnaire_without_model_is_refused(survey: Survey) -> None:
    document: dict[str, Any] = {**load(shipped(SLUG)), "slug": survey.slug}
    publish(survey=survey, document=document, by=None)
    with pytest.raises(SimulationError, match=r"petite-enquete\.model\.yaml"):
        simulate_responses(survey=survey, responses=5, seed=1, by=None)


def test_a_model_that_the_questionnaire_refuses_stores_nothing(db: None) -> None:
    survey = Survey.objects.create(slug=SLUG, title="Démonstration")
    document = load(shipped(SLUG))
    hours = next(q for page in document["pages"] for q in page["questions"] if q["code"] == "hours_week")
    hours["maximum"] = 10
    publish(survey=survey, document=document, by=None)
    with pytest.raises(SimulationError, match="hours_week"):
        simulate_responses(survey=survey, responses=50, seed=1, by=None)
    assert not Response.objects.exists()
    assert not AuditEvent.objects.filter(action="responses.simulate").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([SLUG, "--responses", "0"], "de 1 à"),
        ([SLUG, "--responses", "1000001"], "de 1 à"),
        ([SLUG, "--seed", "-1"], "positif"),
        (["inconnue"], f"Études connues : {SLUG}"),
    ],
)
def test_a_bad_demand_is_refused_in_one_line(demo: Survey, arguments: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("simulate", *arguments, stdout=StringIO())
    assert responses.count(demo) == 0
