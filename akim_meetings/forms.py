"""How every form looks: Django's own field groups with this product's templates."""

from django.forms.renderers import TemplatesSetting


class BootstrapRenderer(TemplatesSetting):
    """Forms, fields and widgets from `templates/django/forms/`.

    A form class names fields only: classes, the required mark, help text, `aria-describedby` and the
    native date and time fields come from the templates. `{{ form }}` begins with the summary of errors.
    """

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
    formset_template_name = "django/forms/formsets/div.html"
