"""What a recovery kit seals, and who accepted the rules of use."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.guarding import guarded


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('accounts', '0004_acts_have_events'),
    ]

    operations = [
        migrations.CreateModel(
            name='Backup',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                ('body', models.BinaryField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RulesAcceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('account', 'digest'), name='rules_accepted_once')],
            },
        ),
        guarded({"accounts_backup": (), "accounts_rulesacceptance": ()}),
    ]
