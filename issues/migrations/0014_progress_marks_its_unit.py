"""Issues of meetings, quarterly information and where it stands let the next sweep look at the akim who informs."""

from django.db import migrations

from deadlines import marks

TABLES = {
    "issues_issue": (
        "SELECT x.unit_id, x.id, x.raised_on, x.published_at FROM {rows} x"
        " WHERE x.meeting_id IS NOT NULL AND x.joined_into_id IS NULL"
    ),
    # What it shows as solved is owed no more, by whichever unit the issue belongs to now.
    "issues_quarterlyreport": (
        "SELECT x.unit_id, x.id, x.year, x.quarter FROM {rows} x WHERE x.state = 'frozen' UNION"
        " SELECT i.unit_id, x.id, x.year, x.quarter FROM {rows} x JOIN issues_quarterlyrow r ON r.report_id = x.id"
        " JOIN issues_issue i ON i.id = r.issue_id WHERE x.state = 'frozen' AND r.solved"
    ),
    "issues_quarterlyrow": (
        "SELECT i.unit_id, x.id, x.issue_id FROM {rows} x JOIN issues_quarterlyreport q ON q.id = x.report_id"
        " JOIN issues_issue i ON i.id = x.issue_id WHERE q.state = 'frozen' AND x.solved"
    ),
    "issues_publication": (
        "SELECT x.unit_id, x.id, x.quarterly_id, x.region_id, x.channel_id, x.published_at, x.link FROM {rows} x"
        " WHERE x.quarterly_id IS NOT NULL"
    ),
}
SET = [statement for table, select in TABLES.items() for statement in marks.of_units(table, select)]


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0013_executors_remember_their_own_columns"),
        ("deadlines", "0015_units_that_have_moved"),
    ]
    operations = [
        migrations.RunPython(
            marks.on_postgresql(SET), marks.on_postgresql(marks.undone(*TABLES, what="units"))
        )
    ]
