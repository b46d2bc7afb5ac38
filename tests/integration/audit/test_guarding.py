"""What PostgreSQL refuses by itself: an act without its event, and a role beyond its rights."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from psycopg import errors

from audit import services
from audit.events import ActRefused
from casehub.core.models import HeadRow
from casehub.directory.models import State

HEAD_ROWS = [model for model in apps.get_models() if issubclass(model, HeadRow)]
NAMES = {"name_es": "", "name_en": "", "name_fr": ""}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has neither deferred triggers nor roles")


@pytest.fixture
def recorded(now):
    def one():
        event = ActRefused(states=(), act="a", code="c", target="t")
        return services.record(event, actor="ana", at=now)

    return one


def put(state: str, event: int) -> State:
    return State.objects.create(code=state, audit_event_id=event, **NAMES)


class TestAnAct:
    @pytest.mark.parametrize("model", HEAD_ROWS, ids=lambda model: model._meta.label)
    def test_is_looked_at_again_when_it_is_committed(self, model):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgdeferrable, tginitdeferred, tgenabled FROM pg_trigger"
                " WHERE tgrelid = %s::regclass AND tgname = %s",
                [model._meta.db_table, f"{model._meta.db_table}_has_event"],
            )
            assert cursor.fetchall() == [(True, True, "A")]

    def test_with_its_event_is_committed(self, recorded):
        with transaction.atomic():
            put("SV", recorded())
        assert State.objects.exists()

    def test_may_have_its_event_written_in_a_savepoint(self, recorded):
        with transaction.atomic():
            with transaction.atomic():
                event = recorded()
            put("SV", event)
        assert State.objects.exists()

    @pytest.mark.parametrize("event", [0, 10**9])
    def test_with_the_number_of_no_event_is_refused(self, event):
        with pytest.raises(DatabaseError, match="INSERT of directory_state without an event"):
            put("SV", event)
        assert not State.objects.exists()

    def test_with_the_event_of_another_transaction_is_refused(self, recorded):
        with transaction.atomic():
            event = recorded()
        with pytest.raises(DatabaseError, match="without an event"), transaction.atomic():
            recorded()
            put("SV", event)

    def test_whose_event_went_with_a_savepoint_is_refused(self, recorded):
        with pytest.raises(DatabaseError, match="without an event"), transaction.atomic():
            with transaction.atomic():
                event = recorded()
                transaction.set_rollback(True)
            put("SV", event)

    @pytest.mark.parametrize(
        ("statement", "what"),
        [
            ("UPDATE directory_state SET name_es = 'x'", "UPDATE"),
            ("DELETE FROM directory_state", "DELETE"),
        ],
    )
    def test_that_changes_or_takes_a_row_needs_an_event_too(self, recorded, statement, what):
        with transaction.atomic():
            put("SV", recorded())
        with (
            pytest.raises(DatabaseError, match=f"{what} of directory_state without an event"),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        with transaction.atomic(), connection.cursor() as cursor:
            recorded()
            cursor.execute(statement)

    def test_that_changes_nothing_needs_none(self, recorded):
        with transaction.atomic():
            put("SV", recorded())
        assert State.objects.update(name_es="") == 1

    def test_of_a_session_that_calls_itself_a_replica_is_refused(self):
        with (
            pytest.raises(DatabaseError, match="without an event"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL session_replication_role = replica")
            put("SV", 7)

    @pytest.mark.parametrize("value", ["pg_current_xact_id()::text", "'1'", "'x'", "''"])
    def test_cannot_be_said_to_have_one(self, recorded, value):
        with transaction.atomic():
            put("SV", recorded())
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT set_config('casehub.acting', {value}, true)")
            cursor.execute("UPDATE directory_state SET name_es = 'x'")
        assert State.objects.get().name_es == ""

    def test_an_unfinished_act_of_somebody_else_lends_its_event_to_nobody(self, recorded):
        with transaction.atomic():
            event = recorded()
            other = connection.copy()
            other.settings_dict["OPTIONS"] = {}
            with pytest.raises(DatabaseError, match="without an event"), other.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO directory_state (code, audit_event_id, name_es, name_en, name_fr)"
                    " VALUES ('SV', %s, '', '', '')",
                    [event],
                )
            other.close()


# role: statement that it may not run
BEYOND = [
    ("web", "UPDATE audit_auditevent SET salt = NULL"),
    ("web", "DELETE FROM audit_auditevent"),
    ("web", "TRUNCATE audit_auditevent"),
    ("web", "INSERT INTO audit_waiting (event_id) VALUES (1)"),
    ("web", "UPDATE audit_waiting SET since = now()"),
    ("web", "DELETE FROM audit_waiting"),
    ("web", "UPDATE audit_log SET closed = true"),
    ("web", "INSERT INTO audit_logentry (log_id, position, leaf) VALUES (1, 0, '')"),
    ("web", "INSERT INTO audit_tile (log_id, level, number, data) VALUES (1, 0, 0, '')"),
    ("web", "DELETE FROM audit_submission"),
    ("web", "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL"),
    ("web", "DROP TABLE audit_waiting"),
    ("web", "CREATE TABLE mine (id int)"),
    ("web", "UPDATE django_migrations SET app = app"),
    ("web", "TRUNCATE directory_state CASCADE"),
    ("web", "SET session_replication_role = replica"),
    ("sequencer", "SELECT * FROM directory_person"),
    ("sequencer", "SELECT * FROM accounts_account"),
    ("sequencer", "UPDATE cases_case SET audit_event_id = 1"),
    ("sequencer", "UPDATE audit_auditevent SET salt = NULL"),
    ("sequencer", "INSERT INTO audit_waiting (event_id) VALUES (1)"),
    ("sequencer", "DELETE FROM audit_logentry"),
    ("sequencer", "UPDATE audit_signedcheckpoint SET note = ''"),
    ("sequencer", "ALTER TABLE audit_tile DISABLE TRIGGER ALL"),
]


@pytest.fixture
def roles():
    names = {"web": f"web_{uuid4().hex[:8]}", "sequencer": f"seq_{uuid4().hex[:8]}"}
    call_command("database_roles", app=names["web"], sequencer=names["sequencer"], verbosity=0)
    yield names
    with connection.cursor() as cursor:
        for name in names.values():
            cursor.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")


@pytest.fixture
def as_role(roles):
    opened = []

    def enter(role):
        settings = connection.settings_dict
        opened.append(
            psycopg.connect(
                host=settings["HOST"], dbname=settings["NAME"], user=roles[role], autocommit=True
            )
        )
        return opened[-1]

    yield enter
    for one in opened:
        one.close()


class TestTheLogsFunctions:
    def test_find_the_logs_tables_before_a_sessions_own(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT proname, proconfig FROM pg_proc WHERE proname LIKE 'audit\\_%'")
            found = dict(cursor.fetchall())
        assert {"audit_queue", "audit_demand", "audit_written_now", "audit_waits"} <= set(found)
        for name, settings in found.items():
            assert settings is not None, name
            assert [one for one in settings if one.endswith(", pg_temp")], name

    def test_do_so_for_an_event_that_is_queued(self, recorded):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE audit_waiting (event_id bigint)")
            with transaction.atomic():
                recorded()
            cursor.execute("SELECT count(*) FROM public.audit_waiting")
            ((count,),) = cursor.fetchall()
            cursor.execute("DROP TABLE pg_temp.audit_waiting")
        assert count == 1


class TestRoles:
    @pytest.mark.parametrize(("role", "statement"), BEYOND, ids=[" ".join(b) for b in BEYOND])
    def test_cannot_go_beyond_their_task(self, as_role, role, statement):
        with pytest.raises(errors.InsufficientPrivilege):
            as_role(role).execute(statement)

    @pytest.mark.parametrize("role", ["web", "sequencer"])
    def test_cannot_put_a_table_of_their_own_before_the_logs(self, as_role, role):
        with pytest.raises(errors.InsufficientPrivilege):
            as_role(role).execute("CREATE TEMP TABLE audit_waiting (event_id bigint)")

    def test_cannot_borrow_the_owners_rights_by_a_trigger_of_their_own(self, as_role):
        with pytest.raises(errors.InsufficientPrivilege):
            as_role("web").execute("SELECT audit_queue()")

    def test_an_event_of_the_web_waits_for_the_sequencer(self, as_role):
        as_role("web").execute(
            "INSERT INTO audit_auditevent"
            " (kind, actor, subject, states, at, leaf, directory) VALUES"
            " ('', '', '', '', now(), '', false)"
        )
        (count,) = as_role("sequencer").execute("SELECT count(*) FROM audit_waiting").fetchone()
        assert count == 1

    def test_are_granted_again_after_a_migration_without_losing_anything(self, roles):
        again = {"app": roles["web"], "sequencer": roles["sequencer"]}
        call_command("database_roles", **again, verbosity=0)

    def test_are_two(self):
        with pytest.raises(CommandError, match="two roles"):
            call_command("database_roles", app="one", sequencer="one")

    def test_are_not_superusers(self):
        owner = connection.settings_dict["USER"] or "root"
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            (owner,) = cursor.fetchone()
        with pytest.raises(CommandError, match="is a superuser"):
            call_command("database_roles", app=owner, sequencer="other")

    def test_get_their_names_and_passwords_from_the_urls_that_their_processes_use(
        self, monkeypatch
    ):
        web, sequencer = f"web_{uuid4().hex[:8]}", f"seq_{uuid4().hex[:8]}"
        monkeypatch.setenv("CASEHUB_APP_URL", f"postgres://{web}:word-one@db/casehub")
        monkeypatch.setenv("CASEHUB_SEQUENCER_URL", f"postgres://{sequencer}:word-two@db/casehub")
        call_command("database_roles", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolpassword FROM pg_authid WHERE rolname IN (%s, %s)",
                [web, sequencer],
            )
            kept = dict(cursor.fetchall())
            cursor.execute(f"DROP OWNED BY {web}; DROP OWNED BY {sequencer}")
            cursor.execute(f"DROP ROLE {web}; DROP ROLE {sequencer}")
        assert all(verifier.startswith("SCRAM-SHA-256$") for verifier in kept.values())
        assert set(kept) == {web, sequencer}


class TestASignal:
    def test_moves_without_an_event(self, recorded):
        """A turn is held by heartbeats; only its beginning and end are acts."""
        table = "requests_mla_turn"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgargs FROM pg_trigger WHERE tgname = %s", [f"{table}_has_event"]
            )
            ((arguments,),) = cursor.fetchall()
        assert b"until" in bytes(arguments)
