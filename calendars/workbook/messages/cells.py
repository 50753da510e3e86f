"""About one cell."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .message import ERROR, WARNING, Message

TEXT = pgettext_lazy("expected in a cell", "text")
A_DATE = _("a date such as %(example)s")
A_TIME = _("a time such as 09:30")
A_CODE = _("nine digits of the classifier code, such as 610000000")

ALL = (
    Message(
        "B05.cell", WARNING,
        _("“%(value)s” has a question mark inside a word; a Kazakh letter may be lost here."),
        _("Compare it with the original and type the letter again."),
    ),
    Message("B23", ERROR, _("“%(value)s” is not a date."), _("Write it as %(example)s."), A_DATE),
    Message(
        "B24", ERROR,
        _("the number %(value)s looks like the date %(day)s without a date format."),
        _("Format the cell as a date, or agree to the proposed reading %(offer)s."),
        A_DATE,
    ),
    Message(
        "B25", WARNING,
        _("“%(value)s” can be read in two ways; it was read as %(day)s (the day first)."),
        _("If another day is meant, write it as %(example)s."),
        A_DATE,
    ),
    Message(
        "B25.year", WARNING,
        _("the year in “%(value)s” has two digits; it was read as %(day)s."),
        _("Write the year with four digits."),
        A_DATE,
    ),
    Message("B26", ERROR, _("“%(value)s” is not a date."), _("Write it as %(example)s."), A_DATE),
    Message(
        "B27.time", WARNING,
        _("“%(value)s” holds a time as well; only the date %(day)s was taken."),
        _("Write the time into its own column."),
        A_DATE,
    ),
    Message(
        "B27.only", ERROR,
        _("“%(value)s” is a time and not a date."),
        _("Write the date as %(example)s and the time into its own column."),
        A_DATE,
    ),
    Message(
        "B27.zone", ERROR,
        _("“%(value)s” names a time zone."),
        _("Write the local time without a time zone, the date as %(example)s."),
        A_DATE,
    ),
    Message(
        "B29", ERROR,
        _("“%(value)s” is a date out of any year."),
        _("Write it as %(example)s."),
        A_DATE,
    ),
    Message(
        "B34.zero", ERROR,
        _("the code “%(value)s” has 8 digits: a zero was lost."),
        _("Write all nine digits and format the column as text. Possible codes: %(candidates)s."),
        A_CODE,
    ),
    Message(
        "B34.rounded", ERROR,
        _("the code “%(value)s” was rounded by Excel."),
        _("Format the column as text and write all nine digits. Possible codes: %(candidates)s."),
        A_CODE,
    ),
    Message(
        "B34", ERROR,
        _("“%(value)s” is not a code of the classifier."),
        _("Write nine digits, such as 610000000, and format the column as text."),
        A_CODE,
    ),
    Message(
        "B37.offer", WARNING,
        _("Latin letters stand in the word %(marked)s; “%(offer)s” may be meant."),
        _("Agree to the proposed reading or type the word again with the Kazakh or Russian keyboard."),
        _("words in letters of one alphabet"),
    ),
    Message(
        "B37", WARNING,
        _("Latin letters (in square brackets) stand among Cyrillic ones: %(marked)s."),
        _("Type the word again with the Kazakh or Russian keyboard."),
        _("words in letters of one alphabet"),
    ),
    Message(
        "B43", ERROR,
        _("the text has %(length)s characters; at most %(limit)s fit."),
        _("Shorten the text."),
        _("at most %(limit)s characters"),
    ),
    Message(
        "B45", ERROR,
        _("the cell holds a forbidden character: “%(value)s”."),
        _("Clear the cell and type its text again."),
        _("text without control characters"),
    ),
    Message(
        "B46.flag", ERROR,
        _("the cell holds the logical value %(value)s where text is expected."),
        _("Format the cell as text and type the words."),
        TEXT,
    ),
    Message(
        "B46.date", ERROR,
        _("the cell holds the date or time %(value)s where text is expected."),
        _("Format the cell as text and type the words."),
        TEXT,
    ),
    Message(
        "B46.fraction", ERROR,
        _("the cell holds the number %(value)s where text is expected."),
        _("Format the cell as text and type it as it should be shown."),
        TEXT,
    ),
    Message(
        "B46.number", ERROR,
        _("the cell holds %(value)s where a number is expected."),
        _("Format the cell as a number and type the number, such as %(example)s."),
        _("a whole number"),
    ),
    Message(
        "B46.choice", ERROR,
        _("“%(value)s” is not in the list."),
        _("Choose one of: %(choices)s."),
        _("one of: %(choices)s"),
    ),
    Message(
        "B46.yes_no", ERROR,
        _("“%(value)s” is neither yes nor no."),
        _("Write “yes” or “no”."),
        _("“yes” or “no”"),
    ),
    Message(
        "B47", ERROR,
        _("“%(value)s” is not a whole number."),
        _("Write one number in digits, such as %(example)s."),
        _("a whole number"),
    ),
    Message(
        "B47.range", ERROR,
        _("%(value)s is out of bounds: from %(least)s to %(most)s is possible."),
        _("Write a number from %(least)s to %(most)s."),
        _("a number from %(least)s to %(most)s"),
    ),
    Message(
        "B47.hours", ERROR,
        _("“%(value)s” looks like hours; minutes are expected."),
        _("Write the number of minutes, or agree to the proposed reading %(offer)s."),
        _("a number of minutes"),
    ),
    Message("B53", ERROR, _("“%(value)s” is not a time."), _("Write it as 09:30."), A_TIME),
    Message(
        "B53.number", ERROR,
        _("the number %(value)s may mean the time %(offer)s."),
        _("Write the time as %(offer)s with a colon, or agree to the proposed reading."),
        A_TIME,
    ),
    Message(
        "B53.range", ERROR,
        _("“%(value)s” holds two times."),
        _("Write only the beginning, as 09:30; how long it lasts goes into the column of minutes."),
        A_TIME,
    ),
)  # fmt: skip
