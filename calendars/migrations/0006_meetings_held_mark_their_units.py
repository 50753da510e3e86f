"""A meeting held, or held no more, lets the next sweep look at the akims whose lines it serves."""

from django.db import migrations

from deadlines import marks

READ = "m.id, m.calendar_id, m.date, m.held_on, m.format, m.off_calendar"
#: Whoever holds the meeting, and whoever it closes a norm for.
OF_HELD = (
    f"SELECT m.holder_id AS unit_id, {READ} FROM {{held}} UNION"
    f" SELECT t.holder_id, {READ} FROM {{held}} JOIN calendars_meetingtarget t ON t.meeting_id = m.id"
)
TABLES = {
    "calendars_meeting": OF_HELD.format(held="(SELECT * FROM {rows} x WHERE x.state = 'held') m"),
    "calendars_meetingtarget": (
        "SELECT x.holder_id AS unit_id, x.id, x.target_id, x.at_place FROM {rows} x"
        " JOIN calendars_meeting m ON m.id = x.meeting_id AND m.state = 'held'"
    ),
    # A meeting outside the calendar may count from the version on that holds it.
    "calendars_versionrow": OF_HELD.format(
        held="(SELECT h.* FROM {rows} x JOIN calendars_meeting h"
        " ON h.id = x.meeting_id AND h.state = 'held' AND h.off_calendar) m"
    ),
}
SET = [statement for table, select in TABLES.items() for statement in marks.of_units(table, select)]


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0005_meetings_mark_what_has_moved"),
        ("deadlines", "0015_units_that_have_moved"),
    ]
    operations = [
        migrations.RunPython(
            marks.on_postgresql(SET), marks.on_postgresql(marks.undone(*TABLES, what="units"))
        )
    ]
