"""Uploaded files of a form, checked by their content and kept for the office."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from territories.models import Territory
from territories.scope import Who

from .. import services
from ..models import StoredFile
from ..services.files import EVIDENCE


def kept(
    upload: UploadedFile | None,
    *,
    field: str,
    unit: Territory,
    kind: str,
    by: Who,
    types: Collection[str] = EVIDENCE,
) -> StoredFile | None:
    """The file of a field; None without one. Raises ValidationError under the field's name."""
    if not upload:
        return None
    return kept_all([upload], field=field, unit=unit, kind=kind, by=by, types=types)[0]


def kept_all(
    uploads: Iterable[UploadedFile], *, field: str, unit: Territory, kind: str, by: Who,
    types: Collection[str] = EVIDENCE,
) -> list[StoredFile]:  # fmt: skip
    """All files of a field: each is checked before the first is kept."""
    checked = []
    for upload in uploads:
        try:
            checked.append(services.read_upload(upload, types=types))
        except ValidationError as error:
            raise ValidationError({field: [f"{upload.name}: {text}" for text in error.messages]}) from error
    return [services.store_file(file, unit=unit, kind=kind, by=by) for file in checked]
