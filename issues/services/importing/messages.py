"""What an import of this room says about the meaning of rows, beyond what the reader of workbooks knows to say."""

from django.utils.translation import gettext_lazy as _

from calendars.services.importing import messages  # noqa: F401  (units and codes have their sentences there)
from calendars.workbook.messages import Message, add
from calendars.workbook.messages.message import ERROR, WARNING

add(
    Message(
        "table.office", ERROR,
        _("the akim's office “%(name)s” lies outside the territory of your post."),
        _("Take the row out; the office of that akim, or one above it, enters it."),
        _("an akim of your own territory"),
    ),
    Message(
        "table.future", ERROR,
        _("%(day)s has not come yet."),
        _("Write the day on which it truly was."),
        _("a day that has come"),
    ),
    Message(
        "table.topic", ERROR,
        _("there is no topic “%(value)s” in the list."),
        _("Write a topic as it stands in the list of topics, or leave the cell empty."),
        _("a topic of the list"),
    ),
    Message(
        "table.text", ERROR,
        _("neither the Kazakh nor the Russian text is given."),
        _("Write it in one of the languages at least."),
        _("a text"),
    ),
    Message(
        "table.personal", ERROR,
        _("the text holds %(what)s; everybody will read it."),
        _("Take it out of the text."),
        _("a text without personal data"),
    ),
    Message(
        "table.meeting", ERROR,
        _("the akim of %(name)s has no meeting on %(day)s."),
        _("Write the day of a meeting of the calendar, or leave the cell empty."),
        _("the day of a meeting"),
    ),
    Message(
        "table.meetings", ERROR,
        _("the akim of %(name)s has several meetings on %(day)s."),
        _("Give the place of the meeting in the row."),
        _("one meeting"),
    ),
    Message(
        "table.appeal", ERROR,
        _("an appeal has no registration number."),
        _("Register the appeal in e-Otinish and write its number here."),
        _("a number of e-Otinish"),
    ),
    Message(
        "table.no_appeal", ERROR,
        _("only an appeal has a registration number."),
        _("Write “appeal” into the column of kinds, or empty the number."),
    ),
    Message(
        "table.appeal_twice", ERROR,
        _("an appeal with this number has been entered already."),
        _("Take the row out."),
        _("each appeal once"),
    ),
    Message(
        "table.consent", ERROR,
        _("names and contacts are kept only with the consent of the person."),
        _("Write “yes” into the column of consent, or empty name and contacts."),
        _("“yes”"),
    ),
    Message(
        "table.email", ERROR,
        _("this is no e-mail address."),
        _("Write it as name@example.kz."),
        _("an e-mail address"),
    ),
    Message(
        "table.link", ERROR,
        _("this is no address of a page."),
        _("Write the whole address, with https://."),
        _("an address of a page"),
    ),
    Message(
        "table.no_issue", ERROR,
        _("the row names no issue."),
        _("Write the number of the issue, such as 2026-15, or its text as it stands in the list."),
        _("a number of an issue"),
    ),
    Message(
        "table.issue", ERROR,
        _("the akim of %(name)s has no such open issue: “%(value)s”."),
        _("Write the number as the list of issues shows it, such as 2026-15."),
        _("an open issue"),
    ),
    Message(
        "table.issues", ERROR,
        _("several issues have this text: %(numbers)s."),
        _("Write the number of the issue as well."),
        _("a number of an issue"),
    ),
    Message(
        "table.bare", ERROR,
        _("the issue %(issue)s belongs to no meeting, so it has no action plan."),
        _("Name its meeting on the page of the issue first."),
    ),
    Message(
        "table.due", ERROR,
        _("%(day)s lies before today or before the meeting."),
        _("Write a day that is still to come."),
        _("a day still to come"),
    ),
    Message(
        "table.item", ERROR,
        _("there is no open approved item “%(value)s”."),
        _("Write the item as the list of items shows it, such as 2026-15 / 1."),
        _("an open item"),
    ),
    Message(
        "table.items", ERROR,
        _("the issue %(issue)s has several open items: %(items)s."),
        _("Write which of them is meant, such as 2026-15 / 1."),
        _("one item"),
    ),
    Message(
        "table.akims", ERROR,
        _("you have items “%(value)s” of several akims."),
        _("Write the akim into the row, by name or KATO code."),
        _("one item"),
    ),
    Message(
        "table.early", ERROR,
        _("%(day)s lies before the day on which the issue was raised."),
        _("Write the day on which it was done."),
    ),
    Message(
        "table.same", WARNING,
        _("the same row stands in row %(other)s already; both are entered."),
        _("Delete one of them if it is the same thing."),
    ),
)  # fmt: skip
