"""A meeting that is planned, changed or removed is looked at by the next sweep."""

from django.db import migrations

from deadlines import marks

OF_MEETINGS = "SELECT x.id, c.year FROM {rows} x JOIN calendars_calendar c ON c.id = x.calendar_id"
SET = [
    *marks.of_meetings("calendars_meeting", OF_MEETINGS),
    *marks.of_everything("calendars_calendar", "UPDATE OF year, region_id"),
]
TAKEN = marks.undone("calendars_meeting", "calendars_calendar")


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0004_imports_know_their_post_and_lease"),
        ("deadlines", "0011_what_has_moved"),
    ]
    operations = [migrations.RunPython(marks.on_postgresql(SET), marks.on_postgresql(TAKEN))]
