"""Why not, around letterheads and documents. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from requests_mla.states import Stage

from . import limits

# Being written, or withdrawn: nothing that a State would sign.
_NOT_MADE_OF = frozenset(
    {
        Stage.IDEA,
        Stage.DRAFT,
        Stage.SELF_CHECK,
        Stage.INFORMAL_CONSULTATION,
        Stage.NEEDS_CHANGES,
        Stage.WITHDRAWN,
    }
)


def why_not_change(*, number: int, newest: int, of_day: int) -> str | None:
    """
    Return why an office's letterhead is not changed to its `number`-th, or None.

    `newest` is the number of the one that counts, 0 before the first; `of_day` how often it changed
    within a day. Numbers may be left out: a browser that has seen a newer one than are kept here
    goes on from that; but not so many that none would be left.
    """
    if not newest < number <= newest + limits.LEAP:
        return "letterhead-behind"
    return "letterhead-day-full" if of_day >= limits.CHANGES else None


def why_not_make(
    *,
    stage: Stage,
    files: Sequence[tuple[str, str]],
    recipients: Collection[str],
    offices: Collection[str],
) -> str | None:
    """
    Return why no documents are made of a request, or None.

    `files` are (kind, language), each once; `offices` are those that may receive them: of the two
    States.
    """
    if stage in _NOT_MADE_OF:
        return "documents-not-ready"
    if len(set(files)) != len(files):
        return "documents-twice"
    return None if set(recipients) <= set(offices) else "documents-recipient"
