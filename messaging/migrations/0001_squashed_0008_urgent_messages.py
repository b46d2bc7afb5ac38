"""
The tables as 0001 to 0008 leave them, in one step: for a database that has none of them yet.

One that has some goes the long way. Both lead to the same: tests/integration/edge/test_squashed.py.
"""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from audit.guarding import guarded

# What changes in them leaves an event; columns that are signals change without one.
TABLES: dict[str, tuple[str, ...]] = {
    "messaging_attachment": ("removed_at", "swept"),
    "messaging_collection": (),
    "messaging_entry": (),
    "messaging_group": (),
    "messaging_opening": (),
    "messaging_publication": (),
}


class Migration(migrations.Migration):

    replaces = [('messaging', '0001_initial'), ('messaging', '0002_acts_have_events'), ('messaging', '0003_most_stated'), ('messaging', '0004_acts_on_messages'), ('messaging', '0005_kept_unread'), ('messaging', '0006_attachments'), ('messaging', '0007_attachments_have_events'), ('messaging', '0008_urgent_messages')]

    initial = True

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('cases', '0004_joinings'),
        ('directory', '0012_devices_are_told'),
    ]

    operations = [
        migrations.CreateModel(
            name='Group',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('circle', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='cases.circle')),
                ('epoch', models.PositiveBigIntegerField(default=0)),
                ('head', models.PositiveBigIntegerField(default=0)),
                ('chain', models.BinaryField()),
                ('group_info', models.BinaryField()),
                ('info_seq', models.PositiveBigIntegerField(default=0)),
                ('info_chain', models.BinaryField()),
                ('stated_log', models.CharField(default='', max_length=128)),
                ('stated_size', models.BigIntegerField(null=True)),
                ('client_id', models.UUIDField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('size', models.PositiveBigIntegerField()),
                ('begun_at', models.DateTimeField()),
                ('completed_at', models.DateTimeField(null=True)),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
                ('removed_at', models.DateTimeField(null=True)),
                ('swept', models.BooleanField(default=False)),
                ('circle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='cases.circle')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'begun_at'], name='messaging_a_person__a3ce0e_idx'), models.Index(condition=models.Q(('completed_at', None)), fields=['begun_at'], name='unfinished_uploads')],
            },
        ),
        migrations.CreateModel(
            name='Chunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chunks', to='messaging.attachment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('attachment', 'index'), name='chunk_once')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('seq', models.PositiveBigIntegerField()),
                ('kind', models.PositiveSmallIntegerField(choices=[(1, 'Commit'), (2, 'Message')])),
                ('epoch', models.PositiveBigIntegerField()),
                ('client_id', models.UUIDField()),
                ('body', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('chain', models.BinaryField()),
                ('resync', models.BooleanField(default=False)),
                ('act', models.CharField(blank=True, default='', max_length=16)),
                ('about', models.PositiveBigIntegerField(null=True)),
                ('urgent', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='messaging.group')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('about__isnull', False)), fields=['group', 'about'], name='acts_on_entry'), models.Index(condition=models.Q(('urgent', True)), fields=['device', 'at'], name='urgent_of_device')],
                'constraints': [models.UniqueConstraint(fields=('group', 'seq'), name='seq_once'), models.UniqueConstraint(fields=('device', 'client_id'), name='client_id_once'), models.UniqueConstraint(condition=models.Q(('kind', 1)), fields=('group', 'epoch'), name='one_commit_an_epoch')],
            },
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField()),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='messaging.group')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'device'), name='cursor_once')],
            },
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='messaging.group')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='KeyPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.BinaryField(unique=True)),
                ('body', models.BinaryField()),
                ('last_resort', models.BooleanField(default=False)),
                ('not_after', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('act', models.BigIntegerField(editable=False)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
            ],
            options={
                'indexes': [models.Index(fields=['device', 'claimed_at', 'not_after'], name='messaging_k_device__8f8edc_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('claimed_at', None), ('last_resort', True)), fields=('device',), name='one_last_resort')],
            },
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveIntegerField()),
                ('since_epoch', models.PositiveBigIntegerField()),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='messaging.group')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'index'), name='leaf_once'), models.UniqueConstraint(fields=('group', 'device'), name='device_once_in_group')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='messaging.attachment')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
            options={
                'indexes': [models.Index(fields=['attachment', 'device', 'at'], name='messaging_o_attachm_959b10_idx')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('count', models.PositiveIntegerField()),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReadMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField()),
                ('unread', models.PositiveBigIntegerField(null=True)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='messaging.group')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'person'), name='mark_once')],
            },
        ),
        migrations.CreateModel(
            name='Welcome',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('seq', models.PositiveBigIntegerField()),
                ('chain', models.BinaryField()),
                ('body', models.BinaryField()),
                ('act', models.BigIntegerField(editable=False)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='messaging.group')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'device', 'seq'), name='welcome_once')],
            },
        ),
        guarded(TABLES),
    ]
