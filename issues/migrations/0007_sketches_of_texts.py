"""What texts speak of lies beside them, and in the indices by which neighbours are found.

The new columns may be NULL, so that SQLite adds them without making the table anew, which would lose its triggers
(0005).
"""

from django.db import migrations, models

from issues.concepts import sketch

BATCH = 1000


def fill(apps, schema_editor):
    for name in ("Request", "Issue"):
        rows = apps.get_model("issues", name).objects
        after = 0
        while batch := list(rows.filter(pk__gt=after).order_by("pk").only("pk", "folded")[:BATCH]):
            for row in batch:
                row.sketch = sketch(row.folded)
            rows.bulk_update(batch, ["sketch"])
            after = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("issues", "0006_superiors_are_told")]
    operations = [
        migrations.RemoveIndex("issue", "issue_raion_day"),
        migrations.RemoveIndex("request", "request_raion_day"),
        migrations.RemoveIndex("request", "request_region_day"),
        migrations.AddField("issue", "sketch", models.TextField(null=True, blank=True, editable=False)),
        migrations.AddField("request", "sketch", models.TextField(null=True, blank=True, editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "issue",
            models.Index(
                fields=["raion", "-raised_on"], include=("id", "sketch", "joined_into"), name="issue_raion_day"
            ),
        ),
        migrations.AddIndex(
            "request",
            models.Index(
                fields=["raion", "-received_on"], include=("id", "sketch", "moderation"), name="request_raion_day"
            ),
        ),
        migrations.AddIndex(
            "request",
            models.Index(
                fields=["region", "-received_on"], include=("id", "sketch", "moderation"), name="request_region_day"
            ),
        ),
    ]
