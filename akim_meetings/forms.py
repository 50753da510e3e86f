"""How every form looks: Django's own field groups with this product's templates.

One-line fields, texts and lists are drawn without templates: Django draws each option of a list by a template that
includes another one for its attributes, and a filter with a region's topics then costs more than the rows below it.
The templates of `templates/django/forms/widgets/` say the same, for lists of boxes that include them; a test compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

Widget = Mapping[str, Any]


class BootstrapRenderer(TemplatesSetting):
    """Forms, fields and widgets from `templates/django/forms/`.

    A form class names fields only: classes, the required mark, help text, `aria-describedby` and the
    native date and time fields come from here. `{{ form }}` begins with the summary of errors.
    """

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
    formset_template_name = "django/forms/formsets/div.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWN.get(template_name)
        if draw is None:
            return super().render(template_name, context, request=request)
        return mark_safe(draw(context["widget"]))  # noqa: S308  (each drawing escapes whatever it is given)


def attributes(widget: Widget, look: str = "") -> str:
    """The attributes of a field, with the class that makes it look like ours."""
    parts = []
    if look:
        own = widget["attrs"].get("class")
        parts.append(f' class="{look}{f" {conditional_escape(own)}" if own else ""}"')
    for name, value in widget["attrs"].items():
        if value is True:
            parts.append(f" {conditional_escape(name)}")
        elif value is not False and name != "class":
            parts.append(f' {conditional_escape(name)}="{conditional_escape(value)}"')
    return "".join(parts)


def entry(kind: str = "") -> Callable[[Widget], str]:
    """A one-line field of this kind, or of the kind that the widget says."""

    def draw(widget: Widget) -> str:
        type_ = conditional_escape(kind or widget["type"])
        look = "" if type_ == "hidden" else "form-check-input" if type_ in ("checkbox", "radio") else "form-control"
        value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
        return f'<input type="{type_}" name="{conditional_escape(widget["name"])}"{value}{attributes(widget, look)}>'

    return draw


def text(widget: Widget) -> str:
    value = conditional_escape(localize(widget["value"])) if widget["value"] else ""
    name = conditional_escape(widget["name"])
    return f'<textarea name="{name}"{attributes(widget, "form-control")}>\n{value}</textarea>'


def choice(widget: Widget) -> str:
    """A list to choose from, with its groups."""
    parts = [f'<select name="{conditional_escape(widget["name"])}"{attributes(widget, "form-select")}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{conditional_escape(localize(group))}">')
        for option in options:
            value, label = conditional_escape(option["value"]), conditional_escape(localize(option["label"]))
            parts.append(f'\n  <option value="{value}"{attributes(option)}>{label}</option>')
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


DRAWN: dict[str, Callable[[Widget], str]] = {
    **{
        f"django/forms/widgets/{name}.html": entry()
        for name in ("checkbox", "email", "hidden", "number", "password", "tel", "text", "url")
    },
    "django/forms/widgets/date.html": entry("date"),
    "django/forms/widgets/datetime.html": entry("datetime-local"),
    "django/forms/widgets/time.html": entry("time"),
    "django/forms/widgets/textarea.html": text,
    "django/forms/widgets/select.html": choice,
}
