"""Words of this room for templates."""

from django import template

from ..wording import cited

register = template.Library()


@register.simple_tag
def cite(basis: str) -> str:
    """A line of the register ("826-3.4.f") as people cite it: 826 п. 3, пп. 4), абз. 7."""
    return cited(basis)
