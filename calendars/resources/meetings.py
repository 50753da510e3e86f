"""The calendar's table as a resource of django-import-export.

Export goes through the library. Import does not: `import_data` hands the data set to the same service as the
page and the command, so that it is scoped, checked, journalled and all or nothing, and writes in bulk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tablib
from import_export import resources

from ..columns import COLUMN, two_languages
from .cells import CellField

if TYPE_CHECKING:
    from ..exporting.rows import SheetRow


class MeetingResource(resources.Resource):
    """One row a meeting; the rows are `SheetRow`s. `language` is the first language of headings and lists."""

    number = CellField(COLUMN["number"])
    date = CellField(COLUMN["date"])
    time = CellField(COLUMN["time"])
    holder = CellField(COLUMN["holder"])
    place = CellField(COLUMN["place"])
    address = CellField(COLUMN["address"])
    planned_minutes = CellField(COLUMN["planned_minutes"])
    format = CellField(COLUMN["format"])
    broadcast = CellField(COLUMN["broadcast"])
    languages = CellField(COLUMN["languages"])
    remarks = CellField(COLUMN["remarks"])
    report_minutes = CellField(COLUMN["report_minutes"])
    broadcast_note = CellField(COLUMN["broadcast_note"])
    off_calendar = CellField(COLUMN["off_calendar"])
    line = CellField(COLUMN["line"])
    period = CellField(COLUMN["period"])
    state = CellField(COLUMN["state"])
    holder_code = CellField(COLUMN["holder_code"])
    place_code = CellField(COLUMN["place_code"])

    def __init__(self, language: str = "kk", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.language = language

    def get_export_headers(self, selected_fields: list[str] | None = None) -> list[str]:
        columns = [field.column for field in self.get_export_fields(selected_fields)]
        return [two_languages(column.headings, self.language, " / ") for column in columns]

    def export(self, queryset: Any = None, **kwargs: Any) -> tablib.Dataset:
        """A data set of texts in the resource's language. `queryset`: an iterable of `SheetRow`s."""
        return super().export(list(queryset or ()), language=self.language, **kwargs)

    def iter_queryset(self, queryset: list[SheetRow]) -> list[SheetRow]:
        return queryset
