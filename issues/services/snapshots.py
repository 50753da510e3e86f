"""What is frozen: the data of results, list and plan as they go to the public, without personal data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from calendars.models import Meeting

from ..models import Audience, Issue, MeetingRecord, PlanItem, Reception


def digest(data: Any) -> str:
    """SHA-256 of data in one canonical writing."""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plain(data: Any) -> Any:
    """The data as JSON keeps it."""
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False))


def plan_rows(items: Iterable[PlanItem]) -> list[dict[str, Any]]:
    """Rows of a plan: issue, measure, day, executor by organisation and post. Never an account."""
    return plain(
        [
            {
                "item": item.pk,
                "issue": str(item.issue),
                "code": item.issue.code,
                "text_kk": item.issue.text_kk,
                "text_ru": item.issue.text_ru,
                "measure_kk": item.measure_kk,
                "measure_ru": item.measure_ru,
                "due_on": item.due_on,
                "first_due_on": item.first_due_on,
                "organisation": item.organisation,
                "post": item.post,
                "completion_kk": item.completion_kk,
                "completion_ru": item.completion_ru,
            }
            for item in items
        ]
    )


def results_of(meeting: Meeting, text_kk: str, text_ru: str) -> dict[str, Any]:
    """The information on the results: the words of the office and the figures of the meeting."""
    return results_data(
        meeting,
        text_kk,
        text_ru,
        record=MeetingRecord.objects.filter(meeting=meeting).first(),
        receptions=Reception.objects.filter(meeting=meeting).order_by("starts_on"),
        questions=meeting.hall_lines.filter(removed_at=None).count(),
        issues=Issue.objects.standing().filter(meeting=meeting).count(),
        audience=meeting.audience.all(),
    )


def results_data(
    meeting: Meeting,
    text_kk: str,
    text_ru: str,
    *,
    record: MeetingRecord | None,
    receptions: Iterable[Reception],
    questions: int,
    issues: int,
    audience: Iterable[Audience],
) -> dict[str, Any]:
    return plain(
        {
            "text_kk": text_kk,
            "text_ru": text_ru,
            "held_on": meeting.held_on,
            "place_kk": meeting.place.name_kk,
            "place_ru": meeting.place.name_ru,
            "attendance": meeting.attendance,
            "report_minutes": record.report_minutes if record else None,
            "planned_minutes": record.planned_minutes if record else meeting.planned_minutes,
            "questions": questions,
            "issues": issues,
            "receptions": [
                {"starts_on": r.starts_on, "ends_on": r.ends_on, "citizens": r.citizens} for r in receptions
            ],
            "audience": [{"category": a.category, "invited": a.invited, "present": a.present} for a in audience],
        }
    )


def list_of(meeting: Meeting) -> dict[str, Any]:
    """The list of problem issues of a meeting and its receptions, in the order of their numbers."""
    issues = Issue.objects.standing().filter(meeting=meeting).select_related("topic", "place")
    return list_data(issues.order_by("year", "number"))


def list_data(issues: Iterable[Issue]) -> dict[str, Any]:
    return plain(
        {
            "rows": [
                {
                    "issue": str(issue),
                    "code": issue.code,
                    "text_kk": issue.text_kk,
                    "text_ru": issue.text_ru,
                    "topic": issue.topic.code if issue.topic else "",
                    "level": issue.level,
                    "place_kk": issue.place.name_kk,
                    "place_ru": issue.place.name_ru,
                    "raised_on": issue.raised_on,
                }
                for issue in issues
            ]
        }
    )


def plan_of(meeting: Meeting) -> dict[str, Any]:
    """The newest approved version of the plan, empty rows where there is none."""
    plan = getattr(meeting, "action_plan", None)
    version = plan.versions.first() if plan else None
    return {"rows": version.rows, "number": version.number} if version else {"rows": [], "number": 0}
