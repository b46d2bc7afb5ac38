"""
Whether a key leads back to a foreign ministry (pure).

root (pinned) -> officers -> designation (two officers) -> binding (coordinator, or an officer for
a coordinator) -> device (identity key); a revocation by any one of those entitled stops it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from casehub.core.frames import from_b64u

from .statements import ChainBroken, Statement, instant

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


@dataclass(frozen=True, slots=True)
class _Officer:
    """An officer's mandate that runs: a person and the key which the root named."""

    person: str
    key: bytes


class Chain:
    """
    A set of statements judged at one moment against pinned roots (State code -> raw key).

    Statements that fail their own check have no effect: they neither help nor harm the others.
    Each layer rests only on the one before, so nothing here is circular: officers, then
    coordinators, then who of these is revoked, then everybody.
    """

    def __init__(
        self, statements: Iterable[Statement], *, roots: Mapping[str, bytes], now: datetime
    ) -> None:
        self._all = list(statements)
        self._now = now
        self._officers = self._find_officers(roots)
        # Everybody bound as coordinator, revoked or not: a revoked one may still revoke.
        self._coordinators = self._find_coordinators()

    def _about(self, kind: str, person: str) -> list[Statement]:
        """Return the statements of a kind about a person, newest first."""
        found = [s for s in self._all if s.type == kind and s.person == person]
        return sorted(found, key=lambda s: str(s.fields["issued"]), reverse=True)

    def _find_officers(self, roots: Mapping[str, bytes]) -> dict[str, list[_Officer]]:
        found: dict[str, list[_Officer]] = {}
        for statement in (s for s in self._all if s.type == "officer"):
            state = statement.fields["state"]
            root = roots.get(state)
            if root is None or not statement.signed_by(root):
                continue
            term = (instant(statement.fields[name]) for name in ("from", "until"))
            if next(term) <= self._now < next(term):
                officer = _Officer(statement.person, from_b64u(statement.fields["key"], most=32))
                found.setdefault(state, []).append(officer)
        return found

    def _find_coordinators(self) -> list[Bound]:
        found = []
        for person in dict.fromkeys(s.person for s in self._all if s.type == "designation"):
            try:
                designation = self._designation(person)
                if COORDINATOR in designation.fields["roles"]:
                    found.append(self._bound_by(self._officer_keys(designation), designation))
            except ChainBroken:
                continue
        return found

    def _officer_keys(self, statement: Statement) -> list[bytes]:
        return [officer.key for officer in self._officers.get(statement.fields["state"], [])]

    def _is_by_two_officers(self, statement: Statement) -> bool:
        officers = self._officers.get(statement.fields["state"], [])
        signing = [officer for officer in officers if statement.signed_by(officer.key)]
        # Two people and two keys: one key under two names, or two keys of one person, is one hand.
        return any(
            one.person != other.person and one.key != other.key
            for one in signing
            for other in signing
        )

    def _designation(self, person: str) -> Statement:
        found = self._about("designation", person)
        why = "designation-unsigned" if found else "no-designation"
        for statement in found:
            if not self._is_by_two_officers(statement):
                continue
            if instant(statement.fields["from"]) > self._now:
                why = "designation-not-yet"
            elif instant(statement.fields["until"]) <= self._now:
                why = "designation-expired"
            else:
                return statement
        raise ChainBroken(why)

    def _bound_by(self, vouchers: Iterable[bytes], designation: Statement) -> Bound:
        """Return the newest binding of the designated person that one of `vouchers` signed."""
        keys, state = list(vouchers), str(designation.fields["state"])
        found = self._about("binding", designation.person)
        if not found:
            raise ChainBroken("no-binding")
        for binding in found:
            if binding.fields["state"] == state and any(map(binding.signed_by, keys)):
                return Bound(
                    person=designation.person,
                    state=state,
                    roles=frozenset(designation.fields["roles"]),
                    key=from_b64u(binding.fields["key"], most=32),
                    until=instant(designation.fields["until"]),
                )
        raise ChainBroken("binding-unsigned")

    def _vouchers(self, designation: Statement) -> list[bytes]:
        if COORDINATOR in designation.fields["roles"]:
            return self._officer_keys(designation)
        return [
            coordinator.key
            for coordinator in self._coordinators
            if coordinator.state == designation.fields["state"]
            and not self._is_revoked(coordinator, None)
        ]

    def _is_revoked(self, bound: Bound, device: str | None) -> bool:
        """Say whether the person, or (given a device) that device, is revoked by one entitled."""
        entitled = [
            bound.key,
            *(officer.key for officer in self._officers.get(bound.state, [])),
            *(other.key for other in self._coordinators if other.state == bound.state),
        ]
        return any(
            statement.fields["device"] in {None, device} and any(map(statement.signed_by, entitled))
            for statement in self._about("revocation", bound.person)
        )

    def person(self, person: str) -> Bound:
        """
        Return the person's designation in force and their vouched-for key.

        :raises ChainBroken: with the first reason against.
        """
        designation = self._designation(person)
        bound = self._bound_by(self._vouchers(designation), designation)
        if self._is_revoked(bound, None):
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
        if self._is_revoked(bound, device):
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
