"""Remember which snapshots have ever been public (those that are now, have been), and what a paper was made of."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def remember(apps: Any, schema_editor: Any) -> None:
    apps.get_model("analytics", "Snapshot").objects.filter(published_at__isnull=False).update(was_public=True)


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="was_public",
            field=models.BooleanField(
                default=False, help_text="its results have been public once: what was read is not forgotten"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="specification_digest",
            field=models.CharField(blank=True, help_text="of the figures in it", max_length=64),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
