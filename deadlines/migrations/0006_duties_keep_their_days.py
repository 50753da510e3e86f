"""Every duty of before goes on under its new id, with the counting it had; its reminders go with it.

A met duty keeps the days by which it was met. Open ones are counted anew by the next sweep. May run again.
"""

import datetime as dt
import json

from django.db import migrations

#: Numbers of the lines that the old ledger knew, of `law/numbers.toml`, and of the kinds of subject (`ids.py`).
NUMBERS = {
    "826-2.1.h2": 6,
    "826-2.1.h3": 7,
    "826-2.1.f2": 15,
    "826-2.2.h1": 16,
    "826-3.4.e": 35,
    "826-3.4.f": 36,
}
CALENDAR, VERSION, MEETING = 1, 2, 4
CORRECT = "826-2.1.f2"
NO_DAY = dt.date(1, 1, 1)


def pack(kind, subject, number, period):
    return (kind << 49) | (subject << 19) | (number << 10) | period


def new_id(duty, versions):
    """The id of the same duty in the narrow ledger, or None where its version of the calendar is gone."""
    number = NUMBERS.get(duty.rule_id)
    if number is None:
        return None
    if duty.subject_type == "meeting":
        return pack(MEETING, duty.subject_id, number, 0)
    period = (duty.year - 2000) * 8
    if duty.rule_id != CORRECT:
        return pack(CALENDAR, duty.subject_id, number, period)
    version = versions.get((duty.subject_id, duty.period))
    return pack(VERSION, version, number, period) if version else None


def line_of(evidence):
    """The evidence as one line: kind, number, date, address, note."""
    if "order" in evidence:
        return f"DOC|{evidence['order']}|{evidence.get('date', '')}||"
    if evidence.get("url"):
        return f"LINK|||{evidence['url'].replace('|', '%7C')}|"
    return "SENT||||" if evidence else ""


def narrow(apps, schema_editor):
    wide, duty, counting, reminder = (
        apps.get_model("deadlines", name) for name in ("WideDuty", "Duty", "Counting", "Reminder")
    )
    version = apps.get_model("calendars", "CalendarVersion")
    versions = {
        (region, f"{year}-v{number}"): pk
        for pk, region, year, number in version.objects.values_list(
            "pk", "calendar__region", "calendar__year", "number"
        )
    }
    countings = {}
    for old in wide.objects.select_related("debtor").order_by("pk").iterator(2000):
        pk = new_id(old, versions)
        if pk is None:
            continue
        key = json.dumps(
            [old.rule_id, old.edition, old.anchors, old.safe_on, old.due_on, old.late_after, old.target_on],
            default=str,
            sort_keys=True,
        )
        if key not in countings:
            # Under which readings it was counted was not kept; the mark holds it apart from later countings.
            countings[key], _new = counting.objects.get_or_create(
                wording=f"{old.rule_id}@{old.edition}",
                readings=f"unrecorded:{key}"[:300],
                day=NO_DAY,
                other_day=NO_DAY,
                number=len(countings),
                defaults={
                    "anchors": old.anchors,
                    "safe_on": old.safe_on,
                    "due_on": old.due_on,
                    "late_after": old.late_after,
                    "target_on": old.target_on,
                    "derivation": old.derivation,
                },
            )
        duty.objects.get_or_create(
            id=pk,
            defaults={
                "rule_id": old.rule_id,
                "year": old.year,
                "debtor": old.debtor,
                "region_id": old.debtor.region_id or old.debtor_id,
                "counting": countings[key],
                "due_on": old.due_on,
                "late_after": old.late_after,
                "opened_on": old.opened_on,
                "met_on": old.met_on,
                "noted_on": old.met_on,
                "met_by": "fact" if old.met_on else "",
                "evidence": line_of(old.evidence) if old.met_on else "",
                "cancelled_at": old.cancelled_at,
                "version": old.version,
            },
        )
        reminder.objects.filter(duty=old).update(narrow=pk)
    reminder.objects.filter(narrow=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0005_narrow_duties_and_evidence"),
        ("calendars", "0004_imports_know_their_post_and_lease"),
    ]
    operations = [migrations.RunPython(narrow, migrations.RunPython.noop)]
