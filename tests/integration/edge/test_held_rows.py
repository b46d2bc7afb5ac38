"""What a forgotten session holds in PostgreSQL stops nobody for longer than a few seconds."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import psycopg
import pytest
from websockets.sync.client import connect

from casehub.core import connections
from casehub.core.errors import AGAIN
from casehub.core.frames import to_b64u
from casehub.edge.management.commands.serve import HELD_SECONDS
from tests.framed import private_message
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


WAITING = """
    SELECT COUNT(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def socket_of(client):
    """Open a socket of who is signed in there."""
    ticket = post(client, "/api/socket-ticket")["ticket"]
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    place = str(client.base_url).rstrip("/")

    return connect(
        place.replace("http", "ws") + "/socket",
        additional_headers={"Cookie": cookies},
        origin=place,
        subprotocols=["casehub.1", f"ticket.{ticket}"],
        legacy=True,
    )


def heard(line, *kinds):
    while (frame := json.loads(line.recv(60)))["type"] not in kinds:
        pass
    return frame


def test_whatever_waits_for_it_over_http_stops_no_socket_and_no_look_at_the_process(standing):
    """More wait than may be at work at once: the sockets' own threads have theirs all the same."""
    client, thread, id_ = client_of(standing.url, "hn.enlace1"), uuid4(), uuid4()
    client.timeout = 60.0
    body = to_b64u(private_message(thread, epoch=0, id=id_, ciphertext=b"opaque"))
    crowd = connections.HTTP + 8
    with (
        socket_of(client) as line,
        ThreadPoolExecutor(crowd) as people,
        owner_of(standing) as looking,
        owner_of(standing) as forgotten,
    ):
        looking.autocommit = True  # in a transaction the first look would be repeated
        forgotten.execute("LOCK TABLE cases_case IN EXCLUSIVE MODE")
        held = [
            people.submit(post, client, "/api/cases", states=["HN"], client_id=str(uuid4()))
            for _ in range(crowd)
        ]
        while looking.execute(WAITING).fetchone() != (connections.HTTP,):
            assert not [one.exception() for one in held if one.done()]
            time.sleep(0.02)
        post_ = {"type": "post", "thread": str(thread), "epoch": 0, "id": str(id_)}
        line.send(json.dumps({**post_, "body": body}))
        told = heard(line, "refused", "accepted")
        assert (told["id"], told["code"]) == (str(id_), "not-found")  # so says the database
        assert client.get("/healthz").json() == {"alive": True}
        assert client.get("/readyz").json()["ready"]
        # All of it before the first of the others was let go.
        assert not any(one.done() for one in held)
        assert looking.execute(WAITING).fetchone() == (connections.HTTP,)
        for one in held:
            with pytest.raises(httpx.HTTPStatusError) as refused:
                one.result()
            assert refused.value.response.json()["code"] == "try-again"


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
