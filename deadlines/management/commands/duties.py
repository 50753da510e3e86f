"""The ledger on the command line."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from deadlines.models import Duty, DutyState
from deadlines.wording import wording_of
from territories.models import Territory
from territories.scope import clock, today


class Command(BaseCommand):
    help = "Print the duties of a region (or all), due from a day to a day, in a state."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--region", help="code of the region")
        parser.add_argument("--from", dest="first", type=date.fromisoformat)
        parser.add_argument("--to", dest="last", type=date.fromisoformat)
        parser.add_argument("--state", choices=DutyState.values)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, region, first, last, state, format, **options) -> None:
        rows = (
            Duty.objects.visible_to(clock("command")).with_state(today()).select_related("debtor", "body", "counting")
        )
        if region:
            unit = Territory.objects.filter(code=region, valid_to=None).first()
            if unit is None:
                raise CommandError(f"There is no unit with the code {region}. Codes have nine digits, e.g. 610000000.")
            rows = rows.under(unit)
        if first:
            rows = rows.filter(due_on__gte=first)
        if last:
            rows = rows.filter(due_on__lte=last)
        if state:
            rows = rows.filter(state=state)
        for duty in rows.iterator(1000):
            row = {
                "id": duty.pk,
                "rule": duty.rule_id,
                "code": duty.debtor.code if duty.debtor else "",
                "unit": duty.owner.name_ru,
                "period": duty.period,
                "safe_on": duty.counting.safe_on and duty.counting.safe_on.isoformat(),
                "due_on": duty.due_on and duty.due_on.isoformat(),
                "late_after": duty.late_after and duty.late_after.isoformat(),
                "met_on": duty.met_on and duty.met_on.isoformat(),
                "state": duty.state,
                "asks": wording_of(duty).sentence["en"],
            }
            line = json.dumps(row, ensure_ascii=False)
            if format == "text":
                line = (
                    f"{row['id']}\t{row['due_on'] or '-'}\t{row['state']}\t{row['rule']}\t{row['unit']}\t{row['asks']}"
                )
            self.stdout.write(line)
