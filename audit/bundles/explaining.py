"""
How somebody came to act, as far as the entries of a bundle say so: the console's chain, offline.

Pure, and to be asked only of entries in which nothing was found. What is closed, erased or was not
asked for is not among them, so a step that is missing here may have been all the same. The second
implementation is frontend/src/verify/bundle/explaining.ts; tests/vectors/audit/bundle-chains.json
holds both to one answer.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#  In the order in which they come to be; whoever has no device is vouched for all the same.
STEPS = ("entered", "nominated", "approved", "designated", "bound", "devices")
CASES = "cases"
_SIGNED = {"designation": "designated", "binding": "bound"}
#  What of a log tells of a step; of the rest a reader need keep nothing.
TELLING = frozenset(
    {
        "cases.case.opened",
        "cases.person.added",
        "cases.person.removed",
        "designations.approval.given",
        "designations.designation.nominated",
        "directory.device.registered",
        "directory.person.entered",
        "directory.statement.entered",
    }
)


@dataclass(frozen=True, slots=True)
class Happened:
    """An opened event: its index, the second of its entry, and what it says."""

    index: int
    time: int
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """
    One step: in which entry, when (seconds since 1970), and how often.

    `count` is, of `approved`, which hand; of `designated` and `bound`, how many signatures the
    statement carries (0: it is not in the bundle); of `devices` and `cases`, how many there are.
    `cases` has no entry of its own.
    """

    step: str
    index: int | None
    time: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Chain:
    """What a bundle tells of one person; `name` is a signed designation's, if it is there."""

    person: str
    name: str | None
    steps: tuple[Step, ...]
    lacks: tuple[str, ...]


@dataclass(slots=True)
class _Person:
    name: str | None = None
    nominated: dict[str, tuple[str, Step]] = field(default_factory=dict)
    approved: list[tuple[str, str, Step]] = field(default_factory=list)
    others: list[Step] = field(default_factory=list)
    devices: dict[str, Step] = field(default_factory=dict)


def explained(opened: Iterable[Happened], statements: Mapping[str, bytes]) -> list[Chain]:
    """
    Return a chain for everybody of whom a step is told, in the order of their first one.

    `statements` are the bundle's, by SHA-256 in hex. Of a designation that was nominated anew the
    last nomination counts, and the hands under it. Cases are counted for whoever has a chain.
    """
    people: dict[str, _Person] = {}
    cases: dict[str, set[str]] = {}
    for one in opened:
        _take(one, people, cases, statements)
    return [_chain(id_, one, len(cases.get(id_, ()))) for id_, one in people.items()]


def _take(
    one: Happened,
    people: dict[str, _Person],
    cases: dict[str, set[str]],
    statements: Mapping[str, bytes],
) -> None:
    said = one.event["payload"]
    kind, person = one.event["kind"], _text(said, "person")
    if kind == "cases.case.opened":
        cases.setdefault(one.event["actor"], set()).add(_text(said, "case"))
    elif person and kind == "cases.person.added":
        cases.setdefault(person, set()).add(_text(said, "case"))
    elif person and kind == "cases.person.removed":
        cases.get(person, set()).discard(_text(said, "case"))
    elif person and _is_step(kind, said):
        _note(one, people.setdefault(person, _Person()), statements)


def _is_step(kind: str, said: Mapping[str, Any]) -> bool:
    if kind == "directory.statement.entered":
        return _text(said, "type") in _SIGNED
    return kind in TELLING


def _note(one: Happened, found: _Person, statements: Mapping[str, bytes]) -> None:
    said = one.event["payload"]
    match one.event["kind"]:
        case "directory.person.entered":
            found.others.append(_step("entered", one, 1))
        case "designations.designation.nominated":
            made = _text(said, "signed"), _step("nominated", one, 1)
            found.nominated[_text(said, "designation")] = made
        case "designations.approval.given":
            hand = _step("approved", one, _count(said, "hand"))
            found.approved.append((_text(said, "designation"), _text(said, "signed"), hand))
        case "directory.statement.entered":
            type_ = _text(said, "type")
            signatures, name = _read(
                statements.get(_text(said, "digest")), person=_text(said, "person")
            )
            found.others.append(_step(_SIGNED[type_], one, signatures))
            if type_ == "designation" and name:
                found.name = name
        case "directory.device.registered":
            found.devices[_text(said, "device")] = _step("devices", one, 1)


def _step(step: str, one: Happened, count: int) -> Step:
    return Step(step, one.index, one.time, count)


def _chain(person: str, one: _Person, cases: int) -> Chain:
    made = list(one.others)
    made += [step for _, step in one.nominated.values()]
    for designation, signed, step in one.approved:
        last = one.nominated.get(designation)
        if last is None or last[0] == signed:  # under what was nominated before: void
            made.append(step)
    made.sort(key=lambda step: step.index or 0)
    if one.devices:
        last_device = list(one.devices.values())[-1]
        made.append(Step("devices", last_device.index, last_device.time, len(one.devices)))
    held = {step.step for step in made}
    lacks = tuple(step for step in STEPS if step not in held)
    return Chain(person, one.name, (*made, Step(CASES, None, None, cases)), lacks)


def _read(line: bytes | None, *, person: str) -> tuple[int, str]:
    """
    Return how many signatures a statement carries, and the name in it; of none (0, "").

    No name where it is of somebody else than its entry says.
    """
    if line is None:
        return 0, ""
    try:
        wire = json.loads(line)
        body = wire["body"]
        fields = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        theirs = isinstance(fields, dict) and fields.get("person") == person
        return len(wire["signatures"]), _text(fields, "name") if theirs else ""
    except (KeyError, TypeError, ValueError, RecursionError, binascii.Error):
        return 0, ""


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    return found if isinstance(found, str) else ""


def _count(said: Mapping[str, Any], name: str) -> int:
    found = said.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0
