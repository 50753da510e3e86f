"""Why a duty is due on its day."""

import json

from django.core.management.base import BaseCommand, CommandError

from deadlines.models import Duty
from deadlines.wording import described
from territories.scope import today


class Command(BaseCommand):
    help = "Print the derivation of a duty's dates."

    def add_arguments(self, parser) -> None:
        parser.add_argument("duty_id", type=int)
        parser.add_argument("--language", choices=["kk", "ru", "en"], default="en")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, duty_id, language, format, **options) -> None:
        duty = Duty.objects.with_state(today()).select_related("debtor", "body", "counting").filter(pk=duty_id).first()
        if duty is None:
            raise CommandError(f"There is no duty {duty_id}. `manage.py duties` lists them.")
        row = described(duty, language, steps=True)
        days = {name: getattr(duty.counting, name) for name in ("safe_on", "due_on", "late_after", "target_on")}
        days["met_on"] = duty.met_on
        if format == "json":
            found = {
                "id": duty.pk,
                "rule": duty.rule_id,
                "edition": duty.counting.edition,
                "cite": row["cite"],
                "unit": row["unit"],
                "state": duty.state,
                "steps": row["steps"],
                **{name: day and day.isoformat() for name, day in days.items()},
            }
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write(f"{row['cite']}: {row['sentence']}\n{row['unit']} {row['title']}\n")
        for number, step in enumerate(row["steps"], start=1):
            self.stdout.write(f"{number}. {step}")
        for name, day in days.items():
            self.stdout.write(f"{name}: {day or '-'}")
