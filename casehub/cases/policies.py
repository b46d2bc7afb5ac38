"""Why not, in a case file."""

from __future__ import annotations

from collections.abc import Collection

from casehub.core import roles
from casehub.core.actor import Actor

MAY_READ = frozenset(roles.row_of("cases.case.read").who)
MOST_PEOPLE = 150  # persons in one case file


def why_not_open(*, actor: Actor, states: frozenset[str], known: set[str]) -> str | None:
    """Return why `actor` may not open a case between `states`, or None."""
    if not states <= known:
        return "unknown-state"
    if actor.state not in states:
        return "own-state-missing"
    return None


def why_not_between(
    *, own: str, states: frozenset[str], unconfirmed: Collection[str]
) -> str | None:
    """
    Return why these States come into no new case together, or None; one State alone always may.

    `unconfirmed` are those whose directory nobody has confirmed for too long: nobody abroad can
    tell any more whom they would let in.
    """
    late = states & set(unconfirmed)
    if len(states) < 2 or not late:  # noqa: PLR2004 - with another State
        return None
    return "directory-unconfirmed" if own in late else "state-unconfirmed"


def why_not_add(*, candidate_known: bool, already: bool, count: int, state_in: bool) -> str | None:
    """Return why a person may not be let in, or None; the same words for every unknown person."""
    if not candidate_known:
        return "person-unknown"
    if not state_in:
        return "state-not-in-case"
    if already:
        return "already-in"
    if count >= MOST_PEOPLE:
        return "case-full"
    return None


def ends_drafting(*, actor: Actor, person_state: str) -> bool:
    """
    Say whether a person whom `actor` shuts out of a case leaves its drafts too.

    A draft is its State's own: who of another State owns the case decides nothing about it.
    """
    return actor.state == person_state


def why_not_remove(
    *, actor: Actor, owner: str, person: str, person_state: str, present: bool
) -> str | None:
    """
    Return why `actor` may not shut `person` out, or None.

    Members remove people of their own State, the owner anyone; nobody removes the owner.
    """
    if not present:
        return "not-found"
    if person == owner:
        return "owner-stays"
    if actor.id != owner and actor.state != person_state:
        return "not-yours-to-remove"
    return None
