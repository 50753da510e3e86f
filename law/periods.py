"""Calendar years, half-years and quarters (A-08: a half-year begins on 1 January or 1 July)."""

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_IN = {"year": 12, "half_year": 6, "quarter": 3}
_CODE = {"year": "{year}", "half_year": "{year}-H{number}", "quarter": "{year}-Q{number}"}


@dataclass(frozen=True, order=True)
class Period:
    """A period of one kind; `start` and `end` are its first and last day."""

    start: date
    end: date
    kind: str

    @property
    def code(self) -> str:
        """Its short name: "2027", "2027-H1", "2027-Q3"."""
        number = (self.start.month - 1) // MONTHS_IN[self.kind] + 1
        return _CODE[self.kind].format(year=self.start.year, number=number)

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        return self.code


def periods(kind: str, year: int) -> tuple[Period, ...]:
    """The periods of one kind in a calendar year, in order; KeyError for an unknown kind."""
    months = MONTHS_IN[kind]
    return tuple(_starting(kind, year, first) for first in range(1, 13, months))


def period_of(kind: str, day: date) -> Period:
    """The period of a kind that holds a day; KeyError for an unknown kind."""
    months = MONTHS_IN[kind]
    return _starting(kind, day.year, (day.month - 1) // months * months + 1)


def period_from(code: str) -> Period:
    """The period that a code ("2027", "2027-H1", "2027-Q3") names; ValueError for anything else."""
    for kind in MONTHS_IN:
        for period in periods(kind, int(code[:4])):
            if period.code == code:
                return period
    raise ValueError(f"{code!r} is no period; examples: 2027, 2027-H1, 2027-Q3.")


def _starting(kind: str, year: int, first_month: int) -> Period:
    after = first_month + MONTHS_IN[kind]
    next_start = date(year + 1, 1, 1) if after > 12 else date(year, after, 1)
    return Period(start=date(year, first_month, 1), end=next_start - timedelta(days=1), kind=kind)
