"""What a restore has put into PostgreSQL goes again; what belongs to an extension stays."""

from __future__ import annotations

import pytest
from django.db import connection

from casehub.backups import databases

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's file is deleted instead"
)


def names(cursor, query):
    cursor.execute(query)
    return {name for (name,) in cursor.fetchall()}


def test_every_table_and_routine_goes_but_an_extensions(db):
    with connection.cursor() as cursor:
        for statement in (
            "CREATE SCHEMA filled",
            "SET LOCAL search_path TO filled",
            'CREATE TABLE "Of a case" (id int)',
            "CREATE TABLE parent (id int)",
            "CREATE TABLE parted (id int) PARTITION BY LIST (id)",
            # Gone with another one before its turn, and then without a name.
            'CREATE TABLE "First part" PARTITION OF parted FOR VALUES IN (1)',
            "CREATE TABLE heir () INHERITS (parent)",
            "CREATE TABLE lent (id int)",
            "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE FUNCTION lent() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE PROCEDURE two() LANGUAGE sql AS 'SELECT 1'",
            "CREATE AGGREGATE three(int) (sfunc = int4pl, stype = int)",
            "CREATE FUNCTION \"A step\"(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            'CREATE AGGREGATE four(int) (sfunc = "A step", stype = int)',
            "CREATE FUNCTION five(\"Of a case\") RETURNS int LANGUAGE sql AS 'SELECT 1'",
            # As if an extension had brought them: every server has this one.
            "ALTER EXTENSION plpgsql ADD TABLE lent",
            "ALTER EXTENSION plpgsql ADD FUNCTION lent()",
        ):
            cursor.execute(statement)
        databases.empty()
        here = "'filled'::regnamespace"
        tables = f"SELECT relname FROM pg_class WHERE relnamespace = {here} AND relkind <> 'i'"
        routines = f"SELECT proname FROM pg_proc WHERE pronamespace = {here}"
        assert (names(cursor, tables), names(cursor, routines)) == ({"lent"}, {"lent"})
