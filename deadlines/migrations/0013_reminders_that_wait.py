"""What no letter has told yet is marked, so that a digest reads these few alone."""

from django.db import migrations, models


def mark_waiting(apps, schema_editor):
    """What was shown and not mailed in the last days that digests make up for; the first digest passes over the rest."""
    Reminder = apps.get_model("deadlines", "Reminder")
    mailed = Reminder.objects.filter(
        duty=models.OuterRef("duty"), stage=models.OuterRef("stage"), user=models.OuterRef("user"), channel="mail"
    )
    shown = Reminder.objects.filter(~models.Exists(mailed), channel="page", duty__met_on=None, duty__cancelled_at=None)
    Reminder.objects.filter(pk__in=shown.values("pk")).update(waits=True)


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0012_lists_in_parts")]
    operations = [
        migrations.AddField("reminder", "waits", models.BooleanField(default=False)),
        migrations.AddIndex(
            "reminder",
            models.Index(condition=models.Q(("waits", True)), fields=["user", "day"], name="reminder_waits"),
        ),
        migrations.RunPython(mark_waiting, migrations.RunPython.noop),
    ]
