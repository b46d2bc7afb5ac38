"""
Promises: the log's word, given with the answer to an act, that the act will stand in the log.

An event that is taken out of the database together with its place in the queue, before it was
integrated, leaves no trace here. Whoever did the act has this note then: signed by a key of its
own, `ORIGIN/promise`, over

    casehub-audit-promise/1
    <origin of the log of acts in the year of the act>
    <base64 of the entry's RFC 6962 leaf hash>
    <POSIX seconds of the act>

A promise older than a day without a proof (see receipts) is a complaint that anybody can check.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from . import keyring
from .tlog.merkle import leaf_hash
from .tlog.note import Note
from .tlog.text import to_b64

log = logging.getLogger("casehub.audit")
HEADER = "casehub-audit-promise/1"


@dataclass(frozen=True, slots=True)
class Promise:
    """One signed promise; `event` is the id under which a proof is asked for."""

    event: int
    origin: str
    time: int
    hash: str
    signature: str

    def __str__(self) -> str:
        """Return the one line that travels in a header or a frame."""
        return f"{self.event} {self.origin} {self.time} {self.hash} {self.signature}"


def text_of(origin: str, hash_: str, time: int) -> str:
    """Return what is signed."""
    return f"{HEADER}\n{origin}\n{hash_}\n{time}\n"


def promise(*, event: int, leaf: bytes, at: datetime) -> Promise | None:
    """
    Return the promise for a committed event, or None where this machine has no key for it.

    A file that holds no key is as none, and logged: the act is done, and must not seem to fail.
    """
    origin = keyring.origins(at.year)["acts"]
    try:
        key = keyring.promise_key(origin)
    except keyring.BrokenKey as error:
        log.error("nothing is promised: %s", error)  # noqa: TRY400 - where is known
        return None
    if key is None:
        return None
    hash_, time = to_b64(leaf_hash(leaf)), int(at.timestamp())
    text = text_of(origin, hash_, time)
    line = Note.parse(f"{text}\n{key.sign(text)}").lines[0]
    return Promise(event, origin, time, hash_, to_b64(line.id + line.signature))
