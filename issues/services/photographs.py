"""Pictures without what a camera writes into them: where, when, with whose telephone.

The picture itself is not encoded again, so nothing is lost; only its orientation is kept.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

JPEG_START, JPEG_END, START_OF_SCAN = b"\xff\xd8", 0xD9, 0xDA
APP0, APP1, APP2, APP14, APP15, COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
#: Segments that say how colours are to be read.
KEPT_SEGMENTS = (APP0, APP2, APP14)
ALONE = (0x01, *range(0xD0, 0xD9))
ORIENTATION = 0x0112
PNG_START = b"\x89PNG\r\n\x1a\n"
#: Chunks of PNG that carry words, times or EXIF.
TELLING_CHUNKS = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")


class Damaged(ValueError):
    """The bytes begin like a picture and are none."""


def bare_jpeg(data: bytes) -> bytes:
    """The picture without EXIF, XMP, maker's notes and comments. Raises Damaged."""
    kept = [JPEG_START]
    turned = 1
    for marker, segment in segments(data):
        if marker == START_OF_SCAN:
            if turned != 1:
                kept.insert(1, exif_of(turned))
            # Several pictures in one file (a telephone's second lens) have their own EXIF: only the first is kept.
            end = data.find(b"\xff\xd9", len(data) - len(segment))
            return b"".join(kept) + segment[: len(segment) - (len(data) - end - 2) if end >= 0 else None]
        if marker == APP1 and segment[4:10] == b"Exif\0\0":
            turned = orientation(segment[10:])
        if (not APP0 <= marker <= APP15 and marker != COMMENT) or marker in KEPT_SEGMENTS:
            kept.append(segment)
    raise Damaged("no picture")


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment; the last is the picture itself, to the end of the file."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise Damaged("no marker")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in ALONE:
            yield marker, data[at : at + 2]
            at += 2
            continue
        if marker == START_OF_SCAN:
            yield marker, data[at:]
            return
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        if length < 2 or at + 2 + length > len(data):
            raise Damaged("segment")
        yield marker, data[at : at + 2 + length]
        at += 2 + length


def orientation(tiff: bytes) -> int:
    """How the picture is turned (1 to 8) by the first directory; 1 where it cannot be told."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    first = struct.unpack(order + "I", tiff[4:8])[0]
    if first + 2 > len(tiff):
        return 1
    count = struct.unpack(order + "H", tiff[first : first + 2])[0]
    for number in range(min(count, 200)):
        entry = tiff[first + 2 + 12 * number : first + 14 + 12 * number]
        if len(entry) == 12 and struct.unpack(order + "H", entry[:2])[0] == ORIENTATION:
            value = struct.unpack(order + "H", entry[8:10])[0]
            return value if 1 <= value <= 8 else 1
    return 1


def exif_of(turned: int) -> bytes:
    """The smallest EXIF segment: the orientation alone."""
    directory = struct.pack(">HHHIHHI", 1, ORIENTATION, 3, 1, turned, 0, 0)
    body = b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + directory
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def bare_png(data: bytes) -> bytes:
    """The picture without texts, times and EXIF; bytes after its end are cut off. Raises Damaged."""
    kept, at = [PNG_START], len(PNG_START)
    while at + 12 <= len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise Damaged("chunk")
        if kind not in TELLING_CHUNKS:
            kept.append(data[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end
    raise Damaged("no end")
