"""How analysis reads the responses: its only door to the collection. Knows no code, receipt or invitation."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from respondents.models.collection import Response
from surveys.models import Survey


def count(survey: Survey) -> int:
    return Response.objects.filter(version__survey=survey).count()


def read_all(survey: Survey, *, size: int = 10_000) -> Iterator[list[tuple[str, int, str, str]]]:
    """All responses in the order of their random ids, in chunks: id, version, mode, answers as JSON text.

    One consistent view of the table; memory is bounded by *size*.
    """
    with transaction.atomic():
        connection.ensure_connection()
        with connection.connection.cursor(name="responses") as cursor:
            cursor.execute(
                "SELECT r.id::text, v.number, r.mode, r.answers::text FROM respondents_response r"
                " JOIN surveys_version v ON v.id = r.version_id WHERE v.survey_id = %s ORDER BY r.id",
                [survey.pk],
            )
            while rows := cursor.fetchmany(size):
                yield rows
