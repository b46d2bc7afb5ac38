"""The authority chain of one State: root, officers, designations, bindings (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.core.frames import to_b64u
from casehub.directory.statements import Statement, fingerprint, make

YEAR = timedelta(days=365)
HALF_YEAR = timedelta(days=182)  # a liaison's first term is no longer (ADR 34)
#  those whose identity keys name devices, and the central authority, which signs with its own
BOUND = frozenset({"coordinator", "liaison", "central-authority"})
SCOPE = ["smuggling-of-migrants", "trafficking-in-persons"]


def term_of(role: str) -> timedelta:
    """Return for how long somebody is designated first."""
    return HALF_YEAR if role == "liaison" else YEAR


@dataclass(frozen=True, slots=True)
class Cast:
    """
    A fictional person who takes part: their key signs or is vouched for.

    `region` is the part of the State in their charge, None for all of it; `deputy` who stands in;
    `functions` what a liaison or coordinator does besides.
    """

    person: UUID
    role: str
    key: Ed25519PrivateKey
    name: str
    post: str
    office: UUID
    agency: str
    languages: Sequence[str] = ("es",)
    region: str | None = None
    deputy: UUID | None = None
    functions: Sequence[str] = ()


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def public(key: Ed25519PrivateKey) -> str:
    """Return a public key as statements write it."""
    return to_b64u(key.public_key().public_bytes_raw())


class Ceremony:
    """Signs what one State says, as of one hour before `now`, and valid for a first term."""

    def __init__(self, state: str, *, now: datetime) -> None:
        self._state = state
        self._start = _stamp(now - timedelta(hours=1))
        self._now = now

    def _make(self, kind: str, signers: Iterable[Ed25519PrivateKey], **fields: object) -> Statement:
        common = {"serial": str(uuid4()), "issued": self._start, "state": self._state}
        return make(kind, common | fields, signers)

    def root(self, root: Ed25519PrivateKey) -> Statement:
        """Return the State's first root, by itself."""
        return self._make(
            "state-root", [root], key=public(root), previous=None, approval="two-officers"
        )

    def officer(self, one: Cast, *, by: Ed25519PrivateKey) -> Statement:
        """Return the mandate of a ministry officer."""
        return self._make(
            "officer",
            [by],
            person=str(one.person),
            name=one.name,
            post=one.post,
            key=public(one.key),
            **{"from": self._start, "until": self._until(one)},
        )

    def _until(self, one: Cast) -> str:
        return _stamp(self._now + term_of(one.role))

    def designation(self, one: Cast, *, by: Iterable[Ed25519PrivateKey]) -> Statement:
        """Return a designation after a consultation to which nobody objected."""
        consulted = {
            "agency_kind": "police",
            "date": self._start[:10],
            "outcome": "no-objection",
            "digest": None,
        }
        return self._make(
            "designation",
            by,
            person=str(one.person),
            name=one.name,
            post=one.post,
            roles=[one.role],
            office=str(one.office),
            agency=one.agency,
            scope=SCOPE,
            languages=list(one.languages),
            urgent=False,
            consultation=[consulted],
            v=3,
            functions=sorted(one.functions),
            region=one.region,
            deputy=str(one.deputy) if one.deputy else None,
            **{"from": self._start, "until": self._until(one)},
        )

    def binding(
        self, one: Cast, designation: Statement, *, by: Iterable[Ed25519PrivateKey]
    ) -> Statement:
        """Return what somebody signs who has heard the six words of a key from its person."""
        return self._make(
            "binding",
            by,
            person=str(one.person),
            key=public(one.key),
            words=fingerprint(one.key.public_key().public_bytes_raw()),
            designation=designation.fields["serial"],
        )


def perform(
    state: str, *, root: Ed25519PrivateKey, cast: Sequence[Cast], now: datetime
) -> list[Statement]:
    """
    Return the statements of one State, in the order in which they are made and have to be entered.

    Two officers approve each designation; a liaison's is nominated by the coordinator, whom an
    officer has bound before, and who binds the liaisons.
    """
    ceremony = Ceremony(state, now=now)
    officers = [one for one in cast if one.role == "ministry"]
    approving = [one.key for one in officers[:2]]
    made = [ceremony.root(root), *(ceremony.officer(one, by=root) for one in officers)]
    others = [one for one in cast if one.role != "ministry"]
    coordinators = [one for one in others if one.role == "coordinator"]
    for one in sorted(others, key=lambda other: other.role != "coordinator"):
        nominating = [coordinators[0].key] if one.role == "liaison" else []
        designation = ceremony.designation(one, by=[*nominating, *approving])
        made.append(designation)
        if one.role in BOUND:
            by = officers[0] if one.role == "coordinator" else coordinators[0]
            made.append(ceremony.binding(one, designation, by=[by.key]))
    return made
