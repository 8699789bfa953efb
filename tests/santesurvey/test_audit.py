"""The journal: written with the action it tells, and never changed afterwards."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from santesurvey import audit
from santesurvey.models import AuditEvent, User
from surveys.models import Survey


@pytest.mark.django_db
def test_a_line_names_actor_action_and_object(survey: Survey, researcher: User) -> None:
    line = audit.record("survey.open", survey, by=researcher, note=1)
    assert (line.actor, line.action, line.target) == (
        researcher,
        "survey.open",
        f"surveys.Survey:{survey.pk}",
    )
    assert line.details == {"note": 1}


@pytest.mark.django_db(transaction=True)
def test_a_line_needs_the_transaction_of_its_action(survey: Survey) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record("survey.open", survey, by=None)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE santesurvey_auditevent SET action = 'x'",
        "DELETE FROM santesurvey_auditevent",
        "TRUNCATE santesurvey_auditevent CASCADE",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_line(survey: Survey, statement: str) -> None:
    audit.record("survey.open", survey, by=None)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.filter(action="survey.open").count() == 1
