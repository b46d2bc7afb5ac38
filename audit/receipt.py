"""
A receipt as its bearer carries it: a tlog-proof whose `extra` holds the entry and the event.

    {"leaf": base64, "payload": base64 or null, "salt": base64 or null}

The format proves nothing of `extra`; here it is: the proof is of this entry, and the entry commits
to this event. Browser: frontend/src/effects/log/proving.ts.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass

from .commitments import commitment_to
from .tlog.errors import Malformed, Unproven
from .tlog.policy import Opened, Policy
from .tlog.proof import Proof
from .tlog.text import from_b64

FIELDS = {"leaf", "payload", "salt"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof, the entry's bytes, and the event's canonical bytes and salt unless erased."""

    proof: Proof
    leaf: bytes
    payload: bytes | None
    salt: bytes | None

    def verify(self, policy: Policy) -> Opened:
        """
        Check that the event is what stands in a log of the policy.

        :raises Malformed: if the checkpoint or the entry is none.
        :raises Unproven: if a signature, the quorum, the path or the commitment does not hold.
        """
        opened = self.proof.verify(self.leaf, policy)
        if self.payload is not None and self.salt is not None:
            made = commitment_to(self.payload, self.salt)
            if not hmac.compare_digest(made, _commitment_in(self.leaf)):
                raise Unproven("the entry was made from another event")
        return opened


def _object(data: bytes) -> dict[str, object]:
    try:
        value = json.loads(data)
    except ValueError as error:
        raise Malformed("not JSON") from error
    if not isinstance(value, dict):
        raise Malformed("not an object")
    return value


def _commitment_in(leaf: bytes) -> bytes:
    entry = _object(leaf)
    if entry.get("k") != "event" or not isinstance(entry.get("c"), str):
        raise Malformed("not the entry of an event")
    return from_b64(str(entry["c"]))


def parse(text: str) -> Receipt:
    """
    Read the file.

    :raises Malformed: if it is no tlog-proof, or carries no entry.
    """
    proof = Proof.parse(text)
    held = _object(proof.extra or b"")
    if set(held) != FIELDS or not isinstance(held["leaf"], str):
        raise Malformed("its extra line carries no entry")
    payload, salt = (
        from_b64(value) if isinstance(value := held[name], str) else None
        for name in ("payload", "salt")
    )
    return Receipt(proof, from_b64(held["leaf"]), payload, salt)
