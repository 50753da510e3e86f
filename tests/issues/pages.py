"""What the tests of this room's pages share."""

from django.urls import reverse

from tests.calendars.pages import HTMX, filled, queries, text_of

__all__ = ["HTMX", "at", "filled", "queries", "text_of"]


def at(name: str, *args, **query) -> str:
    address = reverse(f"issues:{name}", args=args)
    return f"{address}?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else address
