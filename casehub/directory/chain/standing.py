"""Who is what, as of a moment and of a size of the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casehub.core.frames import from_b64u

from ..functions import functions_of
from ..statements import ChainBroken, Statement, instant
from .records import (
    Binding,
    Bound,
    DeviceOf,
    Named,
    Officer,
    PersonRecord,
    StateRecord,
    Stop,
    Term,
)

COORDINATOR = "coordinator"
SINGLE_STOP = timedelta(hours=1)  # what one person's stop of a State lasts by itself
TICK = timedelta(seconds=1)  # statements are dated in whole seconds, entries are not


@dataclass(frozen=True, slots=True)
class When:
    """A moment, and how many entries of the log are known at it."""

    now: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry without effect, and the person it is about."""

    index: int
    why: str
    person: str


@dataclass(slots=True)
class Ledger:
    """All that was accepted so far, and why the rest was not."""

    states: dict[str, StateRecord] = field(default_factory=dict)
    people: dict[str, PersonRecord] = field(default_factory=dict)
    #  By serial and by device id.
    devices: dict[str, Named] = field(default_factory=dict)
    device_ids: dict[str, Named] = field(default_factory=dict)
    #  Whose key it is: a person's id, or a State's code for its root.
    keys: dict[str, str] = field(default_factory=dict)
    serials: set[tuple[str, str]] = field(default_factory=set)
    refusals: dict[tuple[str, str], list[Refused]] = field(default_factory=dict)

    # ------------------------------------------------------------ offices

    def officer(self, person: str, when: When) -> Officer | None:
        """Return a person's mandate in force, if nobody stopped them."""
        record = self.people.get(person)
        mandates = [m for m in record.mandates if m.index < when.size] if record else []
        if not mandates or record is None or self.stops_of(record.state, person, when.size):
            return None
        officer = mandates[-1].officer
        return officer if officer.since <= when.now < officer.until else None

    def officers(self, state: str, when: When) -> dict[str, str]:
        """Return the keys of a State's officers in force, by person."""
        found = ((p, self.officer(p, when)) for p in self._people_of(state))
        return {person: officer.key for person, officer in found if officer is not None}

    def coordinators(self, state: str, when: When) -> dict[str, str]:
        """Return the keys of a State's coordinators whom officers vouched for, by person."""
        found: dict[str, str] = {}
        for person in self._people_of(state):
            term, late = self.term(person, when)
            binding = self.binding(person, when.size)
            if term is None or late is not None or COORDINATOR not in term.roles:
                continue
            vouched = binding is not None and binding.by_officer
            if binding is not None and vouched and not self.stops_of(state, person, when.size):
                found[person] = binding.key
        return found

    def _people_of(self, state: str) -> Iterator[str]:
        record = self.states.get(state)
        yield from record.people if record is not None else ()

    # ------------------------------------------------------------ parts of a person's chain

    def terms(self, person: str, size: int) -> list[Term]:
        """
        Return a person's designations that count: those in which their key was vouched for.

        One that was approved and not bound, perhaps rejected since, neither gives nor takes
        (docs/adr/0022). Of whoever has no key yet all count: there is none that anybody could use.
        """
        record = self.people.get(person)
        if record is None:
            return []
        terms = [term for term in record.terms if term.index < size]
        named = {one.designation for one in record.bindings if one.index < size}
        return [t for t in terms if t.statement.fields["serial"] in named] if named else terms

    def term(self, person: str, when: When) -> tuple[Term | None, str | None]:
        """
        Return the designation that decides, and what is the matter with its time.

        The newest entered among those that have begun: one that shortened a term, or took a role
        away, is not outlived by the one before.
        """
        terms = self.terms(person, when.size)
        begun = [t for t in terms if t.since <= when.now]
        if begun:
            late = "designation-expired" if begun[-1].until <= when.now else None
            return begun[-1], late
        return (terms[-1], "designation-not-yet") if terms else (None, None)

    def binding(self, person: str, size: int) -> Binding | None:
        """Return the newest binding."""
        record = self.people.get(person)
        bindings = [b for b in record.bindings if b.index < size] if record else []
        return bindings[-1] if bindings else None

    def bound_keys(self, person: str, size: int) -> list[str]:
        """Return the keys that were vouched for as a person's, in their order."""
        record = self.people.get(person)
        return [b.key for b in record.bindings if b.index < size] if record else []

    def is_replaced(self, named: Named, size: int) -> bool:
        """
        Say whether another key was vouched for after a device was named: then it is over for good.

        Whichever key counts now: one that was lost brings nothing back.
        """
        record = self.people[named.statement.person]
        later = [b for b in record.bindings if named.index < b.index < size]
        return any(binding.key != named.key for binding in later)

    def effective(self, person: str, term: Term, size: int) -> datetime:
        """Return from when a person may be let into what several States read."""
        bindings = self.people[person].bindings
        limits = [b.limited_until for b in bindings if b.index < size and b.limited_until]
        return max([term.effective, *limits])

    def stops_of(self, state: str, person: str, size: int) -> list[Stop]:
        """Return what stops a person."""
        record = self.states.get(state)
        stops = record.ended.get(person, []) if record is not None else []
        return [stop for stop in stops if stop.lasts(size)]

    def state_stops(self, state: str, when: When) -> dict[str, Stop]:
        """Return what stops a State, by serial."""
        record = self.states.get(state)
        stops = record.stops if record is not None else {}
        return {
            serial: stop
            for serial, stop in stops.items()
            if stop.lasts(when.size)
            and (
                (stop.confirmed is not None and stop.confirmed < when.size)
                or when.now < stop.at + SINGLE_STOP
            )
        }

    def stopped_since(self, state: str, person: str, issued: datetime, size: int) -> bool:
        """Say whether somebody was stopped after what they signed is dated, lifted since or not."""
        record = self.states.get(state)
        stops = record.ended.get(person, []) if record is not None else []
        return any(stop.index < size and is_after(stop.at, issued) for stop in stops)

    def state_stopped_since(self, state: str, issued: datetime, size: int) -> bool:
        """Say whether a State was stopped after what somebody of it signed is dated."""
        record = self.states.get(state)
        stops = record.stops.values() if record is not None else ()
        return any(stop.index < size and is_after(stop.said, issued) for stop in stops)

    # ------------------------------------------------------------ verdicts

    def person(
        self, person: str, when: When, pinned: Mapping[str, str]
    ) -> tuple[Bound, str | None]:
        """
        Return the person's chain and the reason of time against it, if there is one.

        :raises ChainBroken: with the reason, if there is no chain at all.
        """
        term, late = self.term(person, when)
        if term is None:
            raise ChainBroken(self._why("designation", person, when.size) or "no-designation")
        state = self.people[person].state
        if pinned.get(state) not in {root.key for root in self.states[state].roots}:
            raise ChainBroken("no-root")
        binding = self.binding(person, when.size)
        if binding is None:
            raise ChainBroken(self._why("binding", person, when.size) or "no-binding")
        if late is None and self.stops_of(state, person, when.size):
            late = "person-revoked"
        if late is None and self.state_stops(state, when):
            late = "state-stopped"
        fields = term.statement.fields
        bound = Bound(
            person=person,
            state=state,
            name=fields["name"],
            post=fields["post"],
            office=fields["office"],
            agency=fields["agency"],
            roles=term.roles,
            functions=functions_of(fields),
            key=from_b64u(binding.key, most=32),
            until=term.until,
            effective=self.effective(person, term, when.size),
        )
        return bound, late

    def device(
        self, serial: str, when: When, pinned: Mapping[str, str]
    ) -> tuple[DeviceOf, str | None]:
        """
        Return the device that a serial names and the reason of time against it, if there is one.

        :raises ChainBroken: with the reason, if there is no such device.
        """
        named = self.devices.get(serial)
        if named is None or named.index >= when.size:
            known = self._refusal("device", serial, when.size)
            if known is not None:  # what is wrong with its person says more
                self.person(known.person, when, pinned)
            raise ChainBroken(known.why if known is not None else "no-device")
        fields = named.statement.fields
        bound, late = self.person(fields["person"], when, pinned)
        late = late or self._lateness(bound, named, when)
        found = DeviceOf(
            device=fields["device"],
            person=bound.person,
            state=bound.state,
            signature_key=from_b64u(fields["signature_key"], most=32),
            history_key=from_b64u(fields["history_key"], most=32),
            serial=serial,
            until=named.until,
        )
        return found, late

    def _lateness(self, bound: Bound, named: Named, when: When) -> str | None:
        if named.since > when.now:
            return "device-not-yet"
        if named.until <= when.now:
            return "device-expired"
        return "device-revoked" if self._is_ended(bound, named, when.size) else None

    def _is_ended(self, bound: Bound, named: Named, size: int) -> bool:
        state = self.states[bound.state]
        ended = state.ended_devices.get((bound.person, named.statement.fields["device"]), [])
        if any(index < size for index in ended):
            return True
        # Whoever comes back, or was given another key, begins with new devices.
        since = (stop.index for stop in state.ended.get(bound.person, []))
        stopped = any(named.index < index < size for index in since)
        return stopped or self.is_replaced(named, size)

    def _refusal(self, kind: str, subject: str, size: int) -> Refused | None:
        known = [one for one in self.refusals.get((kind, subject), []) if one.index < size]
        return known[-1] if known else None

    def _why(self, kind: str, person: str, size: int) -> str | None:
        known = self._refusal(kind, person, size)
        return known.why if known is not None else None


def is_after(at: datetime, issued: datetime) -> bool:
    """Say whether an entry's moment lies after that of a signature."""
    return at - issued >= TICK


def moment(statement: Statement, name: str) -> datetime:
    """Return one of a statement's instants."""
    return instant(statement.fields[name])
