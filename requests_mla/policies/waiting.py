"""
Whose step a request waits for, because others handed it on: by the one table of stages.

What somebody has begun themselves waits, too, and what they ended themselves waits to be closed: of
that nobody has to be told. What the other State executed or refused is told to whoever asked, until
they close it.
"""

from __future__ import annotations

from collections.abc import Collection

from ..states import ARROWS, BY_CONSULTING, LEADS, SIGNED, Act, Arrow, Side, Stage, arrows_at
from . import FOUR_EYES

ANSWERS = frozenset({Act.EXECUTE, Act.REFUSE})
"""By what the requested State is through with a request: its drafters learn so, and close it."""


def turn_at(now: Stage) -> Arrow | None:
    """Return what leads on from a stage, and so whose turn it is; None where nothing comes more."""
    return next((one for act in LEADS for one in arrows_at(act, now)), None)


def step_wanted(stage: Stage, by: Act | None) -> Arrow | None:
    """
    Return the step for which a request was handed to others than brought it there, or None.

    `by` is the signed act that led there, None where it was writing or an informal consultation. Of
    what is asked informally none is told: whoever is to answer that knows of no request.
    """
    turn = turn_at(stage)
    if turn is None or turn.act in BY_CONSULTING:
        return None
    if turn.act is Act.CLOSE and by not in ANSWERS:
        return None
    ways = [
        one
        for one in ARROWS
        if one.after is stage
        and one.before is not stage
        and (one.act is by if by else one.act not in SIGNED)
    ]
    handed = all((one.side, one.who) != (turn.side, turn.who) for one in ways)
    return turn if ways and handed else None


STAGES = frozenset(one for one in Stage if any(step_wanted(one, by) for by in (None, *SIGNED)))
"""Where a request may wait for others than brought it there."""


def is_before(turn: Arrow, *, side: Side, roles: Collection[str], wrote: bool) -> bool:
    """Say whether a step is before somebody of a side, by their roles on what it is about."""
    if turn.side is not side or set(turn.who).isdisjoint(roles):
        return False
    return not (wrote and turn.act in FOUR_EYES)
