"""What an import says about the meaning of rows, beyond what the reader of workbooks knows to say."""

from django.utils.translation import gettext_lazy as _

from ...workbook.messages import Message, add
from ...workbook.messages.message import ERROR, NOTE, WARNING
from ...workbook.messages.table import REPAIRS

#: Kinds of warning that `calendars.warnings` gives; here each is a finding of its own.
WARNED = (
    "day_off",
    "holder_busy",
    "superior_clash",
    "short_notice",
    "serves_none",
    "already_covered",
    "video_only",
    "excluded",
    "broadcast_reason",
)

add(
    Message(
        "B04.gone", ERROR,
        _("the uploaded file is no longer there."),
        _("Upload it again."),
    ),
    Message(
        "B33.post", ERROR,
        _("you no longer hold the post under which you brought the file."),
        _("Change to a post that enters meetings into this calendar and upload the file again."),
    ),
    Message(
        "B20.unit", ERROR,
        _("neither the name nor the code of the unit is given."),
        _("Choose the unit from the list or write its code: %(expected)s."),
        _("a unit"),
    ),
    Message(
        "B30.period", WARNING,
        _("%(day)s is outside the period of this row, %(period)s."),
        _("Write a day of that period, or the required meeting stays open."),
    ),
    Message(
        "B33.office", ERROR,
        _("your office does not enter meetings of this akim (%(name)s)."),
        _("Leave this row out; the office of that akim or the akimat of the region enters it."),
        _("an akim of your own unit"),
    ),
    Message(
        "B33.replaced", ERROR,
        _("the code %(value)s is no longer used; since %(day)s the unit %(name)s has the code %(successor)s."),
        _("Write the code %(successor)s."),
        _("a code in force"),
    ),
    Message(
        "B35.name", ERROR,
        _("there is no unit named “%(value)s” in %(region)s."),
        _("Choose the unit from the list of the template or write its code."),
        _("a name from the classifier"),
    ),
    Message(
        "B35.several", ERROR,
        _("several units are named “%(value)s”: %(candidates)s."),
        _("Choose the right one from the list of the template, or write its code into the column of codes."),
        _("a name that only one unit has"),
    ),
    Message(
        "B35.line", WARNING,
        _("the row names the line “%(value)s”, but a meeting of this akim there belongs to “%(line)s”."),
        _("Check the akim and the place; the line follows from them."),
    ),
    Message(
        "B66.absent", NOTE,
        _("rows of the calendar that are not in the file: %(count)s (No. %(numbers)s). They stay as they are."),
        _("What is to go must be taken out or cancelled in the calendar itself."),
    ),
    Message(
        "B66.closed", ERROR,
        _("the meeting No. %(number)s is “%(state)s” and is no longer changed by a file."),
        _("Give the row back its former values (%(fields)s) or delete it from the file."),
        _("the values of the calendar"),
    ),
    Message(
        "B66.denied", ERROR,
        _("your office may not change the meeting No. %(number)s: the region has already taken it into its calendar."),
        _("Give the row back its former values (%(fields)s), or ask the akimat of the region."),
        _("the values of the calendar"),
    ),
    Message(
        "B66.gone", WARNING,
        _("the meeting No. %(number)s is no longer in the calendar; the row will be a new meeting."),
        _("Delete the row if the meeting was taken out on purpose."),
    ),
    Message(
        "B66.number", NOTE,
        _("No. %(value)s is another meeting of the calendar; the row was read by its akim, place and period."),
        _("Nothing need be done if these are your own numbers; otherwise export the calendar again."),
    ),
    Message(
        "B66.marks", NOTE,
        _("marks of the workbook that were changed by hand and are not believed: %(count)s."),
    ),
    Message(
        "B66.both", WARNING,
        _("the meeting No. %(number)s was changed in the calendar after this file was made; "
          "the file changes it again."),
        _("Compare “was” and “becomes” in the preview before you take it over."),
    ),
    Message(
        "B66.newer", NOTE,
        _("meetings that others have changed since this file was made and you have not: %(count)s. "
          "The newer values of the calendar stay."),
    ),
    Message(
        "B66.older", NOTE,
        _("the file was made on %(day)s; the calendar has changed since then."),
        _("Only what you have changed in the file is taken over."),
    ),
    Message(
        "B66.state", NOTE,
        _("the state “%(value)s” was not taken over: the calendar says “%(state)s”."),
        _("Announce, hold or cancel the meeting in the program itself."),
    ),
    Message("wall", ERROR, "%(text)s"),
    *(Message(f"warning.{name}", WARNING, "%(text)s") for name in WARNED),
)  # fmt: skip

REPAIRS["stale"] = _("Codes brought in line with the unit chosen from the list, cells: %(count)s")
