"""The desk's changes are told by triggers, in the transaction of the change."""

import django.db.models.deletion
from django.db import migrations, models

from deadlines.marks import on_postgresql
from reporting.desk import triggers


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0003_exports_that_are_kept'),
        ('territories', '0007_read_subtrees_from_the_index'),
        ('calendars', '0005_meetings_mark_what_has_moved'),
        ('deadlines', '0012_lists_in_parts'),
        ('issues', '0009_pools_keep_their_order_and_minutes_are_published'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('issue_id', models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held', models.IntegerField(default=0)),
                ('announce_met', models.IntegerField(default=0)),
                ('announce_contested', models.IntegerField(default=0)),
                ('announce_late', models.IntegerField(default=0)),
                ('publish_met', models.IntegerField(default=0)),
                ('publish_contested', models.IntegerField(default=0)),
                ('publish_late', models.IntegerField(default=0)),
                ('quarter_met', models.IntegerField(default=0)),
                ('quarter_contested', models.IntegerField(default=0)),
                ('quarter_late', models.IntegerField(default=0)),
                ('duty_met', models.IntegerField(default=0)),
                ('duty_contested', models.IntegerField(default=0)),
                ('duty_late', models.IntegerField(default=0)),
                ('raised', models.IntegerField(default=0)),
                ('done', models.IntegerField(default=0)),
                ('explained', models.IntegerField(default=0)),
                ('declined', models.IntegerField(default=0)),
                ('past', models.IntegerField(default=0)),
                ('slipped', models.IntegerField(default=0)),
                ('reports', models.IntegerField(default=0)),
                ('year', models.PositiveSmallIntegerField(db_index=True)),
                ('day', models.DateField()),
                ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='territories.territory')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RunPython(on_postgresql(triggers.statements()), on_postgresql(triggers.undone())),
    ]
