"""Every field has a privacy class, and no relation leads from answers to people or back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models

from respondents.models import Ballot, Batch, Campaign, Draft, Invitation, Partner, PartnerMember, Response
from santesurvey.privacy import Privacy, unclassified

OURS = [
    model
    for label in ("santesurvey", "surveys", "respondents", "analytics")
    for model in apps.get_app_config(label).get_models()
]
ANSWERS = [Response, Ballot]
PEOPLE = [Invitation, Draft, Batch, Campaign, Partner, PartnerMember]


def name(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", OURS, ids=name)
def test_every_field_has_a_privacy_class(model: type[models.Model]) -> None:
    assert unclassified(model) == set()
    classes: dict[str, Privacy] = model.privacy  # type: ignore[attr-defined]
    fields = {field.name for field in model._meta.local_fields + model._meta.local_many_to_many}
    assert set(classes) == fields, "a class for a field that is gone"
    assert all(isinstance(value, Privacy) for value in classes.values())


def points_to(model: type[models.Model]) -> Iterator[type[models.Model]]:
    for field in model._meta.get_fields():
        if field.is_relation and field.concrete and field.related_model:
            yield field.related_model  # type: ignore[misc]


def reachable(model: type[models.Model]) -> set[type[models.Model]]:
    """All models that chains of foreign keys lead to from *model*."""
    seen: set[type[models.Model]] = set()
    waiting = [model]
    while waiting:
        for target in points_to(waiting.pop()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


@pytest.mark.parametrize("answers", ANSWERS, ids=name)
@pytest.mark.parametrize("people", PEOPLE, ids=name)
def test_no_chain_of_keys_between_answers_and_people(
    answers: type[models.Model], people: type[models.Model]
) -> None:
    assert people not in reachable(answers)
    assert answers not in reachable(people)


def test_answers_and_invitations_meet_in_the_survey_only() -> None:
    """One foreign key apart they share the study itself, which says nothing of anybody."""
    shared = (reachable(Response) | reachable(Ballot)) & (reachable(Invitation) | reachable(Draft))
    assert {name(model) for model in shared} == {"surveys.Survey"}


@pytest.mark.django_db
def test_no_key_of_the_database_itself_links_them() -> None:
    """Also constraints that the models do not know."""
    answers = [model._meta.db_table for model in ANSWERS]
    people = [model._meta.db_table for model in PEOPLE]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
        )
        pairs = set(cursor.fetchall())
    assert not [pair for pair in pairs if set(pair) & set(answers) and set(pair) & set(people)]


TIMES = (models.DateField, models.TimeField, models.DurationField)
SEQUENCES = (models.AutoField, models.BigAutoField, models.SmallAutoField)


@pytest.mark.parametrize("model", [*ANSWERS, Invitation], ids=name)
def test_no_time_and_no_sequence_on_rows_about_one_person(model: type[models.Model]) -> None:
    kinds = (*TIMES, *SEQUENCES, models.GenericIPAddressField)
    assert [field.name for field in model._meta.local_fields if isinstance(field, kinds)] == []
