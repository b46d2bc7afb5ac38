"""Which recovery kit is each person's: only what it seals is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.guarding import guarded


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('accounts', '0007_kit_proof'),
    ]

    operations = [
        migrations.CreateModel(
            name='Kit',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                ('mark', models.CharField(max_length=64)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        guarded({"accounts_kit": ()}),
    ]
