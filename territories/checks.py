"""What `manage.py check` says about people."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connections

from .models import User
from .models.people import DEMO_DOMAIN


@register(Tags.database)
def demo_accounts_only_in_a_demonstration(app_configs, databases=None, **kwargs) -> list[Error]:
    """Accounts with a printed password must not exist where real offices work."""
    if settings.DEMO or not databases or "default" not in databases:
        return []
    try:
        if User._meta.db_table not in connections["default"].introspection.table_names():
            return []
        emails = list(
            User.objects.filter(email__endswith=f"@{DEMO_DOMAIN}", is_active=True).values_list("email", flat=True)
        )
    except DatabaseError:
        return []
    if not emails:
        return []
    return [
        Error(
            f"{len(emails)} accounts of the demonstration are open although DEMO is off: {', '.join(emails[:5])}.",
            hint="Begin with an empty database, or close them on the page People; DEMO=1 is for demonstrations.",
            id="territories.E001",
        )
    ]
