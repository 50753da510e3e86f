"""Editions of the classifier: a unit stays one row, and nothing that hangs on it is lost."""

import datetime as dt
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from calendars.models import Meeting
from journal.models import Entry
from territories.kato.matching import Known, match
from territories.kato.reading import Refused
from territories.kato.units import units_of
from territories.models import (
    DraftState,
    Edition,
    EditionDraft,
    Kind,
    Mailbox,
    Organisation,
    Role,
    Territory,
    TerritoryState,
)
from territories.models.organisations import OrganisationKind
from territories.scope import clock
from territories.services import editions, units
from territories.services.editions import Decision, load_edition
from territories.services.people.stale import Stale
from tests import factories
from tests.law.sources import needs_data
from tests.territories.classifier import NEW, OLD, OPERATOR, SMALL, csv_of, real, table_of

pytestmark = pytest.mark.django_db
LATER = "2026-01-01"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def load(rows, day="2025-01-01", **options):
    return load_edition(table_of(rows, day), by=OPERATOR, **options)


def unit(code: str) -> Territory:
    return Territory.objects.get(code=code, valid_to=None)


def changed(*changes, drop=(), add=()) -> list:
    """The small classifier with rows replaced by (old code, new row), dropped or added."""
    new = dict(changes)
    return [new.get(row[0], row) for row in SMALL if row[0] not in drop] + list(add)


def meeting_in(place: Territory) -> Meeting:
    region = place.region or place
    return factories.meeting(factories.calendar(region), region, place)


# -- The first edition ----------------------------------------------------------------------------
def test_every_unit_gets_its_place_in_the_tree_and_the_words_that_search_needs():
    load(SMALL)
    village, okrug, raion, region = unit("615230100"), unit("615230000"), unit("615200000"), unit("610000000")
    assert village.path == f"{region.pk}/{raion.pk}/{okrug.pk}/{village.pk}/"
    assert (village.region, region.region, region.path) == (region, None, f"{region.pk}/")
    assert (village.kind, village.own_akim, okrug.own_akim) == (Kind.VILLAGE, False, True)
    assert village.search == "с аксукент а"
    assert village.sort_kk < unit("615200000").sort_kk
    assert village.valid_from is None


def test_the_names_as_written_are_kept_beside_the_tidy_ones():
    load([*SMALL[:6], ("615241000", "п.а.\u00a0Ащысай", "Ащысай  к.ә.")])
    state = TerritoryState.objects.get(code="615241000")
    assert (state.name_ru, unit("615241000").name_ru) == ("п.а.\u00a0Ащысай", "п.а. Ащысай")


def test_each_unit_with_an_akim_has_an_office_and_the_elected_ones_a_maslikhat():
    load(SMALL)
    offices = Organisation.objects.filter(kind=OrganisationKind.AKIM_OFFICE)
    assert set(offices.values_list("territory__code", flat=True)) == {
        "610000000",
        "611600000",
        "615200000",
        "615230000",
        "615241000",
    }
    maslikhats = Organisation.objects.filter(kind=OrganisationKind.MASLIKHAT)
    assert set(maslikhats.values_list("territory__code", flat=True)) == {"610000000", "611600000", "615200000"}
    assert Organisation.objects.filter(key__in=["government-office", "administration"]).count() == 2


def test_the_same_file_again_changes_nothing():
    load(SMALL)
    before = [list(model.objects.order_by("pk").values()) for model in (Territory, TerritoryState, Organisation)]
    entries = Entry.objects.count()
    assert load(SMALL).already
    assert [
        list(model.objects.order_by("pk").values()) for model in (Territory, TerritoryState, Organisation)
    ] == before
    assert Entry.objects.count() == entries


def test_an_older_edition_and_another_file_of_the_same_day_are_refused():
    load(SMALL, "2025-01-01")
    with pytest.raises(Refused, match="is older"):
        load(SMALL[:1], "2024-01-01")
    with pytest.raises(Refused, match="Another file with the state of 1 January 2025"):
        load(SMALL[:1], "2025-01-01")


def test_a_file_whose_name_tells_no_day_asks_for_it():
    table = table_of(SMALL, "without day")
    with pytest.raises(Refused, match="Give the day"):
        load_edition(table, by=OPERATOR)
    assert load_edition(table, by=OPERATOR, as_of=dt.date(2025, 1, 1)).edition.as_of == dt.date(2025, 1, 1)


def test_only_an_administrator_loads(editor):
    with pytest.raises(PermissionDenied):
        load_edition(table_of(SMALL), by=editor.who)


# -- The next edition: what stays one unit --------------------------------------------------------
def test_a_unit_with_a_new_name_stays_the_same_unit():
    load(SMALL)
    village = unit("615230100")
    load(changed(("615230100", ("615230100", "с.Бәйтерек", "Бәйтерек а."))), LATER)
    village.refresh_from_db()
    assert (village.name_kk, village.search, village.valid_to) == ("Бәйтерек а.", "с байтерек а", None)
    assert [state.name_ru for state in village.states.order_by("edition__as_of")] == ["с.Аксукент", "с.Бәйтерек"]


def test_an_okrug_that_moved_with_a_new_raion_stays_one_unit_with_its_villages_and_meetings():
    load(SMALL)
    okrug, village = unit("615230000"), unit("615230100")
    held = meeting_in(village)
    load(
        changed(
            ("615230000", ("615530000", "Аксукентский с.о.", "Ақсукент а.о.")),
            ("615230100", ("615530100", "с.Аксукент", "Ақсукент а.")),
            add=[("615500000", "район Сауран", "Сауран ауданы")],
        ),
        LATER,
    )
    okrug.refresh_from_db()
    village.refresh_from_db()
    held.refresh_from_db()
    new_raion = unit("615500000")
    assert (okrug.code, okrug.parent) == ("615530000", new_raion)
    assert (village.code, held.place) == ("615530100", village)
    assert village.path == f"{okrug.region_id}/{new_raion.pk}/{okrug.pk}/{village.pk}/"
    assert new_raion.valid_from == dt.date(2026, 1, 1)
    assert not EditionDraft.objects.exists()


def test_two_units_that_swap_their_codes_keep_their_meetings():
    rows = [*SMALL, ("615230200", "с.Бәйтерек", "Бәйтерек а.")]
    load(rows)
    first, second = unit("615230100"), unit("615230200")
    swapped = [row for row in rows if row[0] not in ("615230100", "615230200")]
    load([*swapped, ("615230200", "с.Аксукент", "Ақсукент а."), ("615230100", "с.Бәйтерек", "Бәйтерек а.")], LATER)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.code, second.code) == ("615230200", "615230100")


def test_a_unit_of_another_rank_at_the_same_code_and_name_stays_one_unit():
    load(SMALL)
    settlement = unit("615241000")
    load(changed(("615241000", ("615241000", "с.а.Ащысай", "Ащысай а.ә."))), LATER)
    settlement.refresh_from_db()
    assert (settlement.kind, settlement.own_akim) == (Kind.VILLAGE, True)
    office = Organisation.objects.get(territory=settlement, kind=OrganisationKind.AKIM_OFFICE)
    assert office.name_ru == "Аппарат акима села Ащысай"


def test_a_name_mended_by_hand_stays_until_the_classifier_brings_another():
    load(SMALL)
    village = unit("615230100")
    units.rename(village, names={"name_ru": "с.Аксу-кент"}, by=OPERATOR, seen_version=1)
    load(SMALL, LATER)
    assert unit("615230100").name_ru == "с.Аксу-кент"
    load(changed(("615230100", ("615230100", "с.Бәйтерек", "Бәйтерек а."))), "2026-06-01")
    assert unit("615230100").name_ru == "с.Бәйтерек"


# -- The next edition: what goes, what is asked ---------------------------------------------------
def test_a_unit_that_is_no_longer_named_is_closed_and_keeps_its_rows():
    load(SMALL)
    village = unit("615230100")
    held = meeting_in(village)
    result = load(changed(drop=["615230100"]), LATER)
    village.refresh_from_db()
    held.refresh_from_db()
    assert village.valid_to == dt.date(2025, 12, 31)
    assert held.place == village
    (question,) = result.draft.plan["questions"]
    assert (question["id"], question["must"], question["candidates"]) == (village.pk, True, [])
    assert result.draft.state == DraftState.OPEN


def test_of_a_unit_on_which_nothing_hangs_nothing_is_asked():
    load(SMALL)
    result = load(changed(drop=["615230100"]), LATER)
    assert result.draft is None
    assert Territory.objects.get(code="615230100").valid_to == dt.date(2025, 12, 31)


@pytest.mark.parametrize("hanging", ["post", "mailbox", "microraion", "calendar"])
def test_posts_mailboxes_microraions_and_calendars_count_as_hanging_on_a_unit(hanging):
    load(SMALL)
    city = unit("611600000")
    if hanging == "post":
        factories.post(Role.OFFICE_STAFF, city)
    elif hanging == "mailbox":
        Mailbox.objects.create(
            organisation=Organisation.objects.get(key="maslikhat-611600000"), address="m@test.example"
        )
    elif hanging == "microraion":
        units.add_microraion(city, name_kk="Самал", name_ru="Самал", valid_from=None, valid_to=None, by=OPERATOR)
    else:
        factories.meeting(factories.calendar(unit("610000000")), city)
    result = load(changed(drop=["611600000", "611610000"]), LATER)
    assert [question["must"] for question in result.draft.plan["questions"]] == [True]


def test_an_office_of_a_closed_unit_is_closed_with_it():
    load(SMALL)
    load(changed(drop=["615241000"]), LATER)
    assert Organisation.objects.get(key="akim-615241000").valid_to == dt.date(2025, 12, 31)


def renamed_and_moved() -> tuple[Territory, object]:
    """A village with a meeting whose name and code both changed: nobody can be sure."""
    load(SMALL)
    village = unit("615230100")
    meeting_in(village)
    rows = changed(("615230100", ("615230300", "с.Аксукенты", "Ақсукент а.")))
    return village, rows


def test_a_unit_that_changed_name_and_code_is_asked_about_with_a_suggestion():
    village, rows = renamed_and_moved()
    draft = load(rows, LATER).draft
    (question,) = draft.plan["questions"]
    assert (question["id"], question["suggested"]) == (village.pk, "615230300")
    assert question["candidates"][0]["reasons"] == ["similar_name", "same_parent"]


def test_suggestions_are_taken_when_asked_for():
    village, rows = renamed_and_moved()
    assert load(rows, LATER, accept_suggestions=True).draft is None
    village.refresh_from_db()
    assert (village.code, village.name_ru, village.valid_to) == ("615230300", "с.Аксукенты", None)


def test_an_answer_given_beforehand_makes_the_pair():
    village, rows = renamed_and_moved()
    load(rows, LATER, decided={village.pk: Decision("same", "615230300")})
    village.refresh_from_db()
    assert (village.code, Meeting.objects.get().place) == ("615230300", village)


def test_a_successor_named_beforehand_is_kept():
    village, rows = renamed_and_moved()
    load(rows, LATER, decided={village.pk: Decision("abolished", "615230300")})
    village.refresh_from_db()
    assert (village.valid_to, village.successor) == (dt.date(2025, 12, 31), unit("615230300"))


def test_an_answer_given_afterwards_makes_the_closed_unit_live_on_under_the_new_row():
    village, rows = renamed_and_moved()
    draft = load(rows, LATER).draft
    newcomer = unit("615230300")
    draft = editions.answer(draft, village, Decision("same", "615230300"), by=OPERATOR, seen_version=draft.version)
    village.refresh_from_db()
    assert (village.code, village.name_ru, village.valid_to) == ("615230300", "с.Аксукенты", None)
    assert village.path.endswith(f"/{village.pk}/")
    assert not Territory.objects.filter(pk=newcomer.pk).exists()
    assert village.states.count() == 2
    assert (draft.state, Meeting.objects.get().place) == (DraftState.CLOSED, village)
    assert Entry.objects.filter(action="territory.became", object_id=str(village.pk)).exists()


def test_the_parts_of_a_new_row_go_over_to_the_unit_that_it_turns_out_to_be():
    load(SMALL)
    okrug = unit("615230000")
    factories.post(Role.OFFICE_STAFF, okrug)
    rows = changed(
        ("615230000", ("615233000", "Ақсукенттік с.о.", "Ақсукент а.о.")),
        ("615230100", ("615233100", "с.Аксукент", "Ақсукент а.")),
    )
    draft = load(rows, LATER).draft
    village = unit("615233100")
    editions.answer(draft, okrug, Decision("same", "615233000"), by=OPERATOR, seen_version=draft.version)
    village.refresh_from_db()
    okrug.refresh_from_db()
    assert village.parent == okrug
    assert village.path == f"{okrug.path}{village.pk}/"
    assert Organisation.objects.get(territory=okrug, kind="akim_office").valid_to is None


def test_a_row_on_which_something_hangs_already_cannot_be_taken_away():
    village, rows = renamed_and_moved()
    draft = load(rows, LATER).draft
    factories.meeting(Meeting.objects.get().calendar, village.region, unit("615230300"))
    with pytest.raises(ValidationError, match="successor"):
        editions.answer(draft, village, Decision("same", "615230300"), by=OPERATOR, seen_version=draft.version)
    editions.answer(draft, village, Decision("abolished", "615230300"), by=OPERATOR, seen_version=draft.version)
    village.refresh_from_db()
    assert village.successor == unit("615230300")


def test_only_a_row_that_the_edition_brought_can_be_an_earlier_unit():
    village, rows = renamed_and_moved()
    draft = load(rows, LATER).draft
    with pytest.raises(ValidationError, match="not a new row"):
        editions.answer(draft, village, Decision("same", "615230000"), by=OPERATOR, seen_version=draft.version)


def test_of_two_people_who_answer_at_once_the_second_is_told():
    village, rows = renamed_and_moved()
    draft = load(rows, LATER).draft
    editions.answer(draft, village, Decision("abolished"), by=OPERATOR, seen_version=draft.version)
    with pytest.raises(Stale):
        editions.answer(draft, village, Decision("same", "615230300"), by=OPERATOR, seen_version=draft.version)


def test_a_microraion_entered_by_hand_outlives_every_edition():
    load(SMALL)
    city = unit("611600000")
    own = units.add_microraion(city, name_kk="Самал", name_ru="Самал", valid_from=None, valid_to=None, by=OPERATOR)
    load(
        changed(("611600000", ("611700000", "Арысь Г.А.", "Арыс Қ.Ә.")), ("611610000", ("611710000", "г.Арысь", ""))),
        LATER,
    )
    own.refresh_from_db()
    assert (own.valid_to, own.parent.code, own.path) == (None, "611700000", f"{own.parent.path}{own.pk}/")


def test_an_exclusion_outlives_every_edition():
    load(SMALL)
    units.exclude(unit("611600000"), reason="Аренда", by=OPERATOR, seen_version=1)
    load(changed(("611600000", ("611600000", "Арыс Г.А.", "Арыс Қ.Ә."))), LATER)
    assert unit("611600000").excluded


def test_the_journal_tells_each_unit_that_an_edition_changed():
    load(SMALL)
    assert Entry.objects.filter(action="edition.loaded").count() == 1
    load(
        changed(
            ("615230100", ("615230100", "с.Бәйтерек", "Бәйтерек а.")),
            drop=["615241000"],
            add=[("615400000", "Сарыагашский район", "Сарыағаш ауданы")],
        ),
        LATER,
    )
    told = {e.action: e for e in Entry.objects.filter(object_type="territories.territory")}
    assert told["territory.changed_by_edition"].was["name_ru"] == "с.Аксукент"
    assert told["territory.changed_by_edition"].became["name_ru"] == "с.Бәйтерек"
    assert told["territory.abolished"].object_text
    assert told["territory.created"].became["code"] == "615400000"
    assert len({entry.batch for entry in told.values()}) == 1


def test_a_load_that_fails_midway_leaves_the_tree_as_it_was(monkeypatch):
    load(SMALL)
    before = list(Territory.objects.order_by("pk").values())
    monkeypatch.setattr("territories.services.editions.loading.ensure_offices", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load(changed(drop=["615230100"]), LATER)
    assert list(Territory.objects.order_by("pk").values()) == before
    assert Edition.objects.count() == 1


# -- A draft on its way ---------------------------------------------------------------------------
def test_a_draft_is_looked_at_decided_on_and_loaded_under_the_post_that_asked(administrator):
    village, rows = renamed_and_moved()
    draft = editions.open_draft(table_of(rows, LATER), by=administrator.who)
    assert draft.state == DraftState.WAITING
    assert unit("615230100") == village, "nothing is written before it is asked for"
    draft = editions.decide(
        draft, village, Decision("same", "615230300"), by=administrator.who, seen_version=draft.version
    )
    draft = editions.start(draft, by=administrator.who, seen_version=draft.version)
    assert editions.run(draft.pk, today=dt.date(2026, 2, 1))
    draft.refresh_from_db()
    assert (draft.state, draft.rows, draft.edition.loaded_by) == (DraftState.CLOSED, [], administrator.user)
    assert unit("615230300") == village
    assert not editions.run(draft.pk, today=dt.date(2026, 2, 1)), "a second sweep finds nothing to do"


def test_a_draft_whose_starter_lost_his_post_is_not_loaded(administrator):
    load(SMALL)
    draft = editions.open_draft(table_of(SMALL[:3], LATER), by=administrator.who)
    draft = editions.start(draft, by=administrator.who, seen_version=draft.version)
    administrator.post.valid_to = dt.date(2025, 12, 31)
    administrator.post.save()
    assert not editions.run(draft.pk, today=dt.date(2026, 2, 1))
    draft.refresh_from_db()
    assert (draft.state, Edition.objects.count()) == (DraftState.FAILED, 1)
    assert draft.fault


def test_the_same_file_sent_twice_waits_once_and_is_loaded_once(administrator):
    draft = editions.open_draft(table_of(SMALL), by=administrator.who)
    assert editions.open_draft(table_of(SMALL), by=administrator.who) == draft
    draft = editions.start(draft, by=administrator.who, seen_version=draft.version)
    load(SMALL)
    assert not editions.run(draft.pk, today=dt.date(2026, 2, 1)), "the command line was first"
    draft.refresh_from_db()
    assert (draft.state, "already loaded" in draft.fault) == (DraftState.FAILED, True)
    assert not editions.waiting().exists()


def test_a_draft_put_aside_is_not_loaded(administrator):
    load(SMALL)
    draft = editions.open_draft(table_of(SMALL[:3], LATER), by=administrator.who)
    draft = editions.put_aside(draft, by=administrator.who, seen_version=draft.version)
    with pytest.raises(ValidationError, match="Put aside"):
        editions.start(draft, by=administrator.who, seen_version=draft.version)


def test_a_file_that_is_loaded_already_says_when_and_by_whom(administrator):
    load_edition(table_of(SMALL), by=administrator.who)
    with pytest.raises(Refused, match=f"already loaded on .* by {administrator.user}"):
        editions.open_draft(table_of(SMALL), by=administrator.who)


def test_two_units_cannot_be_the_same_row(administrator):
    load([*SMALL, ("615230200", "с.Аксукенте", "")])
    for code in ("615230100", "615230200"):
        factories.post(Role.OFFICE_STAFF, unit(code))
    rows = changed(drop=["615230100"], add=[("615230300", "с.Аксукенты", "")])
    draft = editions.open_draft(table_of(rows, LATER), by=administrator.who)
    draft = editions.decide(
        draft, unit("615230100"), Decision("same", "615230300"), by=administrator.who, seen_version=draft.version
    )
    with pytest.raises(ValidationError, match="Another unit"):
        editions.decide(
            draft, unit("615230200"), Decision("same", "615230300"), by=administrator.who, seen_version=draft.version
        )
    with pytest.raises(ValidationError, match="no row with the code 615239900"):
        editions.decide(
            draft, unit("615230200"), Decision("same", "615239900"), by=administrator.who, seen_version=draft.version
        )


# -- The command ----------------------------------------------------------------------------------
def command(path, *options) -> str:
    out = StringIO()
    call_command("import_kato", str(path), *options, "--language", "en", stdout=out)
    return out.getvalue()


def test_the_command_shows_its_plan_first_and_loads_then(tmp_path):
    path = tmp_path / "kato_2025-01-01.csv"
    path.write_bytes(csv_of(SMALL))
    assert "nothing was written" in command(path, "--dry-run")
    assert not Territory.objects.exists()
    assert "The edition of 1 January 2025 is loaded." in command(path)
    assert "already loaded; nothing has changed" in command(path)


def test_the_command_says_where_open_questions_are_answered(tmp_path):
    _village, rows = renamed_and_moved()
    path = tmp_path / "kato_2026-01-01.csv"
    path.write_bytes(csv_of(rows))
    plan = command(path, "--dry-run")
    assert "→ 615230300 с.Аксукенты (a similar name, under the same unit)" in plan
    assert "Questions left open: 1. Answer them at /staff/units/editions/" in command(path)


def test_the_command_refuses_a_wrong_file_with_its_lines(tmp_path):
    path = tmp_path / "kato_2025-01-01.csv"
    path.write_bytes(csv_of([*SMALL, SMALL[0]]))
    with pytest.raises(CommandError, match=r"line 9: The code 610000000 stands twice"):
        command(path)
    with pytest.raises(CommandError, match='"faults": '):
        command(path, "--format", "json")
    with pytest.raises(CommandError, match="There is no file"):
        command(tmp_path / "missing.csv")


# -- Names -----------------------------------------------------------------------------------------
def test_english_names_are_taken_over_where_the_row_names_the_same_unit():
    load(SMALL)
    rows = [
        {"kato": "615200000", "name_en": "Sairam", "name_kk": "Сайрам", "name_ru": "Сайрамский"},
        {"kato": "611600000", "name_en": "Zharasemey", "name_kk": "Жаңасемей", "name_ru": "Жанасемейский"},
        {"kato": "999999999", "name_en": "Nowhere"},
    ]
    changed_count, unknown, doubtful = units.set_english_names(rows, by=OPERATOR)
    assert (changed_count, unknown) == (1, ["999999999"])
    assert doubtful == ["611600000 Арысь Г.А.: Zharasemey"]
    assert unit("615200000").name_en == "Sairam"
    assert Organisation.objects.get(key="akim-615200000").name_en == "Office of the Akim of Sairam"


def test_the_demonstration_tree_loads_once():
    from territories.demo import load_tree

    load_tree()
    load_tree()
    assert Territory.objects.regions().count() == 20
    shown = unit("610000000")
    below = Territory.objects.below(shown)
    assert below.filter(kind=Kind.RAION).count() == 3
    assert below.filter(kind=Kind.CITY_OBLAST).count() == 2
    assert below.filter(kind=Kind.RAION_IN_CITY, own_akim=True).count() == 2
    assert below.filter(kind=Kind.OKRUG).count() == 13
    assert below.filter(kind=Kind.VILLAGE, own_akim=False).count() == 40
    assert below.filter(kind__in=[Kind.VILLAGE, Kind.SETTLEMENT], own_akim=True).count() == 4
    assert below.filter(kind=Kind.OTHER_MAIN).count() == 3
    assert Organisation.objects.filter(kind=OrganisationKind.MINISTRY).count() == 4
    assert Organisation.objects.filter(kind=OrganisationKind.HOLDING).count() == 2
    assert not Territory.objects.filter(path="").exists()


# -- The real editions ----------------------------------------------------------------------------
@pytest.mark.once
@needs_data
def test_from_2022_to_2026_the_units_stay_one_and_their_meetings_stay_on_them():
    load_edition(real(OLD), by=clock("test"))
    abraly, village = unit("101033000"), unit("101033100")
    reused, kosak = unit("635430000"), unit("313631100")
    held = [meeting_in(village), factories.meeting(factories.calendar(unit("630000000")), reused)]
    vanished = unit("196837000")
    factories.post(Role.OFFICE_STAFF, vanished)

    done = load_edition(real(NEW), by=clock("test"))

    for row in (abraly, village, reused, kosak, vanished):
        row.refresh_from_db()
    assert (abraly.code, abraly.parent.code) == ("104133000", "104100000")
    assert (village.code, village.parent) == ("104133100", abraly)
    assert (reused.code, reused.parent.name_ru) == ("636330000", "район Үлкен Нарын")
    assert kosak.code == "313630500"
    assert [meeting.__class__.objects.get(pk=meeting.pk).place_id for meeting in held] == [village.pk, reused.pk]
    assert vanished.valid_to == dt.date(2026, 7, 16)
    counts = done.counts
    assert (counts["rows"], counts["with_akim"], counts["kept"], counts["new"], counts["gone"]) == (
        15594,
        2589,
        15564,
        30,
        700,
    )
    assert {q["id"] for q in done.draft.plan["questions"] if q["must"]} == {vanished.pk}
    living = Territory.objects.filter(valid_to=None)
    assert (living.count(), living.filter(own_akim=True).count(), living.filter(path="").count()) == (15594, 2589, 0)
    offices = Organisation.objects.filter(kind=OrganisationKind.AKIM_OFFICE, valid_to=None)
    assert (offices.count(), Organisation.objects.filter(kind="maslikhat", valid_to=None).count()) == (2589, 229)
    assert load_edition(real(NEW), by=clock("test")).already


@pytest.mark.once
@needs_data
def test_without_anything_hanging_hardly_anything_is_asked():
    """What is certain by name and parent, or by name and region, is not asked."""
    old = units_of(real(OLD))
    number = {u.code: place for place, u in enumerate(old, 1)}
    known = [Known(number[u.code], u.code, u.kind, u.own_akim, number.get(u.parent), u.name_ru) for u in old]
    plan = match(known, units_of(real(NEW)))
    assert len(plan.questions) == 1
    assert len({old_id for old_id, _why in plan.pairs.values()}) == len(plan.pairs) == 15564
