"""`manage.py database_roles`: two lesser roles of PostgreSQL, for the web and for the sequencer."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import environ
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

CHANGES = "INSERT, UPDATE, DELETE"
# Beside SELECT on everything. What a trigger writes (the outbox) is nobody's to write.
WEB = {
    "audit_auditevent": "INSERT",
    "audit_cosignature": "INSERT",
    "audit_sighting": "INSERT, UPDATE",
}
SEQUENCER = {
    "audit_concern": "INSERT",
    "audit_cosignature": "INSERT, DELETE",
    "audit_dispute": "INSERT",
    "audit_keychange": "UPDATE",
    "audit_log": "INSERT, UPDATE",
    "audit_logentry": "INSERT",
    "audit_publishedcheckpoint": "INSERT",
    "audit_sighting": "INSERT, UPDATE",
    "audit_signedcheckpoint": "INSERT",
    "audit_submission": "INSERT, DELETE",
    "audit_tile": "INSERT, UPDATE",
    "audit_waiting": "DELETE",
}
URLS = {"app": "CASEHUB_APP_URL", "sequencer": "CASEHUB_SEQUENCER_URL"}


class Command(BaseCommand):
    """
    Make the roles if they are not there, and give each what it needs and nothing else.

    Run by the tables' owner after every migration. The web's role can add events, and neither
    change nor erase one, nor touch a tree; the sequencer's can grow trees, and reach nothing
    of cases and people. Neither can switch a trigger off. Who is a superuser still can.
    """

    help = "Grant the web's and the sequencer's database roles what they need (PostgreSQL)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whose grants they are."""
        for who, variable in URLS.items():
            parser.add_argument(f"--{who}", help=f"name of the role (default: of {variable})")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Do it in one transaction.

        :raises CommandError: on another database, or if a role has no name.
        """
        del args
        if connection.vendor != "postgresql":
            raise CommandError("only PostgreSQL has roles")
        env = environ.FileAwareEnv()
        roles = {}
        for who, variable in URLS.items():
            known = env.db_url_config(env.str(variable, default="") or "postgres:///")
            name = options[who] or str(known.get("USER", ""))
            if not name:
                raise CommandError(f"name the role: --{who}, or a user in {variable}")
            roles[who] = (name, "" if options[who] else str(known.get("PASSWORD", "")))
        if roles["app"][0] == roles["sequencer"][0]:
            raise CommandError("two roles: one for both would hold the other's rights too")
        with transaction.atomic():
            for name, password in roles.values():
                self._make(name, password)
            self._grant(roles["app"][0], roles["sequencer"][0])
        self.stdout.write(f"granted: {roles['app'][0]}, {roles['sequencer'][0]}")

    def _run(self, text: str, *names: sql.Composable) -> None:
        connection.cursor().execute(sql.SQL(text).format(*names))

    def _make(self, name: str, password: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [name])
            found = cursor.fetchone()
        if found is not None and found[0]:
            raise CommandError(f"{name} is a superuser: no grant would limit it")
        role = sql.Identifier(name)
        if found is None:
            self._run("CREATE ROLE {} LOGIN", role)
        if password:
            # The server, and its log, get a verifier: never the password.
            connection.ensure_connection()
            verifier = connection.connection.pgconn.encrypt_password(
                password.encode(), name.encode(), b"scram-sha-256"
            )
            self._run("ALTER ROLE {} PASSWORD {}", role, sql.Literal(verifier.decode()))

    def _grant(self, web: str, sequencer: str) -> None:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            cursor.execute("SELECT current_schema()")
            schema = sql.Identifier(cursor.fetchone()[0])
        self._run("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM PUBLIC", schema)
        # Nobody's temporary table may stand before one of ours.
        database = sql.Identifier(connection.settings_dict["NAME"])
        self._run("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", database)
        self._run("REVOKE CREATE ON SCHEMA {} FROM PUBLIC", schema)
        for role in (web, sequencer):
            who = sql.Identifier(role)
            self._run("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}", schema, who)
            self._run("REVOKE CREATE ON SCHEMA {} FROM {}", schema, who)
            self._run("GRANT USAGE ON SCHEMA {} TO {}", schema, who)
        for table in tables:
            if table.startswith("audit_"):
                self._give("SELECT", table, web)
                self._give("SELECT", table, sequencer)
                self._give(WEB.get(table, ""), table, web)
                self._give(SEQUENCER.get(table, ""), table, sequencer)
            elif table == "django_migrations":
                self._give("SELECT", table, web)
                self._give("SELECT", table, sequencer)
            else:
                self._give("SELECT, " + CHANGES, table, web)

    def _give(self, what: str, table: str, role: str) -> None:
        if what:
            self._run(f"GRANT {what} ON {{}} TO {{}}", sql.Identifier(table), sql.Identifier(role))
