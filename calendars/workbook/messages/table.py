"""About sheets, headings and rows."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .message import ERROR, NOTE, WARNING, Message

A_VALUE = pgettext_lazy("expected in a cell", "a value")
TAKE_TEMPLATE = _("Take the template of this system, copy the rows into it and upload it.")

ALL = (
    Message(
        "B17.missing", ERROR,
        _("there is no sheet “%(expected)s”; the workbook has: %(found)s."),
        _("Name the sheet with the table “%(expected)s” or take the template of this system."),
        _("sheet “%(expected)s”"),
    ),
    Message(
        "B17.several", ERROR,
        _("several sheets may hold the table: %(found)s."),
        _("Leave one of them named “%(expected)s” and delete or rename the others."),
        _("one sheet “%(expected)s”"),
    ),
    Message(
        "B17.renamed", WARNING,
        _("this sheet was read because its headings are those of the table “%(expected)s”."),
        _("Check that this is the right sheet."),
    ),
    Message(
        "B17.hidden", WARNING,
        _("the sheet with the table is hidden; it was read."),
        _("Check that this is the table you mean: right click on a sheet tab → Unhide."),
    ),
    Message(
        "B18", ERROR,
        _("no row of headings in the first %(limit)s rows. Expected: %(expected)s. Found: %(found)s."),
        TAKE_TEMPLATE,
        _("headings: %(expected)s"),
    ),
    Message(
        "B20.twice", ERROR,
        _("columns %(letters)s have the same meaning (“%(column_name)s”)."),
        _("Leave one of them and delete or rename the others."),
    ),
    Message(
        "B20.missing", ERROR,
        _("there is no column “%(column_name)s”."),
        _("Add the column with this heading, or take the template of this system."),
        _("column “%(column_name)s”"),
    ),
    Message(
        "B20.unknown", NOTE,
        _("the column is not known and was not read."),
        _("Nothing need be done if it is your own note; otherwise correct the heading."),
    ),
    Message(
        "B20.unnamed", NOTE,
        _("the column is filled but has no heading; it was not read."),
        _("Give it a heading of the template if it is needed."),
    ),
    Message(
        "B20.required", ERROR,
        _("the cell is empty but must be filled."),
        _("Fill it in: %(expected)s."),
        _("a filled cell"),
    ),
    Message(
        "B21", ERROR,
        _("cells %(range)s are merged; it is not clear to which rows the value belongs."),
        _("Unmerge the cells and write the value into every row."),
        _("cells that are not merged"),
    ),
    Message(
        "B21.filled", NOTE,
        _("the value of the merged cells %(range)s was taken for all their rows."),
    ),
    Message(
        "B22.blank", NOTE,
        _("blank rows left out: %(count)s."),
    ),
    Message(
        "B22.total", NOTE,
        _("the row of totals was left out: “%(value)s”."),
    ),
    Message(
        "B22.numbers", NOTE,
        _("the row of column numbers under the headings was left out."),
    ),
    Message(
        "B22.note", NOTE,
        _("the note under the table was left out: “%(value)s”."),
    ),
    Message(
        "B22.none", ERROR,
        _("there is no row under the headings."),
        _("Fill in the table and upload the file again."),
    ),
    Message(
        "B31", ERROR,
        _("the formula has no calculated value."),
        _("Open the file in Excel, save it and upload it again, or write the value instead of the formula."),
        A_VALUE,
    ),
    Message(
        "B31.cached", NOTE,
        _("cells with formulas: %(count)s; their last calculated values were taken."),
        _("If the file was not saved by Excel itself, open it in Excel, save it and upload it again."),
    ),
    Message(
        "B32", ERROR,
        _("the cell holds an Excel error: %(value)s."),
        _("Correct the formula or write the value instead of it."),
        A_VALUE,
    ),
    Message(
        "B39.rows", WARNING,
        _("hidden or filtered rows: %(count)s; they were read too."),
        _("Clear the filter and unhide the rows to see all that is loaded; delete what is not needed."),
    ),
    Message(
        "B39.columns", WARNING,
        _("hidden columns: %(letters)s; they were read too."),
        _("Unhide the columns to see all that is loaded; delete what is not needed."),
    ),
    Message(
        "B46.comments", NOTE,
        _("comments on cells: %(count)s; they were not read."),
    ),
)  # fmt: skip

# How a repair that is certain is told in the preview, with the number of cells.
REPAIRS = {
    "trimmed": _("Extra spaces removed, cells: %(count)s"),
    "spaces": _("No-break spaces replaced by plain ones, cells: %(count)s"),
    "invisible": _("Invisible characters removed, cells: %(count)s"),
    "composed": _("Letters typed in two parts (as й or ё) joined, cells: %(count)s"),
    "one_line": _("Line breaks replaced by spaces, cells: %(count)s"),
    "midnight": _("Time 00:00 removed from dates, cells: %(count)s"),
    "text_date": _("Dates typed as text understood, cells: %(count)s"),
    "serial_date": _("Numbers taken as dates after your consent, cells: %(count)s"),
    "day_fraction": _("Times stored as a part of a day understood, cells: %(count)s"),
    "text_time": _("Times typed as text understood, cells: %(count)s"),
    "number_text": _("Numbers typed as text understood, cells: %(count)s"),
    "as_text": _("Numbers taken as text, cells: %(count)s"),
    "code": _("Codes stored as numbers or with spaces put in order, cells: %(count)s"),
    "lookalike": _("Latin letters that look like Cyrillic ones replaced, cells: %(count)s"),
    "filled": _("Values of merged cells taken for each of their rows, cells: %(count)s"),
    "offer": _("Proposed readings taken after your consent, cells: %(count)s"),
}
