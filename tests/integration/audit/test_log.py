"""The log: written with its act or not at all, and never changed afterwards."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from audit import queries, services
from audit.events import ActRefused, CallersRefused
from casehub.core.models import HeadRow
from casehub.directory.models import State

HEAD_ROWS = [model for model in apps.get_models() if issubclass(model, HeadRow)]


def refusal(code: str = "not-found") -> ActRefused:
    return ActRefused(states=("SV", "MX"), act="cases.case.read", code=code, target="t")


def written(code: str, now) -> int:
    with transaction.atomic():
        return services.record(refusal(code), actor="ana", at=now)


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

    def test_gives_back_the_ids_of_many_in_the_order_given(self, db, now):
        events = [refusal(f"code-{n}") for n in range(50)]
        with transaction.atomic():
            ids = services.record_many(events, actors=["ana"] * 50, at=now)
        assert ids == sorted(set(ids))
        with connection.cursor() as cursor:
            for id_, event in zip(ids, events, strict=True):
                cursor.execute("SELECT payload FROM audit_auditevent WHERE id = %s", [id_])
                body = json.loads(bytes(cursor.fetchone()[0]))
                assert body["payload"]["code"] == event.code

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
        columns = "id, kind, actor, subject, at, states, payload"
        values = f"{id_}, 'x', '', '', '2026-01-01', '', 'x'"
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


class TestHeadRows:
    def test_there_is_one_for_every_kind_of_act(self):
        assert {model._meta.label for model in HEAD_ROWS} == {
            "accounts.Account",
            "accounts.Factor",
            "accounts.FactorPolicy",
            "accounts.RecoverySheet",
            "accounts.SignIn",
            "accounts.UnlockShare",
            "cases.Case",
            "cases.CaseMember",
            "cases.Circle",
            "directory.Device",
            "directory.Office",
            "directory.Person",
            "directory.SignedStatement",
            "directory.State",
            "messaging.Collection",
            "messaging.Entry",
            "messaging.Group",
            "messaging.Publication",
            "requests_mla.Attestation",
            "requests_mla.Request",
            "requests_mla.Turn",
            "requests_mla.Version",
        }

    @pytest.mark.parametrize("model", HEAD_ROWS, ids=lambda model: model._meta.label)
    def test_the_database_asks_each_for_an_event_of_its_own(self, db, model):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table)
        (column,) = [c for c in columns if c.name == "audit_event_id"]
        assert not column.null_ok
        unique = [c["columns"] for c in constraints.values() if c["unique"]]
        assert ["audit_event_id"] in unique

    def test_an_act_without_an_event_is_refused(self, db):
        with pytest.raises(IntegrityError), transaction.atomic():
            State.objects.create(code="SV", name_es="", name_en="", name_fr="")

    def test_two_acts_with_one_event_are_refused(self, db):
        State.objects.create(code="SV", name_es="", name_en="", name_fr="", audit_event_id=7)
        with pytest.raises(IntegrityError), transaction.atomic():
            State.objects.create(code="MX", name_es="", name_en="", name_fr="", audit_event_id=7)


class TestQueries:
    def test_tell_the_kinds_since_an_event(self, db, now):
        before = written("one", now)
        with transaction.atomic():
            event = CallersRefused(states=(), code="csrf", minute="", count=1)
            services.record(event, actor="", at=now)
        assert queries.kinds_since(before) == ["core.callers.refused"]
        assert queries.last_id() > before
