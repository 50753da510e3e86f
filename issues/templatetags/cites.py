"""Lines of the register as the reader's language cites them."""

from django import template

from calendars.wording import cited

register = template.Library()


@register.simple_tag
def cite(rule_id: str) -> str:
    """The paragraph of a line: `{% cite "826-3.4.c" as text %}`."""
    return cited(rule_id)
