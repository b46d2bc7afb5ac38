"""
The tables as 0001 to 0007 leave them, in one step: for a database that has none of them yet.

One that has some goes the long way. Both lead to the same: tests/integration/edge/test_squashed.py.
"""

import casehub.designations.stages
import django.db.models.deletion
import uuid
from django.db import migrations, models

from audit.guarding import guarded

# What changes in them leaves an event; columns that are signals change without one.
TABLES: dict[str, tuple[str, ...]] = {
    "designations_approval": (),
    "designations_consultation": (),
    "designations_designation": (),
    "designations_enrolmentcode": (),
    "designations_firsthand": (),
    "designations_missedstanding": (),
    "designations_quietstep": (),
    "designations_standingconfirmation": (),
}


class Migration(migrations.Migration):

    replaces = [('designations', '0001_initial'), ('designations', '0002_acts_have_events'), ('designations', '0003_silence_and_reading'), ('designations', '0004_silence_has_events'), ('designations', '0005_objections_stay'), ('designations', '0006_region_and_deputy'), ('designations', '0007_functions')]

    initial = True

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('directory', '0007_clock_stops_nobody'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Designation',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('person', models.UUIDField(db_index=True)),
                ('state', models.CharField(db_index=True, max_length=2)),
                ('stage', models.CharField(choices=[('draft', 'draft'), ('consulted', 'consulted'), ('nominated', 'nominated'), ('ministry-1', 'ministry-1'), ('approved', 'approved'), ('ceremony', 'ceremony'), ('active', 'active'), ('suspended', 'suspended'), ('expired', 'expired'), ('removed', 'removed'), ('rejected', 'rejected')], max_length=16)),
                ('stage_since', models.DateTimeField()),
                ('due_at', models.DateTimeField(db_index=True, null=True)),
                ('name', models.CharField(max_length=120)),
                ('post', models.CharField(max_length=120)),
                ('roles', models.CharField(max_length=120)),
                ('functions', models.CharField(blank=True, default='', max_length=40)),
                ('languages', models.CharField(max_length=40)),
                ('scope', models.CharField(max_length=120)),
                ('region', models.CharField(blank=True, max_length=120)),
                ('deputy', models.UUIDField(null=True)),
                ('starts', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('urgent', models.BooleanField(default=False)),
                ('rekey', models.BooleanField(default=False)),
                ('drafted_at', models.DateTimeField()),
                ('nominated_at', models.DateTimeField(null=True)),
                ('serial', models.UUIDField(null=True, unique=True)),
                ('body', models.BinaryField(null=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('nominator_key', models.BinaryField(null=True)),
                ('nominator_signature', models.BinaryField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('statement', models.CharField(blank=True, max_length=64)),
                ('key', models.BinaryField(null=True)),
                ('key_at', models.DateTimeField(null=True)),
                ('bound_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=16)),
                ('read_out_at', models.DateTimeField(null=True)),
                ('reminded', models.PositiveSmallIntegerField(null=True)),
                ('drafter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('nominator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.office')),
                ('renews', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='designations.designation')),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-drafted_at'], name='designation_state_0201dc_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('body', None), ('digest', ''), ('nominator', None)), models.Q(models.Q(('digest', ''), _negated=True), ('body__isnull', False), ('nominator__isnull', False)), _connector='OR'), name='a_nomination_has_a_body'), models.CheckConstraint(condition=models.Q(models.Q(('stage', casehub.designations.stages.Stage['ACTIVE']), _negated=True), models.Q(('approved_at__isnull', False), ('bound_at__isnull', False), ('key__isnull', False)), _connector='OR'), name='what_is_active_was_approved_and_bound')],
            },
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('agency', models.CharField(max_length=16)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(db_index=True)),
                ('outcome', models.CharField(blank=True, max_length=16)),
                ('date', models.DateField(null=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('void', models.BooleanField(default=False)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('roles', models.CharField(blank=True, max_length=120)),
                ('designation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='designations.designation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('digest', models.CharField(max_length=64)),
                ('place', models.PositiveSmallIntegerField()),
                ('key', models.BinaryField(max_length=32)),
                ('signature', models.BinaryField(max_length=64)),
                ('at', models.DateTimeField()),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('designation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='designations.designation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('designation', 'digest', 'place'), name='one_hand_per_place'), models.UniqueConstraint(fields=('designation', 'digest', 'officer'), name='one_hand_per_officer'), models.UniqueConstraint(fields=('designation', 'digest', 'key'), name='one_hand_per_key'), models.CheckConstraint(condition=models.Q(('place__in', [1, 2])), name='two_hands_at_most')],
            },
        ),
        migrations.CreateModel(
            name='EnrolmentCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('code_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('void_at', models.DateTimeField(null=True)),
                ('designation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='designations.designation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FirstHand',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('reinstatement', 'Reinstatement'), ('binding', 'Binding')], max_length=16)),
                ('person', models.UUIDField(db_index=True)),
                ('body', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('key', models.BinaryField(max_length=32)),
                ('signature', models.BinaryField(max_length=64)),
                ('at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('second_key', models.BinaryField(null=True)),
                ('second_signature', models.BinaryField(null=True)),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MissedStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('state', models.CharField(max_length=2)),
                ('due_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('state', 'due_at'), name='missed_once_per_date')],
            },
        ),
        migrations.CreateModel(
            name='QuietStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('since', models.DateTimeField()),
                ('step', models.CharField(max_length=16)),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'since', 'step'), name='one_step_for_a_silence')],
            },
        ),
        migrations.CreateModel(
            name='StandingConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('state', models.CharField(db_index=True, max_length=2)),
                ('at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('count', models.PositiveIntegerField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        guarded(TABLES),
    ]
