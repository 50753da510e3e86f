"""The table of marks of units; a proof of what an akim owes marks his unit."""

from django.db import migrations, models

from deadlines import ids, marks

#: A proof of an akim's duty that is taken back lets its facts speak again.
OF_EVIDENCE = f"""
    SELECT (x.duty_id >> {ids.SUBJECT_AT}) & {(1 << ids.SUBJECT_BITS) - 1} AS unit_id, x.id, x.withdrawn_at
    FROM {{rows}} x WHERE x.duty_id >> {ids.KIND_AT} = {int(ids.Subject.AKIM)}
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0014_lines_and_years_by_the_index")]
    operations = [
        migrations.CreateModel(
            name="MovedUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_id", models.BigIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.RunPython(
            marks.on_postgresql(marks.of_units("deadlines_evidence", OF_EVIDENCE)),
            marks.on_postgresql(marks.undone("deadlines_evidence", what="units")),
        ),
    ]
