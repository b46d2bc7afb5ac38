"""
The life of a designation: its stages, and by which act of whom one follows another (pure).

Suspended and removed are said of the person whom a designation made known: whoever stops them
asks no stage, so that nothing here can hold up a stop.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where a designation stands, from a coordinator's draft to a key that counts, and its end."""

    DRAFT = "draft"
    CONSULTED = "consulted"
    NOMINATED = "nominated"
    MINISTRY_1 = "ministry-1"
    APPROVED = "approved"
    CEREMONY = "ceremony"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REMOVED = "removed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Arrow:
    """
    One act that moves a designation from `before` to `after`; `who` are roles, `clock` is a sweep.

    Several arrows of one act leave one stage only where `when` says which is taken.
    """

    act: str
    before: Stage
    after: Stage
    who: tuple[str, ...]
    when: str = ""


_BOTH = ("coordinator", "ministry")
_OFFICER = ("ministry",)
_CLOCK = ("clock",)
OPEN = (
    Stage.DRAFT,
    Stage.CONSULTED,
    Stage.NOMINATED,
    Stage.MINISTRY_1,
    Stage.APPROVED,
    Stage.CEREMONY,
)

ARROWS: tuple[Arrow, ...] = (
    *(
        Arrow("change", stage, Stage.DRAFT, _BOTH)
        for stage in (Stage.DRAFT, Stage.CONSULTED, Stage.NOMINATED, Stage.MINISTRY_1)
    ),
    Arrow("consult", Stage.DRAFT, Stage.DRAFT, _BOTH),
    Arrow("consulted", Stage.DRAFT, Stage.CONSULTED, _BOTH),
    *(
        Arrow("nominate", stage, Stage.NOMINATED, _BOTH)
        for stage in (Stage.CONSULTED, Stage.NOMINATED, Stage.MINISTRY_1)
    ),
    Arrow("approve", Stage.NOMINATED, Stage.MINISTRY_1, _OFFICER, "another hand is needed"),
    Arrow("approve", Stage.NOMINATED, Stage.APPROVED, _OFFICER, "one hand is enough"),
    Arrow("approve", Stage.MINISTRY_1, Stage.APPROVED, _OFFICER),
    Arrow("code", Stage.APPROVED, Stage.CEREMONY, _BOTH),
    Arrow("code", Stage.CEREMONY, Stage.CEREMONY, _BOTH),
    Arrow("bind", Stage.CEREMONY, Stage.ACTIVE, _BOTH),
    Arrow("bind", Stage.APPROVED, Stage.ACTIVE, _BOTH, "a renewal with the same key"),
    *(Arrow("reject", stage, Stage.REJECTED, _BOTH) for stage in OPEN),
    Arrow("suspend", Stage.ACTIVE, Stage.SUSPENDED, ("any one",)),
    Arrow("reinstate", Stage.SUSPENDED, Stage.ACTIVE, _BOTH, "two hands"),
    Arrow("remove", Stage.ACTIVE, Stage.REMOVED, _BOTH),
    Arrow("remove", Stage.SUSPENDED, Stage.REMOVED, _BOTH),
    Arrow("lapse", Stage.DRAFT, Stage.REJECTED, _CLOCK),
    Arrow("lapse", Stage.CONSULTED, Stage.REJECTED, _CLOCK),
    Arrow("lapse", Stage.NOMINATED, Stage.CONSULTED, _CLOCK),
    Arrow("lapse", Stage.MINISTRY_1, Stage.CONSULTED, _CLOCK),
    Arrow("lapse", Stage.APPROVED, Stage.EXPIRED, _CLOCK),
    Arrow("lapse", Stage.CEREMONY, Stage.APPROVED, _CLOCK),
    Arrow("lapse", Stage.ACTIVE, Stage.EXPIRED, _CLOCK),
)
# Named from outside the life itself: in which stage a thing can be done that moves nothing.
ANSWERABLE = frozenset({Stage.DRAFT})
OVER = frozenset({Stage.EXPIRED, Stage.REMOVED, Stage.REJECTED})


def next_of(act: str, now: Stage) -> tuple[Stage, ...]:
    """Return the stages that an act may lead to from `now`; none if it cannot be done there."""
    return tuple(arrow.after for arrow in ARROWS if (arrow.act, arrow.before) == (act, now))


def may(act: str, now: Stage) -> bool:
    """Say whether an act can be done at a stage at all."""
    return bool(next_of(act, now))


def _who(roles: Iterable[str]) -> str:
    return ", ".join(roles)


def diagram() -> str:
    """Return the life as a Mermaid state diagram; dashes are no part of its names."""
    names = {stage: stage.value.replace("-", "_") for stage in Stage}
    arrows = [
        f"    {names[one.before]} --> {names[one.after]}: {one.act}"
        for one in ARROWS
        if one.before is not one.after
    ]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {names[Stage.DRAFT]}: draft", *arrows])


def rows() -> list[tuple[str, str, str, str, str]]:
    """Return the table as rows of words: act, from, to, who, when."""
    return [
        (f"`{one.act}`", one.before.value, one.after.value, _who(one.who), one.when or "–")
        for one in ARROWS
    ]
