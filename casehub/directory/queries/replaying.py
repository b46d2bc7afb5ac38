"""The chain as this server judges it: the same replay as in every browser, never a stale one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any
from uuid import UUID

import rfc8785
from django.conf import settings
from django.utils import timezone

from audit.queries import directory
from casehub.core.actor import Actor
from casehub.core.frames import from_b64u, to_b64u

from .. import statements
from ..chain import Chain, Entry
from ..models import SignedStatement
from ..sealing import sealing_key_of

MOST = 500  # entries of the log in one answer
_KEPT = 4096  # statements whose signatures need no second look
_Key = tuple[object, ...]
_replayed: tuple[_Key, Chain] | None = None
_parsed: dict[str, statements.Statement] = {}
_lock = Lock()


@cache
def roots() -> dict[str, bytes]:
    """Return the pinned root key of each State: configuration, not a row in the database."""
    return {code: from_b64u(key, most=32) for code, key in settings.CASEHUB_ROOTS.items()}


def chain() -> Chain:
    """
    Return the directory's log, replayed to its end.

    What waits for its place stands behind what has one, so that an act counts at once. One replay
    is kept in each process, under the names of everything that was replayed.
    """
    global _replayed  # noqa: PLW0603 - one replay for the whole process
    log = directory.newest()
    placed = directory.places(log) if log is not None else {}
    found = SignedStatement.objects.order_by("audit_event_id")
    order = sorted(
        found.values_list("audit_event_id", "digest", "entered_at"),
        key=lambda row: (placed.get(row[0], len(placed) + row[0]), row[0]),
    )
    pinned = roots()
    key: _Key = (tuple(sorted(pinned.items())), *((placed.get(e), e, d) for e, d, _ in order))
    with _lock:
        if _replayed is not None and _replayed[0] == key:
            return _replayed[1]
    read = _read(digest for _, digest, _ in order)
    start = max(placed.values(), default=-1) + 1
    entries = []
    for event, digest, at in order:
        index = placed.get(event)
        if index is None:
            index, start = start, start + 1
        entries.append(Entry(index, at.replace(microsecond=0), read.get(digest)))
    made = Chain(entries, roots=pinned)
    with _lock:
        _replayed = (key, made)
    return made


def signs_now(person: UUID, key: bytes, *, roles: frozenset[str]) -> bool:
    """Say whether a key is the one of somebody whom the log vouches for in one of these roles."""
    return bool(signing_now([(person, key)], roles=roles))


def signing_now(
    hands: Collection[tuple[UUID, bytes]], *, roles: frozenset[str]
) -> set[tuple[UUID, bytes]]:
    """Return those of these people and keys of which `signs_now` is so: by one look at the log."""
    if not hands:
        return set()
    known, now = chain(), timezone.now()
    found = set()
    for person, key in hands:
        with suppress(statements.ChainBroken):
            bound = known.person(str(person), now=now)
            if bound.key == key and not bound.roles.isdisjoint(roles):
                found.add((person, key))
    return found


def effective_later(people: Iterable[UUID], *, now: datetime) -> dict[UUID, datetime]:
    """
    Return those of `people` who may not be let into what several States read yet, and until when.

    Who is not in force at all is refused for that, not for this.
    """
    known, found = chain(), {}
    for person in people:
        try:
            effective = known.person(str(person), now=now).effective
        except statements.ChainBroken:
            continue
        if effective > now:
            found[person] = effective
    return found


def _read(digests: Iterable[str]) -> dict[str, statements.Statement]:
    """Return statements by name; a row whose bytes are not what its name says is none."""
    wanted = list(digests)
    missing = [digest for digest in wanted if digest not in _parsed]
    for first in range(0, len(missing), MOST):
        rows = SignedStatement.objects.filter(digest__in=missing[first : first + MOST])
        for row in rows:
            try:
                statement = as_signed(row)
            except statements.ChainBroken:
                continue
            if statement.digest == row.digest:
                _parsed[row.digest] = statement
    found = {digest: _parsed[digest] for digest in wanted if digest in _parsed}
    while len(_parsed) > max(_KEPT, len(found)):
        _parsed.pop(next(iter(_parsed)))
    return found


def as_signed(row: SignedStatement) -> statements.Statement:
    """Return a statement as it was signed, checked for its form alone."""
    return statements.parse(
        {"type": row.type, "body": to_b64u(row.body), "signatures": row.signatures}
    )


def log_page(after: int) -> dict[str, Any]:
    """Return what the entries of the directory's log say, from the index `after` on."""
    size, openings = directory.openings(after=after, most=MOST)
    events = [opening.event for opening in openings if opening.event is not None]
    rows = SignedStatement.objects.filter(audit_event_id__in=events)
    said = {row.audit_event_id: row for row in rows}
    return {
        "size": size,
        "entries": [
            {
                "index": opening.index,
                "salt": to_b64u(opening.salt) if opening.salt is not None else None,
                "payload": to_b64u(opening.payload) if opening.payload is not None else None,
                "statement": _wire(said.get(opening.event or 0)),
            }
            for opening in openings
        ],
    }


def _wire(row: SignedStatement | None) -> dict[str, Any] | None:
    """Return a statement as it was signed, whatever it is worth: whoever reads it judges."""
    if row is None:
        return None
    return {"type": row.type, "body": to_b64u(row.body), "signatures": row.signatures}


def named_statements(digests: Collection[str]) -> dict[str, bytes]:
    """Return statements in their wire form as canonical JSON, by name: its SHA-256 in hex."""
    wanted, found = list(digests), {}
    for first in range(0, len(wanted), MOST):
        for row in SignedStatement.objects.filter(digest__in=wanted[first : first + MOST]):
            found[row.digest] = rfc8785.dumps(_wire(row))
    return found


def why_not(statement: statements.Statement, *, now: datetime) -> str | None:
    """Return why a statement would have no effect if it were entered now, or None."""
    return chain().why_not(statement, now=now)


def why_never(designation: statements.Statement, *, now: datetime) -> str | None:
    """Return why a designation would have no effect now, whoever signs it besides, or None."""
    return chain().why_never(designation, now=now)


def keys_of(actor: Actor, *, now: datetime) -> frozenset[str]:
    """
    Return the keys (base64url) that lead back to the ministry as this person's, and count.

    An officer's and a coordinator's count while their State is stopped: they confirm and lift it.
    """
    replayed = chain()
    officer = replayed.officer(actor.id, now=now)
    found = {officer.key} if officer is not None else set()
    coordinator = replayed.coordinators(actor.state, now=now).get(actor.id)
    if coordinator is not None:
        found.add(coordinator)
    with suppress(statements.ChainBroken):
        found.add(to_b64u(replayed.person(actor.id, now=now).key))
    return frozenset(found)


def sealing_keys_of(people: Collection[UUID], *, now: datetime) -> dict[UUID, str]:
    """Return to which key (base64url) one seals what is for each of these, where they have one."""
    replayed, found = chain(), {}
    for person in people:
        with suppress(statements.ChainBroken):
            key = sealing_key_of(replayed.person(str(person), now=now).key)
            if key is not None:
                found[person] = to_b64u(key)
    return found


def fields_of(row: SignedStatement) -> Mapping[str, Any]:
    """Return what a kept statement says."""
    return as_signed(row).fields
