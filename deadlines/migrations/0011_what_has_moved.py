"""The table of marks, and the triggers of evidence, readings and units."""

from django.db import migrations, models

from deadlines import ids, marks

#: A proof of a meeting's duty that is taken back lets its facts speak again.
OF_EVIDENCE = f"""
    SELECT (x.duty_id >> {ids.SUBJECT_AT}) & {(1 << ids.SUBJECT_BITS) - 1}, d.year
    FROM {{rows}} x JOIN deadlines_duty d ON d.id = x.duty_id
    WHERE x.duty_id >> {ids.KIND_AT} = {int(ids.Subject.MEETING)}
"""
ALL = f"""
    CREATE FUNCTION {marks.TABLE}_all() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO {marks.TABLE} (meeting_id, year) VALUES ({marks.EVERYTHING}, 0);
        RETURN NULL;
    END $$
    """
SET = [
    ALL,
    *marks.of_meetings("deadlines_evidence", OF_EVIDENCE),
    *marks.of_everything("deadlines_readingchoice"),
    *marks.of_everything("territories_territory"),
]
TAKEN = [
    *marks.undone("deadlines_evidence", "deadlines_readingchoice", "territories_territory"),
    f"DROP FUNCTION IF EXISTS {marks.TABLE}_all()",
]


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0010_feeds_of_duties"), ("territories", "0006_zones_of_the_regions")]
    operations = [
        migrations.CreateModel(
            name="Moved",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("meeting_id", models.BigIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.RunPython(marks.on_postgresql(SET), marks.on_postgresql(TAKEN)),
    ]
