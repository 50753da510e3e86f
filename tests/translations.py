"""Part of `make check`: every string has a Kazakh and a Russian translation, and the compiled ones are fresh.

Reads the catalogues with Python's own tools, so that no gettext has to be installed.
"""

import gettext
import re
import sys
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
ENTRY = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$')
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def entries(path: Path):
    """Entries of a .po file as dicts of their fields; obsolete ones are left out."""
    entry: dict[str, str] = {"flags": ""}
    field = ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        found = ENTRY.match(line)
        if line.startswith("#,"):
            entry["flags"] = line
        elif found:
            field, text = found.groups()
            entry[field] = text
        elif line.startswith('"'):
            entry[field] += line[1:-1]
        elif not line:
            if entry.get("msgid"):
                yield entry
            entry = {"flags": ""}


def problems(language: str):
    folder = LOCALE / language / "LC_MESSAGES"
    for path in sorted(folder.glob("*.po")):
        with path.with_suffix(".mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        for entry in entries(path):
            where = f"{path.relative_to(LOCALE)}: {entry['msgid'][:60]!r}"
            texts = [value for key, value in entry.items() if key.startswith("msgstr")]
            if "fuzzy" in entry["flags"]:
                yield f"{where} is marked fuzzy"
            elif not all(texts):
                yield f"{where} is not translated"
            elif "msgid_plural" not in entry:
                if set(PLACEHOLDER.findall(entry["msgid"])) != set(PLACEHOLDER.findall(texts[0])):
                    yield f"{where} has other placeholders than its translation"
                source = unescape(entry["msgid"])
                got = (
                    compiled.pgettext(unescape(entry["msgctxt"]), source)
                    if "msgctxt" in entry
                    else compiled.gettext(source)
                )
                if got != unescape(texts[0]):
                    yield f"{where} is not compiled; run `make messages`"


def unescape(text: str) -> str:
    return text.replace('\\"', '"').replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")


def main() -> int:
    found = [problem for language in ("kk", "ru") for problem in problems(language)]
    for problem in found[:50]:
        print(problem)
    print(f"translations: {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
