"""On which day each person last proved that they hold their recovery kit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.guarding import guarded


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('accounts', '0006_limits_of_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='KitProof',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                ('day', models.DateField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        guarded({"accounts_kitproof": ()}),
    ]
