"""Reminders belong to the narrow duties; the wide ones are gone. Duties of a year lie together on PostgreSQL."""

import django.db.models.deletion
from django.db import migrations, models


def index_years(apps, schema_editor):
    """Duties are opened year by year, so a few pages of summaries find those of a year."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX IF NOT EXISTS duty_year ON deadlines_duty USING brin (year)")


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0006_duties_keep_their_days")]
    operations = [
        migrations.RemoveConstraint("reminder", "one_reminder_per_stage_and_person"),
        migrations.RemoveField("reminder", "duty"),
        migrations.RenameField("reminder", "narrow", "duty"),
        migrations.AlterField(
            "reminder",
            "duty",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="deadlines.duty"
            ),
        ),
        migrations.AddConstraint(
            "reminder",
            models.UniqueConstraint(
                fields=("duty", "stage", "user", "channel"), name="one_reminder_per_stage_and_person"
            ),
        ),
        migrations.DeleteModel("WideDuty"),
        migrations.RunPython(index_years, migrations.RunPython.noop),
    ]
