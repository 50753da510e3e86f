"""What a file truly is, by its first bytes and its parts, whatever its name says."""

import re

# (first bytes, type) in the order in which they are tried.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"MSCF", "archive"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\x09\x08\x10\x00", "xls"),  # BIFF without a container
    (b"\x09\x08\x08\x00", "xls"),
    (b"\x09\x04\x06\x00", "xls"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

# Stream names in the directory of an OLE container, and what they tell. The first that is found decides.
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "password"),
    ("EncryptionInfo", "password"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("__properties_version1.0", "mail"),
)
_OLE_ENTRY_BYTES = 128  # of a directory entry; the directory starts at a sector, so entries are aligned

_MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|div|script)\b", re.I | re.S
)
_XML = re.compile(rb"\s*<\?xml\b|\s*<[a-z][\w:.-]*[\s>]", re.I)
_MAIL = re.compile(rb"(?:MIME-Version|Content-Type|Return-Path|Received|From):\s", re.I)
_ENCODING = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([\w.-]+)")
_HEAD_BYTES = 4096


def of_bytes(content: bytes) -> str:
    """``zip``, ``text``, ``password``, ``truncated`` or a key of ``messages.file.FILE_TYPES``."""
    if content.startswith(ZIP):
        return "zip"
    if content.startswith(OLE):
        return _of_ole(content)
    if content.startswith(b"PK"):
        return "archive"
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    return _of_text(content)


def of_parts(names: set[str]) -> str:
    """The type of a zip container by the names of its parts: ``xlsx``, or what it is instead."""
    folded = {name.casefold() for name in names}
    if "xl/workbook.xml" in folded and "[content_types].xml" in folded:
        return "xlsx"
    if "xl/workbook.bin" in folded:
        return "xlsb"
    if any(name.startswith("word/") for name in folded):
        return "docx"
    if any(name.startswith("ppt/") for name in folded):
        return "ppt"
    if "content.xml" in folded and "mimetype" in folded:
        return "ods"
    return "archive"


def is_foreign(first_bytes: bytes) -> bool:
    """Whether a part of a workbook is itself an archive, a program or an OLE object."""
    return first_bytes.startswith((ZIP, OLE)) or any(
        first_bytes.startswith(signature) for signature, kind in _SIGNATURES if kind in ("archive", "program", "xls")
    )


def is_hidden_file(first_bytes: bytes) -> bool:
    """The same for a picture of the workbook; gzip is allowed there, for packed metafiles begin so."""
    return is_foreign(first_bytes) and not first_bytes.startswith(b"\x1f\x8b")


def is_utf8_xml(first_bytes: bytes) -> bool:
    """Whether XML is in UTF-8 by its first bytes and by its own declaration."""
    if first_bytes.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in first_bytes[:4]:
        return False
    declared = _ENCODING.match(first_bytes.removeprefix(b"\xef\xbb\xbf"))
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8", b"us-ascii", b"ascii")


def _of_ole(content: bytes) -> str:
    names = set()
    position = 512
    while position + _OLE_ENTRY_BYTES <= len(content):
        length = int.from_bytes(content[position + 64 : position + 66], "little")
        if 2 < length <= 64 and length % 2 == 0 and content[position + 66] in (1, 2, 5):
            names.add(content[position : position + length - 2].decode("utf-16-le", "replace"))
        position += _OLE_ENTRY_BYTES
    for stream, kind in _OLE_STREAMS:
        if stream in names:
            return kind
    # A cut container has lost its directory, which usually stands at the end.
    return "truncated" if not names else "unknown"


def _of_text(content: bytes) -> str:
    head = content[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if _MARKUP.match(head):
        return "html"
    if _XML.match(head):
        lowered = head.lower()
        if b"<html" in lowered or b"<table" in lowered:
            return "html"
        return "xml2003" if b"urn:schemas-microsoft-com:office:spreadsheet" in lowered else "xml"
    if _MAIL.match(head):
        return "mail"
    if b"\x00" in head:
        # UTF-16 without its mark: every second byte of Latin digits and separators is zero.
        zeros = head.count(b"\x00")
        odd = head[1::2].count(b"\x00")
        return "text" if zeros > len(head) // 8 and odd in (0, zeros) else "unknown"
    controls = sum(head.count(bytes((code,))) for code in range(32) if code not in (9, 10, 13))
    return "unknown" if controls > len(head) // 100 + 1 else "text"
