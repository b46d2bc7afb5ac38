"""Signatures: whoever nominates fixes the bytes, others put their hands under exactly these."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

import audit.services
from casehub.accounts.services.own import require_fresh
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.frames import to_b64u
from casehub.directory import queries, statements
from casehub.directory import services as directory
from casehub.directory.models import Notice
from casehub.directory.statements import Signature, Statement

from .. import policies
from ..events import ApprovalGiven, DesignationNominated
from ..models import Approval, Designation
from ..policies import Hand
from ..queries import hands, reading, saying
from ..queries import urgent as urgency
from ..stages import Stage
from .moving import due, enter_stage, nomination_due, require_step, require_urgent

KIND = "designation"


@transaction.atomic
def nominate(*, designation: UUID, statement: dict[str, Any], actor: Actor, now: datetime) -> UUID:
    """
    Nominate: the statement's body, signed by whoever nominates, is what all others sign.

    It must say what the draft says, objections of agencies among it. Nominating again fixes new
    bytes: what was signed under the earlier ones is void.

    :raises NotVisible: if there is no such designation.
    :raises Refused: `step-up-needed`; `designation-stage`, `designation-late`;
        `drafted-by-another`; `own-nomination`; `key-not-in-force`, `signature-refused`;
        `nomination-differs`, `nomination-stale`, `serial-known`; on the urgent path
        `urgent-coordinator`, `urgent-again`, `urgent-often`, and `hand-limited` for a coordinator
        for whom others have to wait themselves, with the moment; as `hands.require_effect`, for
        what those who verify it would not believe whoever signed it.
    :raises ChainBroken: `malformed`; if the State is not known, or the person is another's.
    """
    require_fresh(actor, now)
    found = reading.designation_for(actor, designation, lock=True)
    directory.hold_hands(actor.state, [UUID(actor.id)])
    require_step(found, "nominate", now)
    role = hands.nominates(found, hands.coordinators(found.state, now))
    if role not in actor.roles:
        raise Refused("drafted-by-another")
    _require_urgent(found, role, actor=actor, now=now)
    signed = statements.parse(statement)
    if signed.type != KIND or len(signed.signatures) != 1:
        raise Refused("nomination-differs")
    issued = statements.instant(signed.fields["issued"])
    require(
        policies.why_not_nominate(
            fields=signed.fields,
            wanted=saying.fields_of(found, now),
            actor=actor.id,
            issued=issued,
            now=now,
        )
    )
    (hand,) = signed.signatures
    _require_signed(signed, hand, keys=hands.keys_of(actor, role, now))
    if not hands.stands_under(actor, issued, now):
        raise Refused("nomination-stale")
    serial = signed.fields["serial"]
    if Designation.objects.filter(serial=serial).exists():
        raise Refused("serial-known")
    hands.require_effect(found, signed, now, last=False)
    event = DesignationNominated(
        states=(actor.state,),
        designation=str(found.id),
        person=str(found.person),
        functions=tuple(found.function_list),
        signed=saying.body_digest(signed.body),
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    found.body, found.digest, found.serial = signed.body, event.signed, serial
    found.nominator_id, found.nominated_at = UUID(actor.id), now
    found.nominator_key, found.nominator_signature = hand.key, hand.signature
    ends = min(nomination_due(issued, urgent=found.urgent), found.until)
    enter_stage(found, Stage.NOMINATED, act=act, now=now, due_at=ends)
    return found.id


def _require_urgent(found: Designation, role: str, *, actor: Actor, now: datetime) -> None:
    """Pass an urgent nomination only by somebody for whom nobody has to wait."""
    require_urgent(found, role, now)
    waits = queries.effective_later([UUID(actor.id)], now=now) if found.urgent else {}
    if waits:
        raise Refused("hand-limited", until=max(waits.values()))


def _require_signed(signed: Statement, hand: Signature, *, keys: frozenset[bytes]) -> None:
    if hand.key not in keys:
        raise Refused("key-not-in-force")
    if to_b64u(hand.key) not in signed.signers:
        raise Refused("signature-refused")


@transaction.atomic
def approve(
    *, designation: UUID, digest: str, key: bytes, signature: bytes, actor: Actor, now: datetime
) -> UUID:
    """
    Put a hand under a nomination's bytes; the last one enters the statement and tells all States.

    `digest` is the SHA-256 (hex) of the body that the officer's page showed, `signature` is over
    the body itself.

    :raises NotVisible: if there is no such designation.
    :raises Refused: `step-up-needed`; `designation-stage`, `designation-late` (an earlier hand is
        too old by then); `nomination-alone` (the ministry nominated a coordinator, and the State
        has another one by now); `urgent-again`, `urgent-often`; `own-nomination`,
        `payload-changed`, `key-not-in-force`,
        `second-hand-needed` (the same person or key again), `first-hand-void` (somebody who has
        signed before, the actor since the nomination, or the State was stopped since: it is
        nominated anew), `signature-refused` (e.g. one for another nominee); as
        `hands.require_effect`, of what all have signed.
    :raises ChainBroken: if it would not count for those who verify it for another reason.
    """
    require_fresh(actor, now)
    found = reading.designation_for(actor, designation, lock=True)
    require_step(found, "approve", now)
    assert found.body is not None  # noqa: S101 - both stages come after a nomination
    body = bytes(found.body)
    assert found.nominator is not None  # noqa: S101 - so the table's constraint says
    signers = [one.officer_id for one in reading.hands_of(found)]
    directory.hold_hands(found.state, [UUID(actor.id), found.nominator.id, *signers])
    # Read when they are held: a stop that came before has been written by now.
    found.nominator.refresh_from_db()
    earlier, of = reading.hands_of(found), reading.needed(found, now)
    role = hands.nominates(found, hands.coordinators(found.state, now))
    require(policies.why_not_nominated(nominates=role, nominator=found.nominator.role_set))
    if found.urgent:
        urgency.hold(found.state)
    require_urgent(found, role, now)
    before = reading.as_hands(earlier)
    given = [(one.officer_id, one.at) for one in earlier]
    if found.nominated_at is not None:
        given.append((found.nominator.id, found.nominated_at))
    if role == policies.COORDINATOR:
        # Such a nominator has signed already: that hand is no approval besides.
        before.append(Hand(str(found.nominator_id), bytes(found.nominator_key or b"")))
    require(
        policies.why_not_approve(
            hand=Hand(actor.id, key),
            earlier=before,
            nominee=str(found.person),
            keys=hands.keys_of(actor, policies.MINISTRY, now),
            body=body,
            seen=digest,
            all_in_force=hands.all_stand(given, now) and _stands(actor, body, now),
        )
    )
    placed = [Signature(bytes(one.key), bytes(one.signature)) for one in earlier]
    placed.append(Signature(key, signature))
    if found.nominator_key is not None and all(s.key != found.nominator_key for s in placed):
        own = Signature(bytes(found.nominator_key), bytes(found.nominator_signature or b""))
        placed.insert(0, own)
    signed = statements.parse(statements.as_wire(Statement(KIND, body, tuple(placed), {})))
    if to_b64u(key) not in signed.signers:
        raise Refused("signature-refused")
    hand = len(earlier) + 1
    event = ApprovalGiven(
        states=(actor.state,),
        designation=str(found.id),
        person=str(found.person),
        signed=found.digest,
        hand=hand,
        of=of,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    Approval.objects.create(
        designation=found,
        digest=found.digest,
        place=hand,
        officer_id=actor.id,
        key=key,
        signature=signature,
        at=now,
        audit_event_id=act,
    )
    if hand < of:
        enter_stage(found, Stage.MINISTRY_1, act=act, now=now, due_at=found.due_at)
    else:
        hands.require_effect(found, signed, now, last=True)
        _complete(found, signed, nominates=role, actor=actor, act=act, now=now)
    return found.id


def _stands(actor: Actor, body: bytes, now: datetime) -> bool:
    issued = statements.instant(json.loads(body)["issued"])
    return hands.stands_under(actor, issued, now)


def _complete(
    found: Designation,
    signed: Statement,
    *,
    nominates: str,
    actor: Actor,
    act: int,
    now: datetime,
) -> None:
    """Enter the statement that all hands are under, and tell every State, in this transaction."""
    goes_on = reading.goes_on(found, now)
    found.statement = directory.enter_statement(statement=signed, actor=actor, now=now)
    found.approved_at = now
    renewal = found.renews
    if renewal is not None and not found.rekey:
        # What was vouched for last: a key that another took the place of never goes on.
        found.key, found.key_at = hands.live_key(found.person), renewal.key_at
    told = Notice.Kind.ANNOUNCED
    if policies.is_alone(roles=found.role_list, nominates=nominates, goes_on=goes_on):
        told = Notice.Kind.MINISTRY_ALONE
    elif renewal is not None:
        same = reading.is_unchanged(found)
        told = Notice.Kind.RENEWED if same else Notice.Kind.CHANGED
    directory.give(
        kind=told,
        state=found.state,
        person=found.person,
        name=found.name,
        post=found.post,
        until=found.until,
        urgent=found.urgent,
        changed=reading.changed(found),
        act=act,
        now=now,
    )
    ends = due(Stage.APPROVED, state=found.state, now=now, urgent=found.urgent, until=found.until)
    enter_stage(found, Stage.APPROVED, act=act, now=now, due_at=ends)
