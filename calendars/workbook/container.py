"""The zip container of a workbook: its directory and the counted unpacking of its parts.

Sizes in the directory are a stranger's word: every part is inflated in small pieces and counted.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import limits

CHUNK_BYTES = 256 * 1024
PACKED_BYTES = 32 * 1024
DIRECTORY_ENTRY = b"PK\x01\x02"
DIRECTORY_END = b"PK\x05\x06"
LOCAL_HEADER = b"PK\x03\x04"
STORED, DEFLATED = 0, 8

_ODD_NAME = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]|^/|(?:^|/)\.\.?(?:/|$)|//")


class Refused(Exception):
    """The file must not be parsed; carries the code of the message and its parameters."""

    def __init__(self, code: str, *, value: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.value = value
        self.params = params


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of the container as its directory describes it."""

    name: str
    offset: int
    packed: int
    declared: int
    crc: int
    method: int
    encrypted: bool


class Container:
    """Parts of a zip file held in memory (at most 10 MB); the sum of all that was unpacked is bounded."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.entries = _directory(content)
        self.by_name = {entry.name: entry for entry in self.entries}
        self._spent: dict[str, int] = {}

    def read(self, name: str, at_most: int = limits.SMALL_PART_BYTES) -> bytes:
        """A small part whole; an absent one is empty. Larger than ``at_most`` is refused."""
        entry = self.by_name.get(name)
        if entry is None:
            return b""
        whole = bytearray()
        for chunk in self.inflate(entry):
            whole += chunk
            if len(whole) > at_most:
                raise Refused("B07.inflated", part=name, limit=at_most // limits.MIB)
        return bytes(whole)

    def inflate(self, entry: Entry) -> Iterator[bytes]:
        """The part in pieces of at most 256 KiB, counted; refuses what lies about its size or its sum."""
        if entry.encrypted or entry.method not in (STORED, DEFLATED):
            raise Refused("B13.packing", part=entry.name)
        size, crc = 0, 0
        for chunk in self._pieces(entry):
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            # A part read twice is counted once.
            self._spent[entry.name] = max(size, self._spent.get(entry.name, 0))
            if size > max(limits.RATIO_FREE_BYTES, limits.INFLATE_RATIO * entry.packed):
                raise Refused("B07.ratio", part=entry.name, limit=limits.INFLATE_RATIO)
            if sum(self._spent.values()) > limits.INFLATED_BYTES:
                raise Refused("B07.inflated", part=entry.name, limit=limits.INFLATED_BYTES // limits.MIB)
            yield chunk
        if size != entry.declared:
            raise Refused("B07.declared", part=entry.name)
        if crc != entry.crc:
            raise Refused("B04.damaged", part=entry.name)

    def _pieces(self, entry: Entry) -> Iterator[bytes]:
        start = self._data_start(entry)
        end = start + entry.packed
        if entry.method == STORED:
            for position in range(start, end, CHUNK_BYTES):
                yield self.content[position : min(position + CHUNK_BYTES, end)]
            return
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for position in range(start, end, PACKED_BYTES):
                # Fed in small slices: what is not consumed yet is copied at every step.
                packed: bytes = self.content[position : min(position + PACKED_BYTES, end)]
                while packed and not unpacker.eof:
                    yield unpacker.decompress(packed, CHUNK_BYTES)
                    packed = unpacker.unconsumed_tail
            while not unpacker.eof:
                chunk = unpacker.decompress(b"", CHUNK_BYTES)
                if not chunk:
                    break
                yield chunk
        except zlib.error:
            raise Refused("B04.damaged", part=entry.name) from None
        if not unpacker.eof:
            raise Refused("B04.damaged", part=entry.name)

    def _data_start(self, entry: Entry) -> int:
        header = self.content[entry.offset : entry.offset + 30]
        if len(header) < 30 or header[:4] != LOCAL_HEADER:
            raise Refused("B04.damaged", part=entry.name)
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        start = entry.offset + 30 + name_length + extra_length
        if start + entry.packed > len(self.content):
            raise Refused("B04.truncated")
        return start


def _directory(content: bytes) -> list[Entry]:
    # Counted by signature before anything is built from it: the number in the directory's end may lie.
    count = content.count(DIRECTORY_ENTRY)
    if count > limits.ENTRIES:
        raise Refused("B13.entries", entries=count, limit=limits.ENTRIES)
    if DIRECTORY_END not in content:
        raise Refused("B04.truncated")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OverflowError):
        raise Refused("B04.truncated") from None
    entries = [
        Entry(
            name=info.orig_filename,
            offset=info.header_offset,
            packed=info.compress_size,
            declared=info.file_size,
            crc=info.CRC,
            method=info.compress_type,
            encrypted=bool(info.flag_bits & 0x1),
        )
        for info in infos
        if not info.filename.endswith("/")
    ]
    _check_names(entries)
    _check_overlap(entries)
    return entries


def _check_names(entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        folded = entry.name.casefold()
        if _ODD_NAME.search(entry.name) or len(entry.name) > limits.ENTRY_NAME_CHARS or folded in seen:
            raise Refused("B13.name", value=entry.name)
        seen.add(folded)


def _check_overlap(entries: list[Entry]) -> None:
    """Parts that share bytes are how a small file unpacks to a huge one."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset < end:
            raise Refused("B07.declared", part=entry.name)
        end = entry.offset + 30 + entry.packed
