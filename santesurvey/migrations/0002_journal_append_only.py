"""The journal can be written and read, never changed: the database itself refuses."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION santesurvey_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON santesurvey_auditevent
    FOR EACH ROW EXECUTE FUNCTION santesurvey_refuse_change();
"""
BACKWARD = """
DROP TRIGGER journal_append_only ON santesurvey_auditevent;
DROP FUNCTION santesurvey_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("santesurvey", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
