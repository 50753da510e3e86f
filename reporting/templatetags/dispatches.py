"""What was frozen as plain values, in words of a page."""

from django import template

from ..submissions import documents

register = template.Library()


@register.filter
def kept_day(value: str | None) -> str:
    """15.01.2027 out of a kept 2027-01-15."""
    return documents.short(value) if value else "–"
