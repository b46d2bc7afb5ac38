"""
The tables as 0001 to 0005 leave them, in one step: for a database that has none of them yet.

One that has some goes the long way. Both lead to the same: tests/integration/edge/test_squashed.py.
"""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from audit.guarding import guarded

# What changes in them leaves an event; columns that are signals change without one.
TABLES: dict[str, tuple[str, ...]] = {
    "oversight_deferral": (),
    "oversight_deferraldecision": (),
    "oversight_export": (),
    "oversight_pairconsent": (),
    "oversight_pairview": (),
    "oversight_pairviewdecision": (),
    "oversight_query": (),
    "oversight_savedview": (),
    "oversight_unmasking": (),
    "oversight_unmaskingdecision": (),
    "oversight_unmaskingnotice": (),
}


class Migration(migrations.Migration):

    replaces = [('oversight', '0001_initial'), ('oversight', '0002_acts_have_events'), ('oversight', '0003_said_once'), ('oversight', '0004_telling'), ('oversight', '0005_pairs')]

    initial = True

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('directory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PairView',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('open_until', models.DateTimeField()),
                ('first', models.CharField(max_length=2)),
                ('second', models.CharField(max_length=2)),
                ('quarter', models.CharField(max_length=6)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Unmasking',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('open_until', models.DateTimeField()),
                ('state', models.CharField(max_length=2)),
                ('quarter', models.CharField(max_length=6)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-asked_at'], name='oversight_u_state_57e668_idx')],
            },
        ),
        migrations.CreateModel(
            name='PairConsent',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=2)),
                ('other', models.CharField(max_length=2)),
                ('given_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('state', 'other'), name='oversight_one_consent_a_pair')],
            },
        ),
        migrations.CreateModel(
            name='Query',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=2)),
                ('upto', models.BigIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('format', models.CharField(max_length=8)),
                ('log', models.CharField(max_length=16)),
                ('size', models.BigIntegerField()),
                ('upto', models.BigIntegerField()),
                ('count', models.BigIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('query', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='oversight.query')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('saved_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnmaskingNotice',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('unmasking', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='notice', serialize=False, to='oversight.unmasking')),
                ('told_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Deferral',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('open_until', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('unmasking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deferrals', to='oversight.unmasking')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DeferralDecision',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('agreed', models.BooleanField()),
                ('decided_at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('deferral', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='decision', serialize=False, to='oversight.deferral')),
                ('decider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PairViewDecision',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('agreed', models.BooleanField()),
                ('decided_at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('pair_view', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='decision', serialize=False, to='oversight.pairview')),
                ('upto', models.BigIntegerField()),
                ('decider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnmaskingDecision',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('agreed', models.BooleanField()),
                ('decided_at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('unmasking', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='decision', serialize=False, to='oversight.unmasking')),
                ('decider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        guarded(TABLES),
    ]
