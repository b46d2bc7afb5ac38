"""Offices by kind, central authorities, working hours and sealed contacts."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from audit.guarding import guarded

TABLES: dict[str, tuple[str, ...]] = {
    "directory_competence": (),
    "directory_hours": (),
    "directory_contact": (),
    "directory_contactopening": (),
}


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_acts_have_events'),
        ('directory', '0002_acts_have_events'),
    ]

    operations = [
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
        migrations.AddField(
            model_name='office',
            name='kind',
            field=models.CharField(choices=[('prosecution', 'Prosecution'), ('specialised-unit', 'Specialised Unit'), ('ministry', 'Ministry'), ('central', 'Central'), ('supervision', 'Supervision'), ('regional', 'Regional')], default='prosecution', max_length=20),
        ),
        migrations.AddField(
            model_name='person',
            name='scope',
            field=models.CharField(default='', max_length=80),
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
        guarded(TABLES),
    ]
