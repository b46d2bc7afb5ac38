"""Passkeys and recovery codes of one's own account."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

import audit.services
from casehub.accounts import passkeys, policies, queries
from casehub.accounts.events import PasskeyAdded, PasskeyRemoved, RecoveryCodesMade
from casehub.accounts.models import Account, Factor, RecoveryCode, RecoverySheet
from casehub.accounts.sealing import seal, token_hash
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused, require

from .lives import concerned
from .own import own_account, require_fresh

CODES = 10
# Crockford's base 32: no letter looks like a digit.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 4, 4  # 16 letters of 5 bits: 80 bits


@transaction.atomic
def add_passkey(
    *,
    ceremony: dict[str, Any] | None,
    credential: dict[str, Any],
    name: str,
    actor: Actor,
    now: datetime,
) -> str:
    """
    Register a passkey and return its id.

    :raises Refused: `step-up-needed`, `too-many-passkeys`, `passkey-refused`.
    """
    require_fresh(actor, now)
    account = own_account(actor)
    kinds = queries.enrolled_factors(actor.account)
    require(policies.why_not_add_passkey(kinds.count(Factor.Kind.PASSKEY)))
    raw_id = passkeys.raw_id(credential)
    if passkeys.owner_of(credential) is not None:
        raise Refused("passkey-refused")
    made = passkeys.finish_adding(account, ceremony, credential, now)
    factor = uuid.uuid4()
    event = PasskeyAdded(
        states=concerned(account),
        account=actor.account,
        factor=str(factor),
        credential=hashlib.sha256(raw_id).hexdigest(),
    )
    Factor.objects.create(
        id=factor,
        account=account,
        kind=Factor.Kind.PASSKEY,
        credential=made,
        sealed_name=seal(name.encode(), purpose="factor-name", bound_to=str(factor)),
        added_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id, at=now),
    )
    return str(factor)


@transaction.atomic
def enrol_passkey(
    *,
    account: Account,
    ceremony: dict[str, Any] | None,
    credential: dict[str, Any],
    name: str,
    actor: Actor | None,
    now: datetime,
) -> str:
    """
    Register the passkey of somebody who enrols, by a code and not by an earlier factor.

    :raises Refused: `passkey-refused`.
    """
    raw_id = passkeys.raw_id(credential)
    if passkeys.owner_of(credential) is not None:
        raise Refused("passkey-refused")
    made = passkeys.finish_enrolling(account, ceremony, credential, now)
    factor = uuid.uuid4()
    event = PasskeyAdded(
        states=concerned(account),
        account=str(account.id),
        factor=str(factor),
        credential=hashlib.sha256(raw_id).hexdigest(),
    )
    Factor.objects.create(
        id=factor,
        account=account,
        kind=Factor.Kind.PASSKEY,
        credential=made,
        sealed_name=seal(name.encode(), purpose="factor-name", bound_to=str(factor)),
        added_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id if actor else "", at=now),
    )
    return str(factor)


@transaction.atomic
def remove_passkey(*, factor: str, actor: Actor, now: datetime) -> None:
    """
    Remove one of the caller's passkeys; sessions that it opened stay open.

    :raises NotVisible: if the caller has no such passkey.
    :raises Refused: `step-up-needed`; `last-factor` if nothing would be left to sign in with.
    """
    require_fresh(actor, now)
    account = own_account(actor)
    row = Factor.objects.filter(
        id=factor, account=account, kind=Factor.Kind.PASSKEY, removed_at=None
    ).first()
    if row is None:
        raise NotVisible
    left = queries.enrolled_factors(actor.account)
    left.remove(Factor.Kind.PASSKEY)
    require(policies.why_not_remove(set(left) & queries.allowed_factors(actor)))
    event = PasskeyRemoved(states=concerned(account), account=actor.account, factor=factor)
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.removed_at, credential, row.credential = now, row.credential, None
    row.save(update_fields=["removed_at", "credential", "audit_event_id"])
    if credential is not None:
        credential.delete()


def recovery_hash(account: str, code: str) -> str:
    """Return the hash under which a code is kept: groups and case do not matter."""
    letters = "".join(code.upper().split("-"))
    return token_hash(f"casehub/recovery/1/{account}/{letters}")


@transaction.atomic
def make_recovery_codes(*, actor: Actor, now: datetime) -> list[str]:
    """
    Make ten recovery codes and return them, the only time; older ones are void.

    :raises Refused: `step-up-needed`.
    """
    require_fresh(actor, now)
    account = own_account(actor)
    codes = [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
        for _ in range(CODES)
    ]
    event = RecoveryCodesMade(states=concerned(account), account=actor.account, count=CODES)
    event_id = audit.services.record(event, actor=actor.id, at=now)
    RecoveryCode.objects.filter(sheet__account__id=actor.account).delete()
    sheet, _ = RecoverySheet.objects.update_or_create(
        account=account, defaults={"made_at": now, "audit_event_id": event_id}
    )
    RecoveryCode.objects.bulk_create(
        RecoveryCode(sheet=sheet, code_hash=recovery_hash(actor.account, code)) for code in codes
    )
    return codes
