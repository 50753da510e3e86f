"""`manage.py check`: the files of the law can be read, and no year that is counted lacks its days off."""

from datetime import date

from django.core import checks

from law import coverage, readings, register, workdays

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
