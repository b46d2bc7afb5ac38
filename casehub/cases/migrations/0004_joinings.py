"""Opening a case to more States."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from audit.guarding import guarded


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('cases', '0003_acts_have_events'),
        ('directory', '0006_device_requests'),
    ]

    operations = [
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
        guarded({"cases_joining": ()}),
    ]
