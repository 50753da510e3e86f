"""The first ladder: 30, 14, 7, 3 and 1 days before, on the day, and after it to the office and above."""

from django.db import migrations

LADDER = [
    ("before-30", -30, "bound"),
    ("before-14", -14, "bound"),
    ("before-7", -7, "bound"),
    ("before-3", -3, "bound"),
    ("before-1", -1, "bound"),
    ("on-the-day", 0, "bound"),
    ("after-1", 1, "bound"),
    ("after-1-above", 1, "above"),
    ("after-7", 7, "bound"),
    ("after-7-above", 7, "above"),
]


def fill(apps, schema_editor):
    stage = apps.get_model("deadlines", "Stage")
    for code, offset, audience in LADDER:
        stage.objects.get_or_create(code=code, defaults={"offset_days": offset, "audience": audience})


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
