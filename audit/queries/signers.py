"""
Whose signatures stand under a log's notes: what `manage.py audit verify` holds against its keys.

A key signs from its entry in the directory's log on, beside the one before it until that one's end,
and then alone. What bears another signature, or lacks one, was not signed by our sequencer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..models import KeyChange, Log, LogEntry, Waiting
from ..tlog.note import Key, Note
from ..tlog.rotation import Rotation
from . import keys

# Between two processes' clocks, and between a signature and the moment at which it was kept.
APART = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Change:
    said: Rotation
    starts_at: datetime
    ends_at: datetime
    # a signed tree of this log that is larger was signed by the new key, too; None: nobody knows
    size: int | None
    placed: bool


@dataclass(frozen=True, slots=True)
class Signers:
    """The keys of one log, by its changes; `findings` says what is wrong with these themselves."""

    origin: str
    first: Key | None
    changes: Sequence[_Change]
    findings: Sequence[str]

    @property
    def keys(self) -> list[Key]:
        """Every key that an entry names, the first one first."""
        first = [] if self.first is None else [self.first]
        return [*first, *(one.said.new for one in self.changes if one.placed)]

    def why_not(self, note: Note, size: int, at: datetime) -> str | None:
        """Return what speaks against the signatures under a note of `size` entries of `at`."""
        mine = {line.id for line in note.lines if line.name == self.origin}
        known = {key.id for key in self.keys}
        if mine - known:
            return f"is signed by a key that no entry names: {min(mine - known).hex()}"
        for one in self.changes:
            old, new = one.said.old.id in mine, one.said.new.id in mine
            if new and at < one.starts_at - APART:
                return f"is signed by the key {one.said.new.id.hex()} before it was one"
            if old and at > one.ends_at + APART:
                return f"is signed by the key {one.said.old.id.hex()} after its end"
            both = new and old
            if new and not both and at < one.ends_at - APART and not self._later(one, mine):
                return "is not signed by both keys while both sign"
            if old and not new and one.size is not None and size > one.size:
                return "is not signed by both keys while both sign"
        return None

    def _later(self, one: _Change, mine: set[bytes]) -> bool:
        """Say whether a still newer key has signed: then this change is history."""
        later = self.changes[list(self.changes).index(one) + 1 :]
        return any(each.said.new.id in mine for each in later)


def of(log: Log) -> Signers:
    """Return who may sign a log, by what is stored of it."""
    found: list[str] = []
    changes: list[_Change] = []
    try:
        first: Key | None = Key.parse(log.vkey)
    except ValueError:
        first = None
    last = first
    said = keys.announced(log.origin)
    if said not in {None, first}:
        found.append("it was opened for another key than was announced")
    rows = KeyChange.objects.filter(log=log).select_related("log", "entry", "entry__log")
    for row in rows.order_by("id"):
        try:
            change = keys.said(row)
        except ValueError as error:
            found.append(f"a change of its key does not hold: {error}")
            continue
        if change.old != last:
            found.append(f"the key {change.new.id.hex()} follows one that it was not given")
        found += _unplaced(row)
        last = change.new
        changes.append(
            _Change(change, row.starts_at, row.ends_at, _size(row), row.entry_id is not None)
        )
    return Signers(log.origin, first, changes, found)


def _unplaced(row: KeyChange) -> Iterator[str]:
    """Say what is wrong with its place, which it has no later than its event has its own."""
    if row.entry is None:
        if not Waiting.objects.filter(event_id=row.audit_event_id).exists():
            yield "a change of its key has no entry, although its event has its own"
    elif row.entry.log.name != "dir" or bytes(row.entry.leaf) != bytes(row.leaf):
        yield "the entry of a change of its key is another one"


def _size(row: KeyChange) -> int | None:
    """Return where the entry of the change stands in this log, or that of its event does."""
    if row.entry is None:
        return None
    if row.entry.log_id == row.log_id:
        return row.entry.position
    places = LogEntry.objects.filter(log_id=row.log_id, event_id=row.audit_event_id)
    return places.values_list("position", flat=True).first()
