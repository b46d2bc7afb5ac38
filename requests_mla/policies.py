"""Why not, around a draft."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casehub.core import roles
from casehub.core.actor import Actor

from . import limits
from .states import Stage, may_become

MAY_READ = frozenset(roles.row_of("requests.request.read").who)
MAY_SET_ASIDE = frozenset(roles.row_of("requests.attestation.make").exception)
TURN = timedelta(minutes=5)  # how long an editing turn lasts without renewal


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is to read a draft: in the case, of the requesting State, in force as whom."""

    in_case: bool
    own_state: bool
    in_force: bool
    already: bool = False


def why_not_enter(candidate: Candidate) -> str | None:
    """
    Return why a person may not read a draft, or None.

    Who is in the case is known to everybody in it, so another State's member gets a plain answer;
    somebody outside it answers like nobody.
    """
    if not candidate.in_case:
        return "not-found"
    if not candidate.own_state:
        return "draft-own-state"
    if not candidate.in_force:
        return "person-unknown"
    return "already-in" if candidate.already else None


def why_not_shut_out(*, person: str, drafter: str, present: bool) -> str | None:
    """Return why a reader may not be shut out of a draft, or None: whoever began it stays."""
    if not present:
        return "not-found"
    return "drafter-stays" if person == drafter else None


def why_not_edit(stage: Stage) -> str | None:
    """Return why a request takes no further version, or None: saving one makes it a draft."""
    return None if may_become(stage, Stage.DRAFT) else "stage-closed"


def why_not_write(*, actor: Actor, holder: str | None, stage: Stage) -> str | None:
    """Return why `actor` may not save a version, or None; `holder` has the turn now, if anybody."""
    if holder is None:
        return why_not_edit(stage) or "turn-needed"
    return why_not_edit(stage) or (None if holder == actor.id else "turn-taken")


def why_not_attest(stage: Stage) -> str | None:
    """
    Return why nothing more is attested of a request, ready or not, or None.

    What was sent was sent on what was signed before: a later word would only look like part of it.
    """
    return None if may_become(stage, Stage.READY) else "stage-closed"


def why_not_admit(stage: Stage) -> str | None:
    """
    Return why nobody more is let into a draft, or None: once it is sent, it is nobody's to write.

    Whoever comes in is given the key of its newest version, and nobody could take it back.
    """
    return why_not_edit(stage)


def why_not_set_aside(actor: Actor, *, blocking: bool) -> str | None:
    """
    Return why `actor` may not call a request ready that leaves rules aside, or None.

    Anybody who drafts may give a reason against a rule; that one which blocks stays unmet is
    answered for by the head of the office, the national coordinator (ROLES 2).
    """
    if blocking and not MAY_SET_ASIDE & actor.roles:
        return "exception-coordinator"
    return None


def why_not_by_law_of(law_date: str, *, today: date) -> str | None:
    """
    Return why what was screened by the law of a day (`YYYY-MM-DD`) cannot become ready, or None.

    A request that is ready is about to be sent: what it was measured by must be law still, and must
    be law already.
    """
    day = date.fromisoformat(law_date)
    if day > today + limits.LAW_AHEAD:
        return "law-date-ahead"
    return "law-date-old" if day < today - limits.LAW_AGE else None


def why_not_keep(*, size: int, of_day: int, of_request: int) -> str | None:
    """
    Return why the server does not keep `size` bytes more of one person's versions, or None.

    `of_day` is what it keeps of theirs of the last 24 hours, `of_request` what of this request.
    """
    if of_request + size > limits.SHARE_BYTES:
        return "version-share-full"
    return "version-day-full" if of_day + size > limits.DAY_BYTES else None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the rulebook knows: all that disclosed facts and overrides may name."""

    states: Collection[str]
    measures: Collection[str]
    instruments: Collection[str]
    urgency: Collection[str]
    overridable: Collection[str]


def flaws_of(
    disclosed: Mapping[str, Any], *, known: Vocabulary, requesting_state: str
) -> list[str]:
    """
    Return the places in disclosed facts that name what the rulebook does not know.

    An empty text is a question not answered yet, None one whose answer is marked unknown.
    """

    def unknown(field: str, among: Collection[str]) -> Iterable[str]:
        named = enumerate(disclosed[field])
        return (f"{field}.{index}" for index, one in named if one and one not in among)

    flaws: list[str] = []
    if disclosed["requesting_state"] != requesting_state:
        flaws.append("requesting_state")
    asked = disclosed["requested_state"]
    if asked and (asked not in known.states or asked == requesting_state):
        flaws.append("requested_state")
    flaws += unknown("measures", known.measures)
    flaws += unknown("instruments", known.instruments)
    if disclosed["urgency"] and disclosed["urgency"] not in known.urgency:
        flaws.append("urgency")
    return flaws


def not_overridable(overridden: Iterable[str], *, known: Vocabulary) -> list[str]:
    """Return the places in a list of overridden rules that name none which may be overridden."""
    return [
        f"overridden.{index}"
        for index, rule in enumerate(overridden)
        if rule not in known.overridable
    ]
