"""The ledger in narrow rows: countings that many duties share, ids that say what a duty is about, evidence."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0004_choices_know_their_version"),
        ("territories", "0005_drafts_are_started_bodies_are_searched"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RenameModel("Duty", "WideDuty"),
        migrations.RemoveConstraint("wideduty", "one_duty_per_rule_and_subject"),
        migrations.RemoveIndex("wideduty", "duty_debtor_due"),
        migrations.RemoveIndex("wideduty", "duty_waiting"),
        migrations.RemoveIndex("wideduty", "duty_year_rule"),
        migrations.AlterField(
            "wideduty",
            "debtor",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.territory"
            ),
        ),
        migrations.CreateModel(
            name='Counting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wording', models.CharField(max_length=30)),
                ('readings', models.CharField(blank=True, max_length=300)),
                ('day', models.DateField(default=datetime.date(1, 1, 1))),
                ('other_day', models.DateField(default=datetime.date(1, 1, 1))),
                ('number', models.IntegerField(default=0)),
                ('anchors', models.JSONField(default=dict)),
                ('safe_on', models.DateField(null=True)),
                ('due_on', models.DateField(null=True, verbose_name='due')),
                ('late_after', models.DateField(null=True)),
                ('target_on', models.DateField(null=True)),
                ('derivation', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': 'counting',
                'verbose_name_plural': 'countings',
                'constraints': [models.UniqueConstraint(fields=('wording', 'readings', 'day', 'other_day', 'number'), name='one_counting_per_key')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('rule_id', models.CharField(max_length=20, verbose_name='rule')),
                ('year', models.PositiveSmallIntegerField()),
                ('debtor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='territories.territory')),
                ('body', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='territories.organisation')),
                ('region', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territories.territory')),
                ('counting', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='deadlines.counting')),
                ('due_on', models.DateField(null=True, verbose_name='due')),
                ('late_after', models.DateField(null=True)),
                ('opened_on', models.DateField()),
                ('met_on', models.DateField(null=True, verbose_name='met on')),
                ('noted_on', models.DateField(null=True)),
                ('met_by', models.CharField(blank=True, choices=[('', ''), ('fact', 'recorded in the program'), ('hand', 'evidence')], default='', max_length=4)),
                ('evidence', models.TextField(blank=True, default='')),
                ('trace', models.CharField(blank=True, choices=[('', ''), ('fact_gone', 'what it was about no longer exists; kept as it was met'), ('reopened', 'the proof was withdrawn; open again'), ('changed', 'the proof was changed afterwards')], default='', max_length=10)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'duty',
                'verbose_name_plural': 'duties',
                'ordering': ['due_on', 'pk'],
                'indexes': [models.Index(fields=['region', 'due_on', 'id'], name='duty_of_region'), models.Index(fields=['debtor', 'due_on'], name='duty_of_unit'), models.Index(condition=models.Q(('cancelled_at', None), ('due_on__isnull', False), ('met_on', None)), fields=['due_on', 'id'], name='duty_unmet'), models.Index(condition=models.Q(('body__isnull', False)), fields=['body', 'due_on'], name='duty_of_body')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('body__isnull', False), ('debtor', None)), models.Q(('body', None), ('debtor__isnull', False)), _connector='OR'), name='duty_has_one_debtor')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='deadlines.duty')),
                ('kind', models.CharField(choices=[('DOC', 'document'), ('SENT', 'letter sent'), ('LINK', 'publication'), ('SNAP', 'archived page or photograph'), ('REC', 'record of an event')], max_length=4, verbose_name='kind')),
                ('done_on', models.DateField(verbose_name='done on')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='number')),
                ('date', models.DateField(blank=True, null=True, verbose_name='date')),
                ('address', models.URLField(blank=True, max_length=500, verbose_name='address')),
                ('file', models.FileField(blank=True, upload_to='evidence/%Y/', verbose_name='file')),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='note')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_on', models.DateField()),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_under', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territories.post')),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_reason', models.TextField(blank=True, verbose_name='reason of the withdrawal')),
            ],
            options={
                'verbose_name': 'evidence',
                'verbose_name_plural': 'evidence',
                'ordering': ['done_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('withdrawn_at', None), models.Q(('withdrawn_reason', ''), _negated=True), _connector='OR'), name='withdrawal_has_a_reason')],
                'indexes': [],
            },
        ),
        migrations.AddField(
            "reminder",
            "narrow",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deadlines.duty"
            ),
        ),
    ]
