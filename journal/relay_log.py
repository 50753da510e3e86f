"""Asks the relay's own log whether it took a letter: the one witness of what happened after the dot.

Postfix writes `message-id=<…>` already while the letter is coming in (cleanup), also for one whose
connection breaks before the final dot. What it writes only after accepting is the line of qmgr with
the same queue id, so both lines are asked for.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .conf import OutboxConf

CLEANUP = re.compile(rb"postfix[^ ]*/cleanup\[\d+\]: ([0-9A-Za-z]+): message-id=(<[^>\s]+>)")
ACCEPTED = re.compile(rb"postfix[^ ]*/qmgr\[\d+\]: ([0-9A-Za-z]+): from=<")
PLAIN = re.compile(rb"<[^<>\s]+>")


class LogUnreadable(Exception):
    """The log is not where the settings say, or may not be read: nothing can be concluded."""


def seen(message_ids: Iterable[str], conf: OutboxConf) -> set[str]:
    """Those of the Message-IDs that the relay accepted. One pass, the rotated log before it included."""
    wanted = {message_id.encode() for message_id in message_ids}
    if not wanted:
        return set()
    look = _postfix if conf.relay_log_format == "postfix" else _plain
    try:
        found = look(_lines(Path(conf.relay_log)), wanted)
    except OSError as error:
        raise LogUnreadable(str(error)) from error
    return {message_id.decode() for message_id in found}


def _lines(log: Path) -> Iterator[bytes]:
    if not str(log) or not log.is_file():
        raise LogUnreadable(f"{log}: no such file")
    yesterday = log.with_name(log.name + ".1")
    packed = log.with_name(log.name + ".1.gz")
    if yesterday.is_file():
        with yesterday.open("rb") as file:
            yield from file
    elif packed.is_file():
        with gzip.open(packed) as file:
            yield from file
    with log.open("rb") as file:
        yield from file


def _postfix(lines: Iterable[bytes], wanted: set[bytes]) -> set[bytes]:
    # A queue id may be used again by a later letter: what counts is the next acceptance after the name.
    incoming: dict[bytes, bytes] = {}
    accepted: set[bytes] = set()
    for line in lines:
        if b"message-id=" in line:
            named = CLEANUP.search(line)
            if named:
                incoming.pop(named[1], None)
                if named[2] in wanted:
                    incoming[named[1]] = named[2]
        elif incoming and b"from=<" in line:
            queued = ACCEPTED.search(line)
            if queued and queued[1] in incoming:
                accepted.add(incoming.pop(queued[1]))
    return accepted


def _plain(lines: Iterable[bytes], wanted: set[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for line in lines:
        found.update(wanted.intersection(PLAIN.findall(line)))
    return found
