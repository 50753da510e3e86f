"""What an office puts up and sends out before a meeting: poster, picture, calendar file, letter of invitation."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from django.utils.translation import override, pgettext
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from calendars.ics import calendar_text, draft_event
from calendars.models import Meeting, MeetingState
from journal import dates

from ..announcing import akim_words, ask_address, hall, public_address
from ..models import AudienceCategory
from .paper import drawn, qr

SIZES = ("a3", "a4")


def words(language: str) -> dict[str, str]:
    with override(language):
        return {
            "title": pgettext("poster", "Meeting with the population"),
            "when": pgettext("poster", "When"),
            "place": pgettext("poster", "Where"),
            "ask": pgettext("poster", "Ask your question"),
            "ask_more": pgettext("poster", "Beforehand, without registration"),
            "online": pgettext("poster", "Online broadcast:"),
        }


def facts(meeting: Meeting, language: str) -> dict[str, Any]:
    """What poster and picture show."""
    told = words(language)
    address = ask_address(meeting, language)
    note = ""
    record = getattr(meeting, "broadcast_record", None)
    if record is not None and record.address:
        note = f"{told['online']} {record.address}"
    return {
        "language": language,
        "title": told["title"],
        "region": (meeting.calendar.region).name(language),
        "akim": akim_words(meeting, language),
        "day": f"{dates.long_date(meeting.date, lang=language)}, {dates.weekday(meeting.date, lang=language)}",
        "hour": f"{meeting.time:%H:%M}" if meeting.time else "",
        "place": meeting.place.name(language),
        "hall": hall(meeting, language),
        "address": address,
        "qr": qr(address),
        "note": note,
        "words": told,
    }


def poster(meeting: Meeting, language: str, size: str) -> bytes:
    """A poster as PDF, A3 or A4."""
    return drawn("poster", facts(meeting, language) | {"size": size})


def picture(meeting: Meeting, language: str) -> bytes:
    """A picture for social networks, 1200 by 630 points, as PNG."""
    return drawn("picture", facts(meeting, language), form="png", ppi=72)


def ics(meeting: Meeting, language: str) -> bytes:
    """The meeting as a calendar file; a moved one moves in the reader's calendar, a cancelled one vanishes."""
    cancelled = meeting.state == MeetingState.CANCELLED
    event = replace(draft_event(meeting, cancelled=cancelled), tentative=False)
    return calendar_text(meeting.place.name(language), [event], language=language)


def where(meeting: Meeting, language: str) -> str:
    return ", ".join(filter(None, (meeting.place.name(language), hall(meeting, language))))


def letter_words(meeting: Meeting, category: str, language: str) -> dict[str, Any]:
    """The letter of invitation: to whom, what, when, where, how to ask."""
    day = f"{dates.long_date(meeting.date, lang=language)}, {dates.weekday(meeting.date, lang=language)}"
    with override(language):
        to = str(AudienceCategory(category).label)
        return {
            "language": language,
            "title": pgettext("letter", "Invitation"),
            "office": akim_words(meeting, language),
            "to": to[:1].upper() + to[1:],
            "body": [
                pgettext(
                    "letter",
                    "We invite you to the meeting of the akim with the population, held under Decree No. 826 "
                    "of the President of the Republic of Kazakhstan of 3 March 2022.",
                ),
                pgettext("letter", "You may ask questions at the meeting or send them beforehand by the code below."),
            ],
            "facts": [
                [pgettext("poster", "When"), f"{day}, {meeting.time:%H:%M}" if meeting.time else day],
                [pgettext("poster", "Where"), where(meeting, language)],
                [pgettext("letter", "Page of the meeting"), public_address(meeting, language)],
            ],
            "signed": akim_words(meeting, language),
            "qr": qr(ask_address(meeting, language)),
        }


def letter_pdf(meeting: Meeting, category: str, language: str) -> bytes:
    return drawn("letter", letter_words(meeting, category, language))


def letter_docx(meeting: Meeting, category: str, language: str) -> bytes:
    """The same letter as a Word file, to be changed before it is printed."""
    told = letter_words(meeting, category, language)
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    document.add_paragraph(told["office"]).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(told["to"]).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title = document.add_paragraph()
    title.add_run(told["title"]).bold = True
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in told["body"]:
        document.add_paragraph(text)
    for name, value in told["facts"]:
        document.add_paragraph(f"{name}: {value}")
    document.add_paragraph("")
    document.add_paragraph(f"{told['signed']} ____________________")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
