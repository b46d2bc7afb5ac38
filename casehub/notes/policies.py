"""Why not, of first-line information."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Step = Literal["sent", "acknowledged", "declined", "joined", "used", "led"]
Act = Literal["acknowledge", "decline", "join", "use", "lead"]


@dataclass(frozen=True, slots=True)
class Came:
    """What was done to a note so far."""

    acknowledged: bool = False
    declined: bool = False
    joined: bool = False
    used: bool = False
    led: bool = False


def step_of(came: Came) -> Step:
    """Return how far a note has come: the furthest of what was said of it."""
    reached: tuple[tuple[bool, Step], ...] = (
        (came.declined, "declined"),
        (came.led, "led"),
        (came.used, "used"),
        (came.joined, "joined"),
        (came.acknowledged, "acknowledged"),
    )
    return next((step for there, step in reached if there), "sent")


def why_not_send(
    *,
    own: str,
    state: str,
    known: Collection[str],
    joined: Collection[str],
    focal: Collection[object],
    people: Collection[object],
) -> str | None:
    """
    Return why focal points of `state` may not be told, or None.

    `joined` are the States of the case, `focal` those in force of `state` who are so designated.
    """
    if state not in known:
        return "unknown-state"
    if state == own or state in joined:
        return "note-state-in"
    return why_not_reach(focal=focal, people=people)


def why_not_reach(*, focal: Collection[object], people: Collection[object]) -> str | None:
    """Return why these people of a State are not told something, or None: all are focal points."""
    if not focal:
        return "note-nobody"
    return None if people and set(people) <= set(focal) else "note-person"


def why_not_act(act: Act, *, own: str, state: str, came: Came) -> str | None:
    """Return why somebody of `own` may not do `act` to a note that went to `state`, or None."""
    if own != state:
        return "note-not-yours"
    if came.declined:
        return "note-over"
    if act == "decline":
        return "note-over" if came.joined or came.used or came.led else None
    done = {
        "acknowledge": came.acknowledged,
        "join": came.joined,
        "use": came.used,
        "lead": came.led,
    }
    return "note-done" if done[act] else None
