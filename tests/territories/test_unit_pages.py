"""Pages of units, editions and bodies: what each reader sees and may do there, with how many queries."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from territories.models import DraftState, Edition, EditionDraft, Kind, Mailbox, Organisation, Role, Territory
from tests import factories
from tests.territories.classifier import OPERATOR, SMALL, csv_of, table_of

pytestmark = pytest.mark.django_db
UNITS = reverse("territories:units")
BODIES = reverse("territories:bodies")
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name: str, *args) -> str:
    return reverse(f"territories:{name}", args=args)


def text(answer) -> str:
    return answer.content.decode()


def upload(rows, name="kato_2025-01-01.csv") -> dict:
    return {"file": SimpleUploadedFile(name, csv_of(rows))}


# -- Browsing --------------------------------------------------------------------------------------
def test_the_first_page_shows_the_regions_and_how_much_is_in_them(land, okrug_office):
    page = text(okrug_office.client.get(UNITS))
    assert land.O.name_ru not in page
    assert f'<a href="{url("unit", land.O.pk)}">{land.O.name_kk}</a>' in page
    assert land.R.name_kk not in page
    assert "Load an edition" not in page


def test_without_units_an_administrator_is_led_to_the_classifier(administrator):
    page = text(administrator.client.get(UNITS))
    assert "There are no units yet." in page
    assert url("upload_edition") in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "aksu"}, {"A", "a1", "a2", "a3"}),
        ({"q": "aksu", "kind": Kind.OKRUG}, {"A"}),
        ({"q": "610000000"}, {"O"}),
        ({"kind": Kind.RAION}, {"R", "NR"}),
        ({"state": "akim", "kind": Kind.VILLAGE}, {"V"}),
    ],
)
def test_units_are_found_by_words_code_kind_and_akim(land, editor, asked, found):
    page = editor.client.get(UNITS, asked).context["page"]
    assert {unit.pk for unit in page} == {getattr(land, name).pk for name in found}


def test_a_region_narrows_the_search_and_a_slip_in_the_address_is_no_error(land, editor):
    page = editor.client.get(UNITS, {"q": "raion", "region": land.N.pk}).context["page"]
    assert [unit.pk for unit in page] == [land.NR.pk]
    assert editor.client.get(UNITS, {"kind": "castle", "region": "x"}).status_code == 200


def test_while_typing_only_the_results_come(land, editor):
    page = text(editor.client.get(UNITS, {"q": "aksu"}, HTTP_HX_TARGET="units-found", **HTMX))
    assert land.A.name_kk in page
    assert "<html" not in page


def test_what_is_not_found_says_what_to_try(land, editor):
    assert "No unit fits." in text(editor.client.get(UNITS, {"q": "zzz"}))


def test_a_unit_tells_where_it_lies_what_it_holds_and_its_bodies(land, editor):
    body = factories.maslikhat(land.O, "m@test.example")
    page = text(editor.client.get(url("unit", land.O.pk)))
    assert land.R.name_kk in page
    assert land.K.name_kk in page
    assert "m@test.example" in page
    page = text(editor.client.get(url("unit", land.a1.pk)))
    for unit in (land.O, land.R, land.A):
        assert f'<a href="{url("unit", unit.pk)}">{unit.name_kk}</a>' in page
    assert str(body) not in page


def test_addresses_of_a_neighbours_bodies_are_not_shown(land, neighbour):
    body = factories.maslikhat(land.O, "m@test.example")
    assert "m@test.example" not in text(neighbour.client.get(url("unit", land.O.pk)))
    assert "m@test.example" not in text(neighbour.client.get(url("body", body.pk)))
    assert "m@test.example" not in text(neighbour.client.get(BODIES))


def test_the_codes_of_a_unit_are_told_by_edition(administrator):
    from territories.services.editions import load_edition

    load_edition(table_of(SMALL), by=OPERATOR)
    load_edition(
        table_of([*SMALL[:5], ("615230500", "с.Аксукент", "Ақсукент а."), SMALL[6]], "2026-01-01"), by=OPERATOR
    )
    page = text(administrator.client.get(url("unit", Territory.objects.get(code="615230500").pk)))
    assert page.index("615230500") < page.index("615230100")


def test_the_public_and_whoever_holds_no_post_see_no_unit(land, nobody):
    assert nobody.get(UNITS).status_code == 302
    stranger = factories.user()
    nobody.force_login(stranger)
    assert nobody.get(url("unit", land.O.pk)).status_code in (302, 403, 404)


# -- Numbers of queries ----------------------------------------------------------------------------
def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("address", [UNITS, f"{UNITS}?kind=village", BODIES, f"{BODIES}?boxes=no"])
def test_a_list_costs_the_same_however_long_it_is(land, editor, address):
    factories.maslikhat(land.O, "m@test.example")
    factories.maslikhat(land.R)
    client = editor.client
    few = queries_of(client, address)
    for number in range(6):
        region = factories.unit(f"Region {number}", Kind.OBLAST, own_akim=True)
        factories.unit(f"Village {number}", Kind.VILLAGE, factories.unit("Okrug", Kind.OKRUG, region))
        factories.maslikhat(region, f"m{number}@test.example")
        factories.maslikhat(factories.unit(f"Raion {number}", Kind.RAION, land.O), f"r{number}@test.example")
    assert queries_of(client, address) == few


def test_the_page_of_a_unit_costs_the_same_with_many_parts(land, editor):
    client, address = editor.client, url("unit", land.R.pk)
    few = queries_of(client, address)
    for number in range(8):
        factories.unit(f"Village {number}", Kind.VILLAGE, land.R)
    assert queries_of(client, address) == few


# -- Changing --------------------------------------------------------------------------------------
def test_an_administrator_excludes_baikonyr_and_everybody_reads_why(land, administrator, editor):
    address = url("exclude", land.K.pk)
    assert "<form" in text(administrator.client.get(address, **HTMX))
    answer = administrator.client.post(address, {"version": 1, "excluded_reason": "Жалға берілген"}, **HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, url("unit", land.K.pk))
    assert "Жалға берілген" in text(editor.client.get(url("unit", land.K.pk)))
    administrator.client.post(url("include", land.K.pk), {"version": 2})
    land.K.refresh_from_db()
    assert not land.K.excluded


def test_the_second_of_two_editors_sees_both_values_and_may_save_then(land, administrator):
    client, address = administrator.client, url("names", land.R.pk)
    sent = {"version": 1, "name_kk": "А", "name_ru": "А", "name_en": ""}
    assert client.post(address, sent).status_code == 302
    answer = client.post(address, sent | {"name_ru": "Б"})
    assert answer.status_code == 409
    page = text(answer)
    assert "Another person has changed this" in page
    assert '<td class="lines">А</td><td class="lines">Б</td>' in page
    assert 'value="2"' in page
    assert client.post(address, sent | {"name_ru": "Б", "version": 2}).status_code == 302
    land.R.refresh_from_db()
    assert land.R.name_ru == "Б"


def test_a_wrong_form_comes_back_with_its_words(land, editor):
    answer = editor.client.post(
        url("add_microraion", land.K.pk),
        {"name_kk": "Самал", "name_ru": "Самал", "valid_from": "2026-05-02", "valid_to": "2026-05-01"},
    )
    assert answer.status_code == 422
    assert "The last day lies before the first." in text(answer)


def test_staff_of_the_region_enter_a_microraion_on_the_page(land, editor):
    page = text(editor.client.get(url("unit", land.K.pk)))
    assert url("add_microraion", land.K.pk) in page
    assert url("exclude", land.K.pk) not in page
    editor.client.post(url("add_microraion", land.K.pk), {"name_kk": "Самал", "name_ru": "Самал"})
    assert Territory.objects.get(manual=True).parent == land.K


@pytest.mark.parametrize("name", ["exclude", "include", "names", "days", "add_microraion"])
def test_who_may_not_change_a_unit_is_told_so(land, neighbour, raion_office, name):
    for person in (neighbour, raion_office):
        assert person.client.get(url(name, land.K.pk)).status_code == 403
        assert person.client.post(url(name, land.K.pk), {"version": 1}).status_code == 403
    land.K.refresh_from_db()
    assert land.K.version == 1


@pytest.mark.parametrize("name", ["editions", "upload_edition", "import_bodies", "add_body"])
def test_pages_of_the_administrator_are_his(land, editor, reviewer, administrator, name):
    for person in (editor, reviewer):
        assert person.client.get(url(name)).status_code == 403
    assert administrator.client.get(url(name)).status_code == 200


# -- Editions --------------------------------------------------------------------------------------
def test_an_edition_is_loaded_in_the_browser_after_a_preview(administrator, django_capture_on_commit_callbacks):
    client = administrator.client
    answer = client.post(url("upload_edition"), upload(SMALL))
    draft = EditionDraft.objects.get()
    assert answer["Location"] == url("draft", draft.pk)
    assert not Territory.objects.exists()
    page = text(client.get(answer["Location"]))
    assert "This is the first edition" in text(client.get(answer["Location"], {"part": "new"}))
    assert "Load this edition" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("start_draft", draft.pk), {"version": draft.version})
    draft.refresh_from_db()
    assert (draft.state, draft.edition.loaded_by) == (DraftState.CLOSED, administrator.user)
    assert Territory.objects.count() == len(SMALL)
    assert "01.01.2025" in text(client.get(url("editions")))
    for part in ("questions", "gone", "new", "changed"):
        assert client.get(url("draft", draft.pk), {"part": part}).status_code == 200
    assert client.get(url("draft", draft.pk), {"part": "x"}).status_code == 404


def test_a_refused_file_is_told_line_by_line(administrator):
    answer = administrator.client.post(url("upload_edition"), upload([*SMALL, SMALL[0]]))
    assert answer.status_code == 422
    page = text(answer)
    assert "The file was refused for 1 fault; nothing was written." in page
    assert '<td class="num">9</td>' in page
    assert "stands twice" in page
    assert not EditionDraft.objects.exists()


def test_a_question_is_answered_on_the_page_before_loading_and_after(administrator, django_capture_on_commit_callbacks):
    from territories.services.editions import load_edition

    load_edition(table_of(SMALL), by=OPERATOR)
    village, settlement = (Territory.objects.get(code=code) for code in ("615230100", "615241000"))
    for unit in (village, settlement):
        factories.post(Role.OFFICE_STAFF, unit)
    client = administrator.client
    rows = [*SMALL[:5], ("615230300", "с.Аксукенты", "")]
    client.post(url("upload_edition"), upload(rows, "kato_2026-01-01.csv"))
    draft = EditionDraft.objects.get()
    page = text(client.get(url("draft", draft.pk)))
    assert "meetings, posts or mailboxes hang on it" in page
    assert "a similar name, the same" not in page
    assert "a similar name" in page
    form = client.get(url("decide", draft.pk, village.pk), **HTMX)
    assert 'value="same:615230300"' in text(form)
    sent = {"version": draft.version, "choice": "same:615230300", "other": ""}
    assert client.post(url("decide", draft.pk, village.pk), sent).status_code == 302
    assert client.post(url("decide", draft.pk, village.pk), sent).status_code == 409
    draft.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("start_draft", draft.pk), {"version": draft.version})
    village.refresh_from_db()
    draft.refresh_from_db()
    assert (village.code, village.valid_to, draft.state) == ("615230300", None, DraftState.OPEN)
    sent = {"version": draft.version, "choice": "abolished", "other": "615230000"}
    client.post(url("decide", draft.pk, settlement.pk), sent)
    settlement.refresh_from_db()
    draft.refresh_from_db()
    assert (settlement.successor.code, draft.state) == ("615230000", DraftState.CLOSED)
    assert client.get(url("decide", draft.pk, Territory.objects.get(code="610000000").pk)).status_code == 404


def test_while_an_edition_is_loaded_the_page_asks_how_far_it_is(administrator):
    client = administrator.client
    client.post(url("upload_edition"), upload(SMALL))
    draft = EditionDraft.objects.get()
    client.post(url("start_draft", draft.pk), {"version": draft.version})
    page = text(client.get(url("draft", draft.pk)))
    assert url("draft_progress", draft.pk) in page
    assert "every 2s" in text(client.get(url("draft_progress", draft.pk)))
    EditionDraft.objects.update(state=DraftState.CLOSED)
    assert client.get(url("draft_progress", draft.pk))["HX-Refresh"] == "true"


def test_a_file_put_aside_and_a_start_that_comes_too_late_are_told(administrator):
    client = administrator.client
    client.post(url("upload_edition"), upload(SMALL))
    draft = EditionDraft.objects.get()
    assert client.post(url("put_aside_draft", draft.pk), {"version": draft.version})["Location"] == url("editions")
    answer = client.post(url("start_draft", draft.pk), {"version": draft.version + 1}, follow=True)
    assert "no longer waiting" in text(answer)
    assert not Edition.objects.exists()


# -- Bodies ----------------------------------------------------------------------------------------
def test_bodies_are_listed_by_name_kind_region_and_mailbox(land, administrator):
    ours, theirs = factories.maslikhat(land.O, "m@test.example"), factories.maslikhat(land.N)
    Organisation.objects.filter(pk=ours.pk).update(search="маслихат наш")
    client = administrator.client

    def found(**asked):
        return {body.pk for body in client.get(BODIES, asked).context["page"]}

    assert found() == {ours.pk, theirs.pk}
    assert found(q="наш") == found(boxes="yes") == found(region=land.O.pk) == {ours.pk}
    assert found(boxes="no") == {theirs.pk}
    assert found(kind="ministry") == found(boxes="bounced") == set()


def test_a_mailbox_is_added_changed_and_taken_out_of_use_on_the_page(land, editor):
    body = factories.maslikhat(land.O)
    client = editor.client
    assert "receives no notices" in text(client.get(url("body", body.pk)))
    sent = {"address": "Kense@oblys.example.kz", "language": "kk", "addressee": "хатшы", "active": "on"}
    answer = client.post(url("add_mailbox", body.pk), sent | {"address": "kense @oblys.example.kz"})
    assert answer.status_code == 422
    assert "Remove it: kense@oblys.example.kz." in text(answer)
    assert client.post(url("add_mailbox", body.pk), sent).status_code == 302
    box = Mailbox.objects.get()
    del sent["active"]
    client.post(url("change_mailbox", box.pk), sent | {"version": 1})
    box.refresh_from_db()
    assert not box.active
    assert "not in use" in text(client.get(url("body", body.pk)))
    assert client.post(url("change_mailbox", box.pk), sent | {"version": 1, "language": "ru"}).status_code == 409


def test_a_strangers_mailbox_does_not_exist_and_his_body_is_not_changed(land, neighbour):
    body = factories.maslikhat(land.O, "m@test.example")
    assert neighbour.client.get(url("change_mailbox", body.mailboxes.get().pk)).status_code == 404
    assert neighbour.client.get(url("add_mailbox", body.pk)).status_code == 403
    assert neighbour.client.get(url("body", body.pk)).status_code == 200


def test_an_administrator_enters_and_changes_a_body(administrator):
    client = administrator.client
    sent = {"key": "min-x", "kind": "ministry", "name_kk": "Х", "name_ru": "Икс", "website": "example.kz"}
    assert client.post(url("add_body"), sent).status_code == 302
    body = Organisation.objects.get()
    assert (body.website, body.search) == ("https://example.kz", "икс х min x")
    answer = client.post(url("add_body"), sent)
    assert answer.status_code == 422
    client.post(url("change_body", body.pk), {"version": 1, "name_kk": "Х", "name_ru": "Игрек"})
    body.refresh_from_db()
    assert body.name_ru == "Игрек"


def test_mailboxes_from_excel_are_shown_first_and_written_then(land, editor):
    body = factories.maslikhat(land.O)
    client, address = editor.client, url("import_mailboxes")
    file = SimpleUploadedFile("m.csv", f"key,address\n{body.key},m@test.example\n".encode())
    answer = client.post(address, {"file": file})
    assert not Mailbox.objects.exists()
    token = answer.context["token"]
    assert client.post(address, {"token": token, "write": "1"})["Location"] == BODIES
    assert Mailbox.objects.get().address == "m@test.example"
    answer = client.post(address, {"token": token, "write": "1"})
    assert "no longer kept" in text(answer)


def test_wrong_rows_of_a_file_are_shown_first_and_nothing_can_be_written(land, editor):
    body = factories.maslikhat(land.O)
    file = SimpleUploadedFile("m.csv", f"key,address\n{body.key},m@test.example\n{body.key},x\n".encode())
    answer = editor.client.post(url("import_mailboxes"), {"file": file})
    assert answer.status_code == 422
    assert [row.state for row in answer.context["rows"]] == ["wrong", "new"]
    assert 'name="write"' not in text(answer)


def test_an_upload_of_another_person_cannot_be_written(land, editor, approver):
    body = factories.maslikhat(land.O)
    file = SimpleUploadedFile("m.csv", f"key,address\n{body.key},m@test.example\n".encode())
    token = editor.client.post(url("import_mailboxes"), {"file": file}).context["token"]
    approver.client.post(url("import_mailboxes"), {"token": token, "write": "1"})
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("name", ["import_mailboxes", "export_mailboxes"])
def test_mailboxes_in_bulk_are_for_regions_and_administrators(land, okrug_office, reviewer, name):
    for person in (okrug_office, reviewer):
        assert person.client.get(url(name)).status_code == 403
