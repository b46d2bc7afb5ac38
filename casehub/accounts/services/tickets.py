"""What hangs on a full session: tickets for sockets, shares for local stores."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

import audit.services
from casehub.accounts.events import UnlockShareGiven
from casehub.accounts.models import SocketTicket, UnlockShare
from casehub.accounts.sealing import new_token, seal, token_hash, unseal
from casehub.core.actor import Actor

SHARE = 32  # bytes


@transaction.atomic
def issue_ticket(*, actor: Actor, now: datetime) -> tuple[str, int]:
    """
    Return a ticket that opens one socket for the caller's session, and its life in seconds.

    Those that are over go with the next round (`end_expired_sessions`), for everybody at once.
    """
    ticket = new_token()
    SocketTicket.objects.create(
        ticket_hash=token_hash(ticket),
        session_id=actor.session,
        expires_at=now + timedelta(seconds=settings.TICKET_SECONDS),
    )
    return ticket, settings.TICKET_SECONDS


@transaction.atomic
def redeem_ticket(*, ticket: str, session: str, now: datetime) -> bool:
    """
    Say whether a ticket opens a socket for the session (its row's id), and use it up.

    Unknown, used, expired or another session's: all the same. The condition stands in the UPDATE,
    so of two sockets with one ticket one gets it.
    """
    return bool(
        SocketTicket.objects.filter(
            ticket_hash=token_hash(ticket),
            session_id=session,
            session__ended_at=None,
            used_at=None,
            expires_at__gt=now,
        ).update(used_at=now)
    )


@transaction.atomic
def give_unlock_share(*, install: str, actor: Actor, now: datetime) -> bytes:
    """
    Return the server's 32-byte half of the key of one browser's local store.

    It is made at the first call for an `install` (an id that the browser keeps) and the same ever
    after. A laptop without a session gets nothing, and the server has no local store to open.
    """
    row = UnlockShare.objects.filter(account_id=actor.account, install=install).first()
    bound_to = f"{actor.account}/{install}"
    event = UnlockShareGiven(
        states=(actor.state,) if actor.state else (), account=actor.account, install=install
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    if row is not None:
        row.audit_event_id = event_id
        row.save(update_fields=["audit_event_id"])
        return unseal(bytes(row.sealed), purpose="unlock-share", bound_to=bound_to)
    share = secrets.token_bytes(SHARE)
    UnlockShare.objects.create(
        account_id=actor.account,
        install=install,
        sealed=seal(share, purpose="unlock-share", bound_to=bound_to),
        made_at=now,
        audit_event_id=event_id,
    )
    return share


def forget_unlock_shares(*, account: UUID) -> None:
    """
    Delete the server's halves of an account's local stores: no browser can read what it has kept.

    Part of the act that removes a person, in whose transaction it runs.
    """
    UnlockShare.objects.filter(account_id=account).delete()
