"""The life of sessions after sign-in: seen, bound to a device, ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

import audit.services
from casehub.accounts import notify
from casehub.accounts.events import SessionEnded
from casehub.accounts.models import Account, Level, Session, SignIn, SocketTicket, TotpOffer
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

SEEN_EVERY = timedelta(seconds=30)
SWEEP = 500  # sessions ended in one transaction
KEPT_AFTER_END = timedelta(days=1)


def concerned(account: Account) -> tuple[str, ...]:
    """Return the States that an event about this account concerns; none for a regional one."""
    return (account.state,) if account.state else ()


def endings(sign_ins: Sequence[SignIn], *, reason: str) -> list[SessionEnded]:
    """Return the events of full sessions that end for a `reason`."""
    return [
        SessionEnded(
            states=concerned(row.account),
            account=str(row.account_id),
            session=str(row.session),
            reason=reason,
        )
        for row in sign_ins
    ]


def mark_ended(
    sign_ins: Sequence[SignIn], event_ids: Sequence[int], *, reason: str, now: datetime
) -> None:
    """End full sessions in the transaction of an act that has recorded their `endings`."""
    for row, event_id in zip(sign_ins, event_ids, strict=True):
        row.ended_at, row.end_reason, row.audit_event_id = now, reason, event_id
        notify.session_ended(str(row.account_id), str(row.session))
    SignIn.objects.bulk_update(sign_ins, ["ended_at", "end_reason", "audit_event_id"])
    Session.objects.filter(id__in=[row.session for row in sign_ins]).update(ended_at=now)


def open_sign_ins(matching: Q) -> list[SignIn]:
    """Return the sign-ins that are not over, locked where the database has row locks."""
    rows = SignIn.objects.filter(matching, ended_at=None).select_related("account")
    return list(rows.select_for_update(of=("self",)).order_by("id"))


@transaction.atomic
def sign_out(*, actor: Actor, now: datetime) -> None:
    """End the caller's session; its sockets close at once."""
    rows = open_sign_ins(Q(session=actor.session))
    events = endings(rows, reason="signed-out")
    ids = audit.services.record_many(events, actors=[actor.id] * len(rows), at=now)
    mark_ended(rows, ids, reason="signed-out", now=now)


@transaction.atomic
def end_session(*, session: str, reason: str, actor: Actor | None, now: datetime) -> None:
    """
    End one session for a `reason`; `actor` is None when the clock ended it.

    A session that never became full was no act: it ends without an event.
    """
    rows = open_sign_ins(Q(session=session))
    who = actor.id if actor else ""
    events = endings(rows, reason=reason)
    ids = audit.services.record_many(events, actors=[who] * len(rows), at=now)
    mark_ended(rows, ids, reason=reason, now=now)
    if not rows:
        Session.objects.filter(id=session, ended_at=None).update(ended_at=now)


@transaction.atomic
def end_own_session(*, session: str, actor: Actor, now: datetime) -> None:
    """
    End one of the caller's own sessions, wherever it is open; its sockets close at once.

    Of one that is over already nothing is left to end: that is no error, and no event.

    :raises NotVisible: if the caller has no such session.
    """
    own = Session.objects.filter(id=session, account_id=actor.account, level=Level.FULL)
    if not own.exists():
        raise NotVisible
    rows = open_sign_ins(Q(session=session))
    events = endings(rows, reason="ended-elsewhere")
    ids = audit.services.record_many(events, actors=[actor.id] * len(rows), at=now)
    mark_ended(rows, ids, reason="ended-elsewhere", now=now)


@transaction.atomic
def end_other_sessions(*, actor: Actor, now: datetime) -> int:
    """
    End every session of the caller's account but the one they are in; return how many.

    Those that have shown no more than a password end too, silently: they were no act.
    """
    rows = open_sign_ins(Q(account=actor.account) & ~Q(session=actor.session))
    events = endings(rows, reason="ended-elsewhere")
    ids = audit.services.record_many(events, actors=[actor.id] * len(rows), at=now)
    mark_ended(rows, ids, reason="ended-elsewhere", now=now)
    others = Session.objects.filter(account_id=actor.account, ended_at=None)
    others.exclude(id=actor.session).update(ended_at=now)
    return len(rows)


@transaction.atomic
def end_device_sessions(*, device: str, actor: Actor, now: datetime) -> int:
    """End every session that works as a device, e.g. a lost one; return how many."""
    rows = open_sign_ins(Q(device=device))
    events = endings(rows, reason="device-revoked")
    ids = audit.services.record_many(events, actors=[actor.id] * len(rows), at=now)
    mark_ended(rows, ids, reason="device-revoked", now=now)
    return len(rows)


@transaction.atomic
def end_all_sessions(
    *, accounts: Collection[UUID], reason: str, actor: Actor | None, now: datetime
) -> int:
    """
    End every session of these accounts, whose people were stopped; return how many full ones.

    What hangs on them goes too: their tickets, and what has shown no more than a password.
    """
    rows = open_sign_ins(Q(account__in=accounts))
    events = endings(rows, reason=reason)
    who = actor.id if actor else ""
    ids = audit.services.record_many(events, actors=[who] * len(rows), at=now)
    mark_ended(rows, ids, reason=reason, now=now)
    every = Session.objects.filter(account__in=accounts)
    SocketTicket.objects.filter(session__in=every).delete()
    every.filter(ended_at=None).update(ended_at=now)
    return len(rows)


def _over(full: QuerySet[Session], limit: str, since: str, now: datetime) -> Q:
    """Return which sessions have reached a limit of their own: there are as many as of roles."""
    limits = full.order_by().values_list(limit, flat=True).distinct()
    conditions = [
        Q(**{limit: seconds, f"{since}__lte": now - timedelta(seconds=seconds)})
        for seconds in limits
    ]
    return reduce(or_, conditions, Q(pk__in=()))


@transaction.atomic
def end_expired_sessions(*, actor: Actor | None = None, now: datetime) -> int:
    """
    End the sessions which the clock has ended, and forget rows that serve nothing any more.

    Call it every minute or so: a session whose browser never came back has no other end in
    the log. `actor` is None: nobody did it. Returns how many full sessions ended.
    """
    who = actor.id if actor else ""
    quiet = now - timedelta(seconds=settings.IDLE_SECONDS)
    full = Session.objects.filter(ended_at=None, level=Level.FULL)
    ended = 0
    for reason, limit, since in (
        ("absolute", "whole_seconds", "started_at"),
        ("idle", "idle_seconds", "last_seen_at"),
    ):
        over = list(
            full.filter(_over(full, limit, since, now)).values_list("id", flat=True)[:SWEEP]
        )
        rows = open_sign_ins(Q(session__in=over))
        events = endings(rows, reason=reason)
        ids = audit.services.record_many(events, actors=[who] * len(rows), at=now)
        mark_ended(rows, ids, reason=reason, now=now)
        ended += len(rows)
    Session.objects.filter(~Q(level=Level.FULL), last_seen_at__lte=quiet).delete()
    Session.objects.filter(ended_at__lte=now - KEPT_AFTER_END).delete()
    SocketTicket.objects.filter(expires_at__lte=now).delete()
    unconfirmed = now - timedelta(seconds=settings.TOTP_OFFER_SECONDS)
    TotpOffer.objects.filter(made_at__lte=unconfirmed).delete()
    return ended


def touch(*, session: str, now: datetime) -> bool:
    """
    Note that the person did something; writes at most every 30 s, and returns whether it did.

    The idle limit may therefore come up to 30 s early, never late.
    """
    lives = Session.objects.filter(id=session, ended_at=None)
    return bool(lives.filter(last_seen_at__lte=now - SEEN_EVERY).update(last_seen_at=now))


def bind_device(*, session: str, device: str) -> None:
    """
    Let a session work as a device: part of the directory's act, in whose transaction it runs.

    One session works as one device for its whole life; the same device again changes nothing.
    """
    Session.objects.filter(id=session, ended_at=None).update(device=device)
    SignIn.objects.filter(session=session, ended_at=None).update(device=device)
