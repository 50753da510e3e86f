"""A scanned paper, such as the signed order or a proof: what may be uploaded, and under which name it lies."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

#: Ten megabytes: some forty pages as an office scanner makes them.
MOST_BYTES = 10 * 1024 * 1024
#: First bytes -> type and extension; the name that the file came under is not believed.
SIGNATURES = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
UNSAFE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\\/:*?\"<>|]+")


@dataclass(frozen=True)
class Scan:
    """A file that passed: its bytes, true type, the name to show and the name to keep it under."""

    data: bytes
    content_type: str
    shown_name: str
    stored_name: str
    sha256: str


def read_scan(upload: UploadedFile) -> Scan:
    """Check an uploaded scan by its content. Raises ValidationError that says what to do."""
    if upload.size is not None and upload.size > MOST_BYTES:
        raise too_large()
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise too_large()
    if not data:
        raise ValidationError(_("The file is empty. Scan the paper again and choose the new file."), code="empty")
    known = [kind for kind in SIGNATURES if data.startswith(kind[0])]
    if not known:
        text = _("This is not a PDF, JPEG or PNG file, whatever its name says. Save the scan as PDF, choose it again.")
        raise ValidationError(text, code="type")
    _first, content_type, extension = known[0]
    stem = UNSAFE.sub(" ", (upload.name or "").rpartition(".")[0] or "scan").strip(" .")[:150] or "scan"
    return Scan(
        data=data,
        content_type=content_type,
        shown_name=f"{stem}.{extension}",
        stored_name=f"{uuid.uuid4().hex}.{extension}",
        sha256=hashlib.sha256(data).hexdigest(),
    )


def too_large() -> ValidationError:
    text = _("The file is larger than 10 MB. Scan in black and white at 200 dpi, or send fewer pages.")
    return ValidationError(text, code="size")


def type_of_name(stored_name: str) -> str:
    """The type of a file that passed, by the ending that was given to it then."""
    return next(kind for _first, kind, extension in SIGNATURES if stored_name.endswith(f".{extension}"))
