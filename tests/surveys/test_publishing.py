"""A questionnaire becomes a version, a survey opens and closes, and the page that shows both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from santesurvey.models import AuditEvent, User
from surveys import fieldwork
from surveys.models import Survey, SurveyMember, Version
from surveys.publishing import NotPublishable, publish, read
from tests.questionnaires import small_document

OVERVIEW = "/etudes/petite-enquete/"


@pytest.fixture
def rose(client: Client, researcher: User) -> Client:
    client.force_login(researcher)
    return client


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "questionnaire.json"
    path.write_text(json.dumps(small_document()), encoding="utf-8")
    return path


def run(file: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("publish", str(file), "--survey", "petite-enquete", *options)
    return capsys.readouterr().out


def plain(response: Any) -> str:
    text: str = response.text
    return text.replace("&#x27;", "'")


@pytest.mark.django_db
def test_the_command_makes_the_survey_and_its_first_version(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = run(file, capsys)
    survey = Survey.objects.get()
    assert (survey.slug, survey.title, survey.state) == ("petite-enquete", "Petite enquête", "preparation")
    assert f"version 1 publiée, empreinte {survey.versions.get().digest}" in out
    assert "déjà la version 1" in run(file, capsys)
    assert Version.objects.count() == 1


@pytest.mark.django_db
def test_a_changed_document_is_the_next_version(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(file, capsys, "--title", "Mon titre")
    changed = small_document() | {"minutes": 3}
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert "version 2" in run(file, capsys)
    assert Survey.objects.get().title == "Mon titre"


@pytest.mark.django_db
def test_problems_come_one_a_line_and_leave_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = small_document()
    document["pages"][0]["questions"][2]["relevant"] = "${nothing} > 0"
    document["pages"][1]["questions"][1]["code"] = "hours"
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(CommandError, match="problèmes à corriger") as refusal:
        run(file, capsys)
    assert refusal.value.returncode == 1
    lines = capsys.readouterr().err.splitlines()
    assert any("nothing" in line and "n'existe pas" in line for line in lines)
    assert any(line.startswith("hours") for line in lines)
    assert not Survey.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["pages: [", "- a list", None])
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "absent.yaml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandError, match=r"absent\.yaml"):
        run(path, capsys)


@pytest.mark.django_db
def test_a_document_of_another_survey_is_refused(file: Path) -> None:
    with pytest.raises(CommandError, match="problème"):
        call_command("publish", str(file), "--survey", "autre-etude")
    with pytest.raises(CommandError, match="minuscules"):
        call_command("publish", str(file), "--survey", "Pas un nom")
    assert not Survey.objects.exists()


def test_a_survey_opens_with_a_questionnaire_and_closes_for_good(survey: Survey, researcher: User) -> None:
    Survey.objects.update(state="preparation")
    survey.refresh_from_db()
    with pytest.raises(fieldwork.SurveyError, match="Publiez d’abord"):
        fieldwork.open_survey(survey=survey, by=researcher)
    publish(survey=survey, document=small_document(), by=researcher)
    with pytest.raises(fieldwork.SurveyError, match="ne peut pas devenir"):
        fieldwork.close_survey(survey=survey, by=researcher)
    fieldwork.open_survey(survey=survey, by=researcher)
    fieldwork.open_survey(survey=survey, by=researcher)
    fieldwork.close_survey(survey=survey, by=researcher)
    with pytest.raises(fieldwork.SurveyError, match="ne peut pas devenir"):
        fieldwork.open_survey(survey=survey, by=researcher)
    lines = AuditEvent.objects.filter(actor=researcher).order_by("pk").values_list("action", flat=True)
    assert list(lines) == ["survey.publish", "survey.open", "survey.close"]


def test_opening_from_the_page(rose: Client, survey: Survey, version: Version) -> None:
    Survey.objects.update(state="preparation")
    assert "/etudes/petite-enquete/ouverture/" in rose.get(OVERVIEW).text
    assert "/q/petite-enquete/" not in rose.get(OVERVIEW).text
    page = rose.post("/etudes/petite-enquete/ouverture/", follow=True)
    assert "L’étude est ouverte" in plain(page)
    assert "/q/petite-enquete/fr" in page.text
    # Whoever signs in again after pressing the button comes back to its page.
    assert rose.get("/etudes/petite-enquete/ouverture/").headers["Location"] == OVERVIEW


def test_closing_from_the_page_asks_for_the_title(rose: Client, survey: Survey, version: Version) -> None:
    path = "/etudes/petite-enquete/cloture/"
    assert "ne pourra pas être rouverte" in plain(rose.get(path))
    assert rose.post(path, {"name": "oui"}).status_code == 422
    survey.refresh_from_db()
    assert survey.state == "open"
    rose.post(path, {"name": survey.title})
    survey.refresh_from_db()
    assert survey.state == "closed"
    assert rose.get(path).status_code == 302


def test_only_researchers_open_and_close(
    client: Client, survey: Survey, version: Version, analyst: User, data_user: User
) -> None:
    for user in (analyst, data_user):
        client.force_login(user)
        assert client.get(OVERVIEW).status_code == 200
        assert "cloture" not in client.get(OVERVIEW).text
        assert client.post("/etudes/petite-enquete/cloture/", {"name": survey.title}).status_code == 404
        assert client.post("/etudes/petite-enquete/ouverture/").status_code == 404
    survey.refresh_from_db()
    assert survey.state == "open"


def test_the_whole_questionnaire_can_be_read(rose: Client, version: Version) -> None:
    page = plain(rose.get(OVERVIEW))
    document = version.questionnaire
    assert version.digest in page
    for question in document.questions():
        assert f"<code>{question.code}</code>" in page
        assert question.label["fr"].replace("'", "'") in page
        for option in document.options(question):
            assert option.code in page
    for words in ("${hours} &gt; 0", "Acceptée si", "Page posée si", "exhaustion", "(inversé)", "grille"):
        assert words in page
    english = plain(rose.get(f"{OVERVIEW}?langue=en"))
    assert "What is your profession?" in english
    assert rose.get(f"{OVERVIEW}?langue=xx").status_code == 200


def test_older_versions_stay_readable(rose: Client, survey: Survey, version: Version) -> None:
    publish(survey=survey, document=small_document() | {"minutes": 9}, by=None)
    assert "environ 9 minutes" in plain(rose.get(OVERVIEW))
    older = plain(rose.get(f"{OVERVIEW}?version=1"))
    assert "environ 2 minutes" in older
    assert "remplacée" in older
    for wrong in ("7", "x", "", "-1"):
        assert rose.get(f"{OVERVIEW}?version={wrong}").status_code == 404


def test_a_survey_without_questionnaire_says_how_to_publish_one(rose: Client, survey: Survey) -> None:
    assert "manage.py publish" in rose.get(OVERVIEW).text


@pytest.mark.parametrize(
    ("role", "jobs"),
    [
        ("researcher", ["Questionnaire", "Diffusion", "Terrain", "Résultats", "Livre blanc", "Données"]),
        ("analyst", ["Questionnaire", "Terrain", "Résultats", "Livre blanc", "Données"]),
        ("data_user", ["Questionnaire", "Données"]),
    ],
)
def test_the_navigation_shows_the_jobs_of_the_role(
    client: Client, survey: Survey, version: Version, outsider: User, role: str, jobs: list[str]
) -> None:
    SurveyMember.objects.create(survey=survey, user=outsider, role=role)
    client.force_login(outsider)
    navigation = client.get(OVERVIEW).text.split('<ul class="nav">')[1].split("</ul>")[0]
    every = ["Questionnaire", "Diffusion", "Terrain", "Résultats", "Livre blanc", "Données"]
    assert [job for job in every if job in navigation] == jobs
    assert navigation.count('aria-current="page"') == 1


def test_publishing_twice_the_same_is_one_version(survey: Survey) -> None:
    first = publish(survey=survey, document=small_document(), by=None)
    assert publish(survey=survey, document=small_document(), by=None) == first
    with pytest.raises(NotPublishable):
        publish(survey=survey, document=small_document() | {"slug": "autre"}, by=None)


@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        (["minutes"], None, "minutes : écrivez un nombre entier."),
        (["minutes"], 0, "minutes : doit être plus grand que 0."),
        (
            ["pages", 0, "questions", 1, "typ"],
            "integer",
            "pages.you.questions.hours.typ : ce nom n'existe pas",
        ),
        (["pages", 0, "questions", 1, "type"], "number", "pages.you.questions.hours.type : choisissez parmi"),
        (
            ["pages", 0, "questions", 0, "label", "fr"],
            3,
            "pages.you.questions.profession.label.fr : écrivez un",
        ),
        (["pages", 0, "questions", 1, "choices"], "tools", "n'a pas de choix : retirez choices."),
        (["pages", 1, "questions", 0, "rows"], [], "une grille (matrix) a des lignes"),
        (["pages", 1], "travail", "pages.1 : écrivez des noms"),
        (["pages"], [], "pages : il en faut au moins 1."),
        (["slug"], "Petite Enquête", "slug : cette écriture"),
    ],
)
def test_what_is_wrong_with_the_shape_is_told_in_words(place: list[Any], value: Any, line: str) -> None:
    document = small_document()
    here: Any = document
    for step in place[:-1]:
        here = here[step]
    here[place[-1]] = value
    with pytest.raises(NotPublishable) as refusal:
        read(document)
    assert any(line in problem for problem in refusal.value.problems), refusal.value.problems
    assert "Input" not in str(refusal.value)


def test_a_missing_part_is_named() -> None:
    document = small_document()
    del document["pages"][0]["questions"][0]["label"]
    with pytest.raises(NotPublishable, match=r"pages\.you\.questions\.profession\.label : il manque"):
        read(document)
