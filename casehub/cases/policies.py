"""Why not, in a case file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from casehub.core import roles
from casehub.core.actor import Actor
from casehub.core.retries import digest_of

from . import limits, rules

MAY_READ = frozenset(roles.row_of("cases.case.read").who)
MAY_CONSENT = frozenset(roles.row_of("cases.state.consent").who)
MAY_ACCEPT = frozenset(roles.row_of("cases.state.accept").who)
MAY_AGREE_LIFT = frozenset(roles.row_of("cases.hold.agree-lift").who)
MOST_PEOPLE = 150  # persons in one case file


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Step(StrEnum):
    """What opening a case to a State waits for, or how it ended."""

    CONSENT = "consent"
    ACCEPTANCE = "acceptance"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    LAPSED = "lapsed"
    VOID = "void"  # a hand under it was given by somebody who was stopped since


OPEN = frozenset({Step.CONSENT, Step.ACCEPTANCE})


def wants_hand(
    step: Step, *, asked: bool, own: bool, proposed: bool, roles: Collection[str]
) -> bool:
    """
    Say whether a proposal waits for somebody: of the `asked` State, or the one whose `own` it is.

    `proposed`: they made it themselves, and another consents.
    """
    if step is Step.ACCEPTANCE:
        return asked and not MAY_ACCEPT.isdisjoint(roles)
    return step is Step.CONSENT and own and not proposed and not MAY_CONSENT.isdisjoint(roles)


def why_not_open(
    actor: Actor, *, states: frozenset[str], known: set[str], retention: str
) -> str | None:
    """Return why `actor` may not open a case between `states`, kept so long, or None."""
    if not states <= known:
        return "unknown-state"
    if actor.state not in states:
        return "own-state-missing"
    return None if retention in rules.classes() else "retention-unknown"


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


def step_of(
    *, consented: bool, accepted: bool, ended: str, lapses_at: datetime, now: datetime
) -> Step:
    """
    Return what a joining waits for, or how it ended; nothing needs to run for it to lapse.

    Whether a hand under it is void is asked besides, of what is open by this.
    """
    if accepted or ended:
        return Step.ACCEPTED if accepted else Step(ended)
    if now >= lapses_at:
        return Step.LAPSED
    return Step.ACCEPTANCE if consented else Step.CONSENT


def proposal_digest(
    *, case: str, reference: str, state: str, urgent: bool, proposer: str, at: datetime
) -> str:
    """
    Return the SHA-256 (hex) of what both later hands name: `joiningDigest` in browsers says alike.

    `at` counts as whole milliseconds since 1970.
    """
    urgency = "urgent" if urgent else ""
    return digest_of("casehub-joining/1", case, reference, state, urgency, proposer, _moment(at))


def why_not_propose(
    *, actor: Actor, owner: str, state: str, known: set[str], taken: Collection[str]
) -> str | None:
    """
    Return why `actor`, who is in a case of the State `owner`, may not propose `state`, or None.

    `taken` are the States that are in, or asked already.
    """
    if actor.state != owner:
        return "joining-not-yours"
    if state not in known:
        return "unknown-state"
    return "state-in-already" if state in taken else None


def objections_until(
    *, owner: str, joined: Collection[str], urgent: bool, now: datetime
) -> datetime | None:
    """Return until when States that are in may object to what is consented to now, or None."""
    return None if urgent or set(joined) <= {owner} else now + limits.OBJECTION


def why_not_consent(*, step: Step, own: bool, stands: bool, digest: str, seen: str) -> str | None:
    """
    Return why somebody of the owner State's coordination may not consent, or None.

    `stands`: whoever proposed it is in force and still in the case.
    """
    if own:
        return "joining-own"
    if step is Step.VOID:
        return "joining-hand-stopped"
    if step is not Step.CONSENT or not stands:
        return "joining-over"
    return None if seen == digest else "joining-changed"


def why_not_accept(
    *,
    step: Step,
    actor: Actor,
    hands: Collection[str],
    stand: bool,
    digest: str,
    seen: str,
    stopped: bool,
    until: datetime | None,
    now: datetime,
) -> str | None:
    """
    Return why somebody of the State that was asked may not accept, or None.

    `stopped`: whoever proposed it or consented is stopped now, alone or with their whole State; a
    case is opened to nobody on the word of people who were stopped meanwhile, also if that was
    lifted (`Step.VOID`): it may have been the thief's. `stand`: they still could, else.
    """
    if actor.id in hands:
        return "joining-own"
    if step is Step.VOID or (stopped and step is Step.ACCEPTANCE):
        return "joining-hand-stopped"
    if step is not Step.ACCEPTANCE or not stand:
        return "joining-over"
    if seen != digest:
        return "joining-changed"
    return "joining-window" if until is not None and now < until else None


def why_not_end(*, step: Step) -> str | None:
    """Return why nobody can refuse or withdraw it any more, or None."""
    return None if step in OPEN else "joining-over"


def why_not_withdraw(*, actor: Actor, owner: str, step: Step) -> str | None:
    """Return why `actor`, who is in the case, may not take the proposal back, or None."""
    return why_not_end(step=step) if actor.state == owner else "joining-not-yours"


def why_not_object(
    *, actor: Actor, owner: str, step: Step, until: datetime | None, now: datetime
) -> str | None:
    """Return why `actor`, who is in the case, may not object for their State, or None."""
    if actor.state == owner:
        return "joining-not-yours"
    if step is not Step.ACCEPTANCE or until is None or now >= until:
        return "joining-over"
    return None


def why_not_write(*, closed: bool) -> str | None:
    """Return why nothing can be added to a case, or None: its period runs from the last word on."""
    return "case-closed" if closed else None


def why_not_close(*, actor: Actor, owner: str, closed: bool) -> str | None:
    """Return why `actor`, who is in a case of the State `owner`, may not close it, or None."""
    if actor.state != owner:
        return "joining-not-yours"
    return "case-closed" if closed else None


def why_not_reopen(*, actor: Actor, owner: str, closed: bool, erased: bool) -> str | None:
    """Return why `actor`, who is in a case of the State `owner`, may not reopen it, or None."""
    if actor.state != owner:
        return "joining-not-yours"
    if erased:
        return "case-erased"
    return None if closed else "case-open"


def why_not_reclass(
    *, actor: Actor, owner: str, code: str, was: str, erased: bool, shorter: bool
) -> str | None:
    """
    Return why a case of the State `owner` may not get the class `code` instead of `was`, or None.

    `shorter`: asked by whoever proposes a shorter one to another hand; else it may only be longer.
    """
    if actor.state != owner:
        return "joining-not-yours"
    if code not in rules.classes():
        return "retention-unknown"
    if erased:
        return "case-erased"
    if code == was:
        return "retention-same"
    if rules.is_shorter(code, was) == shorter:
        return None
    return "retention-longer" if shorter else "retention-shorter"


def is_pending(asked_at: datetime | None, *, now: datetime) -> bool:
    """Say whether a first hand still waits for its second one."""
    return asked_at is not None and now < asked_at + limits.SECOND_HAND


def why_not_second(
    *,
    pending: bool,
    own: bool,
    stopped: bool,
    stands: bool,
    digest: str,
    seen: str,
) -> str | None:
    """
    Return why somebody may not put the second hand under lifting a hold or shortening, or None.

    `stopped`: whoever put the first, or their State, was stopped since; `stands`: they still could.
    """
    if own:
        return "second-own"
    if pending and stopped:
        return "second-hand-stopped"
    if not pending or not stands:
        return "second-over"
    return None if seen == digest else "second-changed"


def _moment(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def lift_digest(
    *, hold: str, reference: str, state: str, ground: str, at: datetime, asker: str, asked: datetime
) -> str:
    """Return the SHA-256 (hex) of lifting a hold, which the second hand names; times as above."""
    return digest_of(
        "casehub-lift/1", hold, reference, state, ground, _moment(at), asker, _moment(asked)
    )


def shortening_digest(
    *, case: str, reference: str, was: str, retention: str, proposer: str, at: datetime
) -> str:
    """Return the SHA-256 (hex) of keeping a case less long, which the second hand names."""
    return digest_of("casehub-shortening/1", case, reference, was, retention, proposer, _moment(at))


def why_not_erase(*, due: datetime | None, held: bool, away: bool, now: datetime) -> str | None:
    """
    Return why what was said in a case is not deleted yet, or None.

    `away`: access of a State of the case is stopped, or was until lately: it could set no hold.
    """
    if due is None or now < due:
        return "deletion-not-due"
    if held:
        return "case-held"
    return "state-stopped" if away else None
