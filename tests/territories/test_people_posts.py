"""Giving and ending posts: within one's own scope, journalled, never leaving nobody in charge."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.utils import translation

from journal.models import Entry, Notice
from territories.models import ApiToken, Organisation, Post, Role, User
from territories.models.organisations import OrganisationKind
from territories.scope import clock, posts_of
from territories.services import people
from tests import factories
from tests.cast import Person

TODAY = dt.date(2027, 3, 10)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def give(by, role, territory=None, email="new@test.example", **fields) -> Post:
    fields = {"valid_from": TODAY} | fields
    return people.invite(email=email, role=role, territory=territory, by=by.who, today=TODAY, **fields)


# -- Giving ---------------------------------------------------------------------------------------
def test_a_new_person_gets_an_account_a_post_and_a_link_in_his_language(land, approver):
    post = give(approver, Role.OFFICE_STAFF, land.A, full_name="Сәуле Ахметова", language="ru")
    assert (post.user.email, post.user.language, post.user.has_usable_password()) == ("new@test.example", "ru", False)
    notice = Notice.objects.get()
    assert (notice.kind, notice.language, notice.confidential) == ("invitation", "ru", True)
    assert "/accounts/password/reset/key/" in notice.body_text
    assert "Сәуле Ахметова" in notice.body_text
    entry = Entry.objects.of(post).get()
    assert (entry.action, entry.actor, entry.scope_path) == ("post.given", approver.user, land.A.path)
    assert entry.became["role"] == "office_staff"


def test_somebody_with_an_account_is_told_of_the_post_and_keeps_his_password(land, approver, neighbour):
    post = give(approver, Role.OFFICE_STAFF, land.R, email=neighbour.user.email.upper())
    assert post.user == neighbour.user
    assert Notice.objects.get().kind == "appointed"
    assert "key" not in Notice.objects.get().body_text


@pytest.mark.parametrize(
    "role", [r for r in Role if r not in ("office_staff", "region_editor", "executor", "maslikhat")]
)
def test_a_region_gives_no_post_that_reaches_beyond_it_or_approves(land, approver, role):
    with pytest.raises(PermissionDenied):
        give(approver, role, land.O)
    assert not User.objects.filter(email="new@test.example").exists()


def test_a_region_gives_no_post_in_another_region(land, approver):
    with pytest.raises(PermissionDenied):
        give(approver, Role.OFFICE_STAFF, land.NR)
    assert not Post.objects.filter(territory=land.NR).exists()


@pytest.mark.parametrize("member", ["editor", "raion_office", "secretary", "reviewer", "administration", "neighbour"])
def test_nobody_else_gives_posts(request, land, member):
    with pytest.raises(PermissionDenied):
        give(request.getfixturevalue(member), Role.OFFICE_STAFF, land.A)


@pytest.mark.parametrize(
    ("role", "place", "field"),
    [
        (Role.REGION_EDITOR, "R", "territory"),
        (Role.REGION_APPROVER, "A", "territory"),
        (Role.OFFICE_STAFF, "O", "territory"),
        (Role.OFFICE_STAFF, "a1", "territory"),
        (Role.MASLIKHAT, "A", "territory"),
        (Role.EXECUTOR, None, "territory"),
        (Role.GOVERNMENT, "O", "territory"),
        (Role.CENTRAL_BODY, None, "organisation"),
    ],
)
def test_a_role_sits_where_it_belongs(land, administrator, role, place, field):
    with pytest.raises(ValidationError) as wrong:
        give(administrator, role, getattr(land, place) if place else None)
    assert list(wrong.value.error_dict) == [field]


def test_a_central_body_is_a_ministry_not_a_maslikhat(land, administrator):
    maslikhat = factories.maslikhat(land.O)
    with pytest.raises(ValidationError):
        give(administrator, Role.CENTRAL_BODY, organisation=maslikhat)
    ministry = Organisation.objects.create(
        key="m", kind=OrganisationKind.MINISTRY, name_kk="Министрлік", name_ru="Министерство"
    )
    assert give(administrator, Role.CENTRAL_BODY, organisation=ministry).organisation == ministry


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TODAY, TODAY - DAY, "valid_to"),
        (TODAY - 10 * DAY, TODAY - DAY, "valid_to"),
        (TODAY + 400 * DAY, None, "valid_from"),
        (dt.date(1027, 3, 10), None, "valid_from"),
    ],
)
def test_impossible_days_are_refused_by_their_field(land, approver, first, last, field):
    with pytest.raises(ValidationError) as wrong:
        give(approver, Role.OFFICE_STAFF, land.A, valid_from=first, valid_to=last)
    assert list(wrong.value.error_dict) == [field]


def test_the_same_post_is_not_given_twice(land, approver):
    give(approver, Role.OFFICE_STAFF, land.A)
    with pytest.raises(ValidationError, match="already holds"):
        give(approver, Role.OFFICE_STAFF, land.A)
    assert give(approver, Role.EXECUTOR, land.A).role == Role.EXECUTOR


def test_a_closed_account_is_given_nothing(land, approver):
    factories.user("new@test.example", is_active=False)
    with pytest.raises(ValidationError, match="closed"):
        give(approver, Role.OFFICE_STAFF, land.A)


@pytest.mark.parametrize("address", ["x", "a b@test.example", "a@test.example\nBcc: b@test.example", "ә@test.example"])
def test_an_address_that_is_none_is_refused(land, approver, address):
    with pytest.raises(ValidationError):
        give(approver, Role.OFFICE_STAFF, land.A, email=address)
    assert Post.objects.filter(territory=land.A).count() == 0


# -- Ending ---------------------------------------------------------------------------------------
def end(post, by, last_day=TODAY, **fields):
    fields = {"reason": "order 5", "seen_version": post.version, "by": by.who, "today": TODAY} | fields
    return people.end_post(post, last_day=last_day, **fields)


def test_the_last_day_still_counts(land, approver, okrug_office):
    end(okrug_office.post, approver, TODAY + DAY)
    assert posts_of(okrug_office.user, TODAY + DAY)
    assert not posts_of(okrug_office.user, TODAY + 2 * DAY)
    entry = Entry.objects.of(okrug_office.post).get()
    assert (entry.action, entry.was, entry.became, entry.reason) == (
        "post.ended",
        {"valid_to": None},
        {"valid_to": "2027-03-11"},
        "order 5",
    )


def test_a_withdrawn_post_counts_no_longer_but_did_until_yesterday(land, approver, okrug_office):
    post = okrug_office.post
    people.withdraw_post(post, reason="mistake", seen_version=1, by=approver.who, today=TODAY)
    assert not posts_of(okrug_office.user, TODAY)
    assert posts_of(okrug_office.user, TODAY - DAY)


def test_a_post_given_today_by_mistake_can_be_withdrawn_today(land, approver):
    post = give(approver, Role.OFFICE_STAFF, land.A)
    people.withdraw_post(post, reason="mistake", seen_version=post.version, by=approver.who, today=TODAY)
    assert not posts_of(post.user, TODAY)


def test_a_withdrawal_needs_its_reason(land, approver, okrug_office):
    with pytest.raises(ValidationError):
        people.withdraw_post(okrug_office.post, reason=" ", seen_version=1, by=approver.who, today=TODAY)


def test_a_post_cannot_end_yesterday_nor_twice(land, approver, okrug_office):
    with pytest.raises(ValidationError) as wrong:
        end(okrug_office.post, approver, TODAY - DAY)
    assert list(wrong.value.error_dict) == ["last_day"]
    ended = end(okrug_office.post, approver, TODAY)
    with pytest.raises(ValidationError, match="already ended"):
        end(ended, approver, TODAY + 5 * DAY, today=TODAY + DAY)


def test_the_second_of_two_who_end_a_post_is_told(land, approver, administrator, okrug_office):
    end(okrug_office.post, approver, TODAY + DAY)
    with pytest.raises(people.Stale) as stale:
        end(okrug_office.post, administrator, TODAY, seen_version=1)
    assert stale.value.current.valid_to == TODAY + DAY


def test_a_region_ends_only_what_it_may_give(land, approver, editor, neighbour, administrator):
    end(editor.post, approver)
    for foreign in (neighbour, administrator, approver):
        with pytest.raises(PermissionDenied):
            end(foreign.post, approver)


# -- The last administrator -----------------------------------------------------------------------
def test_the_last_administrator_cannot_be_ended_withdrawn_or_closed(administrator):
    with pytest.raises(ValidationError, match="last administrator"):
        end(administrator.post, administrator)
    with pytest.raises(ValidationError, match="last administrator"):
        people.withdraw_post(administrator.post, reason="x", seen_version=1, by=administrator.who, today=TODAY)
    with pytest.raises(ValidationError, match="last administrator"):
        people.close_account(administrator.user, reason="x", seen_version=1, by=clock("test"), today=TODAY)


def test_another_administrator_counts_only_if_he_can_come_in_after_that_day(administrator):
    other = Person(Role.ADMINISTRATOR, valid_to=TODAY + DAY)
    with pytest.raises(ValidationError, match="last administrator"):
        end(administrator.post, other, TODAY + DAY)
    other.user.is_active = False
    other.user.save(update_fields=["is_active"])
    with pytest.raises(ValidationError, match="last administrator"):
        end(administrator.post, administrator, TODAY)


def test_with_a_second_administrator_the_first_may_leave(administrator):
    second = Person(Role.ADMINISTRATOR)
    end(administrator.post, second)
    with pytest.raises(ValidationError, match="last administrator"):
        end(second.post, second)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_close_each_other_at_once_leave_one():
    first, second = Person(Role.ADMINISTRATOR), Person(Role.ADMINISTRATOR)
    barrier, refused = threading.Barrier(2), []

    def close(by, other):
        barrier.wait()
        try:
            people.close_account(other.user, reason="x", seen_version=1, by=by.who, today=TODAY)
        except (ValidationError, PermissionDenied) as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=close, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.filter(is_active=True).count() == 1


# -- Accounts -------------------------------------------------------------------------------------
def close(user, by, **fields):
    fields = {"reason": "left", "seen_version": user.version, "by": by.who, "today": TODAY} | fields
    return people.close_account(user, **fields)


def test_a_region_closes_only_accounts_that_are_wholly_its_own(land, approver, okrug_office, neighbour):
    both = factories.user()
    factories.post(Role.OFFICE_STAFF, land.A, user=both)
    factories.post(Role.OFFICE_STAFF, land.NA, user=both)
    for foreign in (both, neighbour.user, approver.user):
        with pytest.raises(PermissionDenied):
            close(foreign, approver)
    assert not close(okrug_office.user, approver).is_active


def test_nobody_closes_his_own_account(administrator):
    Person(Role.ADMINISTRATOR)
    with pytest.raises(ValidationError, match="your own"):
        close(administrator.user, administrator)


def test_a_closed_account_is_opened_again_with_its_posts(approver, okrug_office):
    closed = close(okrug_office.user, approver)
    assert closed.deactivated_at is not None
    opened = people.reopen_account(closed, seen_version=closed.version, by=approver.who, today=TODAY)
    assert (opened.is_active, opened.deactivated_at) == (True, None)
    assert posts_of(opened, TODAY)
    assert [e.action for e in Entry.objects.of(opened)] == ["account.reopened", "account.closed"]


def test_a_person_changes_his_name_but_not_his_address(editor):
    people.change_person(editor.user, values={"full_name": "Жаңа Аты"}, seen_version=1, by=editor.who)
    with pytest.raises(PermissionDenied):
        people.change_person(editor.user, values={"email": "x@test.example"}, seen_version=2, by=editor.who)


def test_nobody_changes_another_persons_details_except_the_administrator(editor, approver, administrator):
    with pytest.raises(PermissionDenied):
        people.change_person(editor.user, values={"full_name": "x"}, seen_version=1, by=approver.who)
    changed = people.change_person(
        editor.user, values={"email": "NEW@test.example"}, seen_version=1, by=administrator.who
    )
    assert changed.email == "new@test.example"


def test_an_address_belongs_to_one_account(editor, neighbour, administrator):
    with pytest.raises(ValidationError, match="Another account"):
        people.change_person(editor.user, values={"email": neighbour.user.email}, seen_version=1, by=administrator.who)


def test_nothing_is_written_when_nothing_changed(editor):
    people.change_person(editor.user, values={"full_name": ""}, seen_version=1, by=editor.who)
    assert Entry.objects.count() == 0


def test_a_change_that_fails_leaves_no_entry_and_no_letter(land, approver, monkeypatch):
    def refuse(post):
        raise RuntimeError("the outbox is broken")

    monkeypatch.setattr("territories.services.people.posts.send_link", lambda *a, **k: refuse(None))
    with pytest.raises(RuntimeError):
        give(approver, Role.OFFICE_STAFF, land.A)
    assert not Entry.objects.exists()
    assert not User.objects.filter(email="new@test.example").exists()


# -- Tokens ---------------------------------------------------------------------------------------
def test_a_token_is_made_for_the_post_one_acts_under_and_kept_as_a_digest(editor):
    row, token = people.create_token(editor.post, name="exchange", expires_on=TODAY, by=editor.who, today=TODAY)
    stored = ApiToken.objects.get()
    assert token.startswith("akm_")
    assert token not in (stored.digest, stored.prefix)
    assert len(token) >= 40
    assert Entry.objects.of(row).get().action == "token.created"


def test_a_token_lives_a_year_at_the_most(editor):
    for day in (TODAY - DAY, TODAY + 367 * DAY):
        with pytest.raises(ValidationError):
            people.create_token(editor.post, name="x", expires_on=day, by=editor.who, today=TODAY)


def test_nobody_makes_a_token_for_a_post_of_somebody_else(editor, approver):
    with pytest.raises(PermissionDenied):
        people.create_token(editor.post, name="x", expires_on=TODAY, by=approver.who, today=TODAY)


def test_a_token_is_withdrawn_by_its_owner_alone(editor, neighbour):
    row, _token = people.create_token(editor.post, name="x", expires_on=TODAY, by=editor.who, today=TODAY)
    with pytest.raises(PermissionDenied):
        people.revoke_token(row, by=neighbour.who)
    assert people.revoke_token(row, by=editor.who).revoked_at is not None
