"""A published questionnaire never changes: the database itself refuses."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER version_immutable BEFORE UPDATE OR DELETE ON surveys_version
    FOR EACH ROW EXECUTE FUNCTION santesurvey_refuse_change();
"""
BACKWARD = "DROP TRIGGER version_immutable ON surveys_version;"


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial"), ("santesurvey", "0002_journal_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
