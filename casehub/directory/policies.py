"""Why not, in the directory; and how much of it one is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from casehub.core.actor import Actor

# How much of a card, each with all that those before it have.
TOLD = ("nothing", "status", "post", "card", "own")
ABROAD = "abroad"  # a State that is nobody's own
_OF_OTHERS = {
    "liaison": "card",
    "coordinator": "card",
    "central-authority": "card",
    "ministry": "post",
    "secretariat": "status",
}
_OF_ONES_OWN = frozenset(
    {"liaison", "coordinator", "ministry", "central-authority", "national-auditor"}
)
IN_CASES = frozenset({"liaison", "coordinator", "central-authority"})
MOST_OFFICES = 200  # of one State


OWN = "own"  # a level of telling, not a reason


def told(actor: Actor, state: str) -> str:
    """
    Return how much `actor` is told of a card of `state` (empty: the region's people).

    Of one's own State everything; of others what the role needs to know: `card`, `post` or
    `status`; the secretariat knows its own people by their post.
    """
    if state and state == actor.state:
        return OWN if actor.roles & _OF_ONES_OWN else "nothing"
    most = max((TOLD.index(_OF_OTHERS.get(role, "nothing")) for role in actor.roles), default=0)
    if not state and "secretariat" in actor.roles:
        most = max(most, TOLD.index("post"))
    return TOLD[most]


SKEW = timedelta(minutes=5)  # of a signer's clock
BEFORE = timedelta(hours=1)  # how long before its signature a device may have begun


def why_not_dated(*, issued: datetime, now: datetime) -> str | None:
    """
    Return why what somebody has just signed is not of now, or None.

    Verifiers take what gives up to three days late, for second hands come later. The first one is
    of now: nobody signs here as of a day on which they still were in office.
    """
    return None if abs(issued - now) <= SKEW else "statement-stale"


def why_not_begun(*, begins: datetime, issued: datetime) -> str | None:
    """Return why a device's term may not begin so, or None: long before it was signed."""
    return None if begins >= issued - BEFORE - SKEW else "statement-stale"


def why_not_register(*, known: bool) -> str | None:
    """Return why a device may not be registered, or None: an id, serial or key serves once."""
    return "device-known" if known else None


# Which roles may stop somebody of their own State; the secretariat anybody, on call.
STOPPERS = frozenset({"coordinator", "ministry", "national-auditor"})
REMOVERS = frozenset({"coordinator", "ministry"})
SECRETARIAT = "secretariat"
UNSAID = "other"  # what pages sign as the reason of a stop: a signature is for all States to read
UNUSED = "unused"  # the clock's own reason: no sign-in for long
REASONS = frozenset(
    {"", "device-lost", "key-exposed", "misuse", "left-post", "on-leave", "drill", "other"}
)


def why_not_suspend(
    *, roles: frozenset[str], state: str, oneself: bool, person_state: str
) -> str | None:
    """Return why this person may not be stopped by the actor; a foreign one is not there."""
    if oneself or SECRETARIAT in roles:
        return None
    return None if roles & STOPPERS and state and state == person_state else "not-found"


def why_not_remove(
    *, roles: frozenset[str], state: str, oneself: bool, person_state: str
) -> str | None:
    """Return why this person may not be removed: it is final, so nobody removes themselves."""
    if not (roles & REMOVERS and state and state == person_state):
        return "not-found"
    return "own-removal" if oneself else None


def why_not_revoke(
    *, roles: frozenset[str], state: str, own: bool, person_state: str
) -> str | None:
    """Return why this device may not be stopped by the actor."""
    if own:
        return None
    return None if roles & REMOVERS and state and state == person_state else "not-found"


def why_not_stop_state(*, roles: frozenset[str], state: str, code: str) -> str | None:
    """Return why the actor may not stop a State's access, or confirm that: foreign is not there."""
    if SECRETARIAT in roles or (roles & REMOVERS and state == code):
        return None
    return "not-found"


def why_not_lift(
    *, roles: frozenset[str], state: str, code: str, first: frozenset[str] | None
) -> str | None:
    """
    Return why the actor may not lift a State's stop; `first` has the roles of who asked before.

    One of the two is of the ministry: who was stopped by it is not let in again behind its back.
    """
    if not (roles & REMOVERS and state == code):
        return "not-found"
    if first is not None and "ministry" not in roles | first:
        return "ministry-needed"
    return None


def why_not_ask(*, known: bool, another_asks: bool) -> str | None:
    """
    Return why a browser may not ask to be named now, or None.

    One at a time: whoever is asked by two at once confirms the wrong one.
    """
    if known:
        return "device-known"
    return "device-request-open" if another_asks else None


def why_not_answer(*, is_open: bool) -> str | None:
    """Return why a request of a browser may not be answered any more, or None."""
    return None if is_open else "device-request-over"


def why_not_name(*, same_keys: bool, known: bool) -> str | None:
    """Return why a statement does not answer a request, or None: it names what asked."""
    if not same_keys:
        return "device-not-as-asked"
    return why_not_register(known=known)


def why_not_renew(*, same: bool, later: bool) -> str | None:
    """Return why a statement does not renew a device, or None: the same one, for longer."""
    if not same:
        return "device-not-as-asked"
    return None if later else "device-known"


def why_not_enter_office(*, count: int) -> str | None:
    """Return why a State may not have one more office, or None."""
    return "offices-full" if count >= MOST_OFFICES else None


def why_not_office_kind(*, kind: str, state: str) -> str | None:
    """Return why an office of this kind may not be of `state` (empty: of none), or None."""
    return None if (kind == "regional") == (not state) else "office-kind"


_TELEPHONE = re.compile(r"\+[1-9][0-9]*(?: [0-9]+)*")
_DIGITS = range(7, 16)  # of a number with its country code (ITU-T E.164: at most 15)
LONGEST_TELEPHONE = 30  # characters, with the spaces between its groups


def why_not_telephone(telephone: str) -> str | None:
    """
    Return why an office may not have this public telephone, or None; it may have none at all.

    As ITU-T E.123 writes an international number: plus, country code, groups with one space
    between them. Whoever reads it is in another country.
    """
    if not telephone:
        return None
    digits = sum(one.isdigit() for one in telephone)
    written = _TELEPHONE.fullmatch(telephone) and len(telephone) <= LONGEST_TELEPHONE
    return None if written and digits in _DIGITS else "telephone-malformed"


def why_not_hours(*, zone: str, days: Sequence[int], opens: str, closes: str) -> str | None:
    """Return why these are no working hours, or None: a known zone, days, and an end after it."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return "hours-malformed"
    ordered = bool(days) and list(days) == sorted(set(days))
    return None if ordered and opens < closes else "hours-malformed"


def why_not_competence(*, known: bool, already: bool) -> str | None:
    """Return why an office may not become central authority for an instrument, or None."""
    if not known:
        return "unknown-instrument"
    return "competence-known" if already else None


def why_not_end(*, since: date, until: date) -> str | None:
    """Return why a competence may not end on a day, or None; on its first day: it never was."""
    return "competence-dates" if until < since else None


def reaches(actor: Actor, *, state: str, roles: frozenset[str], duty: bool, shared: bool) -> bool:
    """
    Say whether `actor` may be shown the private contact of somebody.

    Their own State's; in a case that both are in; and a coordinator, that of another State's
    coordinator who has said to be on duty.
    """
    if state and state == actor.state:
        return bool(actor.roles & _OF_ONES_OWN)
    if shared:
        return bool(actor.roles & IN_CASES)
    return duty and "coordinator" in actor.roles and "coordinator" in roles
