"""The table of pages that the benchmark asks for, beside the site map."""

from collections import defaultdict

from django.urls import resolve

from benchmarks.staff_pages import LEFT_OUT, PAGES
from territories.middleware import PRIVATE

from .doors import ROWS

#: What fills the words of an address here; which unit, meeting … it is does not matter to the site map.
ANY = defaultdict(lambda: 1, day="2027-03-10")


def measured() -> set[str]:
    return {resolve(page.at(ANY).path).view_name for page in PAGES}


def asked_by_get() -> set[str]:
    """Names of the addresses behind the log-in that are read, programs' doors aside."""
    staff = tuple(start for start in PRIVATE if start != "/api/")
    return {door.name for door in ROWS if not door.changes and door.address(None).startswith(staff)}


def test_every_page_of_the_staff_is_measured_or_named_with_the_reason_why_not():
    assert asked_by_get() - measured() - set(LEFT_OUT) == set(), "add these to benchmarks/staff_pages.py"


def test_nothing_is_left_out_that_is_measured_or_does_not_exist():
    assert set(LEFT_OUT) & measured() == set()
    assert set(LEFT_OUT) - asked_by_get() == set()


def test_each_page_of_the_benchmark_has_a_name_of_its_own():
    names = [page.name for page in PAGES]
    assert len(names) == len(set(names))
