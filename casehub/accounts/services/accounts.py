"""Opening and closing accounts, and what a State says about factors."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.auth.hashers import identify_hasher
from django.db import transaction
from django.db.models import Q

import audit.services
from casehub.accounts.events import AccountClosed, AccountOpened, FactorPolicySet
from casehub.accounts.models import Account, FactorPolicy, Session
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from .lives import concerned, endings, mark_ended, open_sign_ins


@transaction.atomic
def open_account(
    *, username: str, state: str, password_hash: str, actor: Actor | None, now: datetime
) -> Account:
    """
    Open an account; `actor` is None when the installation itself seeds it.

    `password_hash` comes from Django's `make_password`: hashing is slow and does not belong in a
    transaction.

    :raises ValueError: if `password_hash` is not a hash.
    """
    identify_hasher(password_hash)
    account = uuid.uuid4()
    event = AccountOpened(states=(state,) if state else (), account=str(account))
    return Account.objects.create(
        id=account,
        username=username,
        state=state,
        password=password_hash,
        opened_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id if actor else "", at=now),
    )


@transaction.atomic
def close_account(*, account: str, actor: Actor, now: datetime) -> int:
    """
    Close an account for good and end its sessions; return how many.

    :raises NotVisible: if there is no open account with this id.
    """
    row = Account.objects.select_for_update().filter(id=account, is_active=True).first()
    if row is None:
        raise NotVisible
    ended = open_sign_ins(Q(account=row))
    endings_ids = audit.services.record_many(
        endings(ended, reason="closed"), actors=[actor.id] * len(ended), at=now
    )
    mark_ended(ended, endings_ids, reason="closed", now=now)
    Session.objects.filter(account=row, ended_at=None).update(ended_at=now)
    event = AccountClosed(states=concerned(row), account=account, sessions=len(ended))
    row.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    row.is_active = False
    row.save(update_fields=["is_active", "audit_event_id"])
    return len(ended)


@transaction.atomic
def set_factor_policy(
    *, state: str, role: str, passkey: bool, totp: bool, actor: Actor | None, now: datetime
) -> None:
    """
    Say which factors a State lets one of its roles use; at least one.

    `actor` is None when the installation itself seeds it. Sessions that are open stay open.
    """
    event = FactorPolicySet(states=(state,), role=role, passkey=passkey, totp=totp)
    event_id = audit.services.record(event, actor=actor.id if actor else "", at=now)
    FactorPolicy.objects.update_or_create(
        state=state,
        role=role,
        defaults={"passkey": passkey, "totp": totp, "audit_event_id": event_id},
    )
