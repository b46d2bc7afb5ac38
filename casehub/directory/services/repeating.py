"""
Stopping who is stopped already: no less a word than the first.

Whoever says it may know of something worse, and whoever has begun to lift the stop did not: that is
void, and begun anew by somebody who knows. A statement that comes with it is kept beside the first.
"""

from __future__ import annotations

from datetime import datetime

import audit.services
from casehub.core.actor import Actor
from casehub.directory import queries
from casehub.directory.events import StopCompleted, StopReasoned, StopRepeated
from casehub.directory.models import SignedStatement, Stop
from casehub.directory.statements import Statement

from .entering import keep_statement

LIFT_FIELDS = ("lift_by", "lift_at", "lift_payload", "lift_statement")


def void_lift(stop: Stop) -> None:
    """Forget who began to lift a stop; whoever calls saves `LIFT_FIELDS`."""
    stop.lift_by = stop.lift_at = stop.lift_payload = stop.lift_statement = None


def _is_signed_by(stop: Stop, actor: Actor, now: datetime) -> bool:
    """Say whether the actor's own hand is among those that were kept since a stop began."""
    if stop.kind == Stop.Kind.STATE:
        rows = SignedStatement.objects.filter(type="state-stop", state=stop.state_id)
    else:
        rows = SignedStatement.objects.filter(type="revocation", person=stop.person_id)
    keys = queries.keys_of(actor, now=now)
    signed = (queries.as_signed(row) for row in rows.filter(entered_at__gte=stop.at))
    kinds = {stop.kind, None}  # a State's statement has none
    return any(keys & one.signers and one.fields.get("kind") in kinds for one in signed)


def explain(stop: Stop, reason: str, *, actor: Actor | None, now: datetime) -> None:
    """Leave why somebody was stopped, if whoever did it said so."""
    if reason:
        note_reason(stop, reason, actor=actor, now=now)


def note_reason(stop: Stop, reason: str, *, actor: Actor | None, now: datetime) -> int:
    """
    Leave why in the log of acts alone: what stands in the directory's is opened to all States.

    Return the event's id.
    """
    state = stop.state_id or (stop.person.state_id if stop.person else None)
    event = StopReasoned(
        states=(state,) if state else (),
        stop=str(stop.id),
        person=str(stop.person_id or ""),
        reason=reason,
    )
    return audit.services.record(event, actor=actor.id if actor else "", at=now)


def _hear_again(
    stop: Stop, *, reason: str, statement: Statement | None, actor: Actor, now: datetime
) -> bool:
    """
    Take in that somebody stops again who is stopped; False if it says nothing new.

    New is what comes while somebody has begun to lift it, and another person's statement: of each
    person one is kept for a stop, or one for each time that it was to be lifted. What can not be
    lifted, of devices and of people removed, is said once.
    """
    if stop.kind not in {Stop.Kind.STATE, Stop.Kind.SUSPENDED}:
        return False
    voids = stop.lift_at is not None
    signed = statement is not None and stop.statement_id is not None
    if not voids and not (signed and not _is_signed_by(stop, actor, now)):
        return False
    state = stop.state_id or (stop.person.state_id if stop.person else None)
    event = StopRepeated(
        states=(state,) if state else (),
        stop=str(stop.id),
        person=str(stop.person_id or ""),
        digest=statement.digest if statement else "",
        voids=voids,
    )
    stop.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    void_lift(stop)
    if statement is not None:
        stop.statement = keep_statement(statement, event=stop.audit_event_id, now=now)
    if reason and stop.reason != reason:
        stop.reason = reason
        stop.audit_event_id = note_reason(stop, reason, actor=actor, now=now)
    stop.save(update_fields=["audit_event_id", "reason", "statement", *LIFT_FIELDS])
    return True


def complete(
    stop: Stop, *, reason: str, statement: Statement | None, actor: Actor | None, now: datetime
) -> None:
    """Take in what is new in a stop said again, or what it was made without; none by the clock."""
    if actor is None or _hear_again(stop, reason=reason, statement=statement, actor=actor, now=now):
        return
    reason = "" if stop.reason == reason else reason
    fresh = None if stop.statement_id else statement
    if not reason and fresh is None:
        return
    if reason:
        stop.reason = reason
        stop.audit_event_id = note_reason(stop, reason, actor=actor, now=now)
    if fresh is not None:
        state = stop.state_id or (stop.person.state_id if stop.person else None)
        event = StopCompleted(
            states=(state,) if state else (),
            stop=str(stop.id),
            person=str(stop.person_id or ""),
            digest=fresh.digest,
        )
        stop.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
        stop.statement = keep_statement(fresh, event=stop.audit_event_id, now=now)
    stop.save(update_fields=["audit_event_id", "reason", "statement"])
