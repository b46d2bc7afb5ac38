"""Browsers that ask to be devices."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from audit.guarding import guarded


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('directory', '0004_notices'),
    ]

    operations = [
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
        guarded({"directory_devicerequest": ()}),
    ]
