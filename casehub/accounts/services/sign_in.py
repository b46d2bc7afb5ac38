"""From a stranger to a full session: the writes. What is shown is checked in `signing_in`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

import audit.services
from casehub.accounts import policies, queries
from casehub.accounts.events import SignInCompleted, SignInRefused, SignInRenewed
from casehub.accounts.models import Account, Level, Session, SignIn
from casehub.accounts.sealing import new_token, token_hash
from casehub.core import roles
from casehub.core.actor import Actor
from casehub.core.errors import SignInNeeded, require

from .lives import concerned, endings, mark_ended, open_sign_ins


@transaction.atomic
def open_session(*, now: datetime) -> tuple[str, str]:
    """Start an anonymous session, for a passkey's challenge; return its id and key."""
    key = new_token()
    row = Session.objects.create(key_hash=token_hash(key), created_at=now, last_seen_at=now)
    return str(row.id), key


@transaction.atomic
def accept_password(*, account: Account, instead_of: str | None, now: datetime) -> str:
    """
    Start a session in which a right password was shown; return its key.

    It opens nothing but the second step. It is a new row, so nothing that was known of the
    browser's session before (`instead_of`) is worth anything afterwards.
    """
    if instead_of is not None:
        previous = open_sign_ins(Q(session=instead_of))
        events = endings(previous, reason="replaced")
        ids = audit.services.record_many(events, actors=[""] * len(previous), at=now)
        mark_ended(previous, ids, reason="replaced", now=now)
        Session.objects.filter(id=instead_of, ended_at=None).update(ended_at=now)
    key = new_token()
    Session.objects.create(
        key_hash=token_hash(key),
        account=account,
        level=Level.PASSWORD,
        created_at=now,
        last_seen_at=now,
    )
    return key


def _limits(actor: Actor) -> dict[str, int]:
    """Return how long a session of this person lasts, by their roles now."""
    lasts = roles.lasting(actor.roles)
    return {
        "idle_seconds": int(lasts.idle.total_seconds()),
        "whole_seconds": int(lasts.whole.total_seconds()),
    }


@transaction.atomic
def complete_sign_in(
    *, session: str, account: Account, method: str, actor: Actor, now: datetime
) -> str:
    """
    Make a session full, because a second factor was shown, and return its new key.

    `method` is `passkey`, `totp` or `recovery-code`.

    :raises Refused: `factor-not-allowed` if the person's State does not let this factor count.
    :raises SignInNeeded: if the session ended meanwhile.
    """
    require(policies.why_not_factor(method, queries.allowed_factors(actor)))
    key = new_token()
    changed = (
        Session.objects.filter(id=session, ended_at=None)
        .filter(Q(account=None) | Q(account=account))
        .exclude(level=Level.FULL)
        .update(
            key_hash=token_hash(key),
            account=account,
            level=Level.FULL,
            method=method,
            started_at=now,
            verified_at=now,
            last_seen_at=now,
            ceremony=None,
            **_limits(actor),
        )
    )
    if not changed:
        raise SignInNeeded
    event = SignInCompleted(
        states=concerned(account), account=str(account.id), session=session, method=method
    )
    event_id = audit.services.record(event, actor=actor.id, at=now)
    SignIn.objects.create(
        account=account, session=session, method=method, at=now, audit_event_id=event_id
    )
    return key


@transaction.atomic
def renew_sign_in(*, method: str, actor: Actor, now: datetime) -> str:
    """
    Note that a full session showed a factor again, and return its new key.

    :raises Refused: `factor-not-allowed` if this factor does not count for the person.
    :raises SignInNeeded: if the session ended meanwhile.
    """
    require(policies.why_not_factor(method, queries.allowed_factors(actor)))
    rows = open_sign_ins(Q(session=actor.session))
    if not rows:
        raise SignInNeeded
    key = new_token()
    Session.objects.filter(id=actor.session).update(
        key_hash=token_hash(key),
        method=method,
        verified_at=now,
        last_seen_at=now,
        ceremony=None,
        **_limits(actor),
    )
    event = SignInRenewed(
        states=concerned(rows[0].account),
        account=actor.account,
        session=actor.session,
        method=method,
    )
    rows[0].audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    rows[0].save(update_fields=["audit_event_id"])
    return key


@transaction.atomic
def refuse_sign_in(
    *, account: Account | None, method: str, why: str, actor: Actor | None, now: datetime
) -> None:
    """
    Log that a proof was refused.

    It is written for unknown names too, with no account in it: otherwise the time that the log
    takes would tell which names exist.
    """
    event = SignInRefused(
        states=concerned(account) if account else (),
        account=str(account.id) if account else "",
        method=method,
        why=why,
    )
    audit.services.record(event, actor=actor.id if actor else "", at=now)


@transaction.atomic
def keep_ceremony(*, session: str, ceremony: dict[str, Any]) -> None:
    """Keep the challenge that the session's browser will have signed; it replaces one before."""
    Session.objects.filter(id=session, ended_at=None).update(ceremony=ceremony)


@transaction.atomic
def take_ceremony(*, session: str) -> dict[str, Any] | None:
    """
    Take the session's challenge away and return it.

    It is gone before any signature is looked at, in a transaction of its own: whatever happens
    next, no challenge is used twice.
    """
    row = Session.objects.select_for_update().filter(id=session, ended_at=None).first()
    if row is None or row.ceremony is None:
        return None
    taken, row.ceremony = row.ceremony, None
    row.save(update_fields=["ceremony"])
    return taken
