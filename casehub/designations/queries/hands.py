"""Whose signatures count now: by the replay of the directory's log, never by a row's word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from casehub.core.actor import Actor
from casehub.core.errors import require
from casehub.core.frames import from_b64u, to_b64u
from casehub.directory import queries as directory
from casehub.directory.models import Person, Stop
from casehub.directory.statements import ChainBroken, Statement

from .. import policies
from ..models import Approval, Designation, FirstHand
from ..policies import COORDINATOR, MINISTRY, TWO_OFFICERS, WEAKER
from ..stages import Stage

SIGNING = frozenset({Stage.NOMINATED.value, Stage.MINISTRY_1.value})
GONE, OLD = "signer-gone", "too-old"


def mode_of(state: str) -> str:
    """Return how a State approves, as its root declares."""
    return WEAKER if directory.chain().is_weaker(state) else TWO_OFFICERS


def keys_of(actor: Actor, role: str, now: datetime) -> frozenset[bytes]:
    """
    Return the keys by which the actor signs in one of their roles now: one, or none.

    None also of somebody who was stopped after their request came, whether or not that is signed.
    """
    person = Person.objects.select_related("account", "state").filter(id=actor.id).first()
    if role not in actor.roles or person is None or not person.in_force(now):
        return frozenset()
    chain = directory.chain()
    ask = {MINISTRY: chain.officers, COORDINATOR: chain.coordinators}[role]
    key = ask(actor.state, now=now).get(actor.id)
    return frozenset() if key is None else frozenset({from_b64u(key, most=32)})


def coordinators(state: str, now: datetime) -> frozenset[str]:
    """Return the ids of a State's coordinators whose keys count and whom nobody has stopped."""
    known = directory.chain().coordinators(state, now=now).keys()
    rows = Person.objects.filter(id__in=known).select_related("account", "state")
    return frozenset(str(one.id) for one in rows if one.in_force(now))


def nominates(found: Designation, among: Collection[str]) -> str:
    """Return whose it is to nominate; `among` are the coordinators of the State."""
    others = set(among) - {str(found.person)}
    return policies.drafts(found.role_list, coordinated=bool(others))


def all_stand(given: Iterable[tuple[UUID, datetime]], now: datetime) -> bool:
    """
    Say whether all these hands count, of people and when they gave them: see `stands`.

    Also after a stop without a signature, of which the replay knows nothing.
    """
    hands = list(given)
    rows = Person.objects.filter(id__in=[one for one, _ in hands])
    people = rows.select_related("account", "state").in_bulk()
    return all(stands(people[one], at, now) for one, at in hands)


def stands(signer: Person, at: datetime, now: datetime) -> bool:
    """
    Say whether a hand that somebody gave at a moment counts now: they act, and nobody stopped them.

    A stop, theirs or their whole State's, voids what they gave before it for good. In again, they
    give their hand anew: the earlier one may have been the thief's.
    """
    return signer.in_force(now) and not directory.cut_off_since(signer, at)


def later_than(issued: datetime) -> datetime:
    """Return from when something came after what bears a date: dates are of whole seconds."""
    return issued + timedelta(seconds=1)


def stands_under(actor: Actor, issued: datetime, now: datetime) -> bool:
    """
    Say whether the actor may put a hand under what bears this date: as every client judges.

    Stopped since, they sign what is begun anew.
    """
    signer = Person.objects.select_related("account", "state").get(id=actor.id)
    return stands(signer, later_than(issued), now)


def waiting(kind: str, person: UUID, now: datetime) -> FirstHand | None:
    """Return the first hand that waits for a second, if it is not too old."""
    rows = FirstHand.objects.filter(kind=kind, person=person, done_at=None, due_at__gt=now)
    return rows.select_related("signer__account", "signer__state").order_by("-at").first()


def first_that_counts(kind: str, person: UUID, now: datetime) -> FirstHand | None:
    """Return the first hand that a second can complete now: its signer still acts."""
    found = waiting(kind, person, now)
    return found if found is not None and still_counts(found, now) else None


def still_counts(first: FirstHand, now: datetime) -> bool:
    """
    Say whether a second hand can complete a first one: its signer acts, and nobody objected.

    Whoever stops somebody once more whom the first hand would let in again has voided it.
    """
    if not stands(first.signer, first.at, now):
        return False
    if first.kind != FirstHand.Kind.REINSTATEMENT:
        return True
    held = Stop.objects.filter(
        person=first.person, kind=Stop.Kind.SUSPENDED, device=None, ended_at=None
    ).first()
    return held is None or held.lift_at == first.at


def why_void(
    found: Designation, signer: Person | None, at: datetime | None, now: datetime
) -> str | None:
    """Return why a hand under a nomination that waits for others counts no more, or None."""
    if found.stage not in SIGNING or signer is None or at is None:
        return None
    if not stands(signer, at, now):
        return GONE
    return OLD if found.due_at is not None and found.due_at <= now else None


def void_first(
    kind: str, person: UUID, *, since: datetime | None, now: datetime
) -> tuple[FirstHand, str] | None:
    """Return the newest first hand since then that counts no more, and why; None if it does."""
    rows = FirstHand.objects.filter(kind=kind, person=person, at__gte=since or now)
    found = rows.select_related("signer__account", "signer__state").order_by("-at").first()
    if found is None or found.done_at is not None:
        return None
    if not stands(found.signer, found.at, now):
        return found, GONE
    return (found, OLD) if found.due_at <= now else None


def signed_by(
    actor: Actor, rows: Sequence[Designation], among: Mapping[str, Collection[str]]
) -> set[UUID]:
    """
    Return which of these nominations bear the actor's hand already: their turn is over.

    `among` are the coordinators of each State.
    """
    waiting = {one.id: one for one in rows if one.stage in SIGNING}
    own = Approval.objects.filter(designation__in=list(waiting), officer=UUID(actor.id))
    found = {one.designation_id for one in own if one.digest == waiting[one.designation_id].digest}
    mine = {one.id for one in waiting.values() if str(one.nominator_id) == actor.id}
    return found | {
        one
        for one in mine
        if nominates(waiting[one], among.get(waiting[one].state, ())) == COORDINATOR
    }


def live_key(person: UUID | str) -> bytes | None:
    """
    Return the identity key that was vouched for last as a person's, or None if none was.

    Also of a term that is over, or of somebody stopped: another key takes the place of it.
    """
    key = directory.chain().bound_key(str(person))
    return None if key is None else from_b64u(key, most=32)


def is_replaced(key: bytes, person: UUID | str) -> bool:
    """Say whether another key took the place of this one of a person's: then it counts no more."""
    return to_b64u(key) in directory.chain().replaced_keys(str(person))


def is_key_of_another(key: bytes, person: UUID) -> bool:
    """
    Say whether a key is or was somebody else's, in whatever office or use, or is offered as theirs.

    One key is one person's: whoever has two ids would otherwise be two people.
    """
    if Designation.objects.filter(key=key).exclude(person=person).exists():
        return True
    return directory.chain().owner_of(to_b64u(key)) not in {None, str(person)}


def require_counts(statement: Statement, now: datetime) -> None:
    """
    Pass only a statement that would have its effect if it were entered now: as every client judges.

    :raises ChainBroken: with the first reason against.
    """
    why = directory.why_not(statement, now=now)
    if why is not None:
        raise ChainBroken(why)


def require_effect(found: Designation, signed: Statement, now: datetime, *, last: bool) -> None:
    """
    Pass only a nomination that would have its effect: before its `last` hand, whoever signs it too.

    So nobody signs what those who verify it would not believe, and who drafts hears what to mend.

    :raises Refused: `consultation-missing`, `first-term-too-long`, `nomination-stale`,
        `person-removed`, `renewal-of-earlier`, `roles-incompatible`, `serial-known`,
        `state-stopped`, `term-over`, `term-too-long`.
    :raises ChainBroken: with the first reason against of which none of these tells.
    """
    why = (directory.why_not if last else directory.why_never)(signed, now=now)
    if why is None:
        return
    require(
        policies.code_against(
            why, urgent=found.urgent, starts=found.starts, until=found.until, now=now
        )
    )
    raise ChainBroken(why)
