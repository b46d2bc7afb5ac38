"""Giving a log another key, by the word of both; or another log, where the key is not trusted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from .. import commitments, keyring
from ..events import KeyRotated, LogSucceeded
from ..models import KeyChange, Log, Succession
from ..queries import keys
from ..tlog.note import Key
from ..tlog.rotation import Rotation
from .recording import record

OVERLAP = timedelta(days=30)  # in which both keys sign, and readers learn of the new one


class NotRotatable(Exception):
    """The log takes no other key now; the message says why."""


@transaction.atomic
def rotate_key(*, note: str, actor: str, now: datetime) -> None:
    """
    Let another key follow the one that signs a log.

    `note` is the statement that both have signed. From its entry in the directory's log on, which
    the sequencer makes, both sign; readers are served it from this commit on, so that no checkpoint
    bears a key of which no policy tells.

    :raises Malformed: if it is no such statement.
    :raises Unproven: if not both keys have signed it.
    :raises NotRotatable: if the log is closed or has another key, or two keys sign it already.
    """
    said = Rotation.parse(note)
    log = Log.objects.select_for_update().filter(origin=said.origin).first()
    if log is None or log.closed:
        raise NotRotatable(f"{said.origin} is not open")
    ever, signing = keys.ever(log), keys.signing(log, now)
    if KeyChange.objects.filter(log=log, entry=None).exists() or len(signing) > 1:
        raise NotRotatable(f"{log.origin}: a change of its key is under way until it ends")
    if said.old != signing[-1] or said.new in ever:
        raise NotRotatable(f"{log.origin}: the statement is not about the key that signs it now")
    if said.start != int(now.timestamp()):
        raise NotRotatable("a statement is kept when it is made")
    about = KeyRotated(
        states=(),
        log=log.origin,
        key=said.new.id.hex(),
        after=said.old.id.hex(),
        since=said.start,
        until=said.end,
    )
    KeyChange.objects.create(
        log=log,
        old=str(said.old),
        new=str(said.new),
        starts_at=datetime.fromtimestamp(said.start, UTC),
        ends_at=datetime.fromtimestamp(said.end, UTC),
        note=note,
        leaf=commitments.key_leaf(time=said.start, note=note),
        audit_event_id=record(about, actor=actor, at=now),
    )


@transaction.atomic
def succeed_log(*, key: Key, actor: str, now: datetime) -> None:
    """
    Let another log take over from one whose key is not trusted any more.

    `key` is the first of the log that takes over, and its name that log's. The sequencer then
    closes the one and begins the other, whose first entry names the last checkpoint of the one, as
    at the turn of the year.

    :raises NotRotatable: if no log that is open is followed by one of this name.
    """
    logs = Log.objects.select_for_update(of=("self",)).filter(closed=False, succession=None)
    log = next((one for one in logs if keyring.after(one.origin) == key.name), None)
    if log is None:
        raise NotRotatable(f"no open log is followed by {key.name}")
    about = LogSucceeded(states=(), log=log.origin, successor=key.name, key=key.id.hex())
    event = record(about, actor=actor, at=now)
    Succession.objects.create(log=log, origin=key.name, vkey=str(key), audit_event_id=event)
