"""Bodies and their mailboxes: every slip of an address has its words, every door the same service."""

import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from journal.models import Entry
from territories.addresses import clean_address
from territories.datasets import dataset_of
from territories.models import Mailbox, Organisation
from territories.models.organisations import OrganisationKind
from territories.resources import BODY_COLUMNS, MAILBOX_COLUMNS, BodyResource, MailboxResource, take_in
from territories.services import bodies
from territories.services.organisations import ensure_offices
from territories.services.people.stale import Stale
from territories.sheets import SheetRefused
from tests import factories
from tests.law.sources import DATA, needs_data
from tests.territories.classifier import OPERATOR

pytestmark = pytest.mark.django_db
BOX = {"address": "kense@oblys.example.kz", "language": "both", "addressee": "", "active": True}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def ours(land) -> Organisation:
    return factories.maslikhat(land.O)


@pytest.fixture
def theirs(land) -> Organisation:
    return factories.maslikhat(land.N)


# -- Addresses (B48) -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write the address"),
        ("maslikhat @example.kz", "has a space inside. Remove it: maslikhat@example.kz."),
        ("a@example.kz, b@example.kz", "holds several addresses (2)"),
        ("a@example.kz;b@example.kz; c@example.kz", "holds several addresses (3)"),
        ("a@example.kz b@example.kz", "holds several addresses (2)"),
        ("Мәслихат <a@example.kz>", "holds a name beside the address. Write only the address: a@example.kz."),
        ("mаslikhat@example.kz", "contains the letter “а” (CYRILLIC SMALL LETTER A)"),
        ("maslikhat@exаmple.kz", "contains the letter “а”"),
        ("maslikhat.example.kz", "is not an e-mail address"),
        ("maslikhat@", "is not an e-mail address"),
        (f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 30}.kz", "is longer than 254 characters"),
        ("a@example.kz\nBcc: x", "space inside"),
    ],
)
def test_every_slip_of_an_address_has_its_own_words(typed, words):
    with pytest.raises(ValidationError) as caught:
        clean_address(typed)
    assert words in " ".join(caught.value.messages)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Kense@Example.KZ\u00a0", "kense@example.kz"),
        ("kense\u200b@example.kz", "kense@example.kz"),
        ("kense@мәслихат.қаз", "kense@" + "мәслихат.қаз".encode("idna").decode()),
    ],
)
def test_what_can_be_put_right_without_guessing_is_put_right(typed, kept):
    assert clean_address(typed) == kept


# -- Mailboxes -------------------------------------------------------------------------------------
def test_staff_of_a_region_give_their_maslikhat_a_mailbox(ours, editor):
    box = bodies.add_mailbox(ours, values=BOX | {"address": " KENSE@oblys.example.kz "}, by=editor.who)
    assert box.address == "kense@oblys.example.kz"
    entry = Entry.objects.get(action="mailbox.added")
    assert (entry.became["address"], entry.scope_path) == (box.address, ours.territory.path)


def test_mailboxes_of_other_regions_and_of_the_nation_are_not_theirs(theirs, editor, raion_office, ours):
    national = Organisation.objects.create(key="x", kind="ministry", name_kk="x", name_ru="x")
    for body in (theirs, national):
        with pytest.raises(PermissionDenied):
            bodies.add_mailbox(body, values=BOX, by=editor.who)
    with pytest.raises(PermissionDenied):
        bodies.add_mailbox(ours, values=BOX, by=raion_office.who)


def test_one_address_stands_once_at_a_body(ours, editor):
    bodies.add_mailbox(ours, values=BOX, by=editor.who)
    with pytest.raises(ValidationError, match="already has a mailbox"):
        bodies.add_mailbox(ours, values=BOX | {"address": "KENSE@oblys.example.kz"}, by=editor.who)


def test_a_mailbox_is_taken_out_of_use_and_a_new_address_forgets_the_bounce(ours, editor):
    box = bodies.add_mailbox(ours, values=BOX, by=editor.who)
    Mailbox.objects.filter(pk=box.pk).update(bounced_at=timezone.now())
    box = bodies.change_mailbox(box, values={"active": False}, by=editor.who, seen_version=1)
    assert (box.active, box.bounced_at is None) == (False, False)
    box = bodies.change_mailbox(box, values={"address": "new@oblys.example.kz"}, by=editor.who, seen_version=2)
    assert box.bounced_at is None
    with pytest.raises(Stale):
        bodies.change_mailbox(box, values={"active": True}, by=editor.who, seen_version=1)


# -- Bodies ----------------------------------------------------------------------------------------
def test_a_name_mended_by_hand_no_longer_follows_the_unit(land, ours, administrator):
    body = bodies.change_body(ours, values={"name_ru": "Областной маслихат"}, by=administrator.who, seen_version=1)
    assert body.name_by_hand
    ensure_offices(by=OPERATOR)
    body.refresh_from_db()
    assert body.name_ru == "Областной маслихат"


def test_only_administrators_change_bodies(ours, editor):
    with pytest.raises(PermissionDenied):
        bodies.change_body(ours, values={"name_ru": "x"}, by=editor.who, seen_version=1)


HEAD = "id,kind,kato,name_kk,name_ru,name_en,short_ru,under\n"


def take(text: str, who=OPERATOR, write=True, columns=BODY_COLUMNS, resource=BodyResource):
    needed = ("id", "kind") if resource is BodyResource else ("key", "address")
    return take_in(resource(), dataset_of(text.encode(), columns, needed=needed), who=who, write=write)


def test_bodies_are_taken_in_and_told_apart_as_new_changed_and_unchanged():
    rows = "min-a,ministry,,А министрлігі,Министерство А,,МА,Правительство\nhold-b,national_holding,,Б,Б,,,min-a\n"
    report = take(HEAD + rows)
    assert (report.counts, report.written) == ({"new": 2, "changed": 0, "unchanged": 0, "wrong": 0}, True)
    assert Organisation.objects.get(key="hold-b").under.key == "min-a"
    assert Organisation.objects.get(key="hold-b").kind == OrganisationKind.HOLDING
    report = take(HEAD + rows.replace("Министерство А", "Министерство АА"))
    assert report.counts == {"new": 0, "changed": 1, "unchanged": 1, "wrong": 0}
    assert Entry.objects.get(action="organisation.changed").was == {"name_ru": "Министерство А"}


def test_a_preview_writes_nothing():
    assert take(HEAD + "min-a,ministry,,А,А,,,\n", write=False).counts["new"] == 1
    assert not Organisation.objects.exists()
    assert not Entry.objects.exists()


def test_one_wrong_row_and_nothing_is_written(land):
    report = take(HEAD + "min-a,ministry,,А,А,,,\nmin-b,kingdom,999999999,,Б,,,nobody\nmin-a,ministry,,А,А,,,\n")
    assert (report.counts["wrong"], report.written) == (2, False)
    assert not Organisation.objects.exists()
    assert not Entry.objects.exists()
    wrong = {row.line: dict(row.faults) for row in report.rows if row.state == "wrong"}
    assert "is no kind of body" in wrong[3]["kind"]
    assert "999999999" in wrong[3]["kato"]
    assert "The name is missing." in wrong[3]["name_kk"]
    assert "no body with the key nobody" in wrong[3]["under"]
    assert "already stands in line 2" in wrong[4]["id"]


def test_the_command_refuses_and_accepts_like_the_page(tmp_path):
    path = tmp_path / "bodies.csv"
    path.write_text(HEAD + "min-b,kingdom,,Б,Б,,,\n", encoding="utf-8")
    with pytest.raises(CommandError, match="line 2: kind"):
        call_command("import_bodies", str(path), "--language", "en")
    path.write_text(HEAD + "min-b,ministry,,Б,Б,,,\n", encoding="utf-8")
    out = io.StringIO()
    call_command("import_bodies", str(path), "--language", "en", stdout=out)
    assert out.getvalue() == "New: 1. Changed: 0. Unchanged: 0.\n"


@needs_data
def test_the_central_bodies_are_taken_in_whole_and_once(land):
    from territories.models import Kind

    for code in ("100000000", "110000000"):
        factories.unit(code, Kind.OBLAST, code=code, own_akim=True)
    ensure_offices(by=OPERATOR)
    text = (DATA / "central_bodies.csv").read_text(encoding="utf-8-sig")
    present = {"100000000", "110000000", "610000000", "310000000"}
    lines = [line for line in text.splitlines() if ",regional_akimat," not in line or line.split(",")[2] in present]
    report = take("\n".join(lines))
    assert report.counts == {"new": len(lines) - 1, "changed": 0, "unchanged": 0, "wrong": 0}
    assert take("\n".join(lines)).counts["unchanged"] == len(lines) - 1
    assert Organisation.objects.get(key="min-health").under.key == "government-office"


# -- Mailboxes from Excel --------------------------------------------------------------------------
BOX_HEAD = "Кілт,Атауы,Мекенжай,Тілі,Кімге\n"


def take_boxes(text: str, who, write=True):
    return take(text, who=who, write=write, columns=MAILBOX_COLUMNS, resource=MailboxResource)


def test_mailboxes_are_taken_in_from_a_sheet_with_kazakh_headings(ours, editor):
    report = take_boxes(f"{BOX_HEAD}{ours.key},Мәслихат,Kense@oblys.example.kz,қаз,хатшы\n", editor.who)
    assert report.counts["new"] == 1
    assert list(Mailbox.objects.values_list("address", "language", "addressee")) == [
        ("kense@oblys.example.kz", "kk", "хатшы")
    ]
    assert take_boxes(f"{BOX_HEAD}{ours.key},,kense@oblys.example.kz,kk,хатшы\n", editor.who).counts["unchanged"] == 1
    assert take_boxes(f"{BOX_HEAD}{ours.key},,kense@oblys.example.kz,ru,хатшы\n", editor.who).counts["changed"] == 1
    assert Entry.objects.get(action="mailbox.changed").became == {"language": "ru"}


def test_rows_without_an_address_are_passed_over(ours, editor):
    assert take_boxes(f"{BOX_HEAD}{ours.key},Мәслихат,,both,\n", editor.who).counts["unchanged"] == 1


def test_a_body_of_another_region_does_not_exist_for_the_file(ours, theirs, editor):
    report = take_boxes(f"{BOX_HEAD}{theirs.key},,a@b.example.kz,,\n{ours.key},,a@b.example.kz,,\n", editor.who)
    assert report.counts == {"new": 1, "changed": 0, "unchanged": 0, "wrong": 1}
    assert not Mailbox.objects.exists()
    assert "no body with the key" in report.rows[0].faults[0][1]


def test_wrong_addresses_languages_and_doubles_are_told_by_line(ours, editor):
    rows = [f"{ours.key},,a b@c.kz,,", f"{ours.key},,a@c.kz,xx,", f"{ours.key},,a@c.kz,,"]
    report = take_boxes(BOX_HEAD + "\n".join(rows), editor.who)
    faults = {row.line: row.faults[0] for row in report.rows if row.faults}
    assert "space inside" in faults[2][1]
    assert faults[3][0] == "language"
    assert "already stands in line 3" in faults[4][1]


def test_headings_that_are_missing_are_named():
    with pytest.raises(SheetRefused, match=r"Expected: key, .*Found: a, b"):
        dataset_of(b"a,b\n1,2\n", MAILBOX_COLUMNS, needed=("key", "address"))


def test_what_is_taken_out_can_be_sent_back_without_a_difference(ours, editor):
    bodies.add_mailbox(ours, values=BOX, by=editor.who)
    answer = editor.client.get("/staff/units/bodies/mailboxes/export/")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0] == ("key", "name", "address", "language", "addressee")
    assert rows[1][:3] == (ours.key, ours.name_kk, BOX["address"])
    report = take_in(
        MailboxResource(),
        dataset_of(answer.content, MAILBOX_COLUMNS, needed=("key", "address")),
        who=editor.who,
        write=True,
    )
    assert report.counts == {"new": 0, "changed": 0, "unchanged": 1, "wrong": 0}
