"""Minutes of a meeting: their data, the Word file by the region's template or ours, the PDF."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from docx import Document
from docx.document import Document as Word
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from calendars.models import Meeting
from journal import dates

from ..announcing import akim_words, hall
from ..models import Audience, AudienceCategory, HallLine, Instruction, MeetingRecord, PoolVersion
from .paper import drawn

LANGUAGES = ("kk", "ru")
#: An unpacked template may be so large; minutes of a meeting are some hundred kilobytes.
MOST_UNPACKED = 40 * 1024 * 1024


def minutes_data(meeting: Meeting) -> dict[str, Any]:
    """What the minutes are made of, language by language: plain values that are frozen with them."""
    return {language: of_language(meeting, language) for language in LANGUAGES}


def of_language(meeting: Meeting, language: str) -> dict[str, Any]:
    with override(language):
        record = MeetingRecord.objects.filter(meeting=meeting).first()
        lines = list(HallLine.objects.filter(meeting=meeting, removed_at=None).order_by("order", "pk"))
        given = list(Instruction.objects.filter(meeting=meeting).order_by("pk"))
        pool = PoolVersion.objects.filter(meeting=meeting).first()
        audience = {row.category: row for row in Audience.objects.filter(meeting=meeting)}
        day = meeting.held_on or meeting.date
        instructions = [
            {
                "number": number,
                "line": row.line_id,
                "text": row.text,
                "who": ", ".join(filter(None, (row.organisation, row.post))),
                "due": dates.short_date(row.due_on) if row.due_on else "",
            }
            for number, row in enumerate(given, 1)
        ]
        return {
            "language": language,
            "title": _("Minutes of the meeting with the population"),
            "akim": akim_words(meeting, language),
            "day": f"{dates.long_date(day)}, {dates.weekday(day)}",
            "place": ", ".join(filter(None, (meeting.place.name(language), hall(meeting, language)))),
            "began": clock(record.started_at if record else None),
            "ended": clock(record.ended_at if record else None),
            "planned": dates.duration(record.planned_minutes if record else meeting.planned_minutes),
            "report": dates.duration(record.report_minutes) if record and record.report_minutes is not None else "–",
            "attendance": "–" if meeting.attendance is None else str(meeting.attendance),
            "audience": [
                {
                    "category": str(category.label),
                    "invited": shown(audience[category].invited),
                    "present": shown(audience[category].present),
                }
                for category in AudienceCategory
                if category in audience
            ],
            "agenda": [
                {"number": row.order, "text": in_language(row.text_kk, row.text_ru, language)}
                for row in (pool.rows.all() if pool else ())
            ],
            "lines": [
                {
                    "number": number,
                    "speaker": line.get_speaker_category_display(),
                    "question": line.question,
                    "answer": line.answer,
                    "instructions": [row for row in instructions if row["line"] == line.pk],
                }
                for number, line in enumerate(lines, 1)
            ],
            "instructions": instructions,
        }


def in_language(kk: str, ru: str, language: str) -> str:
    return (ru or kk) if language == "ru" else (kk or ru)


def clock(value: Any) -> str:
    return f"{timezone.localtime(value):%H:%M}" if value else "–"


def shown(value: int | None) -> str:
    return "–" if value is None else str(value)


def words(language: str) -> dict[str, str]:
    """Headings of the minutes in a language."""
    with override(language):
        return {
            "akim": pgettext("minutes", "Who held it"),
            "day": pgettext("minutes", "Day"),
            "place": pgettext("minutes", "Place"),
            "began": pgettext("minutes", "Began, ended"),
            "planned": pgettext("minutes", "Planned time"),
            "report": pgettext("minutes", "The report took"),
            "attendance": pgettext("minutes", "People present"),
            "audience": pgettext("minutes", "Audience by category"),
            "category": pgettext("minutes", "Category"),
            "invited": pgettext("minutes", "invited"),
            "present": pgettext("minutes", "present"),
            "agenda": pgettext("minutes", "Agenda: pool of problem issues"),
            "heard": pgettext("minutes", "Questions and answers"),
            "nothing": pgettext("minutes", "No question was written down."),
            "answer": pgettext("minutes", "Answer"),
            "instruction": pgettext("minutes", "Instruction"),
            "instructions": pgettext("minutes", "Instructions given on the spot"),
            "what": pgettext("minutes", "Instruction"),
            "who": pgettext("minutes", "Executor"),
            "due": pgettext("minutes", "due"),
            "chair": pgettext("minutes", "Chair of the meeting"),
            "secretary": pgettext("minutes", "Minutes taken by"),
        }


def facts(data: dict[str, Any], labels: dict[str, str]) -> list[list[str]]:
    return [
        [labels["akim"], data["akim"]],
        [labels["day"], data["day"]],
        [labels["place"], data["place"]],
        [labels["began"], f"{data['began']} – {data['ended']}"],
        [labels["planned"], data["planned"]],
        [labels["report"], data["report"]],
        [labels["attendance"], data["attendance"]],
    ]


def pdf(data: dict[str, Any], number: str = "") -> bytes:
    """Minutes of one language as PDF."""
    labels = words(data["language"])
    subtitle = f"№ {number}" if number else ""
    return drawn("minutes", data | {"words": labels, "facts": facts(data, labels), "subtitle": subtitle})


def docx(data: dict[str, Any], template: bytes, number: str = "") -> bytes:
    """Minutes of one language as a Word file by a template. Raises ValidationError that says what is broken in it.

    A template is somebody's text with placeholders: it runs in a sandbox, every value is escaped, and a
    placeholder that we do not have is an error rather than a hole.
    """
    try:
        made = DocxTemplate(io.BytesIO(template))
        made.render(data | {"number": number, "words": words(data["language"])}, environment(), autoescape=True)
        out = io.BytesIO()
        made.save(out)
    except TemplateError as error:
        text = _("The template cannot be filled: %(why)s") % {"why": str(error)[:300]}
        raise ValidationError(text, code="template") from error
    except (KeyError, ValueError, TypeError, AttributeError, SyntaxError, zipfile.BadZipFile) as error:
        text = _("The template is no sound Word file. Take our template and change that.")
        raise ValidationError(text, code="template") from error
    return out.getvalue()


def environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def check_template(template: bytes, language: str) -> None:
    """Fill a template with sample data and open the result. Raises ValidationError by what is broken."""
    with zipfile.ZipFile(io.BytesIO(template)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
            raise ValidationError(_("The template is too large when unpacked."), code="template")
    data = sample(language)
    filled = docx(data, template, number="1")
    whole = text_of(Document(io.BytesIO(filled)))
    if "{{" in whole or "{%" in whole:
        raise ValidationError(_("A placeholder of the template was not filled: check its brackets."), code="template")
    missing = [name for name in (data["lines"][0]["question"], data["day"]) if name not in whole]
    if missing:
        text = _("The template leaves out the day or the questions. Minutes without them are no minutes.")
        raise ValidationError(text, code="template")


def text_of(document: Word) -> str:
    """All text of a Word document: paragraphs, tables, heads and feet."""
    found = [paragraph.text for paragraph in document.paragraphs]
    found += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    for section in document.sections:
        found += [paragraph.text for part in (section.header, section.footer) for paragraph in part.paragraphs]
    return "\n".join(found)


def sample(language: str) -> dict[str, Any]:
    """Data with every placeholder filled, with signs that break careless templates."""
    row = {"number": 1, "line": 1, "text": "A & B <c>", "who": "A, b", "due": "01.02.2027"}
    line = {"number": 1, "speaker": "A", "question": "Q1 & <q> “x”", "answer": "A1 < B", "instructions": [row]}
    plain = ("title", "akim", "place", "began", "ended", "planned", "report", "attendance")
    return {name: f"{name} & <x>" for name in plain} | {
        "language": language,
        "day": "15.01.2027 & <day>",
        "audience": [{"category": "A & B", "invited": "1", "present": "2"}],
        "agenda": [{"number": 1, "text": "A < B"}],
        "lines": [line],
        "instructions": [row],
    }


def our_template(language: str) -> bytes:
    """The template that is used until a region brings its own; also the one to begin from."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    labels = words(language)
    document.add_heading("{{ title }}{% if number %} № {{ number }}{% endif %}", level=1)
    names = {"began": "{{ began }} – {{ ended }}"}
    for name in ("akim", "day", "place", "began", "planned", "report", "attendance"):
        document.add_paragraph(f"{labels[name]}: {names.get(name, '{{ ' + name + ' }}')}")
    document.add_heading(labels["audience"], level=2)
    table(
        document,
        [labels["category"], labels["invited"], labels["present"]],
        "audience",
        ["category", "invited", "present"],
    )
    document.add_heading(labels["agenda"], level=2)
    loop(document, "agenda", ["{{ row.number }}. {{ row.text }}"])
    document.add_heading(labels["heard"], level=2)
    document.add_paragraph("{%p for row in lines %}")
    document.add_paragraph("{{ row.number }}. {{ row.speaker }}: {{ row.question }}")
    document.add_paragraph("{%p if row.answer %}")
    document.add_paragraph(labels["answer"] + ": {{ row.answer }}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for each in row.instructions %}")
    document.add_paragraph(
        labels["instruction"] + ": {{ each.text }}{% if each.who %} ({{ each.who }}){% endif %}"
        "{% if each.due %}, " + labels["due"] + ": {{ each.due }}{% endif %}"
    )
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")
    document.add_heading(labels["instructions"], level=2)
    table(
        document, ["№", labels["what"], labels["who"], labels["due"]], "instructions", ["number", "text", "who", "due"]
    )
    document.add_paragraph("")
    for name in ("chair", "secretary"):
        document.add_paragraph(f"{labels[name]} ____________________")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def loop(document: Word, name: str, paragraphs: list[str]) -> None:
    document.add_paragraph("{%p for row in " + name + " %}")
    for text in paragraphs:
        document.add_paragraph(text)
    document.add_paragraph("{%p endfor %}")


def table(document: Word, heads: list[str], name: str, columns: list[str]) -> None:
    """A table whose middle row is repeated for each row of data."""
    made = document.add_table(rows=4, cols=len(heads))
    made.style = "Table Grid"
    for cell, head in zip(made.rows[0].cells, heads, strict=True):
        cell.text = head
    made.rows[1].cells[0].text = "{%tr for row in " + name + " %}"
    for cell, column in zip(made.rows[2].cells, columns, strict=True):
        cell.text = "{{ row." + column + " }}"
    made.rows[3].cells[0].text = "{%tr endfor %}"
