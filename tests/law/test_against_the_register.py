"""Every line of the acts beside the register of obligations from which it was made, cell by cell.

The register lies beside the checkout, not in it; where it is absent these tests are skipped.
"""

import re

import pytest
import yaml

from law import register
from law.units import AKIM_KINDS
from tests.law.sources import REGISTER, needs_register

#: Parts of a timing that are ours: which reading decides, and the house rule where the act has no number.
OURS = ("year_reading", "covers_reading", "house")
#: Evidence that the register gives by naming another line.
SAME_AS = {"826-3.2.h4": "826-3.2.h2"}
CELLS = ("id", "paragraph", "kind", "bound", "words", "timing", "recipient", "evidence", "see")


def rows():
    """The table of section 2: id -> its cells by name."""
    if not REGISTER.is_file():
        return {}
    text = REGISTER.read_text(encoding="utf-8")
    section = text[text.index("## 2. The matrix") : text.index("### 2.5")]
    found = {}
    for line in section.splitlines():
        if re.match(r"\| `\d+-[^`]+` \|", line):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            row = dict(zip(CELLS, cells, strict=True))
            found[row["id"].strip("`")] = row
    return found


ROWS = rows()
BESIDE = [pytest.param(rule_id, row, id=rule_id) for rule_id, row in ROWS.items()]
of_every_line = pytest.mark.parametrize(("rule_id", "row"), BESIDE)
pytestmark = needs_register


def newest(rule_id):
    return register.line(rule_id).wordings[-1]


def test_the_acts_hold_the_135_lines_of_the_register_in_its_order():
    assert len(ROWS) == 135
    held = [rule.id for act in ("826", "12", "190", "615") for rule in register.rules(act)]
    assert held == list(ROWS)


@of_every_line
def test_kind_timing_and_readings_are_those_of_the_register(rule_id, row):
    wording = newest(rule_id)
    assert wording.kind == row["kind"]
    timing = yaml.safe_load(row["timing"].strip("`"))
    asked = {part: value for part, value in timing.items() if value is not None}
    ours = {"rule": wording.timing.rule, **wording.timing.parts}
    assert {part: _plain(value) for part, value in ours.items() if part not in OURS} == asked
    codes = [] if row["see"] == "—" else [code.strip() for code in row["see"].replace("**", "").split(",")]
    assert list(wording.readings) == codes
    assert list(wording.decisive) == re.findall(r"\*\*(A-\d+)\*\*", row["see"])


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


@of_every_line
def test_the_quotes_are_those_of_the_register(rule_id, row):
    quotes = re.findall(r"«([^»]*(?:«[^»]*»[^»]*)*)»\s*\[(S\d+)\]", row["words"])
    assert [(quote.text, quote.source) for quote in newest(rule_id).words] == quotes


@of_every_line
def test_the_paragraph_and_the_evidence_are_those_of_the_register(rule_id, row):
    wording = newest(rule_id)
    paragraph = row["paragraph"].replace("opening words", "вводные слова" if row["paragraph"][0] == "п" else "кіріспе")
    cited = {lang: _bare(text) for lang, text in wording.cite.items()}
    if paragraph[0].isalpha():
        paragraph = paragraph.replace("heading", "заголовок").replace("and annex", "и приложение")
        assert cited["ru"] == _bare(paragraph)
    else:
        assert cited["kk"].startswith(_bare(paragraph))
    evidence = ROWS[SAME_AS.get(rule_id, rule_id)]["evidence"]
    assert set(wording.evidence) == set(re.findall(r"\b(DOC|SENT|LINK|SNAP|REC)\b", evidence))
    note = "" if evidence == "—" or evidence in wording.evidence else evidence
    assert wording.evidence_note in (note, evidence)


def _bare(text):
    return re.sub(r"[\s,]", "", text)


@of_every_line
def test_the_bound_are_those_of_the_register(rule_id, row):
    bound = newest(rule_id).bound
    named = set(re.findall(r"`(\w+)`", row["bound"]))
    if "akims of all levels" in row["bound"]:
        named = set(AKIM_KINDS)
    assert set(bound.akims) == named
    others = re.sub(r"akims? of all levels|akims? of `[^;]*`( and their deputies)?", "", row["bound"])
    spoken_of = [body for body in bound.bodies if body != "deputies_of_akims"]
    assert bool(spoken_of) == bool(others.strip(" ;—"))
    assert ("deputies_of_akims" in bound.bodies) == ("deputies" in row["bound"])
    assert bool(bound.performed_by) == ("performed by" in row["bound"])


RECIPIENTS = {
    "—": (),
    "Administration of the President": ("administration",),
    "Administration, Government": ("administration", "government"),
    "Government": ("government",),
    "Government (from akims)": ("government",),
    "Office (Аппарат) of the Government": ("government_office",),
    "authorised body on access to information": ("authorised_body_information",),
    "central authorised body in education and science": ("education_body",),
    "central executive bodies": ("central_executive_bodies",),
    "citizens": ("citizens",),
    "commission": ("commission",),
    "commission, akim": ("commission", "akim"),
    "maslikhat": ("maslikhat",),
    "public": ("public",),
    "local executive bodies": ("local_executive_bodies",),
    "regions": ("regions",),
}


@of_every_line
def test_the_recipients_are_those_of_the_register(rule_id, row):
    expected = RECIPIENTS.get(row["recipient"])
    if expected is None:
        expected = {
            "own file": ("own_file",),
            "calendar": ("own_file",),
            "popul": ("population",),
            "resid": ("population",),
            "those": ("demanders", "population"),
            "akim'": ("meeting",),
            "akims": ("meeting",),
            "akim ": ("akim",),
            "akim": ("akim",),
            "centr": ("meeting",),
            "the l": ("meeting",),
            "the f": ("audience",),
            "audie": ("audience",),
            "see 1": ("audience",),
            "repre": ("representatives_of_public",),
            "publi": ("public_councils",),
            "the r": ("reporting_body",),
            "heads": ("heads", "rectors"),
            "own f": ("own_file",),
        }[row["recipient"] if row["recipient"] in ("own file", "calendar", "akim") else row["recipient"][:5]]
        if row["recipient"] == "heads, rectors, public":
            expected = ("heads", "rectors", "public")
        if row["recipient"] == "public (official site)":
            expected = ("public",)
    assert newest(rule_id).recipients == expected
