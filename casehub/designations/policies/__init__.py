"""Why a designation may not go on, or nothing: decided from values alone."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casehub.directory.functions import may_carry

from .. import limits, stages
from ..stages import Stage
from .effect import code_against as code_against
from .hands import wants_hand as wants_hand
from .quiet import QUIET_STEPS as QUIET_STEPS
from .quiet import QuietStep as QuietStep
from .quiet import quiet_at as quiet_at
from .quiet import quiet_step as quiet_step

LIAISON, COORDINATOR, MINISTRY = "liaison", "coordinator", "ministry"
CENTRAL, NATIONAL_AUDITOR = "central-authority", "national-auditor"
DESIGNATED = frozenset({LIAISON, COORDINATOR, CENTRAL, NATIONAL_AUDITOR})
# Of no State: who stops on call, and who watches over all. The installation lets them in (ADR 44).
SECRETARIAT, REGIONAL_AUDITOR = "secretariat", "regional-auditor"
REGIONAL = frozenset({SECRETARIAT, REGIONAL_AUDITOR})
# Which roles one person may have together; every other pair is two people's (ROLES 2).
TOGETHER = frozenset({frozenset({LIAISON, COORDINATOR})})
TWO_OFFICERS, WEAKER = "two-officers", "officer-and-coordinator"


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand under a body: a person (an id), the raw 32-byte key they signed with."""

    person: str
    key: bytes


def drafts(roles: Collection[str], *, coordinated: bool) -> str:
    """
    Return the role of whoever drafts and nominates somebody for `roles`.

    A coordinator nominates liaisons, and coordinators too where the State has another one
    (`coordinated`): otherwise two officers alone would name both hands of whatever takes two. An
    officer of the ministry nominates everybody else, so that nobody chooses those who watch over
    them, and the coordinator of a State that has no other.
    """
    by_coordinator = LIAISON in roles or (COORDINATOR in roles and coordinated)
    return COORDINATOR if by_coordinator else MINISTRY


def is_alone(*, roles: Collection[str], nominates: str, goes_on: bool) -> bool:
    """
    Say whether a ministry names a coordinator whom nobody else of the State has proposed.

    All States are told of that by a name of its own. A term that only goes on gives nothing new.
    """
    return COORDINATOR in roles and nominates == MINISTRY and not goes_on


def why_not_urgent(*, nominates: str, last_was_urgent: bool, lately: int) -> str | None:
    """
    Return why somebody may not be designated on the urgent path.

    It takes a coordinator's hand besides the officers' (ROLES 4). After an urgent term the usual
    way follows or none; and one State goes it so often in thirty days (`lately`): otherwise nobody
    would ever wait for the day that others have to look.
    """
    if nominates != COORDINATOR:
        return "urgent-coordinator"
    if last_was_urgent:
        return "urgent-again"
    return "urgent-often" if lately >= limits.URGENT_MOST else None


def binders(roles: Collection[str]) -> str:
    """Return the role of whoever vouches for the key of somebody with `roles`."""
    return MINISTRY if COORDINATOR in roles else COORDINATOR


def hands_needed(*, roles: Collection[str], mode: str, goes_on: bool) -> int:
    """
    Return how many officers have to approve a nomination.

    Two; one of a liaison whom a coordinator has nominated, where the State has declared the weaker
    mode or a term in force goes on with nothing new. Who coordinates, or watches over others,
    always takes two: nobody chooses their own kind.
    """
    with_coordinator = LIAISON in roles and COORDINATOR not in roles
    return 1 if with_coordinator and (goes_on or mode == WEAKER) else 2


def why_not_roles(roles: Collection[str]) -> str | None:
    """Return why one person cannot have these roles, or none of them be designated here."""
    if not roles or not set(roles) <= DESIGNATED or len(set(roles)) != len(roles):
        return "roles-unknown"
    pairs = {frozenset({one, other}) for one in roles for other in roles if one != other}
    return None if pairs <= TOGETHER else "roles-incompatible"


def why_not_term(
    *, starts: datetime, until: datetime, urgent: bool, first: bool, now: datetime
) -> str | None:
    """
    Return why a term cannot run so: over before it begins or now, too long, or too far ahead.

    A renewal begins where the term before it ends, and is asked for from its first reminder on.
    `first`: somebody has not been a liaison before, but for an urgent week; then six months are
    the most (ROLES 6).
    """
    longest = limits.URGENT_LONGEST if urgent else limits.LONGEST
    if until <= starts or until <= now:
        return "term-over"
    if until - starts > longest or (urgent and until - now > longest):
        return "term-too-long"
    if first and until - starts > limits.LONGEST_FIRST:
        return "first-term-too-long"
    return "term-too-early" if starts - now > limits.AHEAD else None


def why_not_draft(
    *, actor_roles: Collection[str], roles: Collection[str], own_office: bool, coordinated: bool
) -> str | None:
    """Return why somebody may not draft a designation for `roles` in an office."""
    against = why_not_roles(roles)
    if against is not None:
        return against
    if drafts(roles, coordinated=coordinated) not in actor_roles:
        return "drafted-by-another"
    return None if own_office else "office-unknown"


def why_not_functions(functions: Collection[str], *, roles: Collection[str]) -> str | None:
    """Return why somebody designated for `roles` cannot carry these functions, or None."""
    return None if may_carry(roles, functions) else "function-not-for-role"


def why_not_deputy(*, person: str, deputy: str, known: bool) -> str | None:
    """Return why somebody cannot stand in for a person: it is that person, or nobody in force."""
    if deputy == person:
        return "deputy-self"
    return None if known else "deputy-unknown"


def why_not_step(act: str, stage: Stage, *, due_at: datetime | None, now: datetime) -> str | None:
    """Return why an act is too early or too late: it is not of this stage, or its time is over."""
    if not stages.may(act, stage):
        return "designation-stage"
    return "designation-late" if due_at is not None and due_at <= now else None


def why_not_consulted(*, answers: Collection[tuple[str, str]], waiting: int) -> str | None:
    """
    Return why a consultation cannot be closed; `answers` are (agency, outcome) of those that came.

    At least one agency other than the nominating one has answered, and nobody who may still
    answer is passed over: an objection that is on its way must reach the ministry.
    """
    if waiting:
        return "consultation-open"
    heard = {agency for agency, outcome in answers if outcome != "no-answer"}
    return None if heard - {limits.OWN_AGENCY} else "consultation-missing"


def why_not_answer(
    *, outcome: str, answered: bool, void: bool, day_ahead: bool, due_at: datetime, now: datetime
) -> str | None:
    """Return why an agency's answer cannot be entered: it has one, or the date is over."""
    if answered or void:
        return "consultation-answered"
    if outcome not in {"no-objection", "objection"} or day_ahead:
        return "consultation-outcome"
    return "consultation-late" if due_at <= now else None


def why_not_ask(*, waits: bool) -> str | None:
    """Return why an agency cannot be asked: it was, and may still answer."""
    return "agency-asked" if waits else None


def why_not_withdraw(*, outcome: str, void: bool) -> str | None:
    """
    Return why a question cannot be taken back as noted in error.

    An objection travels to the ministry, and that nobody answered was true: neither goes.
    """
    if void:
        return "consultation-answered"
    return None if outcome in {"", "no-objection"} else "consultation-stays"


def why_not_renew(*, stage: Stage, begun: bool, newest: bool, closed: bool) -> str | None:
    """
    Return why no new term can begin: there is no old one in force or over, or one has begun.

    From the newest alone: an earlier one knows nothing of what agencies, and those who vouch for a
    key, have said since. And of nobody who has closed their account: whoever comes back after that
    is somebody new, who is in no case.
    """
    if stage not in {Stage.ACTIVE, Stage.EXPIRED}:
        return "designation-stage"
    if begun:
        return "renewal-open"
    if closed:
        return "account-closed"
    return None if newest else "renewal-of-earlier"


def why_not_code(*, stopped: bool, closed: bool) -> str | None:
    """Return why somebody is given no code, and one they have opens nothing."""
    if closed:
        return "account-closed"
    return "person-suspended" if stopped else None


def why_not_nominate(
    *,
    fields: Mapping[str, Any],
    wanted: Mapping[str, Any],
    actor: str,
    issued: datetime,
    now: datetime,
) -> str | None:
    """Return why a signed body is no nomination of this draft: it says something else."""
    if fields.get("person") == actor:
        return "own-nomination"
    if any(fields.get(name) != value for name, value in wanted.items()):
        return "nomination-differs"
    return None if abs(issued - now) <= limits.SKEW else "nomination-stale"


def why_not_nominated(*, nominates: str, nominator: Collection[str]) -> str | None:
    """
    Return why a ministry's own nomination is void; `nominator` are the roles of who nominated.

    A State that has another coordinator by now has an independent hand for the next one.
    """
    alone = nominates == COORDINATOR and MINISTRY in nominator
    return "nomination-alone" if alone else None


def why_not_approve(
    *,
    hand: Hand,
    earlier: Collection[Hand],
    nominee: str,
    keys: Collection[bytes],
    body: bytes,
    seen: str,
    all_in_force: bool,
) -> str | None:
    """
    Return why a hand does not count under `body`.

    `seen` is the SHA-256 in hex of what the officer's page showed; `keys` are those which count as
    the officer's now, so an officer who is no longer in force has none. `all_in_force`: whether
    everybody who has signed before acts now, and was not stopped since.
    """
    if hand.person == nominee:
        return "own-nomination"
    if hashlib.sha256(body).hexdigest() != seen:
        return "payload-changed"
    if hand.key not in keys:
        return "key-not-in-force"
    if any(hand.person == one.person or hand.key == one.key for one in earlier):
        return "second-hand-needed"
    return None if all_in_force else "first-hand-void"


def why_not_second(
    *, first: Hand, second: Hand, same_body: bool, first_in_force: bool
) -> str | None:
    """
    Return why a second hand does not complete what the first signed: same body, other hand.

    And the first one's person still acts: a hand of somebody stopped since is void for good.
    """
    if not first_in_force:
        return "first-hand-void"
    if not same_body:
        return "payload-changed"
    if first.person == second.person or first.key == second.key:
        return "second-hand-needed"
    return None


def why_not_bind(
    *,
    fields: Mapping[str, Any],
    person: str,
    key: str,
    serial: str,
    actor: str,
    passkeys: int,
    passkeys_needed: int,
    begun: bool,
    closed: bool,
) -> str | None:
    """Return why a binding does not vouch for this person's offered key in this designation."""
    if actor == person:
        return "own-binding"
    if closed:
        return "account-closed"
    if not key:
        return "key-missing"
    if not begun:
        return "designation-early"
    if passkeys < passkeys_needed:
        return "second-passkey-needed"
    named = (fields.get("person"), fields.get("key"), fields.get("designation"))
    return None if named == (person, key, serial) else "binding-differs"


def why_not_admit(
    *,
    key: bytes | None,
    heard: str,
    words: str,
    passkeys: int,
    passkeys_needed: int,
    stopped: bool,
    closed: bool,
) -> str | None:
    """
    Return why somebody cannot be let in to serve the region, or serve on.

    Whoever is stopped stays out, for there is no State whose hands could let them in again: they
    are invited anew. `heard` is what they read aloud, `words` those of the key that was offered:
    whoever stole the code has another key, and so other words.
    """
    if closed:
        return "account-closed"
    if stopped:
        return "regional-stopped"
    if key is None:
        return "key-missing"
    if passkeys < passkeys_needed:
        return "second-passkey-needed"
    return None if heard == words else "binding-differs"


def why_not_reinstate(
    *, suspended: bool, removed: bool, own: bool, about: bool, revokes: object, revocation: str
) -> str | None:
    """Return why somebody cannot be reinstated: they are not suspended, or removed for good."""
    if removed or not suspended:
        return "not-suspended"
    if own:
        return "own-reinstatement"
    return None if about and revokes == revocation else "payload-changed"


def is_unconfirmed(*, due_at: datetime | None, now: datetime) -> bool:
    """Say whether a State's confirmation has been due for so long that others wait for it."""
    return due_at is not None and due_at + limits.STANDING_GRACE <= now


def why_not_confirm(*, seen: str, now_is: str) -> str | None:
    """Return why a directory cannot be confirmed: it is no longer the list that was looked at."""
    return None if seen == now_is else "standing-changed"
