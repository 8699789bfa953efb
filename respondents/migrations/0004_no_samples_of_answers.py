"""PostgreSQL keeps samples of every column for its planner, also of rows that are gone: not of these."""

from django.db import migrations

COLUMNS = {
    "respondents_ballot": ["receipt_digest", "sealed"],
    "respondents_response": ["answers", "receipt_digest"],
    "respondents_draft": ["key_digest", "ciphertext"],
    "respondents_invitation": ["code_digest"],
}


def statements(target: str) -> str:
    return "\n".join(
        f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS {target};"
        for table, columns in COLUMNS.items()
        for column in columns
    )


FORWARD = statements("0")
BACKWARD = statements("-1")


class Migration(migrations.Migration):
    dependencies = [("respondents", "0003_counts_without_day")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
