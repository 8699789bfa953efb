"""Pages reached, durations and modes are no longer kept by day (respondents.counters.UNDATED)."""

from django.db import migrations

FORWARD = """
WITH dated AS (
    DELETE FROM respondents_counter WHERE kind IN ('page', 'minutes', 'mode') AND day <> '2000-01-01'
    RETURNING survey_id, campaign, kind, key, shard, count
)
INSERT INTO respondents_counter (survey_id, campaign, day, kind, key, shard, count)
SELECT survey_id, campaign, '2000-01-01', kind, key, shard, sum(count)
FROM dated GROUP BY survey_id, campaign, kind, key, shard
ON CONFLICT ON CONSTRAINT counter_once DO UPDATE SET count = respondents_counter.count + EXCLUDED.count
"""


class Migration(migrations.Migration):
    dependencies = [("respondents", "0002_initial")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
