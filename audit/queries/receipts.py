"""What a person can carry away of their own acts: the event, opened, and its place in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from .. import commitments, keyring
from ..models import AuditEvent, Log, LogEntry
from ..tlog.errors import Unproven
from ..tlog.merkle import inclusion_path
from ..tlog.proof import Proof
from ..tlog.text import to_b64
from .trees import checkpoint_of, newest_published, node_of, slug_of


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    One event: salt, canonical bytes and leaf in base64, and its C2SP tlog-proof if it has one.

    Salt and bytes are None once the event is erased. `log` names the log of acts that it stands
    in, in addresses; empty while it waits.
    """

    event: int
    salt: str | None
    payload: str | None
    leaf: str
    log: str
    proof: str | None


def of(events: Sequence[int], *, actor: str) -> list[Receipt]:
    """Return the receipts of those of `events` that `actor` has caused."""
    return _receipts(AuditEvent.objects.filter(id__in=events, actor=actor))


def opened(events: Sequence[int]) -> list[Receipt]:
    """Return the receipts of `events`, of whomever: the caller says who may be told them."""
    return _receipts(AuditEvent.objects.filter(id__in=events))


def _receipts(chosen: QuerySet[AuditEvent]) -> list[Receipt]:
    rows = {row.id: row for row in chosen}
    places = LogEntry.objects.filter(event_id__in=rows, log__name="acts").select_related("log")
    placed = {entry.event_id: entry for entry in places}
    notes: dict[int, str | None] = {}
    found = []
    for id_, row in sorted(rows.items()):
        entry = placed.get(id_)
        proof = None
        if entry is not None:
            if entry.log_id not in notes:
                notes[entry.log_id] = newest_published(entry.log)
            proof = proof_of(entry.log, entry.position, notes[entry.log_id])
        found.append(_receipt(row, slug_of(entry.log) if entry else "", proof))
    return found


def proof_of(log: Log, position: int, note: str | None) -> str | None:
    """Return the C2SP tlog-proof of an entry under a published note, None if it has none yet."""
    size = checkpoint_of(note).size if note is not None else 0
    if note is None or position >= size:
        return None
    return str(Proof(position, tuple(inclusion_path(position, size, node_of(log))), note))


def _receipt(row: AuditEvent, log: str, proof: str | None) -> Receipt:
    salt = payload = None
    if row.salt is not None and row.payload is not None:
        salt = bytes(row.salt)
        try:
            payload = commitments.unseal(
                bytes(row.payload), salt=salt, secret=keyring.events_secret()
            )
        except Unproven:  # changed in the database: the leaf alone is left to be proven
            salt = None
    return Receipt(
        row.id,
        to_b64(salt) if salt is not None else None,
        to_b64(payload) if payload is not None else None,
        to_b64(bytes(row.leaf)),
        log,
        proof,
    )
