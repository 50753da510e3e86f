"""Which meetings the decree requires of a region, or of the nation, in a year."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError

from calendars import coverage
from law.register import NoRuleInForce
from territories.models import Territory


class Command(BaseCommand):
    help = "Print the required pairs and meetings of a year by lines a–e of 826-2.1, and the total."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--region", help="code of the region; without it, the nation")
        parser.add_argument("--year", type=calendar_year, required=True)
        parser.add_argument("--pairs", action="store_true", help="print every pair too")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, region: str | None, year: int, pairs: bool, format: str, **options) -> None:
        regions = chosen_regions(region)
        found: dict[str, dict[str, int]] = {line: {"pairs": 0, "meetings": 0} for line in coverage.LINES}
        with told_law():
            cells = coverage.cells(regions, year)
        for line in coverage.LINES:
            rows = [cell for cell in cells if cell.line == line]
            found[line] = {
                "pairs": len({(cell.holder_id, cell.target_id) for cell in rows}),
                "meetings": sum(cell.need for cell in rows),
            }
        total = {key: sum(line[key] for line in found.values()) for key in ("pairs", "meetings")}
        units = Territory.objects.in_bulk({pk for c in cells for pk in (c.holder_id, c.target_id)}) if pairs else {}
        listed = [
            {
                "line": c.line,
                "holder": units[c.holder_id].code,
                "holder_name": units[c.holder_id].name_ru,
                "target": units[c.target_id].code,
                "target_name": units[c.target_id].name_ru,
                "period": c.period,
                "meetings": c.need,
            }
            for c in (cells if pairs else [])
        ]
        if format == "json":
            answer = {"region": region, "year": year, "lines": found, "total": total}
            self.stdout.write(json.dumps(answer | ({"list": listed} if pairs else {}), ensure_ascii=False))
            return
        for row in listed:
            self.stdout.write("\t".join(str(value) for value in row.values()))
        for line, counts in (*found.items(), ("total", total)):
            self.stdout.write(f"{line}\t{counts['pairs']} pairs\t{counts['meetings']} meetings")


def calendar_year(text: str) -> int:
    """A year on the command line: since the decree of 2022, and near enough to be meant."""
    if not text.isdecimal() or not 2022 <= int(text) <= 2100:
        raise argparse.ArgumentTypeError(f"there is no calendar of {text}; give a year from 2022 to 2100")
    return int(text)


@contextmanager
def told_law() -> Iterator[None]:
    """A year whose wording of the decree is not held is refused in words."""
    try:
        yield
    except NoRuleInForce as error:
        raise CommandError(str(error.args[0])) from error


def chosen_regions(code: str | None) -> list[Territory]:
    """One region by its code, or all; CommandError says what to do when there is none."""
    regions = Territory.objects.regions().filter(valid_to=None)
    if code:
        regions = regions.filter(code=code)
    found = list(regions)
    if not found:
        raise CommandError(
            f"There is no region with the code {code}. Codes have nine digits, e.g. 610000000."
            if code
            else "No territory is loaded. Load the classifier with import_kato."
        )
    return found
