"""`manage.py check`: the files of the law can be read, and no year that is counted lacks its days off."""

from datetime import date

from django.core import checks

from law import coverage, numbers, readings, register, workdays

#: The year in which the oldest act took effect.
FIRST_YEAR = 2013


@checks.register("deadlines")
def files_of_the_law(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Acts, readings and norms as data: a file that contradicts itself stops the program before it counts a day."""
    found: list[checks.CheckMessage] = []
    for read in (register.acts, readings.catalogue, lambda: coverage.load(coverage.COVERAGE_FILE)):
        try:
            read()
        except (register.BadActFile, readings.BadReadingsFile, coverage.BadCoverageFile) as error:
            found.append(
                checks.Error(str(error), hint="Correct the named table of that file in law/.", id="deadlines.E001")
            )
    return found


@checks.register("deadlines")
def numbers_of_lines(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Ids of duties are made of the numbers of lines: each line has one, and no two the same."""
    try:
        known = numbers.load(numbers.NUMBERS_FILE)
        missing = [rule_id for act in register.acts().values() for rule_id in act.rules if rule_id not in known]
    except register.BadActFile:
        return []  # told by `files_of_the_law`
    except numbers.BadNumbersFile as error:
        return [checks.Error(str(error), id="deadlines.E003")]
    hint = f"Give it the next free number in law/{numbers.NUMBERS_FILE.name}; never change one."
    return [
        checks.Error(f"Line {rule_id} of the register has no number.", hint=hint, id="deadlines.E003")
        for rule_id in missing
    ]


@checks.register("deadlines")
def days_off_of_every_year(app_configs, today: date | None = None, **kwargs) -> list[checks.CheckMessage]:
    """Every year from the oldest act to the next one, whose calendar is planned now and whose terms end in January."""
    last = (today or date.today()).year + 1  # the machine's day does: the next year is asked for a year ahead
    found: list[checks.CheckMessage] = []
    for number in range(FIRST_YEAR, last + 1):
        try:
            workdays.year(number)
        except (workdays.YearMissing, workdays.BadDaysFile) as error:
            hint = (
                "Enter the holidays and the moved days of the year; moves = “not_yet_decreed” where no order is known."
            )
            found.append(checks.Error(str(error), hint=hint, id="deadlines.E002"))
    return found
