"""
What the log says of each request, note and entry of the directory, put together (pure).

`Said` is one opened event, from the database or from an export: the indicators have no other
source. A field that an older event lacks is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

TRANSMIT = "transmit"
MOVED = "requests.move.made"


@dataclass(frozen=True, slots=True)
class Said:
    """One event: when, of which kind, of which States, and its own fields."""

    at: datetime
    kind: str
    states: tuple[str, ...]
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """
    One move of a request: when it was logged, on which day it was done, what was said of it.

    `measures` are those of what it sends, in their order; `places` those that it answers.
    """

    at: datetime
    on: date
    step: str
    said: tuple[str, ...]
    rules: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    places: tuple[int, ...] = ()

    def codes(self, name: str = "codes") -> list[str]:
        """Return what it says in one of its fields."""
        return [one.partition(":")[2] for one in self.said if one.startswith(f"{name}:")]


@dataclass(slots=True)
class Request:
    """
    A request, by whom and when it was begun, and by what it was last called ready.

    Codes alone, as they were disclosed with that attestation. `screened` is what each version asked
    for, by its number, whether it became ready or not. The State that it was sent to knows neither
    when it was begun nor of which case it is: its part of the log begins with the transmission.
    """

    case: str
    requesting: str
    opened: datetime | None
    ready: datetime | None = None
    overridden: frozenset[str] = frozenset()
    requested: str = ""
    measures: tuple[str, ...] = ()
    urgency: str = ""
    deadline: date | None = None
    moves: list[Move] = field(default_factory=list)
    screened: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def knowing(self) -> frozenset[str]:
        """The States that know of it: the requested one from its transmission on."""
        both = {self.requesting, self.requested} if self.first(TRANSMIT) else {self.requesting}
        return frozenset(both - {""})

    def first(self, *steps: str, after: Move | None = None) -> Move | None:
        """Return the first move by one of these steps, later in the row than `after`."""
        moves = self.moves[self.moves.index(after) + 1 :] if after else self.moves
        return next((one for one in moves if one.step in steps), None)


@dataclass(slots=True)
class Consultation:
    """
    What focal points of another State were asked informally, and what came of it.

    `due` is until when they might take their time. `answered` and `ended`, without an answer, are
    moments; at most one of them is there.
    """

    request: str
    version: int
    requesting: str
    requested: str
    asked: datetime
    due: datetime
    answered: datetime | None = None
    ended: datetime | None = None

    @property
    def knowing(self) -> frozenset[str]:
        """The States that know of it, from the question on."""
        return frozenset({self.requesting, self.requested} - {""})


@dataclass(slots=True)
class Note:
    """First-line information: which States know of it, and when what was said of it."""

    knowing: frozenset[str]
    said: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    """Somebody in the directory: of which State, from when to when, and when it was confirmed."""

    state: str
    since: datetime
    confirmed: list[datetime]
    until: datetime | None = None


@dataclass(slots=True)
class Told:
    """All that the log says, each by its id."""

    requests: dict[str, Request] = field(default_factory=dict)
    consultations: dict[str, Consultation] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    #  what was sent first by an event that did not say what: no life begins when it is sent anew
    unread: set[str] = field(default_factory=set)


def read(events: Iterable[Said]) -> Told:
    """Put events together; those of other kinds say nothing here. They may come in any order."""
    told = Told()
    for one in sorted(events, key=lambda said: said.at):
        reads = _READS.get(one.kind)
        if reads is not None:
            reads(told, one)
    return told


def _opened(told: Told, said: Said) -> None:
    told.requests[said.payload["request"]] = Request(
        case=str(said.payload["case"]), requesting="".join(said.states[:1]), opened=said.at
    )


def _attested(told: Told, said: Said) -> None:
    found = told.requests.get(said.payload["request"])
    if found is None or found.first(TRANSMIT):
        return
    measures = tuple(map(_text, said.payload.get("measures", ())))
    found.screened[int(said.payload["version"])] = measures
    if not said.payload["ready"]:
        return
    found.ready = found.ready or said.at
    found.overridden = frozenset(map(_text, said.payload["overridden"]))
    found.requested = _text(said.payload.get("requested", ""))
    found.measures = measures
    _hasten(found, said)


def _hasten(found: Request, said: Said) -> None:
    found.urgency = _text(said.payload.get("urgency", ""))
    deadline = said.payload.get("deadline", "")
    found.deadline = date.fromisoformat(deadline) if deadline else None


def _text(value: object) -> str:
    """
    Return a code that is one.

    :raises TypeError: for anything else, which nothing could be counted by.
    """
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _moved(told: Told, said: Said) -> None:
    found = told.requests.get(said.payload["request"]) or _received(told, said)
    if found is not None:
        on = date.fromisoformat(said.payload["on"])
        step, more = _text(said.payload["step"]), tuple(map(_text, said.payload["said"]))
        rules = tuple(map(_text, said.payload.get("rules", ())))
        measures = tuple(map(_text, said.payload.get("measures", ())))
        move = Move(said.at, on, step, more, rules, measures)
        found.moves.append(replace(move, places=tuple(map(int, move.codes("measures")))))


def _received(told: Told, said: Said) -> Request | None:
    """
    Begin a request that the log does not show begun, where this sends it; None where it does not.

    An older event says nothing of what was sent, not even to whom. What it sent and came back has
    no life by being sent anew: it was right the second time.
    """
    name, requested = said.payload["request"], _text(said.payload.get("requested", ""))
    if said.payload["step"] != TRANSMIT or name in told.unread:
        return None
    if not requested:
        told.unread.add(name)
        return None
    found = told.requests[name] = Request(
        case="",
        requesting=next((one for one in said.states if one != requested), ""),
        opened=None,
        requested=requested,
        measures=tuple(filter(None, map(_text, said.payload["measures"]))),
    )
    _hasten(found, said)
    return found


def _asked(told: Told, said: Said) -> None:
    state = _text(said.payload["state"])
    told.consultations[said.payload["consultation"]] = Consultation(
        request=_text(said.payload["request"]),
        version=int(said.payload["version"]),
        requesting=next((one for one in said.states if one != state), ""),
        requested=state,
        asked=said.at,
        due=datetime.fromisoformat(said.payload["due"]),
    )


def _answered(told: Told, said: Said) -> None:
    found = told.consultations.get(said.payload["consultation"])
    if found is not None:
        found.answered = found.answered or said.at


def _unanswered(told: Told, said: Said) -> None:
    found = told.consultations.get(said.payload["consultation"])
    if found is not None:
        found.ended = found.ended or said.at


def _noted(step: str) -> Callable[[Told, Said], None]:
    def reads(told: Told, said: Said) -> None:
        id_ = said.payload["first_line"]
        note = told.notes.setdefault(id_, Note(frozenset(said.states)))
        note.said.setdefault(step, said.at)

    return reads


def _entered(told: Told, said: Said) -> None:
    if said.states:  # nobody of the region is confirmed by a State
        person = said.payload["person"]
        known = told.entries.get(person)
        if known is None or known.until is not None:
            told.entries[person] = Entry(said.states[0], said.at, [said.at])
        else:
            known.confirmed.append(said.at)


def _bound(told: Told, said: Said) -> None:
    if said.payload["hand"] == said.payload["of"]:
        _entered(told, said)


def _left(told: Told, said: Said) -> None:
    found = told.entries.get(said.payload["person"])
    if found is not None and found.until is None:
        found.until = said.at


def _confirmed(told: Told, said: Said) -> None:
    for one in told.entries.values():
        if one.state == said.payload["state"] and one.until is None:
            one.confirmed.append(said.at)


_READS: Mapping[str, Callable[[Told, Said], None]] = {
    "requests.request.opened": _opened,
    "requests.attestation.made": _attested,
    MOVED: _moved,
    "requests.consultation.asked": _asked,
    "requests.consultation.answered": _answered,
    "requests.consultation.ended": _unanswered,
    "notes.note.sent": _noted("sent"),
    "notes.note.acknowledged": _noted("acknowledged"),
    "notes.note.declined": _noted("declined"),
    "notes.note.joined": _noted("joined"),
    "notes.note.used": _noted("used"),
    "notes.note.led": _noted("led"),
    "directory.person.entered": _entered,
    "directory.person.removed": _left,
    "designations.binding.signed": _bound,
    "designations.reading.ended": _left,
    "designations.standing.confirmed": _confirmed,
}
KINDS = tuple(sorted(_READS))
