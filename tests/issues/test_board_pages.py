"""The preparation board: what an office sees before a meeting, and how it fills the holes."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from calendars import services as calendar_services
from calendars.models import Meeting
from calendars.services import Change
from issues.models import Audience, BroadcastRecord, ChannelUse, Commission, Demand, StoredFile, VideoPoint
from territories.scope import today
from tests import factories

from .factories import CLOCK, PDF, PNG
from .pages import HTMX, at, filled, queries, text_of


@pytest.fixture
def soon(land):
    """A meeting of the akim of our okrug A in twenty days from now."""
    day = today() + dt.timedelta(days=20)
    return factories.meeting(factories.calendar(land.O, day.year), land.A, land.a1, day)


def test_the_board_says_what_is_missing(soon, okrug_office):
    page = text_of(okrug_office.client.get(at("preparation", soon.pk)))
    for words in ("Commission for collecting requests", "Information campaign", "Pool of problem issues", "missing"):
        assert words in page
    assert "826 " in page


def test_the_board_of_a_neighbour_does_not_exist_for_us(soon, neighbour, other_okrug):
    for stranger in (neighbour, other_okrug):
        assert stranger.client.get(at("preparation", soon.pk)).status_code == 404


def test_a_board_costs_the_same_however_much_is_recorded(soon, okrug_office, land):
    from .test_preparation import ASSEMBLY, form, use

    form(land.A, ASSEMBLY)
    use(soon, day=today(), today=today())
    few = queries(okrug_office.client, at("preparation", soon.pk))
    for code in ("social", "radio", "print"):
        use(soon, code, day=today(), today=today())
    assert queries(okrug_office.client, at("preparation", soon.pk)) == few


def commission(**more):
    rows = {"member-0-capacity": "assembly", "member-0-post": "Жиналыс мүшесі", "member-0-chair": "on"}
    return {
        "order_number": "12",
        "order_date": "2026-01-10",
        "valid_from": "2026-01-10",
        "member-TOTAL_FORMS": "7",
        "member-INITIAL_FORMS": "0",
        **rows,
        **more,
    }


def test_an_office_forms_a_standing_commission(soon, okrug_office):
    answer = okrug_office.client.post(at("commission", soon.pk), commission())
    assert answer.status_code == 302
    assert Commission.objects.get().meeting is None
    assert "order № 12" in text_of(okrug_office.client.get(at("preparation", soon.pk)))


def test_a_commission_without_the_assembly_is_refused_and_nothing_typed_is_lost(soon, okrug_office):
    answer = okrug_office.client.post(
        at("commission", soon.pk), commission(**{"member-0-capacity": "office", "member-0-post": "<b>Маман</b>"})
    )
    assert answer.status_code == 422
    assert "local community assembly" in text_of(answer)
    assert "&lt;b&gt;Маман&lt;/b&gt;" in answer.content.decode()
    assert not Commission.objects.exists()


def test_the_proposed_announcement_names_day_and_place_in_both_languages(soon, okrug_office):
    page = okrug_office.client.get(at("announcement", soon.pk))
    html = page.content.decode()
    assert "Құрметті тұрғындар" in html
    assert "Уважаемые жители" in html
    assert soon.place.name_kk in html
    saved = okrug_office.client.post(at("announcement", soon.pk), filled(page))
    assert saved.status_code == 302
    assert soon.announcement_texts.count() == 1


def channel(**more):
    told = {"on": today().isoformat(), "hour": "", "address": "https://a.example/"}
    return told | {"reason_late": "", "reason_unused": ""} | more


def test_the_first_channel_counts_and_reaches_the_calendar(soon, okrug_office):
    address = at("channel_use", soon.pk, "announcement", "site")
    assert okrug_office.client.post(address, channel(), headers=HTMX)["HX-Redirect"].endswith("#announcement")
    soon.refresh_from_db()
    assert soon.announced_on == today()
    assert "first public announcement" in text_of(okrug_office.client.get(at("preparation", soon.pk)))


def test_a_moved_meeting_must_be_announced_again(soon, okrug_office, land):
    okrug_office.client.post(at("channel_use", soon.pk, "announcement", "site"), channel())
    soon.refresh_from_db()
    later = Change(soon.pk, {"date": soon.date + dt.timedelta(days=2)}, soon.version)
    calendar_services.apply(soon.calendar, [later], by=CLOCK, label="x")
    soon.refresh_from_db()
    assert soon.announced_on == today(), "put off at its place it keeps its first announcement"
    assert "the change must be announced" in text_of(okrug_office.client.get(at("preparation", soon.pk)))
    earlier = Change(soon.pk, {"date": soon.date - dt.timedelta(days=4)}, soon.version)
    outcome = calendar_services.apply(soon.calendar, [earlier], by=CLOCK, label="x")
    soon.refresh_from_db()
    assert soon.announced_on is None, "an earlier day asks for the whole window again"
    assert outcome.meetings[0].announced_url == ""


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("page.png", b"<html><script>alert(1)</script>", "content of this file is none of"),
        ("order.docx", b"PK\x03\x04 no", "content of this file is none of"),
        ("page.pdf", b"", "empty"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(soon, okrug_office, name, data, told):
    answer = okrug_office.client.post(
        at("channel_use", soon.pk, "announcement", "site"), channel(copy=SimpleUploadedFile(name, data))
    )
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not ChannelUse.objects.exists()


def test_a_file_too_large_is_refused(soon, okrug_office, monkeypatch):
    monkeypatch.setattr("issues.services.files.MOST_BYTES", 4)
    copy = SimpleUploadedFile("a.png", PNG)
    answer = okrug_office.client.post(at("channel_use", soon.pk, "announcement", "site"), channel(copy=copy))
    assert answer.status_code == 422
    assert "larger than" in text_of(answer)


def test_a_hostile_name_lies_under_a_name_of_ours_and_is_only_handed_out_to_be_saved(soon, okrug_office, neighbour):
    copy = SimpleUploadedFile('../../x"\r\nSet-Cookie: a=b\u202egpj.html', PNG)
    okrug_office.client.post(at("channel_use", soon.pk, "announcement", "site"), channel(copy=copy))
    row = StoredFile.objects.get()
    assert ".." not in row.file.name
    answer = okrug_office.client.get(at("file", row.pk))
    assert answer.content == PNG
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie" not in answer.headers
    assert neighbour.client.get(at("file", row.pk)).status_code == 404


def test_a_channel_is_used_or_has_a_reason(soon, okrug_office):
    both = okrug_office.client.post(at("channel_use", soon.pk, "campaign", "radio"), channel(on="", address=""))
    assert both.status_code == 422
    okrug_office.client.post(at("channel_use", soon.pk, "campaign", "radio"), channel(on="", reason_unused="Радио жоқ"))
    use = ChannelUse.objects.get()
    okrug_office.client.post(at("channel_withdraw", soon.pk, use.pk), {"reason": "Қате"})
    use.refresh_from_db()
    assert use.withdrawn_at is not None


def test_an_announcement_in_the_future_is_refused(soon, okrug_office):
    tomorrow = (today() + dt.timedelta(days=1)).isoformat()
    answer = okrug_office.client.post(at("channel_use", soon.pk, "announcement", "site"), channel(on=tomorrow))
    assert answer.status_code == 422


def test_two_people_at_one_category_see_both_values(soon, okrug_office, raion_office):
    address = at("audience", soon.pk, "opposition")
    okrug_office.client.post(address, {"invited": "4", "version": ""})
    page = okrug_office.client.get(address)
    raion_office.client.post(address, filled(raion_office.client.get(address), invited="9"))
    clash = okrug_office.client.post(address, filled(page, invited="6"))
    assert clash.status_code == 409
    assert '<td class="lines">9</td>' in clash.content.decode()
    assert 'value="6"' in clash.content.decode()
    again = okrug_office.client.post(address, filled(clash))
    assert again.status_code == 302
    assert Audience.objects.get().invited == 6


def test_a_broadcast_without_comments_is_only_half_of_it(soon, okrug_office):
    address = at("broadcast", soon.pk)
    okrug_office.client.post(address, {"address": "https://live.example/", "comments_open": "0", "version": ""})
    assert "the decree demands them" in text_of(okrug_office.client.get(at("preparation", soon.pk)))
    okrug_office.client.post(address, filled(okrug_office.client.get(address), comments_open="1"))
    assert BroadcastRecord.objects.get().comments_open is True


def test_a_videoconference_point_comes_and_goes(soon, okrug_office, land):
    okrug_office.client.post(at("video_point_add", soon.pk), {"place": land.a2.pk, "place_text": "", "address": ""})
    point = VideoPoint.objects.get()
    assert point.place == land.a2
    assert okrug_office.client.post(at("video_point_add", soon.pk), {}).status_code == 422
    okrug_office.client.post(at("video_point_remove", soon.pk, point.pk), {"version": point.version})
    assert not VideoPoint.objects.exists()


# -- Demands and meetings outside the calendar -------------------------------------------------------
def demand(land, **more):
    return {
        "place": land.a1.pk,
        "received_on": today().isoformat(),
        "who": "Абай көшесінің тұрғындары",
        "people": "40",
        "text": "Су <script>alert(1)</script>",
    } | more


def test_a_demand_is_registered_and_granted_by_a_meeting_outside_the_calendar(land, okrug_office):
    factories.calendar(land.O, today().year)
    okrug_office.client.post(at("demand_add"), demand(land))
    row = Demand.objects.get()
    page = okrug_office.client.get(at("demands"))
    assert "<script>alert" not in page.content.decode()
    day = today() + dt.timedelta(days=3)
    factories.calendar(land.O, day.year) if day.year != today().year else None
    meeting = {
        "demand": row.pk, "reason": "Су тоқтады", "place": land.a1.pk, "date": day.isoformat(), "time": "15:00",
        "address": "Клуб", "planned_minutes": "60",
    }  # fmt: skip
    answer = okrug_office.client.post(at("off_calendar"), meeting)
    assert answer.status_code == 302
    made = Meeting.objects.get()
    row.refresh_from_db()
    assert (made.off_calendar, made.state, made.remarks, row.meeting) == (True, "planned", "Су тоқтады", made)
    okrug_office.client.post(
        at("channel_use", made.pk, "announcement", "site"), channel(reason_late="Су тоқтады, күтуге болмайды")
    )
    assert "short notice" in text_of(okrug_office.client.get(at("preparation", made.pk)))


def test_a_meeting_outside_the_calendar_needs_a_reason_and_a_day_to_come(land, okrug_office):
    factories.calendar(land.O, today().year)
    past = (today() - dt.timedelta(days=1)).isoformat()
    when = {"date": past, "time": "15:00", "planned_minutes": "60"}
    meeting = when | {"reason": "…", "place": land.a1.pk, "address": "Клуб"}
    assert okrug_office.client.post(at("off_calendar"), meeting).status_code == 422
    answer = okrug_office.client.post(at("off_calendar"), meeting | {"reason": "Су тасқыны"})
    assert answer.status_code == 422
    assert "passed already" in text_of(answer)
    assert not Meeting.objects.exists()


def test_a_demand_with_a_telephone_in_it_is_refused(land, okrug_office):
    answer = okrug_office.client.post(at("demand_add"), demand(land, who="Тұрғын 8 701 123 45 67"))
    assert answer.status_code == 422
    letter = SimpleUploadedFile("order.pdf", PDF)
    assert okrug_office.client.post(at("demand_add"), demand(land, letter=letter)).status_code == 302
