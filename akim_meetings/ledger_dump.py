"""The raw events and the ledger as files, for the separate checker (`python -m checker`), whose words the files use.

Nothing is judged here: rows are written as they are. Days are civil, moments ISO 8601 in UTC. Texts of people, names
and addresses are left out.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef

from calendars.duties import bodies
from calendars.models import CalendarVersion, MaslikhatNotice, Meeting, MeetingTarget, Submission, VersionRow
from calendars.models.meeting import Format
from deadlines import ids
from deadlines.models import Counting, Duty, Evidence, ReadingChoice
from issues.models import Issue, Publication, QuarterlyRow, QuarterState, Reception
from issues.models.publications import What
from journal.models import Entry
from law.zones import civil_day
from territories.models import Organisation, Territory
from territories.zones import civil

Row = dict[str, Any]
RULES = {What.RESULTS: "826-3.5.c1", What.LIST: "826-3.5.c2", What.PLAN: "826-3.5.c3"}


def dump(folder: Path, *, today: dt.date, years: Sequence[int]) -> dict[str, int]:
    """Write the files of a dump as of a civil day; answers how many rows each holds.

    `years`: the years that were swept, whose duties are to be recounted. The folder is made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    meta = {"today": today.isoformat(), "years": sorted(years)}
    (folder / "meta.json").write_text(json.dumps(meta) + "\n", encoding="utf-8")
    files: dict[str, Callable[[], Iterable[Row]]] = {
        "units": units,
        "organisations": lambda: organisations(years),
        "readings": readings,
        "versions": versions,
        "notices": notices,
        "submissions": submissions,
        "meetings": meetings,
        "targets": targets,
        "receptions": receptions,
        "publications": publications,
        "reports": reports,
        "evidence": evidence,
        "duties": lambda: duties(today, years),
    }
    if any(name.startswith("issues.") for name in settings.DUTY_SOURCES):
        files["issues"] = issues
    return {name: write(folder / f"{name}.jsonl", rows()) for name, rows in files.items()}


def write(path: Path, rows: Iterable[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, default=plain) + "\n")
            count += 1
    return count


def plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return value.isoformat()


def units() -> Iterator[Row]:
    columns = ("kind", "own_akim", "excluded", "valid_from", "valid_to", "time_zone")
    for pk, parent, region, *values in Territory.objects.order_by("pk").values_list(
        "pk", "parent_id", "region_id", *columns
    ):
        yield {"id": pk, "parent": parent, "region": region, **dict(zip(columns, values, strict=True))}


def organisations(years: Sequence[int]) -> Iterator[Row]:
    """Bodies, with who owes by Resolution 12: that is asked of the directory, since the act names them in words."""
    under_12 = {pk for year in years for pk in bodies.under_resolution_12(year).values_list("pk", flat=True)}
    information = {pk for year in years for pk in bodies.information_body(year).values_list("pk", flat=True)}
    for row in Organisation.objects.order_by("pk").values("pk", "kind", "key", "valid_from", "valid_to"):
        pk = row.pop("pk")
        yield {"id": pk, **row, "under_12": pk in under_12, "information": pk in information}


def readings() -> Iterator[Row]:
    for row in ReadingChoice.objects.order_by("pk"):
        yield {
            "key": row.key,
            "value": row.value,
            "region": row.region_id,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "decided_on": civil(row.created_at),
        }


def versions() -> Iterator[Row]:
    rows = CalendarVersion.objects.order_by("pk").values_list(
        "pk", "calendar__region_id", "calendar__year", "number", "approved_at"
    )
    for pk, region, year, number, approved in rows:
        yield {"id": pk, "region": region, "year": year, "number": number, "approved_at": approved}


def notices() -> Iterator[Row]:
    rows = MaslikhatNotice.objects.order_by("pk").values_list(
        "pk", "version_id", "notice__sent_at", "notice__bounced_at", "acknowledged_at"
    )
    for pk, version, sent, bounced, acknowledged in rows:
        yield {"id": pk, "version": version, "sent_at": sent, "bounced_at": bounced, "acknowledged_at": acknowledged}


def submissions() -> Iterator[Row]:
    for pk, version, moment in Submission.objects.order_by("pk").values_list("pk", "version_id", "submitted_at"):
        yield {"id": pk, "version": version, "submitted_at": moment}


def meetings() -> Iterator[Row]:
    history = dates_of_meetings()
    frozen = Exists(VersionRow.objects.filter(meeting=OuterRef("pk")))
    columns = ("state", "off_calendar", "date", "held_on", "announced_on")
    rows = Meeting.objects.order_by("pk").annotate(frozen_somewhere=frozen)
    for pk, region, year, holder, form, in_version, *values in rows.values_list(
        "pk", "calendar__region_id", "calendar__year", "holder_id", "format", "frozen_somewhere", *columns
    ).iterator(5000):
        yield {
            "id": pk,
            "region": region,
            "year": year,
            "holder": holder,
            **dict(zip(columns, values, strict=True)),
            "dates": history.get(str(pk), []),
            "short_notice_reason": False,
            "round_end": None,
            "video_only": form == Format.VIDEO_ONLY,
            "in_version": in_version,
        }


def dates_of_meetings() -> dict[str, list[tuple[dt.date, str]]]:
    """The days that each moved meeting has had, by the journal."""
    kind = Meeting._meta.label_lower
    entries = Entry.objects.filter(object_type=kind, was__has_key="date", became__has_key="date").order_by("pk")
    found: defaultdict[str, list[tuple[dt.date, str]]] = defaultdict(list)
    for pk, at, was, became in entries.values_list("object_id", "at", "was", "became").iterator(5000):
        if was["date"] == became["date"]:
            continue
        if not found[pk]:
            found[pk].append((dt.date(1, 1, 1), was["date"]))
        found[pk].append((civil(at), became["date"]))
    return found


def targets() -> Iterator[Row]:
    rows = MeetingTarget.objects.order_by("pk").values_list("meeting_id", "holder_id", "target_id", "at_place")
    for meeting, holder, target, at_place in rows.iterator(5000):
        yield {"meeting": meeting, "holder": holder, "target": target, "at_place": at_place}


def receptions() -> Iterator[Row]:
    for pk, meeting, ended, moment in Reception.objects.order_by("pk").values_list(
        "pk", "meeting_id", "ends_on", "created_at"
    ):
        yield {"id": pk, "meeting": meeting, "ended_on": ended, "recorded_on": civil(moment)}


def publications() -> Iterator[Row]:
    """One row a place: the checker joins those of one meeting."""
    rows = Publication.objects.filter(version_of__isnull=False).order_by("pk")
    for pk, meeting, what, place, moment, zone in rows.values_list(
        "pk", "version_of__meeting_id", "version_of__what", "channel__code", "published_at", "region__time_zone"
    ):
        yield {
            "id": pk,
            "meeting": meeting,
            "rules": [RULES[What(what)]],
            "places": {place: civil_day(moment, zone)},
            "withdrawn": False,
        }


def reports() -> Iterator[Row]:
    rows = Publication.objects.filter(quarterly__state=QuarterState.FROZEN).order_by("pk")
    for pk, akim, year, quarter, place, moment, zone in rows.values_list(
        "pk", "unit_id", "quarterly__year", "quarterly__quarter", "channel__code", "published_at", "region__time_zone"
    ):
        yield {
            "id": pk,
            "akim": akim,
            "quarter": f"{year}-Q{quarter}",
            "places": {place: civil_day(moment, zone)},
            "withdrawn": False,
        }


def issues() -> Iterator[Row]:
    """Issues of meetings that stand, with the quarter of the first frozen report that showed each of them solved."""
    closed: dict[int, str] = {}
    shown = QuarterlyRow.objects.filter(solved=True, report__state=QuarterState.FROZEN)
    for issue, year, quarter in shown.order_by("report__year", "report__quarter").values_list(
        "issue_id", "report__year", "report__quarter"
    ):
        closed.setdefault(issue, f"{year}-Q{quarter}")
    rows = Issue.objects.standing().filter(meeting__isnull=False).order_by("pk")
    for pk, akim, raised, listed in rows.values_list("pk", "unit_id", "raised_on", "published_at").iterator(5000):
        yield {
            "id": pk,
            "akim": akim,
            "meeting_on": raised,
            "list_on": civil(listed) if listed else None,
            "closed_in": closed.get(pk),
        }


def evidence() -> Iterator[Row]:
    for pk, duty, done, recorded, withdrawn in Evidence.objects.order_by("pk").values_list(
        "pk", "duty_id", "done_on", "recorded_on", "withdrawn_at"
    ):
        yield {
            "id": pk,
            "duty": duty,
            "done_on": done,
            "recorded_on": recorded,
            "withdrawn_on": civil(withdrawn) if withdrawn else None,
        }


def duties(today: dt.date, years: Sequence[int]) -> Iterator[Row]:
    """Every duty of the years as it stands on a day."""
    countings = {
        row[0]: row[1:] for row in Counting.objects.values_list("pk", "wording", "safe_on", "target_on").iterator(5000)
    }
    columns = ("due_on", "late_after", "opened_on", "met_on", "noted_on", "met_by", "trace", "state")
    rows = Duty.objects.filter(year__in=years).with_state(today).order_by("pk")
    for pk, rule, year, debtor, body, region, counting, cancelled, *values in rows.values_list(
        "pk", "rule_id", "year", "debtor_id", "body_id", "region_id", "counting_id", "cancelled_at", *columns
    ).iterator(5000):
        part = ids.parts(pk)
        wording, safe_on, target_on = countings[counting]
        yield {
            "id": pk,
            "rule": rule,
            "edition": wording.partition("@")[2],
            "about": part.kind.name.lower(),
            "subject": part.subject_id,
            "period": part.period,
            "year": year,
            "debtor": debtor,
            "body": body,
            "region": region,
            "safe_on": safe_on,
            "target_on": target_on,
            **dict(zip(columns, values, strict=True)),
            "cancelled": cancelled is not None,
        }
