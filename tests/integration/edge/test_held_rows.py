"""What a forgotten session holds in PostgreSQL stops nobody for longer than a few seconds."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import psycopg
import pytest

from casehub.core.errors import AGAIN
from casehub.edge.management.commands.serve import HELD_SECONDS
from tests.opening import client_of, post

pytestmark = [
    pytest.mark.timeout(120, func_only=True),  # the servers' start does not count
    pytest.mark.parametrize("configuration", ["full"], indirect=True),
]


def owner_of(casehub):
    folder, _, name = (
        casehub.place.owner["DATABASE_URL"].removeprefix("postgres:///").rpartition("/")
    )
    return psycopg.connect(host=folder, dbname=name)


def test_whoever_waits_for_it_is_told_to_try_again_and_nothing_was_done(standing):
    client, case = client_of(standing.url, "hn.enlace1"), {"client_id": str(uuid4())}
    client.timeout = 60.0  # longer than the server's own patience
    with owner_of(standing) as forgotten:
        forgotten.execute("LOCK TABLE cases_case IN EXCLUSIVE MODE")
        begun = time.monotonic()
        with pytest.raises(httpx.HTTPStatusError) as refused:
            post(client, "/api/cases", states=["HN"], **case)
        assert HELD_SECONDS <= time.monotonic() - begun < HELD_SECONDS + 10
        answer = refused.value.response
        assert (answer.status_code, answer.json()["code"]) == (503, "try-again")
        assert answer.headers["Retry-After"] == str(AGAIN)
        assert client.get("/api/cases").json() == []  # who only reads waits for nobody
    assert post(client, "/api/cases", states=["HN"], **case)["id"]


def test_what_migrates_or_signs_waits_as_long_as_it_takes(standing):
    with owner_of(standing) as connection:
        assert connection.execute("SHOW lock_timeout").fetchone() == ("0",)


def _wait_for(connection, table):
    """Wait until somebody waits for what this connection holds of a table."""
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
    until = time.monotonic() + 20
    while connection.execute(waiting, [table]).fetchone() is None:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_whoever_ends_a_deadlock_is_told_to_try_again_and_nothing_was_done(standing):
    client, case = client_of(standing.url, "ni.enlace1"), {"client_id": str(uuid4())}
    client.timeout = 60.0
    with owner_of(standing) as other, ThreadPoolExecutor(1) as beside:
        other.execute("SET LOCAL deadlock_timeout = '1h'")  # so that the other one ends it
        other.execute("LOCK TABLE cases_case IN EXCLUSIVE MODE")
        asked = beside.submit(post, client, "/api/cases", states=["NI"], **case)
        _wait_for(other, "cases_case")
        other.execute("LOCK TABLE audit_auditevent IN ACCESS EXCLUSIVE MODE")  # each has the other
        other.rollback()
        with pytest.raises(httpx.HTTPStatusError) as refused:
            asked.result(60)
    answer = refused.value.response
    assert (answer.status_code, answer.json()["code"]) == (503, "try-again")
    assert client.get("/api/cases").json() == []
    assert post(client, "/api/cases", states=["NI"], **case)["id"]
