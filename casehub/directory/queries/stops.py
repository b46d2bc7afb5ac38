"""Who is stopped, since when, and how far that is signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q

from casehub.core.actor import Actor
from casehub.core.errors import NotVisible
from casehub.directory import policies
from casehub.directory.limits import READ_CASES, READING
from casehub.directory.models import Device, Person, SignedStatement, State, Stop
from casehub.directory.statements import as_wire

from . import devices
from .replaying import as_signed, chain

SIGN_WITHIN = timedelta(hours=24)  # a stop without a signature asks for one this long
CONFIRM_WITHIN = timedelta(hours=1)  # a State's stop by one person lifts by itself after this
LIFT_WITHIN = timedelta(hours=72)  # the first of two words to lift it counts this long
_SEVERITY = {Stop.Kind.STATE: 0, Stop.Kind.SUSPENDED: 1, Stop.Kind.REMOVED: 2}


def counts(now: datetime, prefix: str = "") -> Q:
    """Return the condition for persons who act and receive at this moment."""
    return Q(
        **{
            f"{prefix}suspended_at": None,
            f"{prefix}removed_at": None,
            f"{prefix}valid_until__gt": now,
            f"{prefix}state__stopped_at": None,
        }
    ) & (Q(**{f"{prefix}account": None}) | Q(**{f"{prefix}account__is_active": True}))


def reads(now: datetime) -> Q:
    """Return the condition for persons who receive at this moment: also in the week afterwards."""
    with_cases = [Q(roles__contains=role) for role in READ_CASES]
    return counts(now) | (counts(now - READING) & reduce(or_, with_cases))


def reading_among(accounts: Collection[str], now: datetime) -> set[str]:
    """Return those of these accounts behind which a person acts or reads now."""
    rows = Person.objects.filter(reads(now), account__in=[UUID(one) for one in accounts])
    return {str(account) for account in rows.values_list("account_id", flat=True)}


def reading_persons(people: Collection[str], now: datetime) -> set[str]:
    """Return those of these persons who receive now."""
    rows = Person.objects.filter(reads(now), id__in=people)
    return {str(person) for person in rows.values_list("id", flat=True)}


def shape(stop: Stop) -> dict[str, Any]:
    """Return a stop as others are shown it."""
    return {
        "kind": stop.kind,
        "at": stop.at,
        "signed": stop.statement_id is not None,
        "sign_by": None if stop.statement_id else stop.at + SIGN_WITHIN,
    }


def stops_of(people: Iterable[Person]) -> dict[UUID, dict[str, Any]]:
    """
    Return by person what stops them now, the gravest if there are several.

    Asks nothing of the database while nobody of them is stopped; their States come with them.
    """
    states = {p.id: p.state_id for p in people if p.stopped or p.state_stopped}
    if not states:
        return {}
    rows = Stop.objects.filter(
        Q(person__in=states) | Q(kind=Stop.Kind.STATE, state__in=set(states.values())),
        ended_at=None,
        device=None,
    )
    found: dict[UUID, Stop] = {}
    for stop in sorted(rows, key=lambda one: _SEVERITY[Stop.Kind(one.kind)]):
        for person, state in states.items():
            if stop.person_id == person or (stop.person_id is None and stop.state_id == state):
                found[person] = stop
    return {person: shape(stop) for person, stop in found.items()}


def device_stops_of(people: Collection[UUID], *, since: datetime) -> dict[UUID, list[Stop]]:
    """Return by person the stops of single devices of theirs since a moment, earliest first."""
    rows = Stop.objects.filter(
        kind=Stop.Kind.DEVICE, person__in=people, at__gte=since, ended_at=None
    )
    found: dict[UUID, list[Stop]] = {}
    for stop in rows.order_by("at", "id"):
        if stop.person_id is not None:
            found.setdefault(stop.person_id, []).append(stop)
    return found


def person_to_stop(actor: Actor, person: UUID) -> Person:
    """
    Return a person whom `actor` may stop.

    :raises NotVisible: if there is none such, or not for them.
    """
    found = Person.objects.filter(id=person).select_related("account", "state").first()
    if found is None:
        raise NotVisible
    why = policies.why_not_suspend(
        roles=actor.roles_in_office,
        state=actor.state,
        oneself=str(found.id) == actor.id,
        person_state=found.state_id or "",
    )
    if why is not None:
        raise NotVisible
    return found


def device_to_stop(actor: Actor, device: UUID) -> Device:
    """
    Return a device that `actor` may stop: their own, or one of their State.

    :raises NotVisible: if there is none such, or not for them.
    """
    found = Device.objects.filter(id=device).select_related("person__state").first()
    if found is None:
        raise NotVisible
    why = policies.why_not_revoke(
        roles=actor.roles_in_office,
        state=actor.state,
        own=str(found.person_id) == actor.id,
        person_state=found.person.state_id or "",
    )
    if why is not None:
        raise NotVisible
    return found


def state_to_stop(actor: Actor, code: str) -> State:
    """
    Return a State that `actor` may stop, confirm the stop of, or see the stop of.

    :raises NotVisible: if there is none such, or not for them.
    """
    why = policies.why_not_stop_state(roles=actor.roles, state=actor.state, code=code)
    found = None if why else State.objects.filter(code=code).first()
    if found is None:
        raise NotVisible
    return found


def open_stop(**of: object) -> Stop | None:
    """Return the stop that holds now of a person and kind, a device or a State."""
    return Stop.objects.filter(ended_at=None, **of).select_related("statement").first()


def stopped_since(person: UUID, at: datetime) -> bool:
    """
    Say whether somebody was stopped at a moment or after it, also if it was lifted since.

    What they gave before may have been given by whoever was the reason for that stop.
    """
    rows = Stop.objects.filter(person=person, device=None, at__gte=at)
    return rows.exists()


def cut_off_since(person: Person, at: datetime) -> bool:
    """
    Say whether somebody was stopped at a moment or after it, alone or with their whole State.

    Also if it was lifted since: a lift gives no hand back that was given before the stop.
    """
    rows = Stop.objects.filter(kind=Stop.Kind.STATE, state=person.state_id, at__gte=at)
    return stopped_since(person.id, at) or rows.exists()


def any_cut_off_since(state: str, hands: Iterable[tuple[UUID, datetime]]) -> bool:
    """
    Say the same of any of these hands of one State: whose, and when they gave it.

    One question, however many hands there are.
    """
    return bool(cut_off_among(state, hands))


def cut_off_among(state: str, hands: Iterable[tuple[UUID, datetime]]) -> set[tuple[UUID, datetime]]:
    """Return those of these hands of one State of which `cut_off_since` is so: by one question."""
    given = set(hands)
    if not given:
        return set()
    asked = Q(kind=Stop.Kind.STATE, state=state, at__gte=min(at for _, at in given))
    for person, at in given:
        asked |= Q(person=person, device=None, at__gte=at)
    stops = set(Stop.objects.filter(asked).values_list("kind", "person", "at"))
    return {
        (person, at)
        for person, at in given
        for kind, whose, when in stops
        if when >= at and (kind == Stop.Kind.STATE or whose == person)
    }


def is_lift_asked(stop: Stop, now: datetime) -> bool:
    """
    Say whether a first word to lift a State's stop counts: said of late, by one who stands.

    And who has stood all the while: a word said before a stop of its speaker is void for good.
    """
    return stop.lift_at is not None and why_lift_void(stop, now) is None


def why_lift_void(stop: Stop, now: datetime) -> str | None:
    """Return why a first word to lift a State's stop counts no more; None if it does."""
    if stop.lift_at is None:
        return None
    by = stop.lift_by
    if by is None or not by.stands(now) or stopped_since(by.id, stop.lift_at):
        return "signer-gone"
    return "too-old" if stop.lift_at + LIFT_WITHIN <= now else None


def is_over(stop: Stop, now: datetime) -> bool:
    """Say whether a State's stop has lasted its hour and nobody confirmed it."""
    return stop.confirmed_at is None and stop.at + CONFIRM_WITHIN <= now


def said_last(stop: Stop, now: datetime) -> SignedStatement | None:
    """
    Return the statement that whoever lifts a State's stop has to name, if there is any.

    What browsers hold against the State, which may be more than this stop: what was said last.
    """
    own = stop.statement
    newest = chain().newest_stop(str(stop.state_id), now=now)
    if newest is None or (own is not None and bytes(own.body) == newest.body):
        return own
    return SignedStatement.objects.filter(digest=newest.digest).first()


def said_since(state: str, issued: datetime, *, now: datetime) -> bool:
    """Say whether somebody put a hand under what stops a State after a lift of it is dated."""
    return chain().is_stop_said_since(state, issued, now=now)


def coordinators_left(state: str, now: datetime) -> int:
    """Return how many coordinators of a State still act."""
    rows = Person.objects.filter(counts(now), state=state)
    return sum("coordinator" in person.role_set for person in rows)


def devices_of_person(actor: Actor, person: UUID) -> list[dict[str, Any]]:
    """
    Return the devices of a person whom `actor` may stop, oldest first.

    :raises NotVisible: as `person_to_stop`.
    """
    found = person_to_stop(actor, person)
    return devices.listed(found.id, str(found.account_id or ""))


def stop_of_state(actor: Actor, code: str, *, now: datetime) -> dict[str, Any]:
    """
    Return how the stop of a State stands, for those who may confirm or lift it.

    :raises NotVisible: for anybody else.
    """
    state = state_to_stop(actor, code)
    stop = open_stop(kind=Stop.Kind.STATE, state=state)
    if stop is None:
        return {"code": code, "stop": None}
    return {"code": code, "stop": state_stop_shape(stop, now)}


def own_stop(stop: Stop, *, coordinators_left: int | None = None) -> dict[str, Any]:
    """Return a stop as whoever made it sees it."""
    more = {"id": stop.id, "reason": stop.reason, "coordinators_left": coordinators_left}
    return shape(stop) | more


def state_stop_shape(stop: Stop, now: datetime) -> dict[str, Any]:
    """
    Return a State's stop as those see it who may confirm or lift it.

    With what was signed of it so far: whoever is the second signs the same bytes. A first word that
    counts no more is shown with why; nobody signs what it was under.
    """
    void = why_lift_void(stop, now)
    signed = said_last(stop, now)
    return shape(stop) | {
        "id": stop.id,
        "by": stop.by_id,
        "reason": stop.reason,
        "confirmed": stop.confirmed_at is not None,
        "lifts_at": None if stop.confirmed_at else stop.at + CONFIRM_WITHIN,
        "lift_by": stop.lift_by_id,
        "lift_at": stop.lift_at,
        "lift_until": stop.lift_at + LIFT_WITHIN if stop.lift_at else None,
        "lift_void": void,
        "statement": as_wire(as_signed(signed)) if signed else None,
        "lift": stop.lift_statement if void is None else None,
    }
