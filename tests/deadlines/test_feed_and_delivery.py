"""One's duties in a calendar program, and the administrator's page of what was sent."""

import datetime as dt

from django.test import Client

from deadlines.ids import Subject
from deadlines.models import Duty, DutyFeed, Reminder, Stage
from journal.models import Entry, Notice, NoticeAttempt
from territories.scope import today
from tests import factories


def owed(unit, number: int = 1, days: int = 5) -> Duty:
    return factories.duty("826-3.4.f", unit, Subject.MEETING, number, due_on=today() + dt.timedelta(days=days))


def feed_of(person) -> str:
    assert person.client.post("/staff/duties/feed/").status_code == 302
    return f"/feeds/duties/{DutyFeed.objects.get(post=person.post).secret}.ics"


def test_the_feed_tells_what_the_office_owes_and_not_what_others_owe(land, okrug_office, raion_office):
    mine, below = owed(land.A), owed(land.B, 2)
    text = Client().get(feed_of(okrug_office)).content.decode()
    assert f"UID:duty-{mine.pk}@akim-meetings" in text
    assert f"DTSTART;VALUE=DATE:{mine.due_on:%Y%m%d}" in text
    assert str(below.pk) not in text
    assert str(mine.pk) not in Client().get(feed_of(raion_office)).content.decode()


def test_a_met_duty_leaves_the_feed(land, okrug_office):
    duty = owed(land.A)
    address = feed_of(okrug_office)
    Duty.objects.update(met_on=today())
    assert str(duty.pk) not in Client().get(address).content.decode()


def test_an_ended_address_and_a_lost_post_answer_like_nothing(land, okrug_office):
    address = feed_of(okrug_office)
    okrug_office.post.closed_on = today()
    okrug_office.post.save()
    assert Client().get(address).status_code == 404
    okrug_office.post.closed_on = None
    okrug_office.post.save()
    assert Client().get(address).status_code == 200
    feed = DutyFeed.objects.get()
    okrug_office.client.post(f"/staff/duties/feed/{feed.pk}/end/")
    assert Client().get(address).status_code == 404
    assert Client().get("/feeds/duties/no-such-thing.ics").status_code == 404
    assert [entry.action for entry in Entry.objects.filter(action__startswith="duty_feed").order_by("pk")] == [
        "duty_feed.made",
        "duty_feed.ended",
    ]


def test_nobody_ends_the_address_of_another(land, okrug_office, raion_office):
    feed_of(okrug_office)
    assert raion_office.client.post(f"/staff/duties/feed/{DutyFeed.objects.get().pk}/end/").status_code == 404


def test_the_feed_is_in_the_language_of_its_reader(land, okrug_office):
    owed(land.A)
    okrug_office.user.language = "ru"
    okrug_office.user.save()
    assert "Обязанности" in Client().get(feed_of(okrug_office)).content.decode().replace("\r\n ", "")


def test_the_page_counts_reminders_and_letters_by_day_and_names_refusals(land, okrug_office, administrator):
    duty = owed(land.A)
    stage = Stage.objects.first()
    for channel in ("page", "mail"):
        Reminder.objects.create(duty=duty, stage=stage, user=okrug_office.user, channel=channel, day=today())
    letter = Notice.objects.create(
        kind="reminder_digest",
        subject_type="digest",
        subject_id="1",
        recipient_email="gone@test.example",
        subject="Two duties",
        message_id="<1@t>",
        state=Notice.State.FAILED,
    )
    NoticeAttempt.objects.create(notice=letter, number=1, outcome="failed", reply="550 no such user")
    shown = administrator.client.get("/staff/duties/delivery/").content.decode()
    assert "550 no such user" in shown
    assert "gone@test.example" in shown
    administrator.client.post("/staff/duties/delivery/seen/")
    assert "550 no such user" not in administrator.client.get("/staff/duties/delivery/").content.decode()
