"""python -m checker FOLDER: what the ledger of a dump says otherwise than its events."""

import argparse
import sys
from pathlib import Path

from checker.ledger import differences


def main():
    parser = argparse.ArgumentParser(prog="checker", description=__doc__)
    parser.add_argument("folder", help="the dump")
    parser.add_argument("--law", default=Path(__file__).parents[1] / "law", help="folder of acts, readings, days")
    parser.add_argument("--most", type=int, default=100, help="how many differences to print")
    asked = parser.parse_args()
    found = differences(asked.folder, asked.law)
    for difference in found[: asked.most]:
        print(difference)
    print(f"{len(found)} differences" if found else "The ledger is what its events ask for.")
    return 1 if found else 0


sys.exit(main())
