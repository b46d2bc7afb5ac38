"""
All of the log read again: what `manage.py audit verify` says.

Every leaf, tile, root, checkpoint and signature; every event against the leaf that committed to it;
that events and entries are the same; that no act lacks its event; the anchor, and whatever
checkpoints an auditor kept.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.backends.base.base import BaseDatabaseWrapper

from .. import canonical, commitments, keyring
from ..anchor import Anchor
from ..events import EventErased, type_registry
from ..models import AuditEvent, Log, LogEntry, PublishedCheckpoint, SignedCheckpoint, Waiting
from ..tlog.checkpoint import Checkpoint
from ..tlog.errors import Unproven
from ..tlog.note import Key, Note
from . import listing, signers
from .rereading import MOST, Rereading, as_of_one_moment, rows
from .standing import database_now
from .timing import Timing
from .trees import signed_size

PATIENCE = timedelta(minutes=10)  # that an event may wait for its place
_LOST = (
    "SELECT v.id FROM audit_auditevent v WHERE (v.directory OR %s = 'acts')"
    " AND NOT EXISTS (SELECT 1 FROM audit_waiting w WHERE w.event_id = v.id)"
    " AND NOT EXISTS (SELECT 1 FROM audit_logentry e JOIN audit_log l ON l.id = e.log_id"
    " WHERE e.event_id = v.id AND l.name = %s) ORDER BY v.id LIMIT 20"
)
_TWICE = (
    "SELECT e.event_id FROM audit_logentry e JOIN audit_log l ON l.id = e.log_id"
    " WHERE e.event_id IS NOT NULL GROUP BY l.name, e.event_id HAVING COUNT(*) > 1 LIMIT 20"
)


@dataclass(slots=True)
class Report:
    """What was found in order, and what was not: each one sentence for a person."""

    sound: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint from elsewhere that the log has to agree with, and who kept it."""

    checkpoint: Checkpoint
    who: str


_CLOSED = "does not open: it was changed, or sealed under another key"
_UNSAID = "was erased, and no event says so"


def for_want_of_the_key(words: str) -> bool:
    """Say whether a finding is what is left to say where the events' key is lost."""
    return words.endswith((_CLOSED, _UNSAID))


def verify(
    db: BaseDatabaseWrapper,
    *,
    keys: Mapping[str, Sequence[Key]],
    anchor: Anchor,
    kept: Sequence[Kept],
    without_anchor: Sequence[str] = (),
) -> Report:
    """
    Read everything over `db` as of one moment, and compare it.

    `keys` are those that may sign each origin; the anchor of `without_anchor` is known to be lost.
    What others remember is read before that moment: they may know of no more than there was then.
    """
    report = Report()
    origins = list(Log.objects.values_list("origin", flat=True))
    remembered = {origin: anchor.read(origin) for origin in origins}
    with as_of_one_moment(db):
        _read(report, db, keys, anchor, remembered, kept, without_anchor)
    return report


def _read(
    report: Report,
    db: BaseDatabaseWrapper,
    keys: Mapping[str, Sequence[Key]],
    anchor: Anchor,
    remembered: Mapping[str, str | None],
    kept: Sequence[Kept],
    without_anchor: Sequence[str],
) -> None:
    logs = list(Log.objects.order_by("id"))
    for origin in sorted({k.checkpoint.origin for k in kept} - {log.origin for log in logs}):
        report.findings.append(f"{origin}: somebody kept a checkpoint of it, and it is not here")
    for log in logs:
        anchored = remembered.get(log.origin)
        found = _log(report, db, log, keys.get(log.origin, ()), anchored, kept)
        lost = anchored is None and log.origin not in without_anchor and signed_size(log)
        if lost and anchor.read(log.origin) is None:  # else it was signed first a moment ago
            found.append("it was signed, and the anchor knows nothing of it")
        report.findings += [f"{log.origin}: {words}" for words in found[:MOST]]
    _events(report)
    _balance(report, db)
    _concerns(report, db)
    _acts(report, db)


def _log(
    report: Report,
    db: BaseDatabaseWrapper,
    log: Log,
    keys: Sequence[Key],
    anchored: str | None,
    kept: Sequence[Kept],
) -> list[str]:
    given = signers.of(log)
    found: list[str] = list(given.findings)
    claims: dict[int, list[tuple[bytes, str]]] = {}
    signed = count = 0
    for size, note, at, who in _notes(log, anchored):
        try:
            parsed = Note.parse(note)
            parsed.signatures(keys)
            checkpoint = Checkpoint.parse(parsed.text)
        except ValueError as error:
            found.append(f"{who} does not hold: {error}")
            continue
        against = None if at is None else given.why_not(parsed, checkpoint.size, at)
        if against is not None:
            found.append(f"{who} {against}")
        if checkpoint.origin != log.origin or size not in {0, checkpoint.size}:
            found.append(f"{who} is one of {checkpoint.size} of {checkpoint.origin}")
        claims.setdefault(checkpoint.size, []).append((checkpoint.root, who))
        signed, count = max(signed, size), count + who.startswith("its checkpoint")
    for one in kept:
        if one.checkpoint.origin == log.origin:
            claims.setdefault(one.checkpoint.size, []).append((one.checkpoint.root, one.who))
    timing = Timing(_signatures(log))
    check = Rereading(db, log.id, claims=claims, act=timing.act).run()
    found += [*check.findings, *timing.findings]
    if not found:
        report.sound.append(
            f"{log.origin}: {check.tree.size} entries, {signed} of them signed, {count} checkpoints"
        )
    return found


def _signatures(log: Log) -> list[tuple[int, datetime]]:
    """Return size and time of each signature, the smallest first."""
    held = SignedCheckpoint.objects.filter(log=log).order_by("size")
    return list(held.values_list("size", "at"))


def _notes(log: Log, anchored: str | None) -> Iterator[tuple[int, str, datetime | None, str]]:
    """
    Return each note by the size it was kept with (the anchor's with 0), its time, and whose it is.

    The time is when the log signed it; a publication repeats a note, and has none.
    """
    for model, what in ((SignedCheckpoint, "checkpoint"), (PublishedCheckpoint, "publication")):
        held = model.objects.filter(log=log).order_by("size", "id")
        for size, note, at in held.values_list("size", "note", "at").iterator(2000):
            yield size, note, at if model is SignedCheckpoint else None, f"its {what} of {size}"
    if anchored is not None:
        yield 0, anchored, None, "the anchor"


class _Held(NamedTuple):
    """An event's columns: a million of them are read faster than as many objects of the model."""

    id: int
    kind: str
    actor: str
    subject: str
    at: datetime
    states: str
    salt: bytes | None
    payload: bytes | None
    leaf: bytes
    directory: bool


def _events(report: Report) -> None:
    """Open every event that is not erased and compare it with its leaf and its columns."""
    secret, opened = keyring.events_secret(), 0
    erased: list[int] = []
    accounted: set[str] = set()
    found: list[str] = []
    held = AuditEvent.objects.order_by("id").values_list(*_Held._fields)
    for event in (_Held(*row) for row in held.iterator(2000)):
        if event.salt is None and event.payload is None:
            erased.append(event.id)
            continue
        opened += 1
        words = _why_not_its_own(event, secret)
        if words is None and event.kind == EventErased.kind:
            accounted.add(event.subject)
        if words and len(found) < MOST:
            found.append(f"event {event.id} {words}")
    found += _erased_unsaid(erased, accounted)[:MOST]
    report.findings += found
    if not found:
        report.sound.append(f"{opened} events are what they were; {len(erased)} were erased")


def _erased_unsaid(erased: Sequence[int], accounted: Collection[str]) -> list[str]:
    """Return what speaks of erased events for whose erasure no event in the log answers."""
    said: set[int] = set()
    for first in range(0, len(erased), 500):
        places = LogEntry.objects.filter(event_id__in=erased[first : first + 500])
        for event, origin, position in places.values_list("event_id", "log__origin", "position"):
            if f"{origin}#{position}" in accounted:
                said.add(event)
    return [f"event {one} {_UNSAID}" for one in erased if one not in said]


def _why_not_its_own(event: _Held, secret: bytes) -> str | None:
    salt = bytes(event.salt or b"")
    try:
        payload = commitments.unseal(bytes(event.payload or b""), salt=salt, secret=secret)
    except Unproven:
        return _CLOSED
    body = json.loads(payload)
    leaf = commitments.leaf_of(
        payload,
        salt=salt,
        states=body["states"],
        time=int(event.at.timestamp()),
        secret=secret,
    )
    if leaf != bytes(event.leaf):
        return "is not what its leaf commits to"
    columns = (event.kind, event.actor, event.states, canonical.instant(event.at))
    if columns != (body["kind"], body["actor"], ",".join(body["states"]), body["at"]):
        return "has columns that say something else than the event"
    known = type_registry.get(event.kind)
    if known is not None and known.directory != event.directory:
        return "is not marked for the log of the directory as its kind is"
    about = body["payload"].get(known.subject_field, "") if known else event.subject
    return None if str(about) == event.subject else "is listed under another subject"


def _balance(report: Report, db: BaseDatabaseWrapper) -> None:
    """Compare the events with the entries: each once in the acts, the directory's once there."""
    before = len(report.findings)
    for sql, values, words in (
        (_LOST, ("acts", "acts"), "has no entry, and does not wait for one"),
        (_LOST, ("dir", "dir"), "is missing in the log of the directory"),
        (_TWICE, (), "has two entries in one log"),
    ):
        report.findings += [f"event {id_} {words}" for (id_,) in rows(db, sql, values)]
    late = Waiting.objects.filter(since__lt=database_now() - PATIENCE).count()
    if late:
        report.findings.append(f"{late} events have waited for more than ten minutes")
    if len(report.findings) == before:
        report.sound.append(f"every event has its entry; {Waiting.objects.count()} wait for it")


def _concerns(report: Report, db: BaseDatabaseWrapper) -> None:
    """Look for acts that the console would keep from a State's auditors, or lie to them about."""
    hidden, pretended = listing.hidden(db), listing.pretended(db)
    report.findings += [
        *(f"act {place} is not listed for every State that it concerns" for place in hidden),
        *(f"entry {id_} is listed for auditors as what it is not" for id_ in pretended),
    ]
    if not hidden and not pretended:
        report.sound.append("auditors find every act that concerns their State")


def _acts(report: Report, db: BaseDatabaseWrapper) -> None:
    """
    Look for acts whose event is not there, or is another act's.

    The log knows them by two names only: the column, and the kinds of event that such a row may
    lean on. Rows of one act share its event where both tables name its kind.
    """
    before = len(report.findings)
    for model in apps.get_models():
        try:
            model._meta.get_field("audit_event_id")  # noqa: SLF001 - Django's own way
        except FieldDoesNotExist:
            continue
        table = db.ops.quote_name(model._meta.db_table)  # noqa: SLF001
        label = model._meta.label  # noqa: SLF001
        join = (
            f"SELECT COUNT(*) FROM {table} t LEFT JOIN audit_auditevent v"  # noqa: S608 - a name of ours
            " ON v.id = t.audit_event_id"
        )
        ((count,),) = rows(db, f"{join} WHERE v.id IS NULL", [])
        if count:
            report.findings.append(f"{count} rows of {label} have no event")
        kinds = getattr(model, "leans_on", ())
        if not kinds:
            continue
        marks = ", ".join(["%s"] * len(kinds))
        # An erased event has lost its kind, and an event says that it was erased.
        other = f"{join} WHERE v.kind <> '' AND v.kind NOT IN ({marks})"
        ((count,),) = rows(db, other, kinds)
        if count:
            report.findings.append(f"{count} rows of {label} lean on another act's event")
    if len(report.findings) == before:
        report.sound.append("every act has its event")
