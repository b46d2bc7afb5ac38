"""
Stopping a whole State: one hand for an hour, two until two others lift it.

It protects the others when a ministry is broken into. Its people stay listed, and none of them acts
or receives; coordinators and the ministry may still sign in, to confirm it, to lift it, to stop
somebody.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import rfc8785
from django.db import connection, transaction

import audit.services
from casehub.accounts import services as accounts
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused, require
from casehub.directory import policies, queries
from casehub.directory.events import (
    StateLiftAsked,
    StateLifted,
    StateStopConfirmed,
    StateStopped,
)
from casehub.directory.models import Device, Notice, Person, State, Stop
from casehub.directory.queries import stops
from casehub.directory.statements import Statement, as_wire, instant

from .entering import keep_statement
from .notices import give
from .repeating import LIFT_FIELDS, complete, explain, void_lift
from .stopping import cut
from .vouching import vouched_for_state

SYSTEM = ""  # nobody did it: the hour was over


@dataclass(frozen=True, slots=True)
class Lift:
    """What became of a wish to lift a stop: done, or waiting for a second person."""

    stop: Stop
    done: bool


def _held(code: str) -> State:
    """Return the State, kept from others who would stop or lift it in this moment."""
    rows = State.objects.filter(code=code)
    if connection.vendor != "sqlite":
        rows = rows.select_for_update(no_key=True)
    return rows.get()


def _waits(stop: UUID, code: str) -> Stop:
    found = stops.open_stop(id=stop, kind=Stop.Kind.STATE, state=code)
    if found is None:
        raise NotVisible
    return found


@transaction.atomic
def stop_state(
    *,
    code: str,
    reason: str = "",
    statement: dict[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> Stop:
    """
    Stop access of a State's people: sessions end, nobody of them acts or receives.

    Their devices are not revoked, for a false alarm must cost little: members of other States take
    them out of the groups, and let them in again afterwards. Of a State that is stopped already the
    stop that holds is returned: a second person's within the hour confirms it, and what one has
    begun to lift it is void.

    :raises NotVisible: if there is no such State, or the actor may not stop it.
    :raises Refused: `bad-frame` for a reason that is no code.
    """
    queries.state_to_stop(actor, code)
    if reason not in policies.REASONS:
        raise Refused("bad-frame")
    signed = vouched_for_state(statement, type_="state-stop", code=code, actor=actor, now=now)
    state = _held(code)
    known = stops.open_stop(kind=Stop.Kind.STATE, state=state)
    if known is not None and stops.is_over(known, now):
        _end(known, digest="", unconfirmed=True, by=SYSTEM, now=now)
    elif known is not None:
        return _again(known, reason=reason, signed=signed, actor=actor, now=now)
    rows = list(Person.objects.filter(state=state))
    people = [one.id for one in rows]
    with_account = [account for one in rows for account in one.accounts]
    sessions = accounts.end_all_sessions(
        accounts=with_account, reason="state-stopped", actor=actor, now=now
    )
    stop = uuid4()
    event = StateStopped(
        states=(code,),
        code=code,
        stop=str(stop),
        digest=signed.digest if signed else "",
        people=len(people),
        sessions=sessions,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    state.stopped_at = now
    state.save(update_fields=["stopped_at"])
    devices = Device.objects.filter(person__in=people).values_list("id", flat=True)
    cut(people=list(people), devices=list(devices), for_good=False, act=act, now=now)
    give(kind=Notice.Kind.STATE_STOPPED, state=code, act=act, now=now)
    made = Stop.objects.create(
        id=stop,
        kind=Stop.Kind.STATE,
        state=state,
        by_id=actor.id,
        at=now,
        reason=reason,
        statement=keep_statement(signed, event=act, now=now) if signed else None,
        audit_event_id=act,
    )
    explain(made, reason, actor=actor, now=now)
    return made


def _again(
    known: Stop, *, reason: str, signed: Statement | None, actor: Actor, now: datetime
) -> Stop:
    """Hear somebody who stops a State that is stopped: two who do so are the two it takes."""
    if known.confirmed_at is None and str(known.by_id) != actor.id:
        _confirm(known, signed=signed, actor=actor, now=now)
    else:
        complete(known, reason=reason, statement=signed, actor=actor, now=now)
    return known


def _confirm(found: Stop, *, signed: Statement | None, actor: Actor, now: datetime) -> None:
    """Let a stop hold until it is lifted; what one has begun to lift it is void."""
    event = StateStopConfirmed(
        states=(str(found.state_id),),
        code=str(found.state_id),
        stop=str(found.id),
        digest=signed.digest if signed else "",
    )
    found.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    found.confirmed_by_id, found.confirmed_at = UUID(actor.id), now
    void_lift(found)
    if signed is not None:
        found.statement = keep_statement(signed, event=found.audit_event_id, now=now)
    fields = ["audit_event_id", "confirmed_by", "confirmed_at", "statement", *LIFT_FIELDS]
    found.save(update_fields=fields)


def _same_words(stop: Stop, statement: Statement | None) -> Statement | None:
    """Return the statement if it says, byte for byte, what the first hand has signed."""
    if statement is None or stop.statement is None:
        return statement
    return statement if statement.body == bytes(stop.statement.body) else None


@transaction.atomic
def confirm_state_stop(
    *,
    code: str,
    stop: UUID,
    statement: dict[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> Stop:
    """
    Stand behind a State's stop as a second person, within its hour: it holds until it is lifted.

    `statement` is the same body with the actor's signature. Confirmed already: nothing happens,
    but that a signature which it lacks is taken.

    :raises NotVisible: if this stop does not hold, or the actor may not confirm it.
    :raises Refused: `second-person-needed` to whoever made it.
    """
    queries.state_to_stop(actor, code)
    _held(code)
    found = _waits(stop, code)
    if stops.is_over(found, now):
        raise NotVisible
    if str(found.by_id) == actor.id:
        raise Refused("second-person-needed")
    signed = _same_words(
        found,
        vouched_for_state(statement, type_="state-stop", code=code, actor=actor, now=now),
    )
    if found.confirmed_at is not None:
        # Whoever confirmed with no key at hand signs afterwards: browsers count hands, not rows.
        if signed is not None:
            complete(found, reason="", statement=signed, actor=actor, now=now)
        return found
    _confirm(found, signed=signed, actor=actor, now=now)
    return found


def _end(stop: Stop, *, digest: str, unconfirmed: bool, by: str, now: datetime) -> int:
    """Lift a stop, with its event, and return that one's id."""
    code = str(stop.state_id)
    event = StateLifted(
        states=(code,), code=code, stop=str(stop.id), digest=digest, unconfirmed=unconfirmed
    )
    act = audit.services.record(event, actor=by, at=now)
    _lift(stop, event=act, now=now)
    stop.save(update_fields=["ended_at", "audit_event_id"])
    return act


def _lift(stop: Stop, *, event: int, now: datetime) -> None:
    stop.ended_at, stop.audit_event_id = now, event
    State.objects.filter(code=stop.state_id).update(stopped_at=None)
    people = Person.objects.filter(state=stop.state_id).values_list("id", flat=True)
    # Nobody is cut off now: whoever shares a circle with them looks whom to let in again.
    cut(people=list(people), devices=[], for_good=False, act=event, now=now)
    give(kind=Notice.Kind.STATE_LIFTED, state=str(stop.state_id), act=event, now=now)


def lift_payload(stop: Stop) -> bytes:
    """Return what two persons agree to who sign no statement: the canonical bytes of which stop."""
    return rfc8785.dumps({"state": stop.state_id, "stops": str(stop.id)})


@transaction.atomic
def lift_state(
    *,
    code: str,
    stop: UUID,
    statement: dict[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> Lift:
    """
    Ask that a State's stop be lifted, or be the second who does: then it is.

    The two are different persons of that State, one of them of its ministry, and mean the same
    bytes: of a signed stop the body of a `state-lift` that both sign, for browsers believe no less;
    of an unsigned one its id. It names what was said last of all that browsers hold against the
    State, also of a stop that is over here: what was said before is lifted with it. The first word
    counts for 72 hours, while whoever said it is not stopped and nobody has stopped the State once
    more: after that the next one is the first.

    :raises NotVisible: if this stop does not hold, or the actor may not lift it.
    :raises Refused: `signature-needed` for a signed stop, `statement-stale`,
        `second-person-needed`, `ministry-needed`, `payload-changed` if the second means
        something else than the first.
    """
    queries.state_to_stop(actor, code)
    require(policies.why_not_lift(roles=actor.roles, state=actor.state, code=code, first=None))
    _held(code)
    found = _waits(stop, code)
    signed = vouched_for_state(statement, type_="state-lift", code=code, actor=actor, now=now)
    holds = stops.said_last(found, now)
    if holds is not None:
        serial = queries.fields_of(holds)["serial"]
        if signed is None or signed.fields["stops"] != serial:
            raise Refused("signature-needed")
    payload = signed.body if signed else lift_payload(found)
    first = found.lift_by if stops.is_lift_asked(found, now) else None
    if first is None:
        if signed is not None:
            issued = instant(signed.fields["issued"])
            require(policies.why_not_dated(issued=issued, now=now))
            if queries.said_since(code, issued, now=now):
                raise Refused("statement-stale")
        asked = StateLiftAsked(
            states=(code,),
            code=code,
            stop=str(stop),
            meant=hashlib.sha256(payload).hexdigest(),
        )
        found.audit_event_id = audit.services.record(asked, actor=actor.id, at=now)
        found.lift_by_id, found.lift_at, found.lift_payload = UUID(actor.id), now, payload
        found.lift_statement = as_wire(signed) if signed else None
        found.save(
            update_fields=["audit_event_id", "lift_by", "lift_at", "lift_payload", "lift_statement"]
        )
        return Lift(found, done=False)
    if str(first.id) == actor.id:
        raise Refused("second-person-needed")
    require(
        policies.why_not_lift(roles=actor.roles, state=actor.state, code=code, first=first.role_set)
    )
    if bytes(found.lift_payload or b"") != payload:
        raise Refused("payload-changed")
    if signed is not None and queries.why_not(signed, now=now) is not None:
        # Browsers would go on believing the stop, whatever was written here.
        raise Refused("signature-needed")
    digest = signed.digest if signed else ""
    act = _end(found, digest=digest, unconfirmed=False, by=actor.id, now=now)
    if signed is not None:
        keep_statement(signed, event=act, now=now)
    return Lift(found, done=True)


@transaction.atomic
def lift_unconfirmed(*, actor: Actor | None = None, now: datetime) -> int:
    """
    Lift every State's stop that one person made and nobody confirmed within the hour.

    Call it every minute or so; `actor` is None: nobody did it. Returns how many were lifted.
    """
    late = Stop.objects.filter(
        kind=Stop.Kind.STATE,
        ended_at=None,
        confirmed_at=None,
        at__lte=now - stops.CONFIRM_WITHIN,
    )
    lifted = 0
    for code in list(late.values_list("state_id", flat=True)):
        _held(code)
        found = late.filter(state=code).first()
        if found is None:
            continue
        _end(found, digest="", unconfirmed=True, by=actor.id if actor else SYSTEM, now=now)
        lifted += 1
    return lifted
