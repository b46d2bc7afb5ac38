"""The log: written with its act or not at all, and never changed afterwards."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from audit import queries, services
from audit.events import ActRefused, CallersRefused, type_registry
from audit.models import AuditEvent
from audit.queries import concerns, trees
from casehub.core.models import HeadRow
from casehub.directory.models import State
from tests.integration.audit.conftest import log_named, proven

HEAD_ROWS = [model for model in apps.get_models() if issubclass(model, HeadRow)]


def entry_leaf(slug, position):
    return trees.entry(log_named(slug), position)


def refusal(code: str = "not-found") -> ActRefused:
    return ActRefused(states=("SV", "MX"), act="cases.case.read", code=code, target="t")


def written(code: str, now) -> int:
    with transaction.atomic():
        return services.record(refusal(code), actor="ana", at=now)


class TestEvents:
    def test_are_found_by_id_alone_so_that_an_act_pays_for_no_other_index(self, db):
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, AuditEvent._meta.db_table)
        indexed = [one["columns"] for one in found.values() if one["index"] or one["unique"]]
        assert all(columns == ["id"] for columns in indexed)


class TestRecord:
    def test_writes_canonical_bytes_that_say_who_did_what_when_and_for_whom(self, db, now):
        written("not-found", now)
        (payload,) = queries.payloads_of("core.act.refused")
        assert payload == {
            "v": 1,
            "kind": "core.act.refused",
            "actor": "ana",
            "at": "2026-11-24T15:00:00.000000Z",
            "states": ["MX", "SV"],
            "payload": {"act": "cases.case.read", "code": "not-found", "target": "t"},
        }

    @pytest.mark.parametrize("many", [0, 1, 50, 2001])  # a statement takes a thousand
    def test_gives_back_the_ids_of_many_in_the_order_given(self, db, now, many):
        events = [refusal(f"code-{n}") for n in range(many)]
        with transaction.atomic():
            ids = services.record_many(events, actors=["ana"] * many, at=now)
        assert ids == sorted(set(ids))
        for id_, event in list(zip(ids, events, strict=True))[:: max(1, many // 50)]:
            assert json.loads(queries.payload_of(id_))["payload"]["code"] == event.code

    def test_refuses_unequal_numbers_of_events_and_actors(self, db, now):
        with pytest.raises(ValueError, match="shorter"), transaction.atomic():
            services.record_many([refusal()] * 2, actors=["ana"], at=now)


@pytest.mark.django_db(transaction=True)
class TestTransaction:
    def test_an_event_outside_one_is_an_error(self, now):
        with pytest.raises(TransactionManagementError):
            services.record(refusal(), actor="ana", at=now)

    def test_an_event_goes_when_its_act_is_rolled_back(self, now):
        class Changed(Exception):
            pass

        with pytest.raises(Changed), transaction.atomic():
            services.record(refusal(), actor="ana", at=now)
            raise Changed
        assert queries.last_id() == 0


@pytest.mark.django_db(transaction=True)
class TestAppendOnly:
    STATEMENTS = [
        "UPDATE audit_auditevent SET actor = 'boris'",
        "UPDATE audit_auditevent SET payload = payload",
        "DELETE FROM audit_auditevent",
    ]

    @pytest.mark.parametrize("statement", STATEMENTS)
    def test_the_database_itself_refuses(self, now, statement):
        written("not-found", now)
        with (
            pytest.raises(DatabaseError, match="neither changed nor deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert len(queries.payloads_of("core.act.refused")) == 1

    def test_a_row_cannot_be_replaced_by_inserting_over_it(self, now):
        id_ = written("not-found", now)
        columns = "id, kind, actor, subject, at, states, payload, salt, leaf, directory"
        values = f"{id_}, 'x', '', '', '2026-01-01', '', 'x', 'x', 'x', false"
        statement = f"INSERT INTO audit_auditevent ({columns}) VALUES ({values})"
        if connection.vendor == "sqlite":
            statement = statement.replace("INSERT", "INSERT OR REPLACE", 1)
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert len(queries.payloads_of("core.act.refused")) == 1

    def test_postgresql_refuses_truncate_even_as_a_replica(self, now):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has no TRUNCATE and no replicas")
        written("not-found", now)
        for statement in ("TRUNCATE audit_auditevent", "TRUNCATE audit_auditevent CASCADE"):
            with (
                pytest.raises(DatabaseError, match="neither changed nor deleted"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(statement)
        assert len(queries.payloads_of("core.act.refused")) == 1


# table: what an operator's slip, or an application that was taken over, might try
REFUSED = [
    ("UPDATE audit_logentry SET leaf = leaf", "refused"),
    ("UPDATE audit_logentry SET position = 9", "refused"),
    ("DELETE FROM audit_logentry", "refused"),
    ("UPDATE audit_concern SET kind = 0", "loses only what an erasure takes"),
    ("UPDATE audit_concern SET kind = 0, actor = 0, subject = 0", "loses only"),
    ("DELETE FROM audit_concern", "refused"),
    ("UPDATE audit_signedcheckpoint SET note = ''", "refused"),
    ("DELETE FROM audit_signedcheckpoint", "refused"),
    ("UPDATE audit_publishedcheckpoint SET note = ''", "refused"),
    ("DELETE FROM audit_publishedcheckpoint", "refused"),
    ("UPDATE audit_tile SET level = 1", "only grows"),
    ("UPDATE audit_tile SET data = substr(data, 1, 32)", "only grows"),
    ("UPDATE audit_tile SET data = substr(data, 33)", "only grows"),
    ("DELETE FROM audit_tile", "refused"),
    ("UPDATE audit_log SET size = 0", "only grows"),
    ("UPDATE audit_log SET root = vkey_of_nobody", "only grows"),
    ("UPDATE audit_log SET vkey = 'mine'", "only grows"),
    ("DELETE FROM audit_log", "refused"),
    ("UPDATE audit_waiting SET event_id = 7", "refused"),
    ("UPDATE audit_waiting SET since = '2030-01-01 00:00:00+00:00'", "refused"),
    ("UPDATE audit_logentry SET queued_at = '2030-01-01 00:00:00+00:00'", "refused"),
    ("DELETE FROM audit_waiting", "waits for its entry"),
    ("UPDATE audit_auditevent SET leaf = salt", "neither changed nor deleted"),
    ("UPDATE audit_auditevent SET salt = NULL", "neither changed nor deleted"),
    ("UPDATE audit_auditevent SET salt = NULL, payload = NULL", "neither changed nor deleted"),
]


class TestTheDatabase:
    @pytest.mark.parametrize(("statement", "why"), REFUSED)
    def test_refuses_what_would_rewrite_the_log(self, bench, statement, why):
        bench.signed(3)
        bench.record(1)
        statement = statement.replace("vkey_of_nobody", "(SELECT leaf FROM audit_logentry LIMIT 1)")
        with (
            pytest.raises(DatabaseError, match=why),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_puts_every_event_into_the_queue_by_itself(self, bench):
        ids = bench.record(3)
        with connection.cursor() as cursor:
            cursor.execute("SELECT event_id FROM audit_waiting ORDER BY event_id")
            assert [id_ for (id_,) in cursor.fetchall()] == ids


class TestErasing:
    def test_takes_what_an_event_said_and_leaves_its_proof(self, bench):
        (event,) = bench.signed(1)
        before = entry_leaf("acts-2026", 0)
        services.erase(
            origin="audit.localhost/2026", position=0, ground="LED 16(2)", actor="op", now=bench.now
        )
        bench.signed(0)
        assert queries.payload_of(event) is None
        assert entry_leaf("acts-2026", 0) == before
        assert proven("acts-2026") == 2
        (told,) = queries.payloads_of("audit.event.erased")
        assert told["payload"] == {"entry": "audit.localhost/2026#0", "ground": "LED 16(2)"}
        assert told["states"] == ["MX", "SV"]

    @pytest.mark.parametrize(
        "wish",
        [
            {"position": 1},
            {"origin": "audit.elsewhere/2026"},
            {"ground": ""},
            {"ground": "x" * 65},
            {"ground": "because\nI say so"},
        ],
    )
    def test_needs_an_event_and_a_ground(self, bench, wish):
        bench.signed(1)
        usual = {"origin": "audit.localhost/2026", "position": 0, "ground": "LED 16(2)"}
        with pytest.raises(services.NotErasable):
            services.erase(**{**usual, **wish}, actor="op", now=bench.now)

    def test_leaves_nothing_of_it_to_search_by_but_state_time_and_place(self, bench):
        bench.signed(1)
        search = concerns.Search(state="SV")
        (before,) = concerns.page(search, after=None, most=5)
        services.erase(
            origin="audit.localhost/2026",
            position=0,
            ground="LED 16(2)",
            actor="op",
            now=bench.now,
        )
        (after,) = concerns.page(search, after=None, most=5, opened=True)
        assert (before.kind, before.actor, before.subject) == ("core.act.refused", "ana", "t")
        assert (after.kind, after.actor, after.subject, after.payload) == ("", "", "", None)
        assert (after.place, after.position, after.erased) == (before.place, 0, True)

    def test_happens_once(self, bench):
        bench.signed(1)
        usual = {"origin": "audit.localhost/2026", "position": 0, "ground": "LED 16(2)"}
        services.erase(**usual, actor="op", now=bench.now)
        with pytest.raises(services.NotErasable, match="erased before"):
            services.erase(**usual, actor="op", now=bench.now)

    def test_is_not_erased_itself(self, bench):
        one = bench.sequencer()
        bench.record(1)
        usual = {"origin": "audit.localhost/2026", "ground": "LED 16(2)"}
        one.tick()
        services.erase(**usual, position=0, actor="op", now=bench.now)
        one.tick()
        with pytest.raises(services.NotErasable, match="accounts for what is gone"):
            services.erase(**usual, position=1, actor="op", now=bench.now)

    def test_is_refused_where_it_could_not_name_its_entry_in_full(self, bench, settings):
        settings.LOG_HOST = "a" * 60
        (event,) = bench.signed(1)
        usual = {"origin": log_named("acts-2026").origin, "ground": "LED 16(2)"}
        with pytest.raises(services.NotErasable, match="name is too long"):
            services.erase(**usual, position=0, actor="op", now=bench.now)
        assert queries.payload_of(event) is not None


def required_in(table):
    """Return the columns that are never null."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            columns = connection.introspection.get_table_description(cursor, table)
            return {column.name for column in columns if not column.null_ok}
        cursor.execute(f"PRAGMA table_info('{table}')")
        return {name for _, name, _, required, *_ in cursor.fetchall() if required}


def unique_in(table):
    """Return the columns of each unique index; Django's own reader stumbles over some checks."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            found = connection.introspection.get_constraints(cursor, table)
            return [one["columns"] for one in found.values() if one["unique"]]
        cursor.execute(f"PRAGMA index_list('{table}')")
        names = [name for _, name, unique, *_ in cursor.fetchall() if unique]
        indexes = []
        for name in names:
            cursor.execute(f"PRAGMA index_info('{name}')")
            indexes.append([column for *_, column in cursor.fetchall()])
        return indexes


class TestHeadRows:
    def test_there_is_one_for_every_kind_of_act(self):
        assert {model._meta.label for model in HEAD_ROWS} == {
            "accounts.Account",
            "accounts.Backup",
            "accounts.Factor",
            "accounts.FactorPolicy",
            "accounts.Kit",
            "accounts.KitProof",
            "accounts.RecoverySheet",
            "accounts.RulesAcceptance",
            "accounts.SignIn",
            "accounts.TotpOffer",
            "accounts.UnlockShare",
            "cases.Case",
            "cases.CaseMember",
            "cases.Circle",
            "cases.Hold",
            "cases.Joining",
            "cases.Shortening",
            "custody.Export",
            "designations.Approval",
            "designations.Consultation",
            "designations.Designation",
            "designations.EnrolmentCode",
            "designations.FirstHand",
            "designations.MissedStanding",
            "designations.QuietStep",
            "designations.StandingConfirmation",
            "digests.Digest",
            "digests.Mail",
            "directory.Competence",
            "directory.Contact",
            "directory.ContactOpening",
            "directory.Device",
            "directory.DeviceRequest",
            "directory.Hours",
            "directory.Notice",
            "directory.NoticeAnswer",
            "directory.NoticesAnswer",
            "directory.Office",
            "directory.Person",
            "directory.SignedStatement",
            "directory.State",
            "directory.Stop",
            "messaging.Attachment",
            "messaging.Collection",
            "messaging.Entry",
            "messaging.Group",
            "messaging.Opening",
            "messaging.Publication",
            "notes.Note",
            "oversight.Deferral",
            "oversight.DeferralDecision",
            "oversight.Export",
            "oversight.PairConsent",
            "oversight.PairView",
            "oversight.PairViewDecision",
            "oversight.Query",
            "oversight.SavedView",
            "oversight.Unmasking",
            "oversight.UnmaskingDecision",
            "oversight.UnmaskingNotice",
            "papers.Letterhead",
            "papers.Making",
            "requests_mla.Attestation",
            "requests_mla.Consultation",
            "requests_mla.Enclosure",
            "requests_mla.EnclosureOpening",
            "requests_mla.Letter",
            "requests_mla.Move",
            "requests_mla.Proposal",
            "requests_mla.Reminder",
            "requests_mla.Request",
            "requests_mla.Turn",
            "requests_mla.Version",
        }

    @pytest.mark.parametrize("model", HEAD_ROWS, ids=lambda model: model._meta.label)
    def test_the_database_asks_each_for_an_event_of_its_own(self, db, model):
        table = model._meta.db_table
        assert "audit_event_id" in required_in(table)
        assert ["audit_event_id"] in unique_in(table)

    @pytest.mark.parametrize("model", HEAD_ROWS, ids=lambda model: model._meta.label)
    def test_each_names_the_kinds_of_event_that_it_may_lean_on(self, model):
        assert model.leans_on
        assert set(model.leans_on) <= set(type_registry)

    def test_an_act_without_an_event_is_refused(self, db):
        with pytest.raises(IntegrityError), transaction.atomic():
            State.objects.create(code="SV", name_es="", name_en="", name_fr="")

    def test_two_acts_with_one_event_are_refused(self, db, now):
        event = written("one", now)
        names = {"name_es": "", "name_en": "", "name_fr": "", "audit_event_id": event}
        State.objects.create(code="SV", **names)
        with pytest.raises(IntegrityError), transaction.atomic():
            State.objects.create(code="MX", **names)


class TestQueries:
    def test_tell_the_kinds_since_an_event(self, db, now):
        before = written("one", now)
        with transaction.atomic():
            event = CallersRefused(states=(), code="csrf", minute="", count=1)
            services.record(event, actor="", at=now)
        assert queries.kinds_since(before) == ["core.callers.refused"]
        assert queries.last_id() > before
