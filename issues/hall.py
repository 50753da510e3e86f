"""What a hall page shows: the agenda from the pool, what was typed, the clock, who came. Plain values, few queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from calendars.models import Meeting

from .models import Audience, AudienceCategory, HallLine, Instruction, MeetingRecord, PoolVersion
from .pooling import in_order


def iso(value: dt.date | dt.datetime | None) -> str | None:
    return value.isoformat() if value is not None else None


def state(meeting: Meeting) -> dict[str, Any]:
    """Everything that two laptops at one meeting must agree on. Four queries."""
    lines = HallLine.objects.filter(meeting=meeting).order_by("order", "pk")
    given = Instruction.objects.filter(meeting=meeting).select_related("line").order_by("pk")
    record = MeetingRecord.objects.filter(meeting=meeting).first()
    present = dict(Audience.objects.filter(meeting=meeting).values_list("category", "present"))
    return {
        "lines": [
            {
                "id": str(row.client_id),
                "order": row.order,
                "speaker_category": row.speaker_category,
                "question": row.question,
                "answer": row.answer,
                "asked_at": iso(row.asked_at),
                "issue": row.issue_id,
                "removed": row.removed_at is not None,
            }
            for row in lines
        ],
        "instructions": [
            {
                "id": str(row.client_id),
                "line": str(row.line.client_id) if row.line else None,
                "text": row.text,
                "organisation": row.organisation,
                "post": row.post,
                "due_on": iso(row.due_on),
            }
            for row in given
        ],
        "clock": {
            "planned_minutes": record.planned_minutes if record else meeting.planned_minutes,
            "started": iso(record.started_at) if record else None,
            "report_started": iso(record.report_started_at) if record else None,
            "report_ended": iso(record.report_ended_at) if record else None,
            "ended": iso(record.ended_at) if record else None,
        },
        "present": {category.value: present.get(category.value) for category in AudienceCategory},
    }


def agenda(meeting: Meeting) -> list[dict[str, Any]]:
    """Issues of the newest frozen pool, in their order, in both languages; until then, of the pool being made."""
    pool = PoolVersion.objects.filter(meeting=meeting).first()
    if pool is None:
        chosen = [issue for issue in in_order(meeting)[0] if issue.chosen]
        return [
            {"issue": row.pk, "number": str(row), "order": order, "kk": row.text_kk, "ru": row.text_ru}
            for order, row in enumerate(chosen, 1)
        ]
    return [
        {"issue": row.issue_id, "number": str(row.issue), "order": row.order, "kk": row.text_kk, "ru": row.text_ru}
        for row in pool.rows.select_related("issue")
    ]
