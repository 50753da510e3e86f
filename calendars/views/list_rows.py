"""Rows of the list. A page holds a hundred of them, so each is one format; only its state is drawn by the template."""

from __future__ import annotations

from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ..wording import label

SELECT = (
    '<td class="select"><input type="checkbox" class="form-check-input" name="row" value="{key}" form="bulk-form"'
    ' aria-label="{place}, {day}"></td>'
)
IN_PLACE = (
    '<a class="in-place{css}" href="{url}edit/?{query}" hx-get="{cell}{pk}/{field}/?{query}" hx-target="closest td"'
    "{focus}>{text}</a>"
)
ROW = (
    '<tr id="row-{pk}">{select}<td class="nowrap" data-label="{words[date]}">{date}</td>'
    '<td data-label="{words[time]}">{time}</td>'
    '<th scope="row"><a href="{url}?{query}" hx-get="{url}?{query}" hx-target="#panel-body">{place}</a></th>'
    '<td data-label="{words[holder]}">{holder}</td><td data-label="{words[address]}">{address}</td>'
)


class Lines:
    """Draws the rows of one page in the reader's language; `query` names unit and year."""

    def __init__(self, query: str) -> None:
        self.query = escape(query)
        self.cell = reverse("calendars:cell", args=[0, "date"]).removesuffix("0/date/")
        columns = {"date": "date", "time": "time", "holder": "holder_id", "address": "address"}
        self.words = {name: escape(label(column)) for name, column in columns.items()}
        self.no_hour, self.no_address = escape(_("no hour")), escape(_("no address"))

    def draw(self, row: dict[str, Any], focus: str = "") -> SafeString:
        """A row of `list.marked` up to its state; the cell of the column `focus` gets the focus.

        Every text is escaped here.
        """
        day, place = escape(row["short_day"]), escape(row["place_name"])
        hour, address = row["hour"], escape(row["address"])
        url = escape(row["url"])
        if row["editable"]:
            link = {"url": url, "query": self.query, "cell": self.cell, "pk": row["pk"]}
            address = self.in_place("address", focus, address or self.no_address, "" if address else " is-empty", link)
            hour = self.in_place("time", focus, hour or self.no_hour, "", link)
            date = self.in_place("date", focus, day, "", link)
        else:
            date = day
        found = ROW.format(
            pk=row["pk"],
            select=SELECT.format(key=escape(row["key"]), place=place, day=day) if row["selectable"] else "",
            words=self.words,
            date=date,
            time=hour,
            url=url,
            query=self.query,
            place=place,
            holder=escape(row["holder_name"]),
            address=address,
        )
        return mark_safe(found)  # noqa: S308

    @staticmethod
    def in_place(field: str, focus: str, text: str, css: str, link: dict[str, Any]) -> str:
        """A value that a click turns into its small form."""
        return IN_PLACE.format(field=field, focus=" data-focus" if field == focus else "", text=text, css=css, **link)
