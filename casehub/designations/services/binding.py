"""Vouching for a key, and letting somebody in again who was stopped: with one hand or two."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.frames import to_b64u
from casehub.directory import policies as directory_policies
from casehub.directory import services as directory
from casehub.directory import statements
from casehub.directory.models import Notice, Person
from casehub.directory.statements import Signature, Statement

from .. import limits, policies
from ..events import BindingSigned, ReinstatementSigned
from ..models import Designation, FirstHand
from ..policies import Hand
from ..queries import hands, reading, saying, stopped, trying
from ..stages import Stage
from .moving import due, enter_stage, require_step, tell


def _signed_alone(statement: dict[str, Any], kind: str) -> tuple[Statement, Signature]:
    """
    Return a statement of a kind and the one signature that it brings.

    :raises Refused: `payload-changed` if it is of another kind, or brings other than one.
    :raises ChainBroken: `malformed`.
    """
    signed = statements.parse(statement)
    if signed.type != kind or len(signed.signatures) != 1:
        raise Refused("payload-changed")
    return signed, signed.signatures[0]


def _require_hand(signed: Statement, hand: Signature, keys: frozenset[bytes]) -> None:
    if hand.key not in keys:
        raise Refused("key-not-in-force")
    if to_b64u(hand.key) not in signed.signers:
        raise Refused("signature-refused")


def _keep_first(
    kind: str,
    person: UUID,
    signed: Statement,
    hand: Signature,
    *,
    actor: Actor,
    act: int,
    now: datetime,
) -> None:
    """Keep a first hand; one before it is void: two people sign one body, not two."""
    FirstHand.objects.filter(kind=kind, person=person, done_at=None).update(due_at=now)
    FirstHand.objects.create(
        kind=kind,
        person=person,
        body=signed.body,
        digest=saying.body_digest(signed.body),
        signer_id=actor.id,
        key=hand.key,
        signature=hand.signature,
        at=now,
        due_at=now + limits.HANDS_LAST,
        audit_event_id=act,
    )


def _begun(
    kind: str,
    person: UUID,
    signed: Statement,
    hand: Signature,
    *,
    begin: frozenset[bytes],
    end: frozenset[bytes],
    actor: Actor,
    now: datetime,
) -> FirstHand | None:
    """
    Return the first hand that this one completes, or None if it is a first hand itself.

    `begin` and `end` are the actor's keys that count as a first and as a second hand. Whoever may
    begin may begin again with other bytes; whoever may only complete signs the first one's.

    :raises Refused: `payload-changed`, `second-hand-needed`, `first-hand-void`,
        `key-not-in-force`, `signature-refused`, `statement-stale`.
    """
    first = hands.waiting(kind, person, now)
    issued = statements.instant(signed.fields["issued"])
    if first is not None:
        directory.hold_hands(actor.state, [first.signer_id])
        first.signer.refresh_from_db()
        same = bytes(first.body) == signed.body
        if same or not begin:
            require(
                policies.why_not_second(
                    first=Hand(str(first.signer_id), bytes(first.key)),
                    second=Hand(actor.id, hand.key),
                    same_body=same,
                    first_in_force=hands.still_counts(first, now)
                    and hands.stands_under(actor, issued, now),
                )
            )
            _require_hand(signed, hand, end)
            return first
    _require_hand(signed, hand, begin)
    _require_now(signed, actor, now)
    return None


def _require_now(signed: Statement, actor: Actor, now: datetime) -> None:
    """Pass a first hand of now, whose giver was not stopped since its date."""
    issued = statements.instant(signed.fields["issued"])
    require(directory_policies.why_not_dated(issued=issued, now=now))
    if not hands.stands_under(actor, issued, now):
        raise Refused("statement-stale")


def _whole(first: FirstHand | None, signed: Statement, hand: Signature) -> Statement:
    """Return the statement under which all hands are."""
    if first is None:
        return signed
    earlier = Signature(bytes(first.key), bytes(first.signature))
    return statements.parse(
        statements.as_wire(Statement(signed.type, signed.body, (earlier, hand), signed.fields))
    )


def _done(first: FirstHand, hand: Signature, *, actor: Actor, act: int, now: datetime) -> None:
    first.second_id, first.second_key, first.second_signature = actor.id, hand.key, hand.signature
    first.done_at, first.audit_event_id = now, act
    first.save()


@transaction.atomic
def bind(*, designation: UUID, statement: dict[str, Any], actor: Actor, now: datetime) -> UUID:
    """
    Vouch that the offered key is the person's, whose six words the signer has heard from them.

    From here the designation is active, and the person has its roles. A key that takes the place of
    one that counts needs an officer besides: the first signature waits for theirs.

    :raises NotVisible: if there is no such designation.
    :raises Refused: `step-up-needed`; `designation-stage`, `designation-late`,
        `designation-early`; `bound-by-another`, `key-not-in-force`, `signature-refused`;
        `own-binding`, `key-missing`, `second-passkey-needed`, `binding-differs`;
        `account-closed`; `statement-stale` (of a first hand, whose date is not of now);
        `payload-changed`, `second-hand-needed`, `first-hand-void`.
    :raises ChainBroken: `malformed`.
    """
    require_fresh(actor, now)
    found = reading.designation_for(actor, designation, lock=True)
    require_step(found, "bind", now)
    signed, hand = _signed_alone(statement, "binding")
    directory.hold_hands(found.state, [UUID(actor.id), found.person])
    person = reading.person_of(found)
    if person is not None:
        # Held until all is written: a stop comes before it or after, and is not written over.
        person = directory.held_person(person.id)
    require(
        policies.why_not_bind(
            fields=signed.fields,
            person=str(found.person),
            key=to_b64u(found.key) if found.key is not None else "",
            serial=str(found.serial),
            actor=actor.id,
            passkeys=len(trying.passkeys_of(found, person)),
            passkeys_needed=settings.PASSKEYS_NEEDED
            if found.renews_id is None or found.rekey
            else 0,
            begun=found.starts <= now,
            closed=person is not None and person.closed,
        )
    )
    assert person is not None  # noqa: S101 - who has offered a key has a row
    assert found.key is not None  # noqa: S101 - so the policy says
    live = hands.live_key(found.person)
    of = 2 if live is not None and live != bytes(found.key) else 1
    binder = policies.binders(found.role_list)
    if not {binder, policies.MINISTRY} & actor.roles or (of == 1 and binder not in actor.roles):
        raise Refused("bound-by-another")
    begin = hands.keys_of(actor, binder, now)
    first = None
    if of == 1:
        _require_hand(signed, hand, begin)
        _require_now(signed, actor, now)
    else:
        first = _begun(
            FirstHand.Kind.BINDING,
            found.person,
            signed,
            hand,
            begin=begin,
            end=hands.keys_of(actor, policies.MINISTRY, now),
            actor=actor,
            now=now,
        )
    whole = _whole(first, signed, hand)
    placed = 1 if first is None else 2
    event = BindingSigned(
        states=(actor.state,),
        designation=str(found.id),
        person=str(found.person),
        signed=saying.body_digest(signed.body),
        hand=placed,
        of=of,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    if placed < of:
        _keep_first(
            FirstHand.Kind.BINDING, found.person, signed, hand, actor=actor, act=act, now=now
        )
        tell(found)
        return found.id
    if first is not None:
        _done(first, hand, actor=actor, act=act, now=now)
    hands.require_counts(whole, now)
    directory.enter_statement(statement=whole, actor=actor, now=now)
    _activate(found, person, act=act, now=now)
    if found.rekey:
        directory.succeed(person=found.person, act=act, actor=actor, now=now)
    if of > 1 or found.rekey:
        directory.give(
            kind=Notice.Kind.KEY_CHANGED, state=found.state, person=person.id, act=act, now=now
        )
    return found.id


def _activate(found: Designation, person: Person, *, act: int, now: datetime) -> None:
    """Let a designation count: its person has what it says, and the term before it is over."""
    person.roles, person.functions = found.roles, found.functions
    person.languages, person.scope = found.languages, found.scope
    person.name, person.post, person.office_id = found.name, found.post, found.office_id
    person.valid_until, person.audit_event_id = found.until, act
    person.save(
        update_fields=[
            "roles",
            "functions",
            "languages",
            "scope",
            "name",
            "post",
            "office",
            "valid_until",
            "audit_event_id",
        ]
    )
    earlier = Designation.objects.filter(person=found.person, stage=Stage.ACTIVE)
    earlier.exclude(id=found.id).update(stage=Stage.EXPIRED, stage_since=now, due_at=None)
    found.bound_at = now
    ends = due(Stage.ACTIVE, state=found.state, now=now, urgent=found.urgent, until=found.until)
    enter_stage(found, Stage.ACTIVE, act=act, now=now, due_at=ends)
    tell(found, person.id)


@transaction.atomic
def reinstate(*, person: UUID, statement: dict[str, Any], actor: Actor, now: datetime) -> UUID:
    """
    Let somebody in again who was suspended: a coordinator signs, then an officer the same bytes.

    Stopping takes one and is done at once; this takes two. What was stopped with the person, their
    devices and sessions, stays so: they begin with new ones. Of a coordinator two officers may
    sign, for a State may have no other. A stop without a signature is lifted without a statement.

    :raises NotVisible: if the State has no such person.
    :raises Refused: `step-up-needed`; `not-suspended` (removed is for good), `own-reinstatement`;
        `payload-changed` (other bytes than the first signed, or another stop than the one that
        holds), `key-not-in-force`, `signature-refused`, `second-hand-needed`, `first-hand-void`,
        `statement-stale`.
    :raises ChainBroken: `malformed`, or if what both have signed would not count.
    """
    require_fresh(actor, now)
    own = reading.own_person(actor, person)
    directory.hold_hands(actor.state, [UUID(actor.id), own.id])
    found = directory.held_person(own.id)
    signed, hand = _signed_alone(statement, "reinstatement")
    require(
        policies.why_not_reinstate(
            suspended=found.suspended_at is not None,
            removed=stopped.is_removed(found),
            own=actor.id == str(found.id),
            about=(signed.fields["person"], signed.fields["state"])
            == (str(found.id), found.state_id),
            revokes=signed.fields["revokes"],
            revocation=stopped.revocation_of(found),
        )
    )
    officer = hands.keys_of(actor, policies.MINISTRY, now)
    begin = hands.keys_of(actor, policies.COORDINATOR, now)
    if policies.COORDINATOR in found.role_set:
        begin |= officer  # a State may have no other coordinator
    first = _begun(
        FirstHand.Kind.REINSTATEMENT,
        found.id,
        signed,
        hand,
        begin=begin,
        end=officer,
        actor=actor,
        now=now,
    )
    event = ReinstatementSigned(
        states=(actor.state,),
        person=str(found.id),
        signed=saying.body_digest(signed.body),
        hand=1 if first is None else 2,
        of=2,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    if first is None:
        _keep_first(
            FirstHand.Kind.REINSTATEMENT, found.id, signed, hand, actor=actor, act=act, now=now
        )
        directory.begin_reinstating(person=found.id, by=UUID(actor.id), now=now)
        return found.id
    _done(first, hand, actor=actor, act=act, now=now)
    if signed.fields["revokes"] != stopped.NOT_SIGNED:
        whole = _whole(first, signed, hand)
        hands.require_counts(whole, now)
        directory.enter_statement(statement=whole, actor=actor, now=now)
    found.suspended_at, found.audit_event_id = None, act
    found.save(update_fields=["suspended_at", "audit_event_id"])
    directory.end_stops(person=found.id, now=now)
    directory.give(
        kind=Notice.Kind.REINSTATED, state=actor.state, person=found.id, act=act, now=now
    )
    return found.id
