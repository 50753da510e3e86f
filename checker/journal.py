"""python -m checker.journal FOLDER [--head HASH]: was the journal of a dump changed after it was sealed?

Reads `journal.jsonl` and `seals.jsonl` of `manage.py dump_journal`. Trusts neither the program nor the database: every
hash is counted again, from sixty-four zeros on, each entry with the hash before it. `--head` is a hash that somebody
kept, from the mail of a submission or from the sheet "Sources" of a summary: it must be among the seals.
"""

import argparse
import hashlib
import itertools
import json
import sys
from pathlib import Path

START = "0" * 64


def read(file):
    with Path(file).open(encoding="utf-8", newline="\n") as lines:
        return [line.rstrip("\n") for line in lines]


def faults(folder, head=None):
    """What is wrong with the dump, one sentence each; empty when it is whole."""
    folder = Path(folder)
    entries = read(folder / "journal.jsonl")
    seals = [json.loads(line) for line in read(folder / "seals.jsonl")]
    found = []
    numbers = [json.loads(line)["id"] for line in entries]
    for before, after in itertools.pairwise(numbers):
        if after <= before:
            found.append(f"entry {after} stands after entry {before}")
    at, chained = 0, START
    for seal in seals:
        name = f"seal of the entries {seal['first']} to {seal['last']}"
        if seal["previous"] != chained:
            found.append(f"{name}: does not continue the seal before it")
            chained = seal["previous"]
        count = 0
        while at < len(entries) and numbers[at] <= seal["last"]:
            chained = hashlib.sha256(f"{chained}\n{entries[at]}".encode()).hexdigest()
            at += 1
            count += 1
        if count != seal["entries"]:
            found.append(f"{name}: {seal['entries']} entries were sealed, {count} are there")
        elif chained != seal["sha256"]:
            found.append(f"{name}: an entry was changed after it was sealed")
        chained = seal["sha256"]
    if head is not None and head not in {seal["sha256"] for seal in seals}:
        found.append(f"the kept hash {head} is not among the seals: the chain was made anew")
    return found, len(entries) - at


def main():
    parser = argparse.ArgumentParser(prog="checker.journal", description=__doc__)
    parser.add_argument("folder", help="the dump")
    parser.add_argument("--head", help="a hash that was kept")
    asked = parser.parse_args()
    found, unsealed = faults(asked.folder, asked.head)
    for fault in found:
        print(fault)
    if not found:
        print(f"The journal is whole. {unsealed} newest entries are not sealed yet.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
