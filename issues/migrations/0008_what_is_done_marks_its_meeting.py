"""What is done around a meeting lets the next sweep look at it; a standing commission at all meetings of its akim."""

from django.db import migrations

from deadlines import marks

OF_MEETING = "JOIN calendars_meeting m ON m.id = {of} JOIN calendars_calendar c ON c.id = m.calendar_id"
OWN = "SELECT m.id, c.year FROM {rows} x " + OF_MEETING.format(of="x.meeting_id")
TABLES = {
    **dict.fromkeys(
        (
            "issues_audience",
            "issues_broadcastrecord",
            "issues_channeluse",
            "issues_financing",
            "issues_poolversion",
            "issues_publishedversion",
            "issues_reception",
            "issues_videopoint",
        ),
        OWN,
    ),
    "issues_receptionparticipant": (
        "SELECT m.id, c.year FROM {rows} x JOIN issues_reception r ON r.id = x.reception_id "
        + OF_MEETING.format(of="r.meeting_id")
    ),
    "issues_publication": (
        "SELECT m.id, c.year FROM {rows} x JOIN issues_publishedversion v ON v.id = x.version_of_id "
        + OF_MEETING.format(of="v.meeting_id")
    ),
    "issues_commission": (
        "SELECT m.id, c.year FROM {rows} x JOIN calendars_meeting m ON m.holder_id = x.unit_id"
        " JOIN calendars_calendar c ON c.id = m.calendar_id"
    ),
}
SET = [
    *(statement for table, select in TABLES.items() for statement in marks.of_meetings(table, select)),
    *marks.of_everything("issues_channel"),
]
TAKEN = marks.undone(*TABLES, "issues_channel")


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0007_sketches_of_texts"),
        ("calendars", "0005_meetings_mark_what_has_moved"),
    ]
    operations = [migrations.RunPython(marks.on_postgresql(SET), marks.on_postgresql(TAKEN))]
