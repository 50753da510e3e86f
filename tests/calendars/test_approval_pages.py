"""The staff's way from draft to acceptance in the browser: pages, forms, files, and who may not."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from calendars.models import CalendarVersion, FeedLink, MaslikhatNotice, Meeting, Submission, SubmissionRemark
from calendars.models.submission import SubmissionState
from calendars.services import submit as submitting
from journal.models import Notice

from .. import factories
from .approving import PDF, TODAY, approved, fill, upload


@pytest.fixture(autouse=True)
def january():
    with time_machine.travel(dt.datetime(2027, 1, 12, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def filled(our_calendar, land):
    fill(our_calendar, land)
    factories.maslikhat(land.O, "maslikhat@example.kz")
    return our_calendar


@pytest.fixture
def version(filled, approver):
    return approved(filled, approver.who).version


@pytest.fixture
def submission(version, editor):
    row, _fresh = submitting.submit(
        version, letter_number="12", letter_date=dt.date(2027, 1, 12), today=TODAY, by=editor.who
    )
    return row


HERE = "/staff/calendar/approval/"


def text(client, path: str, **query) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def hidden(html: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', html)
    assert found, name
    return found[1]


def approve_post(client, html: str, **changed):
    data = {
        "order_number": "5-ө",
        "order_date": "2027-01-11",
        "scan": upload(),
        "holes_confirmed": "on",
        "seen_version": hidden(html, "seen_version"),
        "idempotency_key": hidden(html, "idempotency_key"),
    }
    return client.post(f"{HERE}approve/?year=2027", data | changed)


# -- Approving --------------------------------------------------------------------------------------
def test_the_approver_sees_the_way_and_one_next_step(filled, approver):
    html = text(approver.client, HERE, year=2027)

    assert html.count("btn-primary btn-lg") == 1
    assert "/approve/" in html
    assert "14.01.2027, Thu" in html


def test_the_editor_is_told_that_the_calendar_waits_for_the_approver(filled, editor):
    html = text(editor.client, HERE, year=2027)

    assert "btn-primary btn-lg" not in html
    assert "waits for the post that approves" in html


def test_approving_in_the_browser_freezes_notifies_and_comes_back(filled, approver):
    client = approver.client
    html = text(client, f"{HERE}approve/", year=2027)

    answer = approve_post(client, html)

    assert answer.status_code == 302
    assert CalendarVersion.objects.get().order_number == "5-ө"
    page = text(client, HERE, year=2027)
    assert "5-ө" in page
    assert "maslikhat@example.kz" in page
    assert "Submit to the Government" in page


def test_the_form_lists_what_is_missing_and_asks_to_confirm_it(filled, approver):
    client = approver.client
    html = text(client, f"{HERE}approve/", year=2027)

    answer = approve_post(client, html, holes_confirmed="")

    assert "45 required meetings are missing" in html
    assert "Kala okrug (қаз)" in html
    assert answer.status_code == 422
    assert not CalendarVersion.objects.exists()


def test_pressing_the_button_twice_makes_one_version_and_says_so(filled, approver):
    client = approver.client
    html = text(client, f"{HERE}approve/", year=2027)

    first, second = approve_post(client, html), approve_post(client, html)

    assert (first.status_code, second.status_code) == (302, 302)
    assert CalendarVersion.objects.count() == 1
    assert "not approved twice" in text(client, HERE, year=2027)


def test_a_page_that_went_stale_is_refused_with_what_was_typed(filled, land, approver):
    client = approver.client
    html = text(client, f"{HERE}approve/", year=2027)
    filled.version += 1
    filled.save(update_fields=["version"])

    answer = approve_post(client, html, order_number="MY-ORDER")
    again = approve_post(client, answer.content.decode(), order_number="MY-ORDER")

    assert answer.status_code == 409
    assert "MY-ORDER" in answer.content.decode()
    assert again.status_code == 302


def test_a_wrong_scan_is_refused_at_its_field_and_keeps_the_rest(filled, approver):
    client = approver.client
    html = text(client, f"{HERE}approve/", year=2027)

    answer = approve_post(client, html, scan=upload("order.pdf", b"MZ program"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "not a PDF, JPEG or PNG" in page
    assert "5-ө" in page


@pytest.mark.parametrize("person", ["editor", "raion_office", "reviewer", "administration", "secretary"])
def test_nobody_else_reaches_the_form(filled, person, request, land):
    answer = request.getfixturevalue(person).client.get(f"{HERE}approve/", {"year": 2027, "unit": land.O.pk})

    assert answer.status_code in (403, 404)


def test_the_neighbour_finds_nothing_of_ours(version, submission, neighbour, land):
    client = neighbour.client
    row = MaslikhatNotice.objects.get()

    for path in (
        f"versions/{version.pk}/",
        f"versions/{version.pk}/scan/",
        f"versions/{version.pk}/calendar.ics",
        f"versions/{version.pk}/letter/kk/",
        f"versions/{version.pk}/submit/",
        f"submissions/{submission.pk}/",
        f"difference/?from={version.pk}&to={version.pk}",
    ):
        foreign, unknown = client.get(HERE + path), client.get(HERE + path.replace(str(version.pk), "999999"))
        assert foreign.status_code == unknown.status_code == 404, path
    for path in (
        f"versions/{version.pk}/notify/",
        f"versions/{version.pk}/resend/",
        f"notices/{row.pk}/revoke/",
        f"notices/{row.pk}/acknowledge/",
        f"submissions/{submission.pk}/accept/",
        f"submissions/{submission.pk}/remark/",
    ):
        assert client.post(HERE + path, {"address": "x@example.kz"}).status_code == 404, path
    assert "5-ө" not in text(client, HERE, year=2027, unit=land.O.pk)


# -- Files ------------------------------------------------------------------------------------------
def test_the_scan_is_handed_out_as_a_download_only(version, editor):
    answer = editor.client.get(f"{HERE}versions/{version.pk}/scan/")

    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]


# -- Rows, filters, differences ---------------------------------------------------------------------
def test_rows_of_a_version_are_filtered_by_raion_line_month_and_finding(version, editor, land):
    client, path = editor.client, f"{HERE}versions/{version.pk}/"

    def numbers(**query):
        return sorted(int(n) for n in re.findall(r'id="row-(\d+)"', text(client, path, **query)))

    assert numbers() == [1, 2, 3, 4, 5]
    assert numbers(raion=land.K.pk) == [2]
    assert numbers(line="c") == [3, 4]
    assert numbers(month=5) == [5]
    assert numbers(check="no_time") == [1, 2, 3, 4, 5]
    assert numbers(raion="x", line="z", month="77", check="?") == [1, 2, 3, 4, 5]


def test_any_two_versions_can_be_compared(version, filled, approver, editor):
    Meeting.objects.filter(calendar=filled, number=1).update(date=dt.date(2027, 3, 17))
    second = approved(filled, approver.who).version

    html = text(editor.client, f"{HERE}difference/", **{"from": second.pk, "to": version.pk})

    assert "from version 1 to version 2" in html
    assert "<del>10 March 2027" in html
    assert "<ins>17 March 2027" in html


def test_changes_after_the_approval_wait_for_a_correction(version, filled, approver):
    meeting = Meeting.objects.get(calendar=filled, number=1)
    meeting.address = "Hall 2"
    with time_machine.travel(dt.datetime(2027, 1, 13, 5, tzinfo=dt.UTC)):
        meeting.save()

    html = text(approver.client, HERE, year=2027)

    assert "Changed since the last version" in html
    assert "Approve the correction" in html


# -- The maslikhat's letters ------------------------------------------------------------------------
def test_without_an_address_the_page_says_so_and_offers_to_send(our_calendar, land, approver, editor):
    fill(our_calendar, land)
    factories.maslikhat(land.O)
    version = approved(our_calendar, approver.who).version

    html = text(editor.client, HERE, year=2027)
    answer = editor.client.post(
        f"{HERE}versions/{version.pk}/resend/", {"address": "new@example.kz", "language": "both"}
    )

    assert "no working address is known" in html
    assert answer.status_code == 302
    assert "no working address" not in text(editor.client, HERE, year=2027)
    assert Notice.objects.get().recipient_email == "new@example.kz"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "pending"}, "Waiting"),
        ({"state": "sent", "sent_at": dt.datetime(2027, 1, 12, tzinfo=dt.UTC)}, "Accepted by the mail server"),
        ({"state": "failed", "last_reply": "550"}, "Check the address and send again"),
        ({"state": "doubtful"}, "may have arrived"),
        ({"state": "sent", "bounced_at": dt.datetime(2027, 1, 12, tzinfo=dt.UTC)}, "Came back undelivered"),
    ],
    ids=["waiting", "sent", "refused", "doubtful", "bounced"],
)
def test_the_page_tells_how_far_the_letter_got_and_what_to_do(version, editor, values, words):
    Notice.objects.update(**values)

    assert words in text(editor.client, HERE, year=2027)


def test_the_letter_can_be_read_without_its_secret(version, editor):
    answer = editor.client.get(f"{HERE}versions/{version.pk}/letter/both/")
    real = re.search(r"/ack/([\w-]+)", Notice.objects.get().body_text)[1]

    html = answer.content.decode()
    assert "Oblast (қаз)" in html
    assert real not in html
    assert "sandbox" in answer["Content-Security-Policy"]


def test_the_secretary_acknowledges_under_his_account(version, secretary):
    client = secretary.client
    html = text(client, HERE, year=2027)
    row = MaslikhatNotice.objects.get()

    answer = client.post(f"{HERE}notices/{row.pk}/acknowledge/", {"name": "Secretary", "number": "9"})

    row.refresh_from_db()
    assert "waits for your acknowledgement" in html
    assert answer.status_code == 302
    assert row.acknowledged_by == secretary.user
    assert "Nothing waits" in text(client, HERE, year=2027)


def test_a_lower_office_sees_the_version_but_not_the_letters(version, raion_office):
    html = text(raion_office.client, HERE, year=2027)

    assert "1-ө" in html
    assert "maslikhat@example.kz" not in html


# -- Submission and review --------------------------------------------------------------------------
def test_the_region_submits_once_however_often_it_clicks(version, editor, reviewer):
    data = {"letter_number": "12", "letter_date": "2027-01-12"}

    for _click in range(2):
        answer = editor.client.post(f"{HERE}versions/{version.pk}/submit/", data)
        assert answer.status_code == 302

    assert Submission.objects.count() == 1
    letter = Notice.objects.get(kind="calendar_submitted")
    assert letter.recipient_email == reviewer.user.email
    assert f"/approval/submissions/{Submission.objects.get().pk}/" in letter.body_text


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"letter_number": "", "letter_date": "2027-01-12"}, "letter_number"),
        ({"letter_number": "1", "letter_date": "2027-02-12"}, "letter_date"),
        ({"letter_number": "1", "letter_date": "2027-01-01"}, "letter_date"),
        ({"letter_number": "1", "letter_date": "15.13.2027"}, "letter_date"),
    ],
)
def test_a_wrong_covering_letter_is_refused_at_its_field(version, editor, data, field):
    answer = editor.client.post(f"{HERE}versions/{version.pk}/submit/", data)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Submission.objects.exists()


def test_the_government_sees_a_version_only_once_it_was_submitted(version, editor, reviewer, administration):
    for person in (reviewer, administration):
        assert person.client.get(f"{HERE}versions/{version.pk}/").status_code == 404
        assert not CalendarVersion.objects.visible_to(person.who).exists()

    submitting.submit(version, letter_number="1", letter_date=TODAY, today=TODAY, by=editor.who)

    for person in (reviewer, administration):
        assert person.client.get(f"{HERE}versions/{version.pk}/").status_code == 200


def test_readers_of_versions_learn_nothing_of_the_draft_behind_them(
    submission, filled, land, reviewer, raion_office, editor
):
    with time_machine.travel(dt.datetime(2027, 1, 13, 5, tzinfo=dt.UTC)):
        for number in range(7):
            factories.meeting(filled, land.R, land.A, dt.date(2027, 6, 1) + dt.timedelta(days=number))

    ours = text(editor.client, HERE, year=2027)
    assert "12 meetings, 5 of 50 required" in ours.replace("\u00a0", " ")
    assert "Changed since the last version" in ours
    for person in (reviewer, raion_office):
        html = text(person.client, HERE, year=2027, unit=land.O.pk)
        assert "of 50 required" not in html
        assert "Changed since the last version" not in html


def test_the_administration_does_not_read_what_was_returned(submission, reviewer, administration):
    submitting.return_with_remarks(submission, text="No", seen=submission.lock, today=TODAY, by=reviewer.who)

    assert administration.client.get(f"{HERE}submissions/{submission.pk}/").status_code == 404
    assert administration.client.get(f"{HERE}versions/{submission.version_id}/").status_code == 404
    assert f"/submissions/{submission.pk}/" not in text(
        administration.client, HERE, year=2027, unit=submission.version.calendar.region_id
    )
    assert reviewer.client.get(f"{HERE}submissions/{submission.pk}/").status_code == 200


def test_the_reviewer_accepts_under_an_incoming_number_and_the_region_is_told(submission, reviewer, editor, approver):
    answer = reviewer.client.post(
        f"{HERE}submissions/{submission.pk}/accept/", {"incoming_number": "ВХ-7", "lock": submission.lock}
    )

    submission.refresh_from_db()
    assert answer.status_code == 302
    assert (submission.state, submission.incoming_number) == ("accepted", "ВХ-7")
    told = set(Notice.objects.filter(kind="calendar_accepted").values_list("recipient_email", flat=True))
    assert told == {editor.user.email, approver.user.email}
    assert "Nothing has to be done now" in text(editor.client, HERE, year=2027)


def test_an_acceptance_needs_its_number(submission, reviewer):
    answer = reviewer.client.post(
        f"{HERE}submissions/{submission.pk}/accept/", {"incoming_number": " ", "lock": submission.lock}
    )

    submission.refresh_from_db()
    assert answer.status_code == 422
    assert submission.state == SubmissionState.SUBMITTED


def test_remarks_at_rows_travel_back_are_answered_and_the_next_version_goes_out(
    submission, reviewer, editor, approver, filled
):
    row = submission.version.rows.get(number=3)
    client = reviewer.client
    client.post(f"{HERE}submissions/{submission.pk}/remark/", {"row": row.pk, "text": "Too late in the year"})
    client.post(f"{HERE}submissions/{submission.pk}/remark/", {"text": "Line d is empty"})
    before = text(editor.client, f"{HERE}submissions/{submission.pk}/")
    client.post(f"{HERE}submissions/{submission.pk}/return/", {"return-text": "", "return-lock": submission.lock})

    page = text(editor.client, f"{HERE}submissions/{submission.pk}/")
    letter = Notice.objects.filter(kind="calendar_returned", recipient_email=editor.user.email).get()
    assert "Too late in the year" not in before
    assert "Too late in the year" in page
    assert "Line d is empty" in page
    assert "Too late in the year" in letter.body_text

    remark = SubmissionRemark.objects.get(row=row)
    editor.client.post(f"{HERE}remarks/{remark.pk}/settle/", {"text": "Moved to February"})
    remark.refresh_from_db()
    assert (remark.settled_text, remark.settled_by) == ("Moved to February", editor.user)

    with pytest.raises(ValidationError):
        submitting.submit(submission.version, letter_number="13", letter_date=TODAY, today=TODAY, by=editor.who)
    Meeting.objects.filter(calendar=filled, number=3).update(date=dt.date(2027, 2, 24))
    second = approved(filled, approver.who).version
    again, fresh = submitting.submit(second, letter_number="13", letter_date=TODAY, today=TODAY, by=editor.who)
    assert fresh
    assert again.version.number == 2


def test_a_calendar_is_not_returned_without_a_word(submission, reviewer):
    answer = reviewer.client.post(
        f"{HERE}submissions/{submission.pk}/return/", {"return-text": " ", "return-lock": submission.lock}
    )

    submission.refresh_from_db()
    assert answer.status_code == 422
    assert submission.state == SubmissionState.SUBMITTED


def test_the_second_reviewer_is_told_that_it_was_decided(submission, reviewer):
    submitting.accept(submission, incoming_number="1", seen=submission.lock, today=TODAY, by=reviewer.who)

    answer = reviewer.client.post(f"{HERE}submissions/{submission.pk}/return/", {"return-text": "No", "return-lock": 1})

    submission.refresh_from_db()
    assert answer.status_code == 409
    assert submission.state == SubmissionState.ACCEPTED


def test_a_remark_cannot_be_bound_to_a_row_of_another_version(submission, reviewer, filled, approver):
    Meeting.objects.filter(calendar=filled, number=1).update(address="Hall 2")
    other = approved(filled, approver.who).version.rows.first()

    answer = reviewer.client.post(f"{HERE}submissions/{submission.pk}/remark/", {"row": other.pk, "text": "x"})

    assert answer.status_code == 404
    with pytest.raises(ValidationError):
        submitting.remark(submission, text="x", row=other, by=reviewer.who)
    assert not SubmissionRemark.objects.exists()


def test_a_remark_not_yet_sent_can_be_taken_back(submission, reviewer):
    remark = submitting.remark(submission, text="Slip", by=reviewer.who)

    reviewer.client.post(f"{HERE}remarks/{remark.pk}/take-back/")

    assert not SubmissionRemark.objects.exists()


@pytest.mark.parametrize("person", ["editor", "approver", "administration", "administrator", "raion_office"])
def test_only_the_reviewer_decides(submission, person, request):
    who = request.getfixturevalue(person).who

    with pytest.raises(PermissionDenied):
        submitting.accept(submission, incoming_number="1", seen=submission.lock, today=TODAY, by=who)
    with pytest.raises(PermissionDenied):
        submitting.return_with_remarks(submission, text="x", seen=submission.lock, today=TODAY, by=who)
    with pytest.raises(PermissionDenied):
        submitting.remark(submission, text="x", by=who)


def test_the_last_version_alone_can_be_submitted(version, filled, approver, editor):
    Meeting.objects.filter(calendar=filled, number=1).update(address="Hall 2")
    approved(filled, approver.who)

    with pytest.raises(ValidationError):
        submitting.submit(version, letter_number="1", letter_date=TODAY, today=TODAY, by=editor.who)


# -- Feeds ------------------------------------------------------------------------------------------
def test_a_secret_address_is_made_shown_and_ended_by_its_owner_alone(editor, approver, land):
    editor.client.post(f"{HERE}feeds/?unit={land.R.pk}")
    link = FeedLink.objects.get()

    assert link.territory == land.R
    assert link.secret in text(editor.client, f"{HERE}feeds/")
    assert link.secret not in text(approver.client, f"{HERE}feeds/")
    assert approver.client.post(f"{HERE}feeds/{link.pk}/end/").status_code == 404
    assert editor.client.post(f"{HERE}feeds/{link.pk}/end/").status_code == 302
    link.refresh_from_db()
    assert link.revoked_at is not None


@pytest.mark.parametrize("person", ["reviewer", "secretary", "administration"])
def test_readers_of_approved_calendars_get_no_secret_address(person, land, request):
    answer = request.getfixturevalue(person).client.post(f"{HERE}feeds/?unit={land.O.pk}")

    assert answer.status_code == 403
    assert not FeedLink.objects.exists()


# -- All pages --------------------------------------------------------------------------------------
@pytest.mark.once
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("person", ["editor", "approver", "reviewer", "administration", "administrator", "secretary"])
def test_every_page_opens_in_every_language(submission, person, language, request, land):
    client = request.getfixturevalue(person).client
    client.cookies["language"] = language

    for path in ("", f"versions/{submission.version_id}/", f"submissions/{submission.pk}/", "feeds/"):
        answer = client.get(HERE + path, {"year": 2027, "unit": land.O.pk})
        wanted = 404 if person == "secretary" and path.startswith("submissions") else 200
        assert answer.status_code == wanted, (path, answer.status_code)


def test_the_pages_cost_a_constant_number_of_queries(submission, filled, land, approver, django_assert_max_num_queries):
    client = approver.client
    for day in range(60):
        factories.meeting(filled, land.R, land.A, dt.date(2027, 3, 1) + dt.timedelta(days=day))
    approved(filled, approver.who)
    client.get(HERE, {"year": 2027})

    with django_assert_max_num_queries(45):
        client.get(HERE, {"year": 2027})
    with django_assert_max_num_queries(30):
        client.get(f"{HERE}versions/{CalendarVersion.objects.first().pk}/")
