"""The order of the long lists, so that a page is entered at its key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issues", "0010_tables_of_offices")]
    operations = [
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["region", "-raised_on", "-id"], name="issue_region_day"),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["-raised_on", "-id"], name="issue_day"),
        ),
        migrations.AddIndex(
            model_name="planitem",
            index=models.Index(fields=["region", "due_on", "id"], name="planitem_region_day"),
        ),
    ]
