"""Lines a to e of 826-2.1 over a tree: the fixture, other readings, units that come and go, the classifier."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import coverage
from law.coverage import BadCoverageFile, Unit, left_out, norms, required
from law.readings import Readings
from law.register import NormTextMissing
from tests.law.sources import DATA, needs_data
from tests.law.trees import classifier, fixture

DAY = date(2027, 1, 1)


def pairs_a_year(units, **choices):
    return required(units, norms(DAY, Readings.default().with_(**choices)), 2027)


def test_the_fixture_needs_fifty_meetings_a_year():
    found = Counter((pair.holder, pair.line) for pair in pairs_a_year(fixture()))
    assert found == {
        ("O", "a"): 2,
        ("R", "c"): 12,
        ("K", "d"): 10,
        ("D", "d"): 4,
        ("A", "d"): 6,
        ("B", "d"): 2,
        ("K4", "d"): 4,
        ("K1", "e"): 2,
        ("K2", "e"): 2,
        ("K3", "e"): 2,
        ("P", "e"): 2,
        ("V", "e"): 2,
    }
    assert sum(found.values()) == 50


def test_the_targets_of_each_akim_are_those_of_the_register():
    targets = {}
    for pair in pairs_a_year(fixture()):
        targets.setdefault((pair.line, pair.holder), set()).add(pair.target)
    assert targets["a", "O"] == {"K", "R"}
    assert targets["c", "R"] == {"C", "D", "P", "V", "A", "B"}
    assert targets["d", "K"] == {"K1", "K2", "K3", "k41", "k42"}
    assert targets["e", "P"] == {"P"}


@pytest.mark.parametrize(
    ("choice", "total"),
    [
        ({"raion_targets": "every_village"}, 62),
        ({"city_okrug": "none"}, 46),
        ({"city_okrug": "okrug"}, 48),
        ({"micro": "both"}, 54),
        ({"empty_d": "self"}, 52),
        ({"micro": "only_micro"}, 50),
    ],
)
def test_another_reading_changes_the_total(choice, total):
    assert len(pairs_a_year(fixture(), **choice)) == total


def test_line_a_counts_years_and_the_others_half_years():
    codes = {(pair.line, pair.period.code) for pair in pairs_a_year(fixture())}
    assert codes == {("a", "2027")} | {(line, half) for line in "cde" for half in ("2027-H1", "2027-H2")}


def test_only_line_e_does_not_ask_for_an_offsite_meeting():
    assert {norm.line: norm.offsite for norm in norms(DAY, Readings.default())} == {
        "a": True,
        "b": True,
        "c": True,
        "d": True,
        "e": False,
    }


def test_the_microraions_of_a_city_count_only_where_it_has_no_raions():
    without_raions = [unit for unit in fixture() if unit.id not in ("K1", "K2", "K1a", "K1b")]
    without_raions.append(Unit("m", "K", "microraion", False))
    assert {pair.target for pair in pairs_a_year(without_raions) if pair.holder == "K"} == {
        "K3",
        "k41",
        "k42",
        "m",
    }
    with_raions = [*fixture(), Unit("m", "K", "microraion", False)]
    assert "m" not in {pair.target for pair in pairs_a_year(with_raions)}


def test_the_microraions_return_when_the_raion_of_the_city_is_excluded():
    units = [replace(unit, excluded=unit.id in ("K1", "K2")) for unit in fixture()]
    units.append(Unit("m", "K", "microraion", False))
    assert "m" in {pair.target for pair in pairs_a_year(units)}


def test_nothing_is_judged_by_the_first_edition_whose_paragraph_2_is_not_held():
    with pytest.raises(NormTextMissing, match=r"826-2\.1\.a.*edition e1.*826\.toml"):
        norms(date(2023, 6, 1), Readings.default())


def test_a_village_without_an_akim_right_under_the_raion_is_nobodys_target():
    units = [*fixture(), Unit("w", "R", "village", False)]
    assert len(pairs_a_year(units)) == 50


def test_an_excluded_unit_neither_owes_nor_is_owed_and_is_shown_apart():
    units = [replace(unit, excluded=unit.id == "K") for unit in fixture()]
    rows = norms(DAY, Readings.default())
    assert "K" not in {unit for pair in required(units, rows, 2027) for unit in (pair.holder, pair.target)}
    assert {(row.pair.holder, row.reason) for row in left_out(units, rows, 2027)} == {
        ("O", "excluded"),
        ("K", "excluded"),
    }


class TestAUnitThatExistedForAPartOfTheYear:
    """a3 exists from 1 March to 15 December: 122 of 181 days of one half-year, 168 of 184 of the other."""

    def units(self, **dates):
        dates = {"valid_from": date(2027, 3, 1), "valid_to": date(2027, 12, 15), **dates}
        return [replace(unit, **dates) if unit.id == "a3" else unit for unit in fixture()]

    def targets(self, partial_unit, **dates):
        found = pairs_a_year(self.units(**dates), partial_unit=partial_unit)
        return [pair.period.code for pair in found if pair.target == "a3"]

    def test_is_not_required_but_shown(self):
        assert self.targets("not_required") == []
        shown = left_out(self.units(), norms(DAY, Readings.default()), 2027)
        assert [(row.pair.period.code, row.reason) for row in shown] == [
            ("2027-H1", "partial_unit"),
            ("2027-H2", "partial_unit"),
        ]

    def test_is_required_under_the_reading_required(self):
        assert self.targets("required") == ["2027-H1", "2027-H2"]

    def test_is_required_pro_rata_from_half_of_the_period(self):
        assert self.targets("pro_rata") == ["2027-H1", "2027-H2"]
        half, less = date(2027, 4, 1), date(2027, 4, 2)  # 91 and 90 of 181 days
        assert self.targets("pro_rata", valid_from=half) == ["2027-H1", "2027-H2"]
        assert self.targets("pro_rata", valid_from=less) == ["2027-H2"]

    def test_is_neither_required_nor_shown_for_a_period_before_it_existed(self):
        assert self.targets("required", valid_from=date(2027, 7, 1)) == ["2027-H2"]
        shown = left_out(self.units(valid_from=date(2027, 7, 2)), norms(DAY, Readings.default()), 2027)
        assert [row.pair.period.code for row in shown] == ["2027-H2"]

    def test_counts_as_whole_when_it_existed_on_every_day_of_the_period(self):
        dates = {"valid_from": date(2027, 1, 1), "valid_to": date(2027, 6, 30)}
        assert self.targets("not_required", **dates) == ["2027-H1"]


def test_a_holder_that_came_in_the_middle_of_the_period_owes_nothing_for_it():
    units = [replace(unit, valid_from=date(2027, 2, 1)) if unit.id == "A" else unit for unit in fixture()]
    assert {pair.period.code for pair in pairs_a_year(units) if pair.holder == "A"} == {"2027-H2"}


READINGS = st.builds(
    lambda **choices: Readings.default().with_(**choices),
    raion_targets=st.sampled_from(["own_akim_units", "every_village"]),
    micro=st.sampled_from(["districts_first", "both", "only_micro"]),
    city_okrug=st.sampled_from(["villages", "okrug", "none"]),
    empty_d=st.sampled_from(["none", "self"]),
    partial_unit=st.sampled_from(["not_required", "required", "pro_rata"]),
)


@given(readings=READINGS, lost=st.sets(st.sampled_from([unit.id for unit in fixture()])))
def test_no_pair_stands_twice_and_no_unit_gone_is_named(readings, lost):
    units = [unit for unit in fixture() if unit.id not in lost]
    found = required(units, norms(DAY, readings), 2027)
    assert len({(pair.line, pair.holder, pair.target, pair.period) for pair in found}) == len(found)
    assert not {unit for pair in found for unit in (pair.holder, pair.target)} & lost


@given(readings=READINGS)
def test_the_order_of_the_units_changes_nothing(readings):
    rows = norms(DAY, readings)
    assert set(required(fixture(), rows, 2027)) == set(required(fixture()[::-1], rows, 2027))


@needs_data
class TestTheStateClassifier:
    @pytest.fixture(scope="class")
    def units(self):
        return classifier(DATA / "kato_2026-07-17.csv")

    def test_has_the_kinds_that_its_description_counts(self, units):
        counted = Counter((unit.kind, unit.own_akim) for unit in units)
        assert counted == {
            ("oblast", True): 17,
            ("city_rep", True): 2,
            ("capital", True): 1,
            ("raion", True): 170,
            ("city_oblast", True): 39,
            ("raion_in_city", True): 25,
            ("city_raion", True): 48,
            ("okrug", True): 2108,
            ("settlement", True): 71,
            ("settlement", False): 88,
            ("village", True): 108,
            ("village", False): 5806,
            ("other_main", False): 197,
            ("minor", False): 6841,
            ("territory", False): 73,
        }
        assert sum(unit.own_akim for unit in units) == 2589

    def test_needs_in_every_region_the_meetings_that_the_oracle_counts(self, units):
        kinds = {unit.id: unit.kind for unit in units}
        counted = {unit.id: Counter() for unit in units if unit.parent is None}
        for pair in pairs_a_year(units):
            counted[pair.holder[:2] + "0000000"][_column(pair.line, kinds[pair.holder])] += 1
        with (DATA / "kato_counts_2026.csv").open(encoding="utf-8") as rows:
            oracle = {row["kato"]: row for row in csv.DictReader(rows)}
        for code, row in oracle.items():
            expected = {name: int(row[name]) for name in row if name[:2] in ("a ", "b ", "c ", "d ", "e ")}
            assert {name: counted[code][name] for name in expected} == expected, row["name_ru"]
            assert counted[code].total() == int(row["meetings_base"])
        assert counted["610000000"].total() == 2005
        assert sum(found.total() for found in counted.values()) == 16892


def _column(line, holder_kind):
    """The column of the oracle that counts a pair."""
    if line == "d":
        return LINE_D[holder_kind]
    if line == "e":
        return "e akim of raion in city" if holder_kind == "raion_in_city" else "e village/settlement akim"
    return {"a": "a oblast akim", "b": "b rep. city akim", "c": "c raion akim, per unit"}[line]


LINE_D = {"okrug": "d okrug akim", "city_raion": "d town akim", "city_oblast": "d oblast-city akim"}


BROKEN = """
[[norm]]
rule = "826-2.1.a"
holder = ["oblast"]
target = ["raion"]
relation = "child"
why = "x"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('["raion"]', '["district"]', "norm 1 (826-2.1.a): 'target' names the kind 'district'"),
        ('"child"', '"cousin"', "relation 'cousin' is none of child, grandchild, own"),
        ('"child"', '"grandchild"', "'via' belongs to the relation grandchild"),
        ('why = "x"', "", "'why' is missing"),
        (
            'why = "x"',
            'why = "x"\nwhen = { micro = ["sometimes"] }',
            "there is no reading 'micro' with the values",
        ),
        ("[[norm]]", "[[norm", "Expected"),
    ],
)
def test_a_bad_file_of_norms_is_refused_with_the_row_and_the_reason(tmp_path, old, new, message):
    path = tmp_path / "coverage.toml"
    path.write_text(BROKEN.replace(old, new), encoding="utf-8")
    with pytest.raises(BadCoverageFile) as refused:
        coverage.load(path)
    assert message in str(refused.value)
