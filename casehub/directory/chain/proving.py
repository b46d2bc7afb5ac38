"""
Whether every liaison of a log has the whole chain, link by link, and what of it is missing (pure).

The replay says who counts; this says why, of statements alone, so that whoever holds an export of
the directory's log and its statements needs neither the server nor its word (ROLES 9):

    root -> officers -> consultation -> nomination -> approvals -> binding -> devices

Each link is looked for among the statements that were entered before, by the keys that signed; no
link is taken from the replay's verdict on it, so that an error in one of the two shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casehub.core.frames import from_b64u, to_b64u

from ..functions import functions_of
from ..limits import PUBLIC_MINISTRY
from ..statements import KEY_SIZE, ChainBroken, Statement, fingerprint, instant
from .records import Binding, Entry, Term
from .replay import Chain
from .standing import COORDINATOR, When, moment

LIAISON = "liaison"
LINKS = ("root", "officers", "consultation", "nomination", "approvals", "binding", "devices")
DAY = timedelta(days=1)
URGENT = timedelta(days=7)
TWO = 2
#  What the term before says as well, if one officer was enough for the next.
SAME = ("name", "post", "office", "agency", "roles", "scope", "languages", "region", "deputy")


@dataclass(frozen=True, slots=True)
class Link:
    """One link: the entries that hold it (indices), whose hands, what it says; whether it holds."""

    name: str
    holds: bool
    entries: tuple[int, ...] = ()
    people: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """
    What a log says for somebody whom it calls a liaison.

    `why` is the replay's reason against them now, or None: then they are active. `devices` may be
    empty: who has not named one yet reads nothing.
    """

    person: str
    state: str
    name: str
    why: str | None
    links: tuple[Link, ...]

    @property
    def active(self) -> bool:
        """Whether browsers count them as a liaison at that time."""
        return self.why is None

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the links that do not hold; a chain is whole without any."""
        return tuple(link.name for link in self.links if not link.holds)


def prove(entries: Iterable[Entry], *, roots: Mapping[str, bytes], now: datetime) -> list[Proof]:
    """Return a proof for everybody whom the log, to its end, has ever called a liaison."""
    return _Proving(list(entries), roots, now).run()


@dataclass(slots=True)
class _Hands:
    """Whose keys have signed a statement at its entry; never whom it is about."""

    mandates: dict[str, int]  # of officers, the entries that named them
    coordinators: dict[str, int]  # their bindings

    @property
    def people(self) -> set[str]:
        return set(self.mandates) | set(self.coordinators)


@dataclass(slots=True)
class _Proving:
    entries: list[Entry]
    roots: Mapping[str, bytes]
    now: datetime
    chain: Chain = field(init=False)
    when: dict[int, When] = field(default_factory=dict)
    said: dict[int, Statement] = field(default_factory=dict)
    known: dict[tuple[int, int], tuple[Link, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chain = Chain(self.entries, roots=self.roots)
        latest = datetime.min.replace(tzinfo=self.now.tzinfo)
        for entry in self.entries:
            latest = max(latest, entry.at)
            self.when[entry.index] = When(latest, entry.index)
            if entry.statement is not None:
                self.said[entry.index] = entry.statement

    def run(self) -> list[Proof]:
        claimed: dict[str, int] = {}
        for index, statement in self.said.items():
            if statement.type == "designation" and LIAISON in statement.fields["roles"]:
                claimed[statement.person] = index
        return [self._proof(person, newest) for person, newest in claimed.items()]

    def _proof(self, person: str, newest: int) -> Proof:
        why = self._why(person)
        end = When(self.now, self.chain.size)
        term, _ = self.chain.ledger.term(person, end)
        index = newest if term is None else term.index
        fields = self.said[index].fields
        links = (*self._links(index, end.size), self._devices(person, end))
        return Proof(person, fields["state"], fields["name"], why, links)

    def _why(self, person: str) -> str | None:
        try:
            roles = self.chain.person(person, now=self.now).roles
        except ChainBroken as broken:
            return broken.why
        return None if LIAISON in roles else "reads-no-more"

    # ------------------------------------------------------------ links

    def _links(self, index: int, size: int) -> tuple[Link, ...]:
        """Return the links of the designation at an entry, bound within `size` entries."""
        key = (index, size)
        if key not in self.known:
            hands = self._hands(index)
            self.known[key] = (
                self._root(index),
                _officers(hands),
                self._consultation(index, hands),
                self._nomination(index, hands),
                self._approvals(index, hands),
                self._binding(index, size),
            )
        return self.known[key]

    def _is_whole(self, index: int, size: int) -> bool:
        return all(link.holds for link in self._links(index, size))

    def _root(self, index: int) -> Link:
        state = self.said[index].fields["state"]
        line = self._root_line(state, index)
        before: str | None = None
        sound = bool(line)
        for at in line:
            root = self.said[at]
            signed = {root.fields["key"], *([before] if before else [])} <= root.signers
            sound = sound and signed and root.fields["previous"] == before
            before = root.fields["key"]
        every = {self.said[at].fields["key"] for at in self._root_line(state, self.chain.size)}
        pinned = state in self.roots and to_b64u(self.roots[state]) in every
        return Link("root", sound and pinned, tuple(line))

    def _root_line(self, state: str, size: int) -> list[int]:
        roots = self._accepted("state-root", size)
        return [at for at, root in roots if root.fields["state"] == state]

    def _accepted(self, kind: str, size: int) -> Iterator[tuple[int, Statement]]:
        for at, statement in self.said.items():
            if at < size and statement.type == kind and at not in self.chain.refused:
                yield at, statement

    def _hands(self, index: int) -> _Hands:
        statement, when = self.said[index], self.when[index]
        state = statement.fields["state"]
        newest: dict[str, tuple[int, Statement]] = {}
        for at, named in self._accepted("officer", index):
            if named.fields["state"] == state:
                newest[named.person] = (at, named)
        mandates = {
            person: at
            for person, (at, named) in newest.items()
            if person != statement.person
            and named.fields["key"] in statement.signers
            and moment(named, "from") <= when.now < moment(named, "until")
            and self._is_by_root(at)
            and self._stands(person, statement, index)
        }
        bindings = self._accepted("binding", index)
        vouched = {one.person for _, one in bindings if one.fields["state"] == state}
        coordinators = {}
        for person in vouched - {statement.person}:
            binding = self.chain.ledger.binding(person, index)
            if binding is None or binding.key not in statement.signers:
                continue
            if self._stands(person, statement, index) and self._coordinates(person, state, when):
                coordinators[person] = binding.index
        return _Hands(mandates, coordinators)

    def _stands(self, person: str, signed: Statement, index: int) -> bool:
        """Say whether nobody stopped a signer before an entry, or stopped them since its date."""
        ledger, state = self.chain.ledger, signed.fields["state"]
        issued = moment(signed, "issued")
        return not (
            ledger.stops_of(state, person, index)
            or ledger.stopped_since(state, person, issued, index)
        )

    def _is_by_root(self, at: int) -> bool:
        line = self._root_line(self.said[at].fields["state"], at)
        return bool(line) and self.said[line[-1]].fields["key"] in self.said[at].signers

    def _coordinates(self, person: str, state: str, when: When) -> bool:
        """Say whether a coordinator's own chain was whole when they signed."""
        term, late = self.chain.ledger.term(person, when)
        if term is None or late is not None or COORDINATOR not in term.roles:
            return False
        if term.statement.fields["state"] != state:
            return False
        stopped = self.chain.ledger.stops_of(state, person, when.size)
        return not stopped and self._is_whole(term.index, when.size)

    def _consultation(self, index: int, hands: _Hands) -> Link:
        statement = self.said[index]
        fields, issued = statement.fields, moment(statement, "issued")
        heard = [
            f"{one['agency_kind']} {one['date']} {one['outcome']}"
            for one in fields["consultation"]
            if one["outcome"] != "no-answer"
            and one["agency_kind"] != PUBLIC_MINISTRY
            and instant(f"{one['date']}T00:00:00Z") <= issued + DAY
        ]
        if not fields["urgent"]:
            return Link("consultation", bool(heard), (index,), said=", ".join(heard))
        short = moment(statement, "until") - moment(statement, "from") <= URGENT
        holds = short and bool(hands.coordinators)
        return Link("consultation", holds, (index,), said=", ".join(["urgent", *heard]))

    def _nomination(self, index: int, hands: _Hands) -> Link:
        people = tuple(sorted(hands.coordinators))
        entries = tuple(sorted(hands.coordinators.values()))
        # The ministry proposes everybody but liaisons, and a coordinator where nobody else
        # coordinates (ADR 23).
        roles = self.said[index].fields["roles"]
        alone = not people and (COORDINATOR in roles or LIAISON not in roles)
        said = "the ministry alone" if alone else ""
        return Link("nomination", alone or bool(people), entries, people, said)

    def _approvals(self, index: int, hands: _Hands) -> Link:
        statement = self.said[index]
        state, roles = statement.fields["state"], statement.fields["roles"]
        line = self._root_line(state, index)
        root = self.said[line[-1]].fields if line else {}
        weaker = root.get("approval") == "officer-and-coordinator"
        said = f"sha256 {hashlib.sha256(statement.body).hexdigest()}"
        least = TWO
        if LIAISON in roles and COORDINATOR not in roles:
            if hands.coordinators and weaker:
                least, said = 1, f"{said}; one officer and the coordinator, as the root declares"
            elif hands.coordinators and (before := self._goes_on(index)) is not None:
                least, said = 1, f"{said}; goes on from entry {before}"
        elif weaker and root.get("key") in statement.signers:
            least, said = 1, f"{said}; one officer and the root, as the root declares"
        keys = {self.said[at].fields["key"] for at in hands.mandates.values()}
        holds = min(len(hands.mandates), len(keys)) >= least
        entries = tuple(sorted(hands.mandates.values()))
        return Link("approvals", holds, entries, tuple(sorted(hands.mandates)), said)

    def _goes_on(self, index: int) -> int | None:
        """Return the entry of the whole term that this only prolongs, with nothing new."""
        statement = self.said[index]
        terms: list[Term] = self.chain.ledger.terms(statement.person, index)
        if not terms or not self._is_whole(terms[-1].index, index):
            return None
        fields, before = statement.fields, terms[-1].statement.fields
        same = all(
            sorted(fields[name]) == sorted(before[name])
            if isinstance(fields.get(name), list)
            else fields.get(name) == before.get(name)
            for name in SAME
        )
        same = same and functions_of(fields) == functions_of(before)
        urgent = fields["urgent"] or before["urgent"]
        gap = moment(statement, "from") > terms[-1].until
        over = terms[-1].until <= self.when[index].now
        return terms[-1].index if same and not urgent and not gap and not over else None

    def _binding(self, index: int, size: int) -> Link:
        statement = self.said[index]
        record = self.chain.ledger.people.get(statement.person)
        bindings = [b for b in record.bindings if b.index < size] if record is not None else []
        serial = statement.fields["serial"]
        #  That of this designation, and those since: each key that took another's place.
        since = next((at for at, b in enumerate(bindings) if b.designation == serial), None)
        if since is None:
            return Link("binding", holds=False)
        counting = bindings[since:]
        holds = all(
            self._is_vouched(one, bindings[at - 1] if at else None, statement)
            for at, one in enumerate(bindings)
            if at >= since
        )
        people = {who for one in counting for who in self._hands(one.index).people}
        entries = tuple(one.index for one in counting)
        return Link("binding", holds, entries, tuple(sorted(people)), f"key {counting[-1].key}")

    def _is_vouched(self, binding: Binding, before: Binding | None, designation: Statement) -> bool:
        statement, hands = self.said[binding.index], self._hands(binding.index)
        by_officer = COORDINATOR in designation.fields["roles"]
        vouchers = hands.mandates if by_officer else hands.coordinators
        replaces = before is not None and before.key != binding.key
        second = bool(hands.mandates) and len(hands.people) >= TWO
        heard = statement.fields["words"] == fingerprint(from_b64u(binding.key, most=KEY_SIZE))
        return bool(vouchers) and heard and (second or not replaces)

    def _devices(self, person: str, end: When) -> Link:
        """Return those in force; none is no fault, but one that another key named would be."""
        binding = self.chain.ledger.binding(person, end.size)
        entries, holds, ids = [], True, []
        for serial, named in self.chain.ledger.devices.items():
            if named.statement.person != person:
                continue
            try:
                self.chain.device(serial, now=self.now)
            except ChainBroken:
                continue
            entries.append(named.index)
            ids.append(named.statement.fields["device"])
            holds = holds and binding is not None and binding.key in named.statement.signers
        return Link("devices", holds, tuple(sorted(entries)), said=", ".join(sorted(ids)))


def _officers(hands: _Hands) -> Link:
    """Return who of those that the root named has signed; how many it takes is another link."""
    entries = tuple(sorted(hands.mandates.values()))
    return Link("officers", bool(entries), entries, tuple(sorted(hands.mandates)))
