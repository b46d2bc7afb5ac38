"""
The tables as 0001 to 0015 leave them, in one step: for a database that has none of them yet.

One that has some goes the long way. Both lead to the same: tests/integration/edge/test_squashed.py.
"""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.guarding import guarded

# What changes in them leaves an event; columns that are signals change without one.
TABLES: dict[str, tuple[str, ...]] = {
    "directory_competence": (),
    "directory_contact": (),
    "directory_contactopening": (),
    "directory_device": (),
    "directory_devicerequest": (),
    "directory_hours": (),
    "directory_notice": (),
    "directory_noticeanswer": (),
    "directory_noticesanswer": (),
    "directory_office": (),
    "directory_person": (),
    "directory_signedstatement": (),
    "directory_state": (),
    "directory_stop": (),
}


class Migration(migrations.Migration):

    replaces = [('directory', '0001_initial'), ('directory', '0002_acts_have_events'), ('directory', '0003_offices_and_contacts'), ('directory', '0004_notices'), ('directory', '0005_stops'), ('directory', '0006_device_requests'), ('directory', '0007_clock_stops_nobody'), ('directory', '0008_notices_at_once'), ('directory', '0009_enrolling_anew'), ('directory', '0010_lifts_are_signed'), ('directory', '0011_ministry_alone'), ('directory', '0012_devices_are_told'), ('directory', '0013_notices_say_what'), ('directory', '0014_offices_have_telephones'), ('directory', '0015_functions')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('audit', '0006_acts_have_events'),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('post', models.CharField(max_length=120)),
                ('roles', models.CharField(max_length=120)),
                ('functions', models.CharField(default='', max_length=40)),
                ('languages', models.CharField(max_length=40)),
                ('scope', models.CharField(default='', max_length=80)),
                ('valid_until', models.DateTimeField()),
                ('suspended_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('fictional', models.BooleanField(default=False)),
                ('account', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('enrolling', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('prosecution', 'Prosecution'), ('specialised-unit', 'Specialised Unit'), ('ministry', 'Ministry'), ('central', 'Central'), ('supervision', 'Supervision'), ('regional', 'Regional')], default='prosecution', max_length=20)),
                ('name', models.CharField(max_length=160)),
                ('telephone', models.CharField(blank=True, default='', max_length=30)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='State',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('code', models.CharField(max_length=2, primary_key=True, serialize=False)),
                ('name_es', models.CharField(max_length=80)),
                ('name_en', models.CharField(max_length=80)),
                ('name_fr', models.CharField(max_length=80)),
                ('stopped_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='directory.person')),
                ('sealed', models.BinaryField()),
                ('duty', models.BooleanField(default=False)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Hours',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='directory.person')),
                ('zone', models.CharField(max_length=40)),
                ('days', models.CharField(max_length=7)),
                ('opens', models.CharField(max_length=5)),
                ('closes', models.CharField(max_length=5)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ContactOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('case', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opened_contacts', to='directory.person')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='directory.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='person',
            name='office',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.office'),
        ),
        migrations.CreateModel(
            name='SignedStatement',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('type', models.CharField(max_length=16)),
                ('state', models.CharField(max_length=2)),
                ('person', models.UUIDField(db_index=True, null=True)),
                ('body', models.BinaryField()),
                ('signatures', models.JSONField()),
                ('entered_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'type'], name='directory_s_state_4d48ac_idx')],
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('signature_key', models.BinaryField()),
                ('serial', models.UUIDField(unique=True)),
                ('added_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='directory.signedstatement')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='person',
            name='state',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='directory.state'),
        ),
        migrations.AddField(
            model_name='office',
            name='state',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='directory.state'),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('number', models.PositiveBigIntegerField(unique=True)),
                ('kind', models.CharField(choices=[('announced', 'Announced'), ('ministry-alone', 'Ministry Alone'), ('changed', 'Changed'), ('renewed', 'Renewed'), ('suspended', 'Suspended'), ('removed', 'Removed'), ('reinstated', 'Reinstated'), ('expired', 'Expired'), ('key-changed', 'Key Changed'), ('device-stopped', 'Device Stopped'), ('state-stopped', 'State Stopped'), ('state-lifted', 'State Lifted'), ('unconfirmed', 'Unconfirmed')], max_length=16)),
                ('person', models.UUIDField(null=True)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('post', models.CharField(blank=True, max_length=120)),
                ('until', models.DateTimeField(null=True)),
                ('urgent', models.BooleanField(default=False)),
                ('changed', models.CharField(blank=True, max_length=120)),
                ('at', models.DateTimeField()),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.state')),
            ],
            options={
                'indexes': [models.Index(fields=['-at'], name='directory_n_at_617d8c_idx')],
            },
        ),
        migrations.CreateModel(
            name='Competence',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('instrument', models.CharField(max_length=40)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('source', models.CharField(max_length=300)),
                ('confidence', models.CharField(max_length=6)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.office')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.state')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('state', 'instrument', 'since'), name='directory_one_competence_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.UUIDField(db_index=True)),
                ('what', models.CharField(max_length=40)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('was', models.JSONField()),
                ('state', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='directory.state')),
            ],
        ),
        migrations.CreateModel(
            name='Stop',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('suspended', 'Suspended'), ('removed', 'Removed'), ('device', 'Device'), ('state', 'State')], max_length=9)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=24)),
                ('ended_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('lift_at', models.DateTimeField(null=True)),
                ('lift_payload', models.BinaryField(null=True)),
                ('lift_statement', models.JSONField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('lift_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='directory.person')),
                ('state', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='directory.state')),
                ('statement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='directory.signedstatement')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'ended_at'], name='directory_s_person__3095e0_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('device', None), ('ended_at', None)), fields=('person', 'kind'), name='one_stop_of_a_person'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('device',), name='one_stop_of_a_device'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('kind', 'state')), fields=('state',), name='one_stop_of_a_state')],
            },
        ),
        migrations.CreateModel(
            name='DeviceRequest',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('session', models.UUIDField()),
                ('device', models.UUIDField(unique=True)),
                ('signature_key', models.BinaryField()),
                ('history_key', models.BinaryField()),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('named', 'Named'), ('refused', 'Refused'), ('replaced', 'Replaced')], max_length=8)),
                ('answered_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-asked_at'], name='directory_d_person__199f46_idx')],
            },
        ),
        migrations.CreateModel(
            name='NoticesAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
                ('upto', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers_upto', to='directory.notice')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.state')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('upto', 'state'), name='one_answer_upto_per_state')],
            },
        ),
        migrations.CreateModel(
            name='NoticeAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='directory.notice')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.state')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('notice', 'state'), name='one_answer_per_state')],
            },
        ),
        guarded(TABLES),
    ]
