"""New issues of a statement are marked together for the desk, not each by a statement of its own."""

from django.db import migrations

from deadlines.marks import on_postgresql
from reporting.desk import triggers


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0004_changes_of_the_desk_are_told'),
    ]

    operations = [
        migrations.RunPython(
            on_postgresql([*triggers.of_issues(triggers.ISSUES), *triggers.of_new_issues()]),
            migrations.RunPython.noop,
        ),
    ]
