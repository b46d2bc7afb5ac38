"""
Who may do which act: read from `roles.yaml`, the one table behind checks, docs and tests.

Default deny: an act without a row cannot be called, a role without a mention may not act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from ruamel.yaml import YAML

from .actor import Actor
from .errors import NotAllowed

ROLES = (
    "liaison",
    "coordinator",
    "ministry",
    "central-authority",
    "national-auditor",
    "regional-auditor",
    "secretariat",
)


STEP_UPS = ("", "always", "abroad")
RELATIONS = (
    "none",
    "self",
    "member",
    "reader",
    "remover",
    "host",
    "guest",
    "state",
    "second",
    "stopper",
    "reach",
    "party",
    "carrier",
)


SESSIONS = "sessions"  # the one entry of the table that is no act


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts without an act, and in all; and where that comes from."""

    idle: timedelta
    whole: timedelta
    source: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """
    One act. `door` is its address, e.g. `POST /api/cases` or `SOCKET post`.

    `needs` is the sign-in it asks for: `nothing`, `password` or `full`. `who` lists roles
    (`*` is everyone signed in). `relation` names what else must hold on the object, which the
    service checks: one of `RELATIONS`, told at the head of the table. `event` is what it leaves in
    the log; a `signal` leaves none; a `read` lists what one may see anyway.
    `automatic` is an act that programs do by themselves, with nobody at the keyboard. `exception`
    lists the roles of whom it takes one to do it against a rule that forbids it. `renews` is the
    event that it leaves instead where the session is full already. `stopped`: open to those of a
    State whose access is stopped who may still sign in. `week`: an act or signal that reading
    takes, open to whoever reads for a week after their designation, as what is a `read` is anyway.
    `enrolling`: a part of an enrolment, open to whoever enrols for a new key, to whom nothing else
    is that asks for a sign-in. `step_up`: the service asks for a factor shown within the last
    minutes, `always` or only where other States are concerned (`abroad`).
    `awaits_proof`: it changes who may read or act, or carries something away, so a browser waits
    for its place in the log.
    """

    act: str
    door: str
    needs: str
    who: tuple[str, ...]
    relation: str
    kind: str
    event: str
    source: str
    automatic: bool = False
    exception: tuple[str, ...] = ()
    renews: str = ""
    stopped: bool = False
    week: bool = False
    enrolling: bool = False
    step_up: str = ""
    awaits_proof: bool = False

    @property
    def human(self) -> bool:
        """Say whether doing it shows that somebody is there, so that a session is not idle."""
        return self.kind == "act" and not self.automatic


@cache  # read twice, and reading takes a fifteenth of a process's start
def _raw(text: str) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = YAML(typ="safe", pure=True).load(text)
    return table


def parse(text: str) -> dict[str, Row]:
    """
    Read the table.

    :raises ValueError: for an unknown role, need, relation or kind, or a missing event.
    """
    rows = {}
    for act, fields in _raw(text).items():
        if act == SESSIONS:
            continue
        row = Row(
            act=act,
            door=fields["door"],
            needs=fields.get("needs", "full"),
            who=tuple(fields.get("who", ())),
            relation=fields.get("relation", "none"),
            kind=fields.get("kind", "act"),
            event=fields.get("event", ""),
            source=fields.get("source", ""),
            automatic=fields.get("automatic", False),
            exception=tuple(fields.get("exception", ())),
            renews=fields.get("renews", ""),
            stopped=fields.get("stopped", False),
            week=fields.get("week", False),
            enrolling=fields.get("enrolling", False),
            step_up=fields.get("step-up", ""),
            awaits_proof=fields.get("proof") == "awaited",
        )
        why = _why_not(row) or _why_no_proof(row, fields)
        if why is not None:
            message = f"{act}: {why}"
            raise ValueError(message)
        rows[act] = row
    return rows


def _why_not(row: Row) -> str | None:
    """Return what is wrong with a row by itself, or None."""
    faults = (
        (
            {*row.who, *row.exception} - set(ROLES) - {"*"}
            or row.needs not in {"nothing", "password", "full"},
            "unknown role or need",
        ),
        (row.relation not in RELATIONS, f"unknown relation {row.relation}"),
        (
            not set(row.exception) <= set(row.who),
            "an exception is of those who may do it at all",
        ),
        (
            row.kind not in {"act", "read", "signal"} or (row.kind == "act") != bool(row.event),
            "an act names its event, a read or signal has none",
        ),
        (
            row.step_up not in STEP_UPS or (row.step_up and (row.kind == "read" or row.automatic)),
            "a step-up is always or abroad, of what a person does",
        ),
        (
            row.automatic and row.kind != "act",
            "only an act is automatic; reads and signals never count as activity",
        ),
        (
            row.week and row.kind == "read",
            "a read is open in the week after a designation anyway",
        ),
    )
    return next((words for wrong, words in faults if wrong), None)


def _why_no_proof(row: Row, fields: Mapping[str, Any]) -> str | None:
    if fields.get("proof", "awaited") != "awaited" or (row.awaits_proof and row.kind != "act"):
        return "of an act alone a proof is awaited"
    return None


def parse_sessions(text: str) -> dict[str, Lasting]:
    """
    Read how long sessions last by role.

    :raises ValueError: unless every role has its limits, each longer than nothing.
    """
    raw = _raw(text).get(SESSIONS, {})
    found = {
        role: Lasting(
            timedelta(minutes=one["idle"]), timedelta(hours=one["whole"]), one.get("source", "")
        )
        for role, one in raw.items()
    }
    sound = all(timedelta(0) < one.idle < one.whole for one in found.values())
    if found.keys() != set(ROLES) or not sound:
        message = "sessions: each role has an idle time, and a longer one in all"
        raise ValueError(message)
    return found


@cache
def sessions() -> dict[str, Lasting]:
    """Return by role how long a session lasts."""
    return parse_sessions(_text())


def lasting(held: Iterable[str]) -> Lasting:
    """Return how long a session of somebody with these roles lasts: the shortest of each."""
    known = sessions()
    found = [known[role] for role in held] or [known["liaison"]]
    return Lasting(min(one.idle for one in found), min(one.whole for one in found))


def _text() -> str:
    return Path(__file__).with_name("roles.yaml").read_text(encoding="utf-8")


@cache
def table() -> dict[str, Row]:
    """Return every act by name."""
    return parse(_text())


def row_of(act: str) -> Row:
    """
    Return the row of an act.

    :raises ImproperlyConfigured: if it has none: a door without one does not start.
    """
    found = table().get(act)
    if found is None:
        message = f"{act} has no row in casehub/core/roles.yaml: say there who may do it."
        raise ImproperlyConfigured(message)
    return found


def why_not(row: Row, actor: Actor) -> str | None:
    """
    Return why `actor` may not do the act of `row` at all, or None (pure).

    `not-allowed`: no role of theirs may, or they enrol and it is no part of that;
    `state-stopped`: access of their State is stopped;
    `designation-over`: their designation is over, and this is more than reading.
    """
    if "*" not in row.who and not actor.roles & set(row.who):
        return NotAllowed.code
    if actor.enrolling and not row.enrolling:
        return NotAllowed.code
    if actor.state_stopped and not row.stopped:
        return "state-stopped"
    reads = row.kind == "read" or row.week
    return "designation-over" if actor.reads_until is not None and not reads else None


def require(act: str, actor: Actor) -> None:
    """
    Check that some role of `actor` may do `act` at all.

    :raises NotAllowed: with the code of `why_not`. What holds on the object itself is the
        service's to check.
    """
    why = why_not(row_of(act), actor)
    if why == NotAllowed.code:
        raise NotAllowed(act=act)
    if why == "designation-over" and actor.reads_until is not None:
        raise NotAllowed(why, until=actor.reads_until)
    if why is not None:
        raise NotAllowed(why)
