"""Whose turn it is with a designation: the same as the page says (ui/designations/waiting.ts)."""

from __future__ import annotations

from collections.abc import Collection

from ..stages import Stage

_COORDINATOR, _MINISTRY = "coordinator", "ministry"
_DRAFTED = frozenset({Stage.DRAFT, Stage.CONSULTED})
_SIGNED = frozenset({Stage.NOMINATED, Stage.MINISTRY_1})
_BOUND = frozenset({Stage.APPROVED, Stage.CEREMONY})


def wants_hand(
    *,
    stage: str,
    held: Collection[str],
    drafts: str,
    own: bool,
    signed: bool,
    reminded: bool,
    reader: Collection[str],
) -> bool:
    """
    Say whether a designation waits for somebody who has the roles `reader`.

    `held` are the roles that it gives, `drafts` who drafts it, `own` whether it is the reader's,
    `signed` whether their hand is under it, `reminded` whether its term ends soon.
    """
    if own:
        return False
    if stage in _DRAFTED:
        return drafts in reader
    if stage in _SIGNED:
        return _MINISTRY in reader and not signed
    if stage in _BOUND:
        return (_MINISTRY if _COORDINATOR in held else _COORDINATOR) in reader
    if stage == Stage.SUSPENDED:
        return _COORDINATOR in reader or _MINISTRY in reader
    return stage == Stage.ACTIVE and reminded and drafts in reader
