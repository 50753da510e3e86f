"""Who still waits for a letter, beside asking all reminders, over the ledger of `benchmarks.sweep`."""

from __future__ import annotations

import datetime as dt
import time

from benchmarks import frame


def staff() -> int:
    """A person in each akim's office; answers how many."""
    from territories.models import Post, Role, Territory, User

    units = list(Territory.objects.filter(own_akim=True, valid_to=None).order_by("pk"))
    users = [User(email=f"office.{unit.pk}@example.test", language=("kk", "ru")[unit.pk % 2]) for unit in units]
    User.objects.bulk_create(users, batch_size=1000)
    posts = [
        Post(
            user=user,
            role=Role.REGION_EDITOR if unit.is_region else Role.OFFICE_STAFF,
            territory=unit,
            valid_from=dt.date(2022, 3, 3),
        )
        for user, unit in zip(users, units, strict=True)
    ]
    Post.objects.bulk_create(posts, batch_size=1000)
    return len(posts)


def all_reminders(today: dt.date) -> int:
    """How many people wait, found without the mark: what was shown in two months and is open, less what was mailed."""
    from django.db.models import Exists, OuterRef

    from deadlines.models import Reminder
    from deadlines.services.digests import MADE_UP_FOR

    twin = {name: OuterRef(name) for name in ("duty", "stage", "user")}
    rows = Reminder.objects.filter(
        ~Exists(Reminder.objects.filter(channel=Reminder.Channel.MAIL, **twin)),
        channel=Reminder.Channel.PAGE,
        day__gte=today - MADE_UP_FOR,
        duty__met_on=None,
        duty__cancelled_at=None,
        user__is_active=True,
    )
    return len(rows.order_by("user").values_list("user", flat=True).distinct()[:100])


def measure(today: dt.date) -> None:
    """A month of reminders and the letters of a day over the duties that are there; then what a quiet minute asks."""
    from deadlines.models import Reminder
    from deadlines.services.digests import some_digests, write_digests
    from deadlines.services.ladder import house_rules
    from deadlines.services.reminders import remind

    people = staff()
    rules = house_rules(today)
    rules.watch_from = dt.date(today.year, 1, 1)
    rules.save()
    frame.analyze()
    begun = time.perf_counter()
    given = remind(today)
    gave = time.perf_counter() - begun
    begun = time.perf_counter()
    _told, letters = write_digests(today, seconds=float("inf"))
    wrote = time.perf_counter() - begun
    frame.analyze()
    peer, ours = frame.seconds(lambda: all_reminders(today)), frame.seconds(lambda: some_digests(today))
    again = frame.seconds(lambda: remind(today))
    frame.table(
        f"Reminding {people} offices: {Reminder.objects.count()} reminders",
        [
            ("given at once, as after a month's standstill", f"{gave:.2f} s", f"{given} reminders"),
            ("letters of a day", f"{wrote:.1f} s", f"{letters} letters"),
            ("who waits for a letter, by the index of what waits", f"{ours * 1000:.1f} ms", "nobody does"),
            ("the same by all reminders of two months", f"{peer * 1000:.1f} ms", f"{peer / ours:.0f} times as long"),
            ("the rungs of the day again", f"{again * 1000:.0f} ms", "no new reminder"),
        ],
    )
