"""
Stopping a person, a device, a State: one hand, one act, at once.

Nothing may hold a stop up. It needs no signature to work here: without one the server obeys, and
says to everybody that the signature, which their browsers would believe without the server, is
still to come. A stop restores nothing when it ends: devices that were stopped stay so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

import audit.services
from casehub.accounts import services as accounts
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.directory import notify, policies, queries
from casehub.directory.events import (
    DeviceRevoked,
    PersonRemoved,
    PersonSuspended,
)
from casehub.directory.models import Device, Notice, Person, State, Stop
from casehub.directory.queries import stops
from casehub.directory.statements import Statement

from .entering import keep_statement
from .notices import give
from .repeating import complete, explain
from .vouching import vouched


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stop, and how many coordinators of that State still act: none is for the ministry."""

    stop: Stop
    coordinators_left: int


def cut(
    *,
    people: Collection[UUID],
    devices: Collection[UUID],
    for_good: bool,
    act: int,
    now: datetime,
) -> None:
    """Have whoever takes messages and files do their part of a stop, in the act of event `act`."""
    # They are above this app and named in the settings, as for `actor_for`.
    for part in settings.CASEHUB_CUT_OFFS:
        import_string(part)(people=people, devices=devices, for_good=for_good, act=act, now=now)


def _locked(person: Person) -> Person:
    return held_person(person.id)


def held_person(person: UUID) -> Person:
    """Return the person, kept from others who would stop or restore them in this moment."""
    rows = Person.objects.filter(id=person).select_related("account", "state")
    if connection.vendor != "sqlite":
        rows = rows.select_for_update(of=("self",), no_key=True)
    return rows.get()


def hold_hands(state: str, people: Collection[UUID]) -> None:
    """
    Hold a State and these people of it: nobody stops one of them, or it, until all is written.

    A stop comes before the act that asks this, and voids the hands in it, or after it. Hands of one
    State wait for each other here, so whoever looks up the others who signed does so afterwards.
    """
    if connection.vendor == "sqlite":  # one writer
        return
    State.objects.select_for_update(no_key=True).get(code=state)
    list(
        Person.objects.filter(id__in=people)
        .order_by("id")
        .select_for_update(of=("self",), no_key=True)
        .values_list("id", flat=True)
    )


def _reason(reason: str, statement: Statement | None) -> str:
    if reason not in policies.REASONS:
        raise Refused("bad-frame")
    if reason or statement is None:
        return reason
    # Pages sign the same word for every reason; what another program has signed counts.
    signed = str(statement.fields["reason"])
    return signed if signed in policies.REASONS - {policies.UNSAID} else ""


def _end_person(
    *,
    kind: Stop.Kind,
    person: Person,
    reason: str,
    statement: dict[str, Any] | None,
    actor: Actor | None,
    now: datetime,
) -> Stop:
    """Stop a person in one way or the other; `actor` is None if the clock does."""
    signed = None
    if actor is not None:
        signed = vouched(
            statement, kind=str(kind), person=person, device=None, actor=actor, now=now
        )
        reason = _reason(reason, signed)
    person = _locked(person)
    known = stops.open_stop(person=person, kind=kind, device=None)
    if known is not None and _holds(person, kind):
        complete(known, reason=reason, statement=signed, actor=actor, now=now)
        return known
    if known is not None and known.statement_id:
        signed = None  # what it has already, it keeps
    devices = _devices_of(person)
    sessions = end_sessions(person=person, kind=kind, actor=actor, now=now)
    event = (PersonRemoved if kind == Stop.Kind.REMOVED else PersonSuspended)(
        states=(person.state_id,) if person.state_id else (),
        person=str(person.id),
        digest=signed.digest if signed else "",
        devices=len(devices),
        sessions=sessions,
    )
    act = audit.services.record(event, actor=actor.id if actor else "", at=now)
    _shut_out(person, devices, kind=kind, act=act, now=now)
    if (
        person.state_id
    ):  # of the region's own people no State is told: they rely on no key of theirs
        told = Notice.Kind.REMOVED if kind == Stop.Kind.REMOVED else Notice.Kind.SUSPENDED
        give(kind=told, state=person.state_id, person=person.id, act=act, now=now)
    stop = known or Stop(id=uuid4(), kind=kind, state_id=person.state_id, person=person)
    stop.by_id, stop.at, stop.reason = UUID(actor.id) if actor else None, now, reason
    if signed is not None:
        stop.statement = keep_statement(signed, event=act, now=now)
    stop.audit_event_id = act
    stop.save(force_insert=known is None)
    explain(stop, reason, actor=actor, now=now)
    return stop


def _devices_of(person: Person) -> list[UUID]:
    rows = Device.objects.filter(person=person, revoked_at=None)
    return list(rows.values_list("id", flat=True))


def end_sessions(*, person: Person, kind: Stop.Kind, actor: Actor | None, now: datetime) -> int:
    """End the sessions of somebody who is stopped so, in the act that does it; say how many."""
    if not person.accounts:
        return 0
    return accounts.end_all_sessions(
        accounts=person.accounts, reason=str(kind), actor=actor, now=now
    )


def dismiss(*, person: Person, act: int, now: datetime) -> None:
    """
    Shut somebody out for good in the act whose event is `act`: as removing does, without a stop.

    They are held by `held_person`, and their sessions are over (`end_sessions`).
    """
    _shut_out(person, _devices_of(person), kind=Stop.Kind.REMOVED, act=act, now=now)


def _shut_out(
    person: Person, devices: list[UUID], *, kind: Stop.Kind, act: int, now: datetime
) -> None:
    person.suspended_at = person.suspended_at or now
    if kind == Stop.Kind.REMOVED:
        person.removed_at = now
        for account in person.accounts:
            accounts.forget_unlock_shares(account=account)
    person.save(update_fields=["suspended_at", "removed_at"])
    # New keys if they ever come back: what was on a device that was lost stays out.
    Device.objects.filter(id__in=devices).update(revoked_at=now)
    cut(people=[person.id], devices=devices, for_good=True, act=act, now=now)


def _holds(person: Person, kind: Stop.Kind) -> bool:
    """Say whether a person is stopped so: an open stop of whom nothing says so stops them anew."""
    removed = kind != Stop.Kind.REMOVED or person.removed_at is not None
    return person.suspended_at is not None and removed


@transaction.atomic
def suspend_person(
    *,
    person: UUID,
    reason: str = "",
    statement: dict[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> Stopped:
    """
    Stop a person: sessions, tickets, devices, welcomes and key packages of theirs are over.

    `statement` is a signed revocation (wire form) if the actor holds a key; one that does not bear
    them out is as none. Of somebody suspended already a reason or a statement that was missing is
    taken in, and another person's statement; what one has begun to let them in again is void.

    :raises NotVisible: if there is no such person, or the actor may not stop them.
    :raises Refused: `bad-frame` for a reason that is no code.
    """
    found = queries.person_to_stop(actor, person)
    stop = _end_person(
        kind=Stop.Kind.SUSPENDED,
        person=found,
        reason=reason,
        statement=statement,
        actor=actor,
        now=now,
    )
    return Stopped(stop, stops.coordinators_left(found.state_id or "", now))


@transaction.atomic
def remove_person(
    *,
    person: UUID,
    reason: str = "",
    statement: dict[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> Stopped:
    """
    End a person's access for good; their own browsers cannot read any more what they have kept.

    The last coordinator of a State can be removed: a stop waits for no successor, and the ministry
    names one. Nobody removes themselves; suspending themselves is open to everyone.

    :raises NotVisible: if there is no such person, or the actor may not remove them.
    :raises Refused: `own-removal`; `bad-frame` for a reason that is no code.
    """
    found = queries.person_to_stop(actor, person)
    require(
        policies.why_not_remove(
            roles=actor.roles,
            state=actor.state,
            oneself=str(found.id) == actor.id,
            person_state=found.state_id or "",
        )
    )
    stop = _end_person(
        kind=Stop.Kind.REMOVED,
        person=found,
        reason=reason,
        statement=statement,
        actor=actor,
        now=now,
    )
    return Stopped(stop, stops.coordinators_left(found.state_id or "", now))


@transaction.atomic
def revoke_device(
    *,
    device: UUID,
    reason: str = "",
    statement: dict[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> Stop:
    """
    Stop one device: its sessions end, nobody adds it any more, others take it out.

    Also the one that the actor works as: then this session ends too.

    :raises NotVisible: if there is no such device, or the actor may not stop it.
    :raises Refused: `bad-frame` for a reason that is no code.
    """
    found = queries.device_to_stop(actor, device)
    signed = vouched(
        statement, kind="device", person=found.person, device=found, actor=actor, now=now
    )
    reason = _reason(reason, signed)
    _locked(found.person)
    known = stops.open_stop(device=found)
    if known is not None:
        complete(known, reason=reason, statement=signed, actor=actor, now=now)
        return known
    sessions = accounts.end_device_sessions(device=str(found.id), actor=actor, now=now)
    event = DeviceRevoked(
        states=(found.person.state_id,) if found.person.state_id else (),
        device=str(found.id),
        person=str(found.person_id),
        digest=signed.digest if signed else "",
        sessions=sessions,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    # One that went with its person has no stop of its own: it is one more word about it.
    Device.objects.filter(id=found.id, revoked_at=None).update(revoked_at=now)
    cut(people=[], devices=[found.id], for_good=True, act=act, now=now)
    if found.person.state_id:
        told = Notice.Kind.DEVICE_STOPPED
        give(kind=told, state=found.person.state_id, person=found.person_id, act=act, now=now)
    notify.devices_changed(str(found.person_id))
    stop = Stop.objects.create(
        id=uuid4(),
        kind=Stop.Kind.DEVICE,
        state_id=found.person.state_id,
        person_id=found.person_id,
        device=found,
        by_id=actor.id,
        at=now,
        reason=reason,
        statement=keep_statement(signed, event=act, now=now) if signed else None,
        audit_event_id=act,
    )
    explain(stop, reason, actor=actor, now=now)
    return stop


def end_stops(*, person: UUID, now: datetime) -> None:
    """
    Note that a person's suspension is over: part of the act that reinstates them.

    Their devices and sessions stay stopped, and so do those of one device alone.
    """
    Stop.objects.filter(
        person_id=person, kind=Stop.Kind.SUSPENDED, device=None, ended_at=None
    ).update(ended_at=now)


def begin_reinstating(*, person: UUID, by: UUID, now: datetime) -> None:
    """Note who has begun to let a suspended person in again: part of the act of the first hand."""
    Stop.objects.filter(
        person_id=person, kind=Stop.Kind.SUSPENDED, device=None, ended_at=None
    ).update(lift_by=by, lift_at=now)


def stop_unused(*, person: Person, kind: Stop.Kind, now: datetime) -> int:
    """
    Stop somebody who has not signed in for long: nobody did it. Return the id of its event.

    They are held by `held_person`, and not stopped so yet. The reason is the clock's own: no person
    can give it.
    """
    stop = _end_person(
        kind=kind, person=person, reason=policies.UNUSED, statement=None, actor=None, now=now
    )
    return stop.audit_event_id


def end_access(*, person: Person, now: datetime) -> int:
    """End the sessions of somebody whose time is over: part of an act of the clock's."""
    if person.account_id is None:
        return 0
    return accounts.end_all_sessions(
        accounts=[person.account_id], reason="expired", actor=None, now=now
    )


def void_access(*, person: Person, act: int, now: datetime) -> None:
    """Void what waits for their devices, and have others take these out of their groups."""
    devices = Device.objects.filter(person=person, revoked_at=None).values_list("id", flat=True)
    cut(people=[person.id], devices=list(devices), for_good=False, act=act, now=now)
