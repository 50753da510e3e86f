"""What a duty is about is named in both languages; the next sweep fills the second."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_ladder_of_reminders")]
    operations = [
        migrations.RenameField("duty", "title", "title_kk"),
        migrations.AddField("duty", "title_ru", models.CharField(blank=True, max_length=300, default=""), preserve_default=False),
    ]
