"""What a person's recovery kit seals, and the rules of use they accept before they begin."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

from django.db import transaction

import audit.services
from casehub.accounts import policies, rules
from casehub.accounts.events import BackupGiven, BackupKept, KitMade, KitProven, RulesAccepted
from casehub.accounts.models import Backup, Kit, KitProof, RulesAcceptance
from casehub.core.actor import Actor
from casehub.core.errors import require

from .lives import concerned
from .own import own_account, require_fresh


@transaction.atomic
def accept_rules(*, digest: str, actor: Actor, now: datetime) -> datetime:
    """
    Note that the caller accepts the rules of use, and return since when.

    What was accepted before stays as it was: a second time changes nothing but the log.

    :raises Refused: `rules-other` if these are not the words in force.
    """
    require(policies.why_not_accept_rules(known=digest in rules.digests().values()))
    account = own_account(actor)
    event = RulesAccepted(states=concerned(account), account=actor.account, digest=digest)
    event_id = audit.services.record(event, actor=actor.id, at=now)
    row, fresh = RulesAcceptance.objects.get_or_create(
        account=account, digest=digest, defaults={"at": now, "audit_event_id": event_id}
    )
    if not fresh:
        row.audit_event_id = event_id
        row.save(update_fields=["audit_event_id"])
    return row.at


@transaction.atomic
def make_kit(*, mark: str, actor: Actor, now: datetime) -> None:
    """
    Let nothing be kept from now on but what the kit of this mark seals.

    A fresh proof: whoever finds an open page could otherwise put their own kit in the place of the
    one on paper, which would open nothing any more.

    :raises Refused: `step-up-needed`.
    """
    require_fresh(actor, now)
    account = own_account(actor)
    event = KitMade(states=concerned(account), account=actor.account)
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Kit.objects.update_or_create(
        account=account, defaults={"mark": mark, "audit_event_id": event_id}
    )


@transaction.atomic
def keep_backup(*, body: bytes, replaces: str, mark: str, actor: Actor, now: datetime) -> datetime:
    """
    Keep what the caller's browser has sealed, instead of what was there; return when.

    `replaces` is the SHA-256 in hex of what was there as that browser knows it, "" for nothing: of
    two browsers the second reads what the first has kept, and merges, before it writes over it.
    `mark` is the kit's; where none is known yet, the first that comes is, by a fresh proof if
    something is there that another kit may have sealed.

    :raises Refused: `step-up-needed`; `kit-replaced` if another kit is the person's;
        `backup-too-large`; `backup-changed` if something else is there.
    """
    account = own_account(actor)
    kit = Kit.objects.filter(account=account).first()
    require(policies.why_not_seal_with(mark=mark, held=kit.mark if kit else ""))
    there = Backup.objects.filter(account=account).first()
    if kit is None and there is not None:
        require_fresh(actor, now)
    held = hashlib.sha256(bytes(there.body)).hexdigest() if there else ""
    require(policies.why_not_keep_backup(size=len(body), replaces=replaces, held=held))
    digest = hashlib.sha256(body).hexdigest()
    event = BackupKept(
        states=concerned(account), account=actor.account, digest=digest, size=len(body)
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    Backup.objects.update_or_create(
        account=account, defaults={"body": body, "made_at": now, "audit_event_id": event_id}
    )
    if kit is None:
        Kit.objects.create(account=account, mark=mark, audit_event_id=event_id)
    return now


@transaction.atomic
def give_backup(*, actor: Actor, now: datetime) -> tuple[bytes, datetime | None]:
    """Return what the caller's kit seals, and when it was made; nothing if there is none."""
    account = own_account(actor)
    row = Backup.objects.filter(account=account).first()
    body = b"" if row is None else bytes(row.body)
    digest = hashlib.sha256(body).hexdigest() if row else ""
    event = BackupGiven(states=concerned(account), account=actor.account, digest=digest)
    event_id = audit.services.record(event, actor=actor.id, at=now)
    if row is None:
        return body, None
    row.audit_event_id = event_id
    row.save(update_fields=["audit_event_id"])
    return body, row.made_at


@transaction.atomic
def prove_kit(*, digest: str, actor: Actor, now: datetime) -> date:
    """
    Note that the caller's kit opened their newest backup in their browser; return the day (UTC).

    `digest` is the SHA-256 in hex of that backup as it lies here, sealed.

    :raises Refused: `kit-proof-other` if something else, or nothing, lies here.
    """
    account = own_account(actor)
    row = Backup.objects.filter(account=account).first()
    held = hashlib.sha256(bytes(row.body)).hexdigest() if row else ""
    require(policies.why_not_take_proof(opened=digest, held=held))
    event = KitProven(states=concerned(account), account=actor.account)
    event_id = audit.services.record(event, actor=actor.id, at=now)
    day = now.astimezone(UTC).date()
    KitProof.objects.update_or_create(
        account=account, defaults={"day": day, "audit_event_id": event_id}
    )
    return day
