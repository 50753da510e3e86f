"""The western and southern regions get the zones that they have always had; so far every unit bore Almaty's."""

from django.db import migrations

from territories.zones import zone_of, zones


def give_zones(apps, schema_editor):
    Territory = apps.get_model("territories", "Territory")
    usual, *_others = zones()
    prefixes = {code[:2] for code in Territory.objects.filter(parent=None).values_list("code", flat=True)}
    for prefix in sorted(prefixes):
        if zone_of(prefix) != usual:
            Territory.objects.filter(code__startswith=prefix, time_zone=usual).update(time_zone=zone_of(prefix))


class Migration(migrations.Migration):
    dependencies = [("territories", "0005_drafts_are_started_bodies_are_searched")]

    operations = [migrations.RunPython(give_zones, migrations.RunPython.noop)]
