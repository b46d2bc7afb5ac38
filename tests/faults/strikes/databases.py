"""PostgreSQL: stopped, its backends ended, a table held."""

from __future__ import annotations

import random
import signal
import time

import psycopg

from tests.faults.excuses import NO_DATABASE
from tests.faults.fault import Fault
from tests.faults.ground import Ground, Missed
from tests.faults.strikes.ending import away


def one_ended(connection: psycopg.Connection, chance: random.Random) -> bool:
    """End the backend of one client, whoever it serves; return whether one was there."""
    found = connection.execute(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        " AND pid <> pg_backend_pid() ORDER BY pid"
    ).fetchall()
    if not found:
        return False
    asked = "SELECT pg_terminate_backend(%s)"
    return connection.execute(asked, chance.choice(found)).fetchone() == (True,)


def _backends_ended(ground: Ground, chance: random.Random) -> float:
    """Four a second for three seconds, whoever they serve."""
    ended = 0
    with psycopg.connect(ground.owner, autocommit=True) as connection:
        for _ in range(12):
            ended += one_ended(connection, chance)
            time.sleep(0.25)
    if not ended:
        raise Missed("no backend was there to be ended")
    return time.monotonic()


def _table_held(ground: Ground, chance: random.Random) -> float:
    """Somebody holds the table of groups, as a migration or an operator might."""
    with psycopg.connect(ground.owner) as connection:
        connection.execute("LOCK TABLE messaging_group IN ACCESS EXCLUSIVE MODE")
        time.sleep(chance.uniform(2, 4))
        waiting = connection.execute(
            "SELECT COUNT(*) FROM pg_locks"
            " WHERE NOT granted AND relation = 'messaging_group'::regclass"
        ).fetchone()
    if waiting is None or not waiting[0]:
        raise Missed("nobody waited for the table")
    return time.monotonic()


FAULTS = (
    Fault(
        "postgres-stopped",
        "PostgreSQL stops at once (immediate), and is back after half a second to three",
        away("postgres", signal.SIGQUIT, (0.5, 3)),
        NO_DATABASE,
    ),
    Fault(
        "backends-ended",
        "pg_terminate_backend of random backends, four a second for three seconds",
        _backends_ended,
        NO_DATABASE,
    ),
    Fault("table-held", "the table of groups is locked for two to four seconds", _table_held),
)
