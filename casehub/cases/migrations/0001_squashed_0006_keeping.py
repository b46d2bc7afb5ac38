"""
The tables as 0001 to 0006 leave them, in one step: for a database that has none of them yet.

One that has some goes the long way. Both lead to the same: tests/integration/edge/test_squashed.py.
"""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from audit.guarding import guarded

# What changes in them leaves an event; columns that are signals change without one.
TABLES: dict[str, tuple[str, ...]] = {
    "cases_case": (),
    "cases_casemember": (),
    "cases_circle": (),
    "cases_hold": (),
    "cases_joining": (),
    "cases_shortening": (),
}


class Migration(migrations.Migration):

    replaces = [('cases', '0001_initial'), ('cases', '0002_drafting_circles'), ('cases', '0003_acts_have_events'), ('cases', '0004_joinings'), ('cases', '0005_notes'), ('cases', '0006_keeping')]

    initial = True

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('directory', '0014_offices_have_telephones'),
    ]

    operations = [
        migrations.CreateModel(
            name='Circle',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('case', 'Case'), ('thread', 'Thread'), ('drafting', 'Drafting'), ('note', 'Note')], max_length=8)),
                ('opened_at', models.DateTimeField()),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('opener', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=16, unique=True)),
                ('state', models.CharField(max_length=2)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('states', models.CharField(max_length=64)),
                ('opened_at', models.DateTimeField()),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('retention', models.CharField(default='case-file', max_length=16)),
                ('closed_at', models.DateTimeField(null=True)),
                ('not_before', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='closed_cases')],
                'constraints': [models.UniqueConstraint(fields=('state', 'year', 'number'), name='case_number_once'), models.UniqueConstraint(fields=('owner', 'client_id'), name='case_request_once'), models.CheckConstraint(condition=models.Q(('erased_at', None), ('closed_at__isnull', False), _connector='OR'), name='only_a_closed_case_is_erased')],
            },
        ),
        migrations.CreateModel(
            name='CaseMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='cases.case')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('case', 'person'), name='in_a_case_once'), models.UniqueConstraint(fields=('added_by', 'client_id'), name='add_request_once')],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('circle', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='erasure', serialize=False, to='cases.circle')),
                ('retention', models.CharField(max_length=16)),
                ('at', models.DateTimeField()),
                ('act', models.BigIntegerField(editable=False)),
            ],
        ),
        migrations.AddField(
            model_name='circle',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='circles', to='cases.case'),
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=2)),
                ('ground', models.CharField(choices=[('court-order', 'Court Order'), ('investigation', 'Investigation'), ('proceedings', 'Proceedings'), ('request', 'Request'), ('complaint', 'Complaint'), ('other', 'Other')], max_length=16)),
                ('at', models.DateTimeField()),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('lift_asked_at', models.DateTimeField(null=True)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='cases.case')),
                ('circle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.circle')),
                ('lift_asker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('lifter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('lifted_at', None)), fields=['case'], name='standing_holds')],
                'constraints': [models.UniqueConstraint(fields=('person', 'client_id'), name='hold_request_once'), models.CheckConstraint(condition=models.Q(models.Q(('lift_asked_at', None), ('lift_asker', None)), models.Q(('lift_asked_at__isnull', False), ('lift_asker__isnull', False)), _connector='OR'), name='lift_asked_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifter', None)), models.Q(('lift_asker__isnull', False), ('lifted_at__isnull', False), ('lifter__isnull', False), models.Q(('lifter', models.F('lift_asker')), _negated=True)), _connector='OR'), name='lifted_by_two')],
            },
        ),
        migrations.CreateModel(
            name='Joining',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=2)),
                ('urgent', models.BooleanField()),
                ('proposed_at', models.DateTimeField()),
                ('lapses_at', models.DateTimeField()),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('consented_at', models.DateTimeField(null=True)),
                ('objections_until', models.DateTimeField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('ended', models.CharField(choices=[('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('objected', 'Objected')], default='', max_length=9)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(default='', max_length=16)),
                ('accepter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joinings', to='cases.case')),
                ('consenter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('proposer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'proposed_at'], name='cases_joini_state_123dda_idx')],
                'constraints': [models.UniqueConstraint(fields=('proposer', 'client_id', 'state'), name='joining_request_once'), models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', False)), fields=('case', 'state'), name='joined_once')],
            },
        ),
        migrations.CreateModel(
            name='Reader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('act', models.BigIntegerField(editable=False)),
                ('circle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readers', to='cases.circle')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'until'], name='cases_reade_person__88cfb0_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('circle', 'person'), name='in_a_circle_once')],
            },
        ),
        migrations.CreateModel(
            name='Shortening',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('was', models.CharField(max_length=16)),
                ('retention', models.CharField(max_length=16)),
                ('proposed_at', models.DateTimeField()),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('answered_at', models.DateTimeField(null=True)),
                ('agreed', models.BooleanField(default=False)),
                ('answerer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shortenings', to='cases.case')),
                ('proposer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('proposer', 'client_id'), name='shortening_request_once'), models.CheckConstraint(condition=models.Q(('agreed', False), models.Q(('answered_at__isnull', False), models.Q(('answerer', models.F('proposer')), _negated=True)), _connector='OR'), name='shortened_by_two')],
            },
        ),
        migrations.AddConstraint(
            model_name='circle',
            constraint=models.UniqueConstraint(fields=('opener', 'client_id'), name='circle_request_once'),
        ),
        migrations.AddConstraint(
            model_name='circle',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'case')), fields=('case',), name='one_title_circle'),
        ),
        guarded(TABLES),
    ]
