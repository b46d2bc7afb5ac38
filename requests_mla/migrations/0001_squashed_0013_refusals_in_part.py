"""
The tables as 0001 to 0013 leave them, in one step: for a database that has none of them yet.

One that has some goes the long way. Both lead to the same: tests/integration/edge/test_squashed.py.
"""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from audit.guarding import guarded

# What changes in them leaves an event; columns that are signals change without one.
TABLES: dict[str, tuple[str, ...]] = {
    "requests_mla_attestation": (),
    "requests_mla_consultation": (),
    "requests_mla_enclosure": ("removed_at", "swept"),
    "requests_mla_enclosureopening": (),
    "requests_mla_letter": (),
    "requests_mla_move": (),
    "requests_mla_proposal": (),
    "requests_mla_reminder": (),
    "requests_mla_request": (),
    "requests_mla_turn": ("until",),
    "requests_mla_version": (),
}


class Migration(migrations.Migration):

    replaces = [('requests_mla', '0001_initial'), ('requests_mla', '0002_version_budgets'), ('requests_mla', '0003_acts_have_events'), ('requests_mla', '0004_the_life_of_a_request'), ('requests_mla', '0005_consultations'), ('requests_mla', '0006_reminders'), ('requests_mla', '0007_letters'), ('requests_mla', '0008_since_when_a_day_is_known'), ('requests_mla', '0009_enclosures'), ('requests_mla', '0010_letter_marks'), ('requests_mla', '0011_second_hands'), ('requests_mla', '0012_letters_for_the_own_people'), ('requests_mla', '0013_refusals_in_part')]

    initial = True

    dependencies = [
        ('audit', '0014_cheaper_acts'),
        ('cases', '0006_keeping'),
        ('directory', '0014_offices_have_telephones'),
    ]

    operations = [
        migrations.CreateModel(
            name='Request',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('requesting_state', models.CharField(max_length=2)),
                ('requested_state', models.CharField(blank=True, max_length=2)),
                ('stage', models.CharField(choices=[('idea', 'idea'), ('draft', 'draft'), ('self_check', 'self_check'), ('informal_consultation', 'informal_consultation'), ('needs_changes', 'needs_changes'), ('ready', 'ready'), ('authorised', 'authorised'), ('transmitted', 'transmitted'), ('acknowledged', 'acknowledged'), ('information_requested', 'information_requested'), ('in_execution', 'in_execution'), ('partially_executed', 'partially_executed'), ('executed', 'executed'), ('postponed', 'postponed'), ('returned', 'returned'), ('refused', 'refused'), ('withdrawn', 'withdrawn'), ('expired', 'expired'), ('closed', 'closed')], max_length=24)),
                ('disclosed', models.JSONField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('opened_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField(null=True)),
                ('deadline_at', models.DateTimeField(null=True)),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='cases.case')),
                ('circle', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='cases.circle')),
                ('drafter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('drafter', 'client_id'), name='request_request_once'), models.CheckConstraint(condition=models.Q(('stage__in', ['idea', 'draft', 'self_check', 'informal_consultation', 'needs_changes', 'ready', 'authorised', 'transmitted', 'acknowledged', 'information_requested', 'in_execution', 'partially_executed', 'executed', 'postponed', 'returned', 'refused', 'withdrawn', 'expired', 'closed'])), name='request_stage_known'), models.CheckConstraint(condition=models.Q(models.Q(('saved_at', None), ('version', 0)), models.Q(('saved_at__isnull', False), ('version__gt', 0)), _connector='OR'), name='request_saved_with_version')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=24)),
                ('last', models.DateField()),
                ('days', models.PositiveSmallIntegerField()),
                ('since', models.DateTimeField(null=True)),
                ('at', models.DateTimeField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='requests_mla.request')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'what', 'last', 'days', 'since'), name='reminder_once')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('act', models.CharField(choices=[('write', 'write'), ('check', 'check'), ('ask-changes', 'ask-changes'), ('make-ready', 'make-ready'), ('consult', 'consult'), ('favour', 'favour'), ('suggest-changes', 'suggest-changes'), ('end-consultation', 'end-consultation'), ('authorise', 'authorise'), ('transmit', 'transmit'), ('confirm', 'confirm'), ('acknowledge', 'acknowledge'), ('ask-information', 'ask-information'), ('give-information', 'give-information'), ('begin', 'begin'), ('answer-part', 'answer-part'), ('execute', 'execute'), ('postpone', 'postpone'), ('resume', 'resume'), ('return', 'return'), ('refuse-part', 'refuse-part'), ('refuse', 'refuse'), ('withdraw', 'withdraw'), ('expire', 'expire'), ('close', 'close')], max_length=24)),
                ('before', models.CharField(max_length=24)),
                ('after', models.CharField(max_length=24)),
                ('side', models.CharField(choices=[('requesting', 'requesting'), ('requested', 'requested')], max_length=12)),
                ('state', models.CharField(max_length=2)),
                ('key', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('on', models.DateField()),
                ('issued', models.CharField(max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('said', models.JSONField()),
                ('form', models.PositiveSmallIntegerField()),
                ('signature', models.BinaryField()),
                ('step', models.CharField(max_length=64)),
                ('lapses_at', models.DateTimeField()),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('outcome', models.CharField(blank=True, default='', max_length=12)),
                ('reason', models.CharField(blank=True, default='', max_length=24)),
                ('decided_at', models.DateTimeField(null=True)),
                ('second_key', models.BinaryField(null=True)),
                ('second_issued', models.CharField(blank=True, default='', max_length=20)),
                ('second_signature', models.BinaryField(null=True)),
                ('decider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.device')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='requests_mla.request')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'client_id'), name='proposal_request_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decider', None), ('device', None), ('outcome', ''), ('reason', ''), ('second_issued', ''), ('second_key', None), ('second_signature', None)), models.Q(('decided_at__isnull', False), ('decider__isnull', False), ('outcome', 'declined'), ('reason__in', ('not-done', 'not-these-measures', 'not-this-evidence', 'not-these-conditions', 'taken-back')), ('second_key', None), ('second_signature', None)), models.Q(('decided_at__isnull', False), ('decider__isnull', False), ('outcome', 'confirmed'), ('reason', ''), ('second_key__isnull', False), ('second_signature__isnull', False), models.Q(('second_issued', ''), _negated=True)), _connector='OR'), name='proposal_decided_somehow'), models.CheckConstraint(condition=models.Q(('decider', models.F('person')), ('outcome', 'confirmed'), _negated=True), name='proposal_confirmed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('act', models.CharField(choices=[('write', 'write'), ('check', 'check'), ('ask-changes', 'ask-changes'), ('make-ready', 'make-ready'), ('consult', 'consult'), ('favour', 'favour'), ('suggest-changes', 'suggest-changes'), ('end-consultation', 'end-consultation'), ('authorise', 'authorise'), ('transmit', 'transmit'), ('confirm', 'confirm'), ('acknowledge', 'acknowledge'), ('ask-information', 'ask-information'), ('give-information', 'give-information'), ('begin', 'begin'), ('answer-part', 'answer-part'), ('execute', 'execute'), ('postpone', 'postpone'), ('resume', 'resume'), ('return', 'return'), ('refuse-part', 'refuse-part'), ('refuse', 'refuse'), ('withdraw', 'withdraw'), ('expire', 'expire'), ('close', 'close')], max_length=24)),
                ('before', models.CharField(max_length=24)),
                ('after', models.CharField(max_length=24)),
                ('side', models.CharField(choices=[('requesting', 'requesting'), ('requested', 'requested')], max_length=12)),
                ('state', models.CharField(max_length=2)),
                ('key', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('on', models.DateField()),
                ('issued', models.CharField(max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('said', models.JSONField()),
                ('signature', models.BinaryField()),
                ('form', models.PositiveSmallIntegerField()),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
                ('proposal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='requests_mla.proposal')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='requests_mla.request')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'number'), name='move_once'), models.UniqueConstraint(fields=('person', 'client_id'), name='move_request_once'), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='move_from_one'), models.CheckConstraint(condition=models.Q(('after__in', ['idea', 'draft', 'self_check', 'informal_consultation', 'needs_changes', 'ready', 'authorised', 'transmitted', 'acknowledged', 'information_requested', 'in_execution', 'partially_executed', 'executed', 'postponed', 'returned', 'refused', 'withdrawn', 'expired', 'closed']), ('before__in', ['idea', 'draft', 'self_check', 'informal_consultation', 'needs_changes', 'ready', 'authorised', 'transmitted', 'acknowledged', 'information_requested', 'in_execution', 'partially_executed', 'executed', 'postponed', 'returned', 'refused', 'withdrawn', 'expired', 'closed'])), name='move_stages_known'), models.CheckConstraint(condition=models.Q(('act__in', ['write', 'check', 'ask-changes', 'make-ready', 'consult', 'favour', 'suggest-changes', 'end-consultation', 'authorise', 'transmit', 'confirm', 'acknowledge', 'ask-information', 'give-information', 'begin', 'answer-part', 'execute', 'postpone', 'resume', 'return', 'refuse-part', 'refuse', 'withdraw', 'expire', 'close'])), name='move_known')],
            },
        ),
        migrations.CreateModel(
            name='LetterMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(default='both', max_length=4)),
                ('upto', models.BigIntegerField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letter_marks', to='requests_mla.request')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'person', 'audience'), name='letter_mark_once')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=2)),
                ('audience', models.CharField(default='both', max_length=4)),
                ('step', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('body', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('request_digest', models.CharField(max_length=64)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='requests_mla.request')),
            ],
            options={
                'indexes': [models.Index(fields=['request', 'person'], name='letter_share')],
            },
        ),
        migrations.CreateModel(
            name='Enclosure',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('size', models.PositiveBigIntegerField()),
                ('begun_at', models.DateTimeField()),
                ('completed_at', models.DateTimeField(null=True)),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
                ('removed_at', models.DateTimeField(null=True)),
                ('swept', models.BooleanField(default=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('letter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='enclosures', to='requests_mla.letter')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enclosures', to='requests_mla.request')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'begun_at'], name='enclosure_budget'), models.Index(condition=models.Q(('letter', None), ('swept', False)), fields=['begun_at'], name='enclosure_loose')],
            },
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('state', models.CharField(max_length=2)),
                ('questions', models.JSONField()),
                ('urgent', models.BooleanField()),
                ('asked_at', models.DateTimeField()),
                ('due', models.DateTimeField()),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('outcome', models.CharField(blank=True, default='', max_length=16)),
                ('ended_at', models.DateTimeField(null=True)),
                ('answer', models.UUIDField(null=True)),
                ('answerer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('circle', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='consultation', to='cases.circle')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='requests_mla.request')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('asker', 'client_id'), name='consultation_once'), models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('request',), name='one_open_consultation'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='consultation_ended_somehow'), models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', False), ('answerer__isnull', False), ('outcome__in', ('favourable', 'with_changes', 'unlikely'))), models.Q(('answer', None), ('answerer', None), ('outcome__in', ('', 'not_answered', 'withdrawn'))), _connector='OR'), name='consultation_answered_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('taken_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('client_id', models.UUIDField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='requests_mla.request')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('request',), name='one_open_turn'), models.UniqueConstraint(fields=('person', 'client_id'), name='turn_request_once')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('body', models.BinaryField()),
                ('size', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('disclosed', models.JSONField()),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='requests_mla.request')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'at', 'size'], name='version_of_a_day'), models.Index(fields=['request', 'person', 'size'], name='version_share')],
                'constraints': [models.UniqueConstraint(fields=('request', 'number'), name='version_once'), models.UniqueConstraint(fields=('person', 'client_id'), name='version_request_once'), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='version_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Attestation',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('rulebook', models.CharField(max_length=64)),
                ('commitment', models.BinaryField()),
                ('results', models.BinaryField()),
                ('signature', models.BinaryField()),
                ('overridden', models.JSONField()),
                ('ready', models.BooleanField()),
                ('client_id', models.UUIDField()),
                ('request_digest', models.CharField(max_length=64)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.device')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='directory.person')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attestations', to='requests_mla.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'client_id'), name='attestation_request_once')],
            },
        ),
        migrations.CreateModel(
            name='EnclosureOpening',
            fields=[
                ('audit_event_id', models.BigIntegerField(editable=False, unique=True)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('last', models.DateTimeField()),
                ('enclosure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='requests_mla.enclosure')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('enclosure', 'person'), name='enclosure_opened_once')],
            },
        ),
        migrations.CreateModel(
            name='EnclosurePiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('enclosure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='requests_mla.enclosure')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('enclosure', 'index'), name='enclosure_piece_once')],
            },
        ),
        migrations.CreateModel(
            name='LetterKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=43)),
                ('wrapped', models.BinaryField()),
                ('act', models.BigIntegerField(editable=False)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='requests_mla.letter')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('letter', 'key'), name='letter_key_once')],
            },
        ),
        guarded(TABLES),
    ]
