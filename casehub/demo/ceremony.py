"""The authority chain in its shortest form: root, officers, designation, binding (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.core.frames import to_b64u
from casehub.directory.statements import Statement, make

YEAR = timedelta(days=365)
BOUND = frozenset({"coordinator", "liaison"})  # those whose identity keys name devices


@dataclass(frozen=True, slots=True)
class Cast:
    """A fictional person who takes part: their key signs or is vouched for."""

    person: UUID
    role: str
    office: str
    key: Ed25519PrivateKey


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _public(key: Ed25519PrivateKey) -> str:
    return to_b64u(key.public_key().public_bytes_raw())


def perform(
    state: str, *, root: Ed25519PrivateKey, cast: Sequence[Cast], now: datetime
) -> list[Statement]:
    """
    Return the statements of one State, in the order in which they would be made.

    Two officers sign each designation; the coordinator, whom an officer binds, binds the liaisons.
    """
    start = now - timedelta(hours=1)
    common = {"state": state, "issued": _stamp(start)}
    officers = [c for c in cast if c.role == "ministry"]
    made = [
        make("state-root", common | {"serial": str(uuid4()), "key": _public(root)}, [root]),
        *(
            make(
                "officer",
                common
                | {
                    "serial": str(uuid4()),
                    "person": str(officer.person),
                    "key": _public(officer.key),
                    "until": _stamp(now + YEAR),
                },
                [root],
            )
            for officer in officers
        ),
    ]
    others = [c for c in cast if c.role != "ministry"]
    for one in others:
        fields = {
            "serial": str(uuid4()),
            "person": str(one.person),
            "roles": [one.role],
            "office": one.office,
            "agency": one.office,
            "scope": ["smuggling-of-migrants", "trafficking-in-persons"],
            "from": _stamp(start),
            "until": _stamp(now + YEAR),
            "consultation": [
                {"agency_kind": "police", "date": _stamp(start)[:10], "outcome": "no-objection"}
            ],
        }
        made.append(make("designation", common | fields, [o.key for o in officers[:2]]))
    coordinators = [c for c in others if c.role == "coordinator"]
    for one in sorted(others, key=lambda c: c.role != "coordinator"):
        if one.role not in BOUND:
            continue
        signer = officers[0] if one.role == "coordinator" else coordinators[0]
        fields = {
            "serial": str(uuid4()),
            "person": str(one.person),
            "key": _public(one.key),
            "fingerprint_words": [],
        }
        made.append(make("binding", common | fields, [signer.key]))
    return made
