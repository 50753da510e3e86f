"""Trees of units for the tests: the fixture of the register (3.4), and the classifier in the simplest way."""

import csv
import re
from pathlib import Path

from law.coverage import Unit

# id, parent, kind, own akim
FIXTURE = (
    ("O", None, "oblast", True),
    ("K", "O", "city_oblast", True),
    ("K1", "K", "raion_in_city", True),
    ("K1a", "K1", "microraion", False),
    ("K1b", "K1", "microraion", False),
    ("K2", "K", "raion_in_city", True),
    ("K3", "K", "settlement", True),
    ("K4", "K", "okrug", True),
    ("k41", "K4", "village", False),
    ("k42", "K4", "village", False),
    ("R", "O", "raion", True),
    ("C", "R", "city_raion", True),
    ("D", "R", "city_raion", True),
    ("d1", "D", "village", False),
    ("d2", "D", "village", False),
    ("P", "R", "settlement", True),
    ("V", "R", "village", True),
    ("A", "R", "okrug", True),
    ("a1", "A", "village", False),
    ("a2", "A", "village", False),
    ("a3", "A", "village", False),
    ("B", "R", "okrug", True),
    ("b1", "B", "village", False),
)

REPUBLICAN = {"71": "capital", "75": "city_rep", "79": "city_rep"}
ADMINISTRATIONS = (
    ("okrug", "с", "о"),
    ("village", "с", "а"),
    ("settlement", "п", "а"),
    ("city_raion", "г", "а"),
    ("raion_in_city", "р", "а"),
)


def fixture() -> list[Unit]:
    return [Unit(*row) for row in FIXTURE]


def classifier(path: Path) -> list[Unit]:
    """The classifier's rows as units; rows that are no unit of table 3.1 keep kinds that no norm names."""
    with path.open(encoding="utf-8-sig", newline="") as rows:
        names = {row["kato"]: _tidy(row["name_ru"]) for row in csv.DictReader(rows)}
    kinds: dict[str, str] = {}
    units = []
    for code in sorted(names):
        parent = _parent(code, names)
        kinds[code], own_akim = _kind(code, names[code], kinds.get(parent))
        units.append(Unit(code, parent, kinds[code], own_akim))
    return units


def _tidy(name: str) -> str:
    return re.sub(r"\s+", " ", name.replace("\u00a0", " ")).strip().replace(" .", ".")


def _parent(code: str, codes) -> str | None:
    for candidate in (code[:6] + "000", code[:4] + "00000", code[:2] + "0000000"):
        if candidate in codes and candidate != code:
            return candidate
    return None


def _kind(code: str, name: str, parent_kind: str | None) -> tuple[str, bool]:
    if code[2:] == "0000000":
        return REPUBLICAN.get(code[:2], "oblast"), True
    if code[4:] == "00000":
        return ("city_oblast" if int(code[2:4]) < 30 else "raion"), True
    if code[6:] == "000":
        return _third_level(name)
    if "01" <= code[7:] <= "79":
        return "minor", False
    if name.lower().startswith("район"):
        return ("territory", False) if parent_kind == "raion_in_city" else ("raion_in_city", True)
    if name.startswith("г."):
        return ("territory", False) if parent_kind == "city_raion" else ("city_raion", True)
    return {"п.": "settlement", "с.": "village"}.get(name[:2], "other_main"), False


def _third_level(name: str) -> tuple[str, bool]:
    for kind, first, second in ADMINISTRATIONS:
        if re.search(rf"(^|\s){first}\. ?{second}\.? ?(?=\S)|(^|\s){first}\. ?{second}\.?$", name):
            return kind, True
    return ("raion_in_city", True) if "район" in name.lower() else ("territory", False)
