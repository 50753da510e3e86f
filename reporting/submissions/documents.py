"""Letters and lists as Word files in Kazakh and Russian, and the bundle of calendars for the Administration."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from calendars.exporting import workbook_of_version
from calendars.models import CalendarVersion
from journal import dates
from territories.models import Organisation
from territories.models.organisations import OrganisationKind

from .contents import DAY_OF_LISTS
from .models import Dispatch, Kind

LANGUAGES = ("kk", "ru")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: What XML cannot hold.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
#: A dispatch is put together by one worker; another one leaves it alone.
BUNDLES_AT_ONCE = 1


def letter(dispatch: Dispatch, language: str) -> bytes:
    """The covering letter with its list, as registered."""
    with override(language):
        return written(dispatch, language)


def written(dispatch: Dispatch, language: str) -> bytes:
    rows, missing = dispatch.data["rows"], dispatch.data["missing"]
    document = paper(wide=dispatch.kind != Kind.CALENDARS)
    sender = Organisation.objects.filter(kind=OrganisationKind.GOVERNMENT).first()
    if dispatch.kind == Kind.CALENDARS:
        right(document, dispatch.organisation.name(language))
    said = _("No. %(number)s, %(day)s") % {
        "number": dispatch.letter_number,
        "day": dates.official_date(dispatch.letter_date, language),
    }
    document.add_paragraph(clean(said))
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(clean(heading(dispatch, language))).bold = True
    for text in opening(dispatch, len(rows), language):
        document.add_paragraph(clean(text))
    heads, values, widths = TABLES[Kind(dispatch.kind)](rows, language)
    table(document, heads, values, widths)
    if missing:
        document.add_paragraph()
        document.add_paragraph(clean(f"{missing_words(dispatch)}: {names_of(dispatch, missing, language)}."))
    document.add_paragraph()
    who = dispatch.organisation if dispatch.kind == Kind.BODY else sender
    document.add_paragraph(clean(f"{who.name(language) if who else ''} ____________________"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def heading(dispatch: Dispatch, language: str) -> str:
    if dispatch.kind == Kind.CALENDARS:
        return _("Approved calendars of akims' meetings with the population for %(year)s") % {"year": dispatch.year}
    if dispatch.kind == Kind.ISSUES:
        day = dates.official_date(dt.date(dispatch.year, dispatch.part, DAY_OF_LISTS), language)
        return _("List of issues of central level with proposals for their solution, %(day)s") % {"day": day}
    return _("List of issues within the competence of %(body)s, %(period)s") % {
        "body": dispatch.organisation.name(language),
        "period": dispatch.period_words(),
    }


def opening(dispatch: Dispatch, count: int, language: str) -> list[str]:
    """What is sent by which line of the decree, how much, and for a later version why."""
    basis = {
        Kind.CALENDARS: _(
            "By paragraph 5, subparagraph 1 of Decree No. 826 of 3 March 2022 the approved calendars of %(count)s"
            " regions are submitted."
        ),
        Kind.ISSUES: _(
            "By paragraph 5, subparagraph 2 of Decree No. 826 of 3 March 2022 %(count)s issues that need a solution"
            " at the level of central executive bodies, national holdings and companies are collected."
        ),
        Kind.BODY: _(
            "By paragraph 5, subparagraph 3 of Decree No. 826 of 3 March 2022 the list holds %(count)s issues with"
            " ways of solution and the course of execution."
        ),
    }[Kind(dispatch.kind)] % {"count": count}
    said = [basis]
    if dispatch.number > 1:
        values = {"number": dispatch.number, "reason": dispatch.reason}
        said.append(_("Version %(number)s. Reason: %(reason)s") % values)
    return said


def missing_words(dispatch: Dispatch) -> str:
    return {
        Kind.CALENDARS: _("Regions that have sent no calendar"),
        Kind.ISSUES: _("Issues without a proposal"),
        Kind.BODY: _("Issues whose course was not told in the quarter"),
    }[Kind(dispatch.kind)]


def names_of(dispatch: Dispatch, missing: Iterable[dict[str, Any]], language: str) -> str:
    if dispatch.kind == Kind.CALENDARS:
        return ", ".join(row[f"name_{language}"] for row in missing)
    return ", ".join(f"{row['issue']} ({row['region'][f'name_{language}']})" for row in missing)


Table = tuple[list[str], list[list[str]], Sequence[int]]


def of_calendars(rows: list[dict[str, Any]], language: str) -> Table:
    heads = ["№", _("Region"), _("Version"), _("Order that approved it"), _("Meetings"), _("Incoming number")]
    values = [
        [
            str(number),
            row[f"name_{language}"],
            str(row["version"]),
            f"№ {row['order_number']}, {short(row['order_date'])}",
            f"{row['meetings']}",
            row["incoming_number"] or "–",
        ]
        for number, row in enumerate(rows, 1)
    ]
    return heads, values, (10, 50, 18, 45, 22, 30)


def of_issues(rows: list[dict[str, Any]], language: str) -> Table:
    heads = ["№", _("Region, akim of"), _("Raised"), _("Issue"), _("Proposal for its solution")]
    values = [
        [
            str(number),
            f"{row['region'][f'name_{language}']}, {row['unit'][f'name_{language}']}",
            f"{short(row['raised_on'])} ({dates.period(row['half'], language)})",
            row[f"text_{language}"],
            "\n".join(f"{found['body'][f'name_{language}']}: {found[language]}" for found in row["proposals"]) or "–",
        ]
        for number, row in enumerate(rows, 1)
    ]
    return heads, values, (10, 45, 35, 80, 85)


def of_body(rows: list[dict[str, Any]], language: str) -> Table:
    heads = ["№", _("Region, akim of"), _("Issue"), _("Way of solution"), _("Course of execution")]
    values = [
        [
            str(number),
            f"{row['region'][f'name_{language}']}, {row['unit'][f'name_{language}']}, {short(row['raised_on'])}",
            row[f"text_{language}"],
            row[f"way_{language}"] or "–",
            row[f"course_{language}"] or "–",
        ]
        for number, row in enumerate(rows, 1)
    ]
    return heads, values, (10, 50, 75, 60, 60)


TABLES = {Kind.CALENDARS: of_calendars, Kind.ISSUES: of_issues, Kind.BODY: of_body}


def short(day: str) -> str:
    """15.01.2027 out of the kept 2027-01-15."""
    return ".".join(reversed(day.split("-")))


def paper(*, wide: bool) -> Word:
    """An empty A4 page as offices write on it."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    return document


def right(document: Word, text: str) -> None:
    paragraph = document.add_paragraph(clean(text))
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def table(document: Word, heads: list[str], rows: list[list[str]], widths: Sequence[int]) -> None:
    made = document.add_table(rows=1, cols=len(heads))
    made.style = "Table Grid"
    made.autofit = False
    for cell, head in zip(made.rows[0].cells, heads, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(clean(head)).bold = True
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = clean(text)
    for row in made.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(0)
                for run in paragraph.runs:
                    run.font.size = Pt(10)


def clean(text: str) -> str:
    return FORBIDDEN.sub("", text)


# -- The bundle -----------------------------------------------------------------------------------
def bundled(dispatch: Dispatch) -> bytes:
    """Letters, and each region's calendar as approved: the workbook in Kazakh and the signed order."""
    out = io.BytesIO()
    ids = [row["version_id"] for row in dispatch.data["rows"]]
    versions = CalendarVersion.objects.select_related("calendar__region").in_bulk(ids)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for language in LANGUAGES:
            packed.writestr(f"{file_name(dispatch)}-{language}.docx", letter(dispatch, language))
        for row in dispatch.data["rows"]:
            version = versions[row["version_id"]]
            stem = f"{row['code']}-{dispatch.year}-{version.number}"
            packed.writestr(f"calendars/{stem}.xlsx", workbook_of_version(version, "kk"))
            with version.scan.open("rb") as scan:
                ending = "pdf" if version.scan_type == "application/pdf" else version.scan_type.rpartition("/")[2]
                packed.writestr(f"orders/{stem}.{ending}", scan.read())
    return out.getvalue()


def file_name(dispatch: Dispatch) -> str:
    """A name that says kind, period and version, in letters that every archive keeps."""
    part = f"-{dispatch.part}" if dispatch.part else ""
    return f"{dispatch.kind}-{dispatch.year}{part}-v{dispatch.number}"


def put_together() -> int:
    """Make the bundles that are still wanted, one dispatch at a time; may run twice."""
    done = 0
    for _turn in range(BUNDLES_AT_ONCE):
        with transaction.atomic():
            waiting = Dispatch.objects.select_for_update(skip_locked=True, of=("self",))
            dispatch = waiting.filter(kind=Kind.CALENDARS, bundle="").select_related("organisation").first()
            if dispatch is None:
                break
            dispatch.bundle.save(f"{file_name(dispatch)}.zip", ContentFile(bundled(dispatch)), save=False)
            dispatch.save(update_fields=["bundle"])
            done += 1
    return done
