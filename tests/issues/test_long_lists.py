"""Lists of many thousand rows: every page is one step from the next, and the last costs what the first costs."""

import datetime as dt
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issues.models import Issue
from journal import paging
from journal.paging import KeyPaginator

LIST = "/staff/issues/"
FIRST_DAY = dt.date(2026, 1, 1)


def raised(land, count: int) -> None:
    """Issues of an okrug, three a day."""
    Issue.objects.bulk_create(
        Issue(
            unit=land.A, region=land.O, raion=land.R, place=land.a1, number=number, year=2026,
            raised_on=FIRST_DAY + dt.timedelta(days=number // 3 % 300), text_kk=f"{number}-үйде жарық жоқ",
        )
        for number in range(1, count + 1)
    )  # fmt: skip


def follow(person, answer, rel: str):
    """The page behind the link "next" or "prev"."""
    link = re.search(rf'rel="{rel}" href="([^"]+)"', answer.content.decode())
    if link is None:
        return None
    query = parse_qs(urlsplit(link.group(1).replace("&amp;", "&")).query)
    return person.client.get(LIST, {name: values[0] for name, values in query.items()})


def numbers(answer) -> list[int]:
    return [row.number for row in answer.context["issues"]]


@pytest.fixture
def in_order(land) -> list[int]:
    raised(land, 180)
    return list(Issue.objects.order_by("-raised_on", "-pk").values_list("number", flat=True))


def test_from_page_to_page_every_issue_is_shown_once_there_and_back(in_order, editor):
    pages = [editor.client.get(LIST)]
    while (following := follow(editor, pages[-1], "next")) is not None:
        pages.append(following)
    back = [pages[-1]]
    while (previous := follow(editor, back[-1], "prev")) is not None:
        back.append(previous)

    assert [numbers(page) for page in pages] == [in_order[n : n + 50] for n in range(0, 180, 50)]
    assert [numbers(page) for page in back[::-1]] == [numbers(page) for page in pages]
    assert [page.context["page"].number for page in pages] == [1, 2, 3, 4]


def test_an_issue_that_comes_in_between_moves_no_other_to_the_next_page(in_order, land, editor):
    first = editor.client.get(LIST)
    Issue.objects.create(
        unit=land.A, region=land.O, place=land.a1, number=999, year=2026, raised_on=dt.date(2026, 12, 1), text_kk="жаңа"
    )

    assert numbers(follow(editor, first, "next")) == in_order[50:100]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"page": "3"}, slice(100, 150)),
        ({"page": "4"}, slice(150, 180)),
        ({"page": "last"}, slice(150, 180)),
        ({"page": "77"}, slice(150, 180)),
        ({"page": "x"}, slice(0, 50)),
        ({"page": "2", "after": "2026-13-01_5"}, slice(50, 100)),
        ({"after": "2026-02-01_"}, slice(0, 50)),
    ],
)
def test_addresses_with_numbers_that_people_have_kept_still_work(in_order, editor, query, shown):
    assert numbers(editor.client.get(LIST, query)) == in_order[shown]


def test_of_a_very_long_list_nobody_counts_every_row(in_order, editor, monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 100)

    first, last = editor.client.get(LIST), editor.client.get(LIST, {"page": "last"})

    assert "page=last" in first.content.decode()
    assert numbers(last) == in_order[-50:]
    assert follow(editor, last, "next") is None
    assert numbers(follow(editor, last, "prev")) == in_order[-100:-50]


def work(statement: str) -> float:
    """Rows that the database looked at for a statement."""

    def of(plan) -> float:
        here = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
        return here + sum(of(part) for part in plan.get("Plans", []))

    with connection.cursor() as cursor:
        # In a table as small as this one the database would sort; in a long one it reads the index.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}")
        found = cursor.fetchone()[0]
    return of((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


@pytest.mark.postgres
def test_the_last_page_costs_what_the_first_costs(land):
    raised(land, 3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE issues_issue")
    rows = Issue.objects.filter(region=land.O, joined_into=None)
    pages = KeyPaginator(rows, 50, order=("-raised_on", "-pk"), whole=Issue.objects.all())
    taken = {}
    far = pages.page_of({"page": "last"}).before
    for name, query in {"first": {}, "far": {"page": "59", "before": far}, "last": {"page": "last"}}.items():
        with CaptureQueriesContext(connection) as asked:
            pages.page_of(query)
        taken[name] = sum(work(row["sql"]) for row in asked if "LIMIT" in row["sql"] and "COUNT" not in row["sql"])

    assert taken["first"] > 50
    assert taken["far"] <= 1.2 * taken["first"]
    assert taken["last"] <= 1.2 * taken["first"]
