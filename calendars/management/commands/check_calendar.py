"""Does a region's calendar plan, and have its akims held, what the decree requires?"""

import json

from django.core.management.base import BaseCommand

from calendars import coverage
from territories.models import Territory

from .required_meetings import calendar_year, chosen_regions, told_law


class Command(BaseCommand):
    help = "Print required, planned, held and missing meetings of a region and year, by line."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--region", required=True, help="code of the region")
        parser.add_argument("--year", type=calendar_year, required=True)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, region: str, year: int, format: str, **options) -> None:
        [unit] = chosen_regions(region)
        with told_law():
            totals = coverage.region_totals(unit, year)
            holes = coverage.cells([unit], year, only_holes=True)
        names = Territory.objects.in_bulk({pk for c in holes for pk in (c.holder_id, c.target_id)})
        missing = [
            {
                "line": c.line,
                "holder": names[c.holder_id].code,
                "holder_name": names[c.holder_id].name_ru,
                "target": names[c.target_id].code,
                "target_name": names[c.target_id].name_ru,
                "period": c.period,
                "missing": c.missing,
            }
            for c in holes
        ]
        rows = {
            t.line: {"required": t.required, "planned": t.planned, "held": t.held, "missing": t.missing}
            for t in [*totals, coverage.sum_up(totals)]
        }
        if format == "json":
            answer = {"region": region, "year": year, "lines": rows, "missing": missing}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for line, counts in rows.items():
            self.stdout.write(f"{line}\t" + "\t".join(f"{key} {value}" for key, value in counts.items()))
        for row in missing:
            self.stdout.write("missing\t" + "\t".join(str(value) for value in row.values()))
