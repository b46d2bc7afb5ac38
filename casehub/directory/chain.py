"""
Does a key lead back to a foreign ministry? (pure)

root (pinned) -> officers -> designation (two officers) -> binding (coordinator, or an officer for
a coordinator) -> device (identity key); a revocation by any one of those entitled stops it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .statements import ChainBroken, Statement, from_b64u, instant

OFFICERS_NEEDED = 2
COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Bound:
    """A person with a designation in force and a key that was vouched for."""

    person: str
    state: str
    roles: frozenset[str]
    key: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class DeviceOf:
    """A device that a bound person named: raw 32-byte keys, and the statement's serial."""

    device: str
    person: str
    state: str
    signature_key: bytes
    history_key: bytes
    serial: str
    until: datetime


class Chain:
    """
    A set of statements judged at one moment against pinned roots (State code -> raw key).

    Statements that fail their own check have no effect: they neither help nor harm the others.
    """

    def __init__(
        self, statements: Iterable[Statement], *, roots: Mapping[str, bytes], now: datetime
    ) -> None:
        self._all = list(statements)
        self._roots = roots
        self._now = now
        self._officers = self._find_officers()

    def _of(self, kind: str, person: str) -> list[Statement]:
        return [s for s in self._all if s.type == kind and s.person == person]

    def _find_officers(self) -> dict[str, dict[str, bytes]]:
        """Return State -> officer's person -> key, for officers whose mandate runs."""
        found: dict[str, dict[str, bytes]] = {}
        for statement in (s for s in self._all if s.type == "officer"):
            state, root = statement.fields["state"], self._roots.get(statement.fields["state"])
            if root is None or not statement.signed_by(root):
                continue
            if instant(statement.fields["until"]) > self._now:
                key = from_b64u(statement.fields["key"], most=32)
                found.setdefault(state, {})[statement.person] = key
        return found

    def _officers_signing(self, statement: Statement) -> int:
        officers = self._officers.get(str(statement.fields["state"]), {})
        # Two officers are two people *and* two keys: one key under two names is one hand.
        return len({key for key in officers.values() if statement.signed_by(key)})

    def _designation(self, person: str) -> Statement:
        found = self._of("designation", person)
        if not found:
            raise ChainBroken("no-designation")
        why = "designation-unsigned"
        for statement in sorted(found, key=lambda s: str(s.fields["issued"]), reverse=True):
            if self._officers_signing(statement) < OFFICERS_NEEDED:
                continue
            if instant(statement.fields["from"]) > self._now:
                why = "designation-not-yet"
            elif instant(statement.fields["until"]) <= self._now:
                why = "designation-expired"
            else:
                return statement
        raise ChainBroken(why)

    def _vouched_by(self, state: str, *, coordinator_may: bool, seen: frozenset[str]) -> list[bytes]:
        keys = list(self._officers.get(state, {}).values())
        if coordinator_may:
            keys = []
            for person in {s.person for s in self._all if s.type == "designation"} - seen:
                try:
                    bound = self._bound(person, seen=seen | {person})
                except ChainBroken:
                    continue
                if bound.state == state and COORDINATOR in bound.roles:
                    keys.append(bound.key)
        return keys

    def _bound(self, person: str, *, seen: frozenset[str]) -> Bound:
        designation = self._designation(person)
        state = str(designation.fields["state"])
        roles = frozenset(str(r) for r in designation.fields["roles"])
        vouchers = self._vouched_by(
            state, coordinator_may=COORDINATOR not in roles, seen=seen | {person}
        )
        bindings = self._of("binding", person)
        if not bindings:
            raise ChainBroken("no-binding")
        for binding in sorted(bindings, key=lambda s: str(s.fields["issued"]), reverse=True):
            if binding.fields["state"] == state and any(map(binding.signed_by, vouchers)):
                until = instant(designation.fields["until"])
                key = from_b64u(binding.fields["key"], most=32)
                return Bound(person, state, roles, key, until)
        raise ChainBroken("binding-unsigned")

    def _revoked(self, bound: Bound, device: str | None) -> bool:
        for statement in self._of("revocation", bound.person):
            if statement.fields["device"] not in {None, device}:
                continue
            officers = list(self._officers.get(bound.state, {}).values())
            coordinators = self._vouched_by(
                bound.state, coordinator_may=True, seen=frozenset({bound.person})
            )
            if any(map(statement.signed_by, [*officers, *coordinators, bound.key])):
                return True
        return False

    def person(self, person: str) -> Bound:
        """
        Return the person's designation in force and their vouched-for key.

        :raises ChainBroken: with the first reason against.
        """
        bound = self._bound(person, seen=frozenset())
        if self._revoked(bound, None):
            raise ChainBroken("person-revoked")
        return bound

    def device(self, statement: Statement) -> DeviceOf:
        """
        Return the device that `statement` names, if its person's key signed it and it is in force.

        :raises ChainBroken: with the first reason against.
        """
        if statement.type != "device":
            raise ChainBroken("malformed")
        fields = statement.fields
        bound = self.person(statement.person)
        if fields["state"] != bound.state or not statement.signed_by(bound.key):
            raise ChainBroken("device-unsigned")
        if instant(fields["from"]) > self._now:
            raise ChainBroken("device-not-yet")
        if instant(fields["until"]) <= self._now:
            raise ChainBroken("device-expired")
        device = str(fields["device"])
        if self._revoked(bound, device):
            raise ChainBroken("device-revoked")
        return DeviceOf(
            device=device,
            person=bound.person,
            state=bound.state,
            signature_key=from_b64u(fields["signature_key"], most=32),
            history_key=from_b64u(fields["history_key"], most=32),
            serial=str(fields["serial"]),
            until=instant(fields["until"]),
        )


