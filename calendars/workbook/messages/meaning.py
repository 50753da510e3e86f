"""About what a clean row means: said by those who know the classifier and the calendar, worded here."""

from django.utils.translation import gettext_lazy as _

from .message import ERROR, NOTE, WARNING, Message

ALL = (
    Message(
        "B30.year", ERROR,
        _("%(day)s is outside the year of the calendar, %(year)s."),
        _("Write a day of %(year)s."),
        _("a day of %(year)s"),
    ),
    Message(
        "B30.past", ERROR,
        _("%(day)s is already past."),
        _("Write a day that is still to come."),
        _("a day still to come"),
    ),
    Message(
        "B30.approval", WARNING,
        _("%(day)s is before the calendar is approved."),
        _("Check the day; the basis is %(paragraph)s."),
    ),
    Message(
        "B30.day_off", WARNING,
        _("%(day)s is a day off (%(reason)s)."),
        _("Take %(offer)s or leave it if the meeting is meant for a day off."),
    ),
    Message(
        "B33.unknown", ERROR,
        _("there is no unit with the code %(value)s in the classifier."),
        _("Look the code up in the sheet of units of the template."),
        _("a code of the classifier"),
    ),
    Message(
        "B33.abolished", ERROR,
        _("the code %(value)s (%(name)s) was abolished on %(day)s."),
        _("Its successor is %(successor)s; write its code."),
        _("a code in force"),
    ),
    Message(
        "B33.abolished_alone", ERROR,
        _("the code %(value)s (%(name)s) was abolished on %(day)s; its successor is not known."),
        _("Look the unit up in the sheet of units of the template and write its code."),
        _("a code in force"),
    ),
    Message(
        "B33.region", ERROR,
        _("the code %(value)s is a unit of another region."),
        _("Leave only units of %(region)s in the file."),
        _("a unit of %(region)s"),
    ),
    Message(
        "B33.level", ERROR,
        _("%(name)s (%(value)s) is a unit of another level: here %(expected)s is expected."),
        _("Write the code of the unit itself, not of the one above or below it."),
        "%(expected)s",
    ),
    Message(
        "B35", ERROR,
        _("the code %(code)s is %(name)s, but the row names “%(value)s”."),
        _("Correct the code or the name: both must be of one unit."),
        _("a code and a name of one unit"),
    ),
    Message(
        "B36.file", ERROR,
        _("the same meeting stands in row %(other)s already."),
        _("Delete one of the two rows or correct the date, the holder or the unit."),
        _("each meeting once"),
    ),
    Message(
        "B36.planned", ERROR,
        _("the same meeting is already in the calendar: %(meeting)s."),
        _("Delete the row or correct the date, the holder or the unit."),
        _("each meeting once"),
    ),
    Message(
        "B36.number", ERROR,
        _("the number “%(value)s” stands in row %(other)s already (Latin and Cyrillic letters are not told apart)."),
        _("Give every row its own number."),
        _("each number once"),
    ),
    Message(
        "B40.region", ERROR,
        _("the file is made for %(found)s and not for %(expected)s."),
        _("Take the template of %(expected)s or open the calendar of %(found)s."),
    ),
    Message(
        "B40.year", ERROR,
        _("the file is made for the year %(found)s and not for %(expected)s."),
        _("Take the template for %(expected)s or open the calendar for %(found)s."),
    ),
    Message(
        "B40.template", ERROR,
        _("the file is made from another template (“%(found)s”)."),
        _("Take the present template of this system and copy the rows into it."),
    ),
    Message(
        "B40.loaded", NOTE,
        _("this file was already loaded on %(day)s by %(person)s; nothing has changed."),
    ),
)  # fmt: skip
