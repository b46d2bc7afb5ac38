"""Reads what the checker looks at, straight from the tables: not by the code that is judged."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from .keeping import ROWS
from .seen import Entry, Move, Reading, Stored

Rows = Callable[[str], Sequence[Sequence[Any]]]


def postgresql(url: str) -> Stored:
    """Read all of it in one transaction, as of one moment."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return _stored(lambda question: connection.execute(question.encode()).fetchall())


def sqlite(file: Path) -> Stored:
    """Read all of it in one transaction, as of one moment."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        connection.execute("BEGIN")
        return _stored(lambda question: connection.execute(question).fetchall())


def _id(value: Any) -> str:
    return str(value if isinstance(value, UUID) else UUID(value))


def _at(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _stored(rows: Rows) -> Stored:
    stored = Stored()
    for circle, head, link in rows("SELECT circle_id, head, chain FROM messaging_group"):
        stored.heads[_id(circle)] = (head, bytes(link))
    stored.entries = [
        Entry(
            group=_id(group),
            seq=seq,
            kind=kind,
            epoch=epoch,
            device=_id(device),
            person=_id(person),
            client_id=_id(client_id),
            body=bytes(body),
            chain=bytes(link),
            at=_at(at),
            event=event,
        )
        for group, seq, kind, epoch, device, person, client_id, body, link, at, event in rows(
            "SELECT e.group_id, e.seq, e.kind, e.epoch, e.device_id, d.person_id, e.client_id,"
            " e.body, e.chain, e.at, e.audit_event_id FROM messaging_entry e"
            " JOIN directory_device d ON d.id = e.device_id ORDER BY e.group_id, e.seq"
        )
    ]
    stored.readings = [
        Reading(_id(circle), _id(person), _at(since), None if until is None else _at(until))
        for circle, person, since, until in rows(
            "SELECT circle_id, person_id, since, until FROM cases_reader"
        )
    ]
    stored.moves = [
        Move(_id(request), *rest)
        for request, *rest in rows(
            "SELECT request_id, number, act, before, after, side, audit_event_id"
            " FROM requests_mla_move"
        )
    ]
    threads = rows("SELECT id FROM cases_circle WHERE kind = 'thread'")
    stored.threads = {_id(one) for (one,) in threads}
    cases = defaultdict(list)
    for case, client_id in rows("SELECT id, client_id FROM cases_case"):
        cases[_id(client_id)].append(_id(case))
    stored.cases = dict(cases)
    _log(stored, rows)
    return stored


def _log(stored: Stored, rows: Rows) -> None:
    stored.events = dict(map(tuple, rows("SELECT id, kind FROM audit_auditevent")))
    stored.openings = {
        _id(case): event
        for case, event in rows(
            "SELECT m.case_id, m.audit_event_id FROM cases_casemember m"
            " JOIN audit_auditevent v ON v.id = m.audit_event_id WHERE v.kind = 'cases.case.opened'"
        )
    }
    for table in ROWS:
        found = rows(f"SELECT audit_event_id FROM {table}")
        stored.acts[table] = [event for (event,) in found]
    placed = defaultdict(list)
    for event, position in rows(
        "SELECT e.event_id, e.position FROM audit_logentry e JOIN audit_log l ON l.id = e.log_id"
        " WHERE e.event_id IS NOT NULL AND l.name = 'acts'"
    ):
        placed[event].append(position)
    stored.placed = dict(placed)
    stored.waiting = {one for (one,) in rows("SELECT event_id FROM audit_waiting")}
    ((published,),) = rows(
        "SELECT COALESCE(MAX(p.size), 0) FROM audit_publishedcheckpoint p"
        " JOIN audit_log l ON l.id = p.log_id WHERE l.name = 'acts'"
    )
    stored.published = published


def sizes(url: str) -> dict[str, int]:
    """Return how far each log is published, by its origin."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT l.origin, COALESCE(MAX(p.size), 0) FROM audit_log l"
            " LEFT JOIN audit_publishedcheckpoint p ON p.log_id = l.id GROUP BY l.origin"
        )
        return dict(found.fetchall())


def unsigned(url: str) -> tuple[int, float]:
    """Return how many events no published checkpoint covers, and the age of the oldest."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT COUNT(*), COALESCE(EXTRACT(EPOCH FROM now() - MIN(since)), 0) FROM ("
            " SELECT since FROM audit_waiting UNION ALL"
            " SELECT e.queued_at FROM audit_logentry e JOIN audit_log l ON l.id = e.log_id"
            " WHERE e.queued_at IS NOT NULL AND e.position >= (SELECT COALESCE(MAX(p.size), 0)"
            " FROM audit_publishedcheckpoint p WHERE p.log_id = l.id)) AS late"
        ).fetchone()
    assert row is not None
    return int(row[0]), float(row[1])
