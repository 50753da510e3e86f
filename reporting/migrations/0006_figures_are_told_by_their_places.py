"""The triggers of the desk tell figures by numbers, and many new duties at once by having everything counted."""

from django.db import migrations

from deadlines.marks import on_postgresql
from reporting.desk import triggers


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0005_new_issues_are_marked_together'),
    ]

    operations = [
        migrations.RunPython(on_postgresql(triggers.statements()), migrations.RunPython.noop),
    ]
