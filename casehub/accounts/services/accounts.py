"""Opening and closing accounts, and what a State says about factors."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import identify_hasher, make_password
from django.db import transaction
from django.db.models import Q

import audit.services
from casehub.accounts import notify, passkeys
from casehub.accounts.events import AccountClosed, AccountOpened, FactorPolicySet
from casehub.accounts.models import (
    Account,
    Factor,
    FactorPolicy,
    RecoveryCode,
    Session,
    SocketTicket,
    TotpDevice,
    TotpOffer,
    UnlockShare,
)
from casehub.core.actor import Actor

from .lives import concerned, endings, mark_ended, open_sign_ins
from .own import own_account, require_fresh


@transaction.atomic
def open_account(
    *, username: str, state: str, password_hash: str | None, actor: Actor | None, now: datetime
) -> Account:
    """
    Open an account; `actor` is None when the installation itself seeds it.

    `password_hash` comes from Django's `make_password`: hashing is slow and does not belong in a
    transaction. None opens an account that no password opens.

    :raises ValueError: if `password_hash` is not a hash.
    """
    if password_hash is not None:
        identify_hasher(password_hash)
    account = uuid.uuid4()
    event = AccountOpened(states=(state,) if state else (), account=str(account))
    return Account.objects.create(
        id=account,
        username=username,
        state=state,
        password=make_password(None) if password_hash is None else password_hash,
        opened_at=now,
        audit_event_id=audit.services.record(event, actor=actor.id if actor else "", at=now),
    )


@transaction.atomic
def close_account(*, actor: Actor, now: datetime) -> int:
    """
    Close the caller's own account for good and end its sessions; return how many.

    Nothing that opened it is left: factors, recovery codes, password, and the server's halves of
    local stores' keys, without which no browser of theirs can read what it has kept. Nobody can
    undo it: whoever is to come back is entered anew by their ministry.

    :raises Refused: `step-up-needed`.
    """
    require_fresh(actor, now)
    ended = _close(own_account(actor), actor=actor, now=now)
    notify.account_closed(actor.id)
    return ended


@transaction.atomic
def retire_account(*, account: UUID, actor: Actor | None, now: datetime) -> int:
    """
    Close an account whose place another takes, or by which an enrolment came to nothing.

    Part of the act that does so: its person stays, and nobody is told of a farewell. `actor` is
    None if the clock does it. Returns how many sessions end; none of one that is closed already.
    """
    row = Account.objects.select_for_update().filter(id=account, is_active=True).first()
    return 0 if row is None else _close(row, actor=actor, now=now)


def _close(account: Account, *, actor: Actor | None, now: datetime) -> int:
    who = actor.id if actor else ""
    ended = open_sign_ins(Q(account=account))
    endings_ids = audit.services.record_many(
        endings(ended, reason="closed"), actors=[who] * len(ended), at=now
    )
    mark_ended(ended, endings_ids, reason="closed", now=now)
    every = Session.objects.filter(account=account)
    SocketTicket.objects.filter(session__in=every).delete()
    every.filter(ended_at=None).update(ended_at=now)
    Factor.objects.filter(account=account, removed_at=None).update(removed_at=now)
    TotpDevice.objects.filter(user=account).delete()
    TotpOffer.objects.filter(account=account).delete()
    passkeys.forget_all(account)
    RecoveryCode.objects.filter(sheet__account=account).delete()
    UnlockShare.objects.filter(account=account).delete()
    event = AccountClosed(states=concerned(account), account=str(account.id), sessions=len(ended))
    account.audit_event_id = audit.services.record(event, actor=who, at=now)
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password", "audit_event_id"])
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
