"""The replay: entries in order, each statement judged and, if it counts, taken into the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from casehub.core.frames import from_b64u, to_b64u

from ..limits import READ_CASES
from ..statements import ChainBroken, Statement
from .judging import DAY, Hands, why_not
from .records import (
    Binding,
    Bound,
    DeviceOf,
    Entry,
    Mandate,
    Named,
    Officer,
    PersonRecord,
    Root,
    StateRecord,
    Stop,
    Term,
)
from .standing import Ledger, Refused, When, is_after, moment

LIMITED = DAY  # from a designation until its person may join what several States read


class Chain:
    """
    The directory's log, replayed under pinned roots (State code -> raw 32-byte key).

    A pinned root need not be a State's first: earlier ones count as far as it names them as its
    predecessors, later ones as far as each was named by the one before. Statements that fail their
    own check have no effect: they neither help nor harm the others.
    """

    def __init__(self, entries: Iterable[Entry], *, roots: Mapping[str, bytes]) -> None:
        self._pinned = {state: to_b64u(key) for state, key in roots.items()}
        self._entries: list[Entry] = []
        self._ledger = Ledger()
        self._firsts: dict[str, str] = {}
        self._moment = datetime.min.replace(tzinfo=UTC)
        #  Why entries have no effect, by index.
        self.refused: dict[int, str] = {}
        self.extend(entries)

    @property
    def ledger(self) -> Ledger:
        """All that was accepted, to be read."""
        return self._ledger

    @property
    def size(self) -> int:
        """How many entries of the log were replayed."""
        return self._entries[-1].index + 1 if self._entries else 0

    def extend(self, entries: Iterable[Entry]) -> None:
        """Replay further entries; those of a root that leads elsewhere begin everything anew."""
        more = list(entries)
        self._entries += more
        if any(e.statement is not None and e.statement.type == "state-root" for e in more):
            self._ledger, self.refused = Ledger(), {}
            self._moment = datetime.min.replace(tzinfo=UTC)
            self._firsts = _firsts(self._pinned, self._entries)
            self._ledger.states = {state: StateRecord() for state in self._firsts}
            more = self._entries
        for entry in more:
            self._enter(entry)

    def why_not(self, statement: Statement, *, now: datetime) -> str | None:
        """Return why a statement would have no effect if it were the next entry, or None."""
        if statement.type == "state-root":
            # With a root everything is judged anew: it may be what the pinned one comes from.
            next_one = Entry(self.size, max(now, self._moment), statement)
            roots = {state: from_b64u(key, most=32) for state, key in self._pinned.items()}
            return Chain([*self._entries, next_one], roots=roots).refused.get(self.size)
        return self._judge(statement, When(max(now, self._moment), self.size))

    def why_never(self, designation: Statement, *, now: datetime) -> str | None:
        """Return why a designation would have no effect now, whoever signs it besides, or None."""
        when = When(max(now, self._moment), self.size)
        return why_not(self._ledger, designation, when, signed=False)

    # ------------------------------------------------------------ asking

    def person(self, person: str, *, now: datetime, size: int | None = None) -> Bound:
        """
        Return the person's designation in force and their vouched-for key.

        :raises ChainBroken: with the first reason against.
        """
        bound, late = self._ledger.person(person, self._when(now, size), self._pinned)
        if late is not None:
            raise ChainBroken(late)
        return bound

    def device(
        self,
        serial: str,
        *,
        now: datetime,
        size: int | None = None,
        claimed: Mapping[str, str] | None = None,
    ) -> DeviceOf:
        """
        Return the device whose statement has this serial, if it is in force.

        `claimed` are fields of a leaf's credential, which must be the statement's own.

        :raises ChainBroken: with the first reason against.
        """
        found, late = self._ledger.device(serial, self._when(now, size), self._pinned)
        fields = self._ledger.devices[serial].statement.fields
        if any(fields[name] != value for name, value in (claimed or {}).items()):
            raise ChainBroken("key-mismatch")
        if late is not None:
            raise ChainBroken(late)
        return found

    def reader(
        self, claimed: Mapping[str, str], *, now: datetime, size: int | None = None
    ) -> DeviceOf:
        """
        Return the device in force that a leaf's credential names, if its person may read threads.

        :raises ChainBroken: as `device`, or `reads-no-more` if no role of theirs does any more.
        """
        found = self.device(claimed["serial"], now=now, size=size, claimed=claimed)
        if self.person(found.person, now=now, size=size).roles.isdisjoint(READ_CASES):
            raise ChainBroken("reads-no-more")
        return found

    def officer(self, person: str, *, now: datetime) -> Officer | None:
        """Return a ministry officer's mandate in force, or None."""
        return self._ledger.officer(person, self._when(now, None))

    def officers(self, state: str, *, now: datetime) -> dict[str, str]:
        """Return the keys (base64url) of a State's officers in force, by person."""
        return self._ledger.officers(state, self._when(now, None))

    def coordinators(self, state: str, *, now: datetime) -> dict[str, str]:
        """Return the keys (base64url) of a State's coordinators in force, by person."""
        return self._ledger.coordinators(state, self._when(now, None))

    def bound_key(self, person: str) -> str | None:
        """Return the key (base64url) that was vouched for last as a person's, in force or not."""
        binding = self._ledger.binding(person, self.size)
        return binding.key if binding is not None else None

    def replaced_keys(self, person: str) -> frozenset[str]:
        """Return the keys (base64url) of a person whose place another took: none comes back."""
        keys = self._ledger.bound_keys(person, self.size)
        return frozenset(keys[:-1]) - frozenset(keys[-1:])

    def owner_of(self, key: str) -> str | None:
        """Return whose a key (base64url) is or was: a person's id, or a State's code."""
        return self._ledger.keys.get(key)

    def is_stopped(self, state: str, *, now: datetime) -> bool:
        """Say whether a State is stopped."""
        return bool(self._ledger.state_stops(state, self._when(now, None)))

    def newest_stop(self, state: str, *, now: datetime) -> Stop | None:
        """Return what was said last of what stops a State now: whoever lifts it lifts the rest."""
        held = self._ledger.state_stops(state, self._when(now, None)).values()
        return max(held, key=lambda stop: stop.index, default=None)

    def is_stop_said_since(self, state: str, issued: datetime, *, now: datetime) -> bool:
        """Say whether a hand came under what stops a State now, after a signature is dated."""
        held = self._ledger.state_stops(state, self._when(now, None)).values()
        return any(is_after(stop.said, issued) for stop in held)

    def is_weaker(self, state: str) -> bool:
        """Say whether a State has declared that one officer and the coordinator are its pair."""
        record = self._ledger.states.get(state)
        roots = record.roots if record is not None else []
        return bool(roots) and roots[-1].approval == "officer-and-coordinator"

    def _when(self, now: datetime, size: int | None) -> When:
        return When(now, self.size if size is None else size)

    # ------------------------------------------------------------ replaying

    def _judge(self, statement: Statement, when: When) -> str | None:
        fields = statement.fields
        if statement.type == "state-root" and fields["state"] in self._ledger.states:
            first = self._firsts[fields["state"]]
            if fields["previous"] is None and fields["key"] != first:
                return "no-root"
        return why_not(self._ledger, statement, when)

    def _enter(self, entry: Entry) -> None:
        # Acts are dated before their transactions end, so neighbours may come out of order.
        self._moment = max(self._moment, entry.at)
        statement = entry.statement
        if statement is None:
            return
        when = When(self._moment, entry.index)
        why = self._judge(statement, when)
        if why is None:
            self._ledger.serials.add((statement.type, statement.fields["serial"]))
            TAKERS[statement.type](self._ledger, statement, when)
            return
        self.refused[entry.index] = why
        subject = statement.fields["serial"] if statement.type == "device" else statement.person
        known = self._ledger.refusals.setdefault((statement.type, subject), [])
        known.append(Refused(entry.index, why, statement.person))


def _firsts(pinned: Mapping[str, str], entries: Iterable[Entry]) -> dict[str, str]:
    """Return the first root of each State from which its pinned one comes."""
    roots: dict[str, list[Statement]] = {}
    for entry in entries:
        statement = entry.statement
        if statement is None or statement.type != "state-root":
            continue
        if statement.fields["key"] in statement.signers:
            roots.setdefault(statement.fields["state"], []).append(statement)
    found = {state: _first(key, roots.get(state, [])) for state, key in pinned.items()}
    return {state: first for state, first in found.items() if first is not None}


def _first(key: str, roots: list[Statement]) -> str | None:
    seen: set[str] = set()
    while key not in seen:
        seen.add(key)
        own = [s.fields["previous"] for s in roots if s.fields["key"] == key]
        if None in own:
            return key
        signed = [
            s.fields["previous"]
            for s in roots
            if s.fields["key"] == key and s.fields["previous"] in s.signers - {key}
        ]
        if not signed:
            return None
        key = signed[0]
    return None


def _record(ledger: Ledger, statement: Statement) -> PersonRecord:
    state, person = statement.fields["state"], statement.person
    if person not in ledger.people:
        ledger.people[person] = PersonRecord(state)
        ledger.states[state].people.append(person)
    return ledger.people[person]


def _root(ledger: Ledger, statement: Statement, when: When) -> None:
    fields = statement.fields
    root = Root(when.size, when.now, fields["key"], fields["approval"])
    ledger.states[fields["state"]].roots.append(root)
    ledger.keys[root.key] = fields["state"]


def _officer(ledger: Ledger, statement: Statement, when: When) -> None:
    fields = statement.fields
    officer = Officer(
        statement.person,
        fields["name"],
        fields["post"],
        fields["key"],
        moment(statement, "from"),
        moment(statement, "until"),
    )
    mandate = Mandate(when.size, officer, moment(statement, "issued"))
    _record(ledger, statement).mandates.append(mandate)
    ledger.keys[officer.key] = statement.person


def _designation(ledger: Ledger, statement: Statement, when: When) -> None:
    fields, roles = statement.fields, frozenset(statement.fields["roles"])
    before, late = ledger.term(statement.person, when)
    since = moment(statement, "from")
    effective = max(when.now if fields["urgent"] else when.now + LIMITED, since)
    if when.now < ledger.states[fields["state"]].roots[0].at + LIMITED:
        effective = max(when.now, since)  # the State's first day: nobody waits for its people yet
    if not fields["urgent"] and before is not None and late is None and roles <= before.roles:
        effective = before.effective  # renewed: nothing was gained
    term = Term(
        when.size,
        statement,
        roles,
        moment(statement, "issued"),
        since,
        moment(statement, "until"),
        effective,
    )
    _record(ledger, statement).terms.append(term)


def _binding(ledger: Ledger, statement: Statement, when: When) -> None:
    fields = statement.fields
    before = ledger.binding(statement.person, when.size)
    replaces = before is not None and before.key != fields["key"]
    binding = Binding(
        when.size,
        fields["key"],
        fields["designation"],
        moment(statement, "issued"),
        by_officer=bool(Hands(ledger, statement, when).officers),
        limited_until=when.now + LIMITED if replaces else None,
    )
    _record(ledger, statement).bindings.append(binding)
    ledger.keys[binding.key] = statement.person


def _device(ledger: Ledger, statement: Statement, when: When) -> None:
    fields = statement.fields
    binding = ledger.binding(statement.person, when.size)
    known = ledger.device_ids.get(fields["device"])
    named = Named(
        when.size if known is None else known.index,  # renewed, it is the device that it was
        statement,
        binding.key if binding is not None else "",
        moment(statement, "from") if known is None else known.since,
        moment(statement, "until"),
    )
    ledger.devices[fields["serial"]] = ledger.device_ids[fields["device"]] = named
    ledger.keys[fields["signature_key"]] = statement.person
    ledger.keys[fields["history_key"]] = statement.person


def _revocation(ledger: Ledger, statement: Statement, when: When) -> None:
    fields = statement.fields
    state = ledger.states[fields["state"]]
    if fields["device"] is not None:
        named = (statement.person, fields["device"])
        state.ended_devices.setdefault(named, []).append(when.size)
        return
    stop = Stop(when.size, when.now, when.now, statement.digest, fields["kind"])
    state.ended.setdefault(statement.person, []).append(stop)


def _reinstatement(ledger: Ledger, statement: Statement, when: When) -> None:
    fields = statement.fields
    stops = ledger.stops_of(fields["state"], statement.person, when.size)
    named = next(stop for stop in stops if stop.digest == fields["revokes"])
    _lift_up_to(named, (stop for stop in stops if stop.kind == named.kind), when)


def _lift_up_to(named: Stop, stops: Iterable[Stop], when: When) -> None:
    """Lift a stop and what was said before it; of a later one whoever signed this knew nothing."""
    for stop in stops:
        if stop.lasts(when.size) and stop.index <= named.index:
            stop.lifted = when.size


def _stop(ledger: Ledger, statement: Statement, when: When) -> None:
    fields = statement.fields
    stops = ledger.states[fields["state"]].stops
    keys = ledger.officers(fields["state"], when) | ledger.coordinators(fields["state"], when)
    people = frozenset(person for person, key in keys.items() if key in statement.signers)
    held = list(ledger.state_stops(fields["state"], when).values())
    stop = stops.get(fields["serial"])
    if stop is None:
        stop = Stop(when.size, when.now, when.now, statement.digest, "stop", body=statement.body)
        stops[fields["serial"]] = stop
        held.append(stop)
    stop.people |= people
    stop.said = when.now
    # Two who stop it while the word of the other holds are two, under one body or under two.
    if len(frozenset().union(*(one.people for one in held))) > 1:
        for one in held:
            one.confirmed = when.size if one.confirmed is None else one.confirmed


def _lift(ledger: Ledger, statement: Statement, when: When) -> None:
    stops = ledger.states[statement.fields["state"]].stops
    _lift_up_to(stops[statement.fields["stops"]], stops.values(), when)


TAKERS = {
    "state-root": _root,
    "officer": _officer,
    "designation": _designation,
    "binding": _binding,
    "device": _device,
    "revocation": _revocation,
    "reinstatement": _reinstatement,
    "state-stop": _stop,
    "state-lift": _lift,
}
