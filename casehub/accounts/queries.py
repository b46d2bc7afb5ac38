"""Reading sessions and factors."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Min
from django.utils.module_loading import import_string

from casehub.core.actor import Actor, actor_for
from casehub.core.errors import NotVisible

from . import policies, rules
from .models import (
    Account,
    Backup,
    Factor,
    FactorPolicy,
    KitProof,
    Level,
    RecoveryCode,
    RulesAcceptance,
    Session,
    SignIn,
    TotpOffer,
)
from .sealing import token_hash, unseal

BOTH = frozenset({"passkey", "totp"})


@dataclass(frozen=True, slots=True)
class LiveSession:
    """
    A session that counts at this moment.

    `id` is the row's id (a UUID string; the cookie's key is a secret and is not here). `account`
    is None below level `password`. `ends_at` is its end whatever happens, `idle_at` its end if
    nothing happens. `verified_at` is when a second factor was last shown.
    """

    id: str
    level: str
    account: str | None
    method: str
    device: str | None
    last_seen_at: datetime
    verified_at: datetime | None
    idle_seconds: int
    idle_at: datetime
    ends_at: datetime


def _why_over(row: Session, now: datetime) -> str | None:
    return policies.why_over(
        now=now,
        started_at=row.started_at or row.created_at,
        last_seen_at=row.last_seen_at,
        idle_seconds=row.idle_seconds,
        absolute_seconds=row.whole_seconds,
    )


# Asked for at every request: what decides whether a session counts, and no more.
_COUNTING = (
    *("started_at", "created_at", "last_seen_at", "idle_seconds", "whole_seconds", "level"),
    *("method", "device", "verified_at", "account__is_active"),
)


def _row(key: str) -> Session | None:
    found = Session.objects.filter(key_hash=token_hash(key), ended_at=None)
    # A key has one session: there is no order to ask for.
    return next(iter(found.select_related("account").only(*_COUNTING)), None)


def _as_live(row: Session | None, now: datetime) -> LiveSession | None:
    if row is None or _why_over(row, now) is not None:
        return None
    if row.account is not None and not row.account.is_active:
        return None
    return LiveSession(
        id=str(row.id),
        level=row.level,
        account=None if row.account_id is None else str(row.account_id),
        method=row.method,
        device=None if row.device is None else str(row.device),
        last_seen_at=row.last_seen_at,
        verified_at=row.verified_at,
        idle_seconds=row.idle_seconds,
        idle_at=row.last_seen_at + timedelta(seconds=row.idle_seconds),
        ends_at=(row.started_at or row.created_at) + timedelta(seconds=row.whole_seconds),
    )


def live_session(cookie_key: str, now: datetime) -> LiveSession | None:
    """
    Return the session behind a cookie if it counts now, else None.

    Unknown, ended, idle, too old, account closed: one answer for all. HTTP and sockets both ask
    here, so neither can be open on something that the other would refuse.
    """
    return _as_live(_row(cookie_key), now) if cookie_key else None


def live_session_by_id(session: str, now: datetime) -> LiveSession | None:
    """Return the same for a session row's id: a socket outlives its cookie's key."""
    row = Session.objects.filter(id=session, ended_at=None).select_related("account").first()
    return _as_live(row, now)


def live_accounts(sessions: Collection[str], now: datetime) -> dict[str, str]:
    """Return the account of each of these sessions (rows' ids) that is full and counts now."""
    rows = Session.objects.filter(
        id__in=sessions, ended_at=None, level=Level.FULL, account__is_active=True
    )
    return {str(row.id): str(row.account_id) for row in rows if _why_over(row, now) is None}


# Why somebody else ended a session, and what that stopped.
CUT_OFF = {
    "suspended": "suspended",
    "removed": "removed",
    "device-revoked": "device",
    "state-stopped": "state",
}


def cut_off(cookie_key: str) -> dict[str, Any] | None:
    """
    Return why the session behind a cookie was ended, if its person or device was stopped, or None.

    The cookie opens nothing any more: this is all that it is still answered with.
    """
    row = Session.objects.filter(key_hash=token_hash(cookie_key), ended_at__isnull=False).first()
    found = row and SignIn.objects.filter(session=row.id, end_reason__in=CUT_OFF).first()
    return {"kind": CUT_OFF[found.end_reason], "at": found.ended_at} if found else None


def ended_among(sessions: Collection[str]) -> set[str]:
    """Return those of these sessions (rows' ids) that have been ended."""
    rows = Session.objects.filter(id__in=sessions, ended_at__isnull=False)
    return {str(session) for session in rows.values_list("id", flat=True)}


def overdue(cookie_key: str, now: datetime) -> tuple[str, str] | None:
    """Return (session id, reason) if the cookie's session is over but not yet ended, else None."""
    row = _row(cookie_key)
    reason = None if row is None else _why_over(row, now)
    return None if row is None or reason is None else (str(row.id), reason)


def actor_of(live: LiveSession | None) -> Actor | None:
    """Return the actor of a session: only a full one has any, and only while its person counts."""
    if live is None or live.level != Level.FULL or live.account is None:
        return None
    return actor_for(account=live.account, session=live.id, device=live.device)


def account_named(username: str) -> Account | None:
    """Return the account with this name, closed ones included."""
    return Account.objects.filter(username=username).first()


def account_by_id(account: str) -> Account:
    """
    Return an open account.

    :raises NotVisible: if there is none.
    """
    found = Account.objects.filter(id=account, is_active=True).first()
    if found is None:
        raise NotVisible
    return found


def allowed_factors(actor: Actor) -> frozenset[str]:
    """Return the factors that count for this person: what every one of their roles allows."""
    allowed = BOTH
    for row in FactorPolicy.objects.filter(state=actor.state, role__in=actor.roles):
        allowed &= {name for name in BOTH if getattr(row, name)}
    return allowed


def enrolled_factors(account: str) -> list[str]:
    """Return the kind of every enrolled factor, one item each."""
    rows = Factor.objects.filter(account_id=account, removed_at=None)
    return list(rows.order_by("added_at").values_list("kind", flat=True))


def offered_factors(live: LiveSession) -> list[str]:
    """Return what a session that has shown a password can go on with."""
    if live.level != Level.PASSWORD or live.account is None:
        return []
    actor = actor_for(account=live.account, session=live.id, device=None)
    if actor is None:
        return []
    return sorted(allowed_factors(actor) & set(enrolled_factors(live.account)))


def passkeys_made(account: str) -> list[datetime]:
    """Return when each passkey of an account was made, the oldest first."""
    rows = Factor.objects.filter(account_id=account, removed_at=None, kind=Factor.Kind.PASSKEY)
    return list(rows.order_by("added_at").values_list("added_at", flat=True))


def recovery_codes_left(account: str) -> int:
    """Return how many unused recovery codes the account has."""
    return RecoveryCode.objects.filter(sheet__account__id=account, used_at=None).count()


def factors_of(actor: Actor) -> dict[str, Any]:
    """Return the caller's own factors."""
    rows = Factor.objects.filter(account_id=actor.account, removed_at=None)
    passkeys = [
        {
            "id": row.id,
            "name": unseal(
                bytes(row.sealed_name), purpose="factor-name", bound_to=str(row.id)
            ).decode(),
            "created_at": row.added_at,
            "last_used_at": row.credential.last_used_at if row.credential else None,
        }
        for row in rows.filter(kind=Factor.Kind.PASSKEY)
        .select_related("credential")
        .order_by("added_at")
    ]
    totp = rows.filter(kind=Factor.Kind.TOTP).first()
    return {
        "passkeys": passkeys,
        "totp": totp is not None,
        "totp_since": None if totp is None else totp.added_at,
        "totp_allowed": "totp" in allowed_factors(actor),
        "recovery_codes_left": recovery_codes_left(actor.account),
    }


def open_offer(actor: Actor, now: datetime) -> TotpOffer | None:
    """Return the code generator that the caller's session was shown and may still confirm."""
    since = now - timedelta(seconds=settings.TOTP_OFFER_SECONDS)
    return TotpOffer.objects.filter(
        account_id=actor.account, session=actor.session, made_at__gt=since
    ).first()


def sessions_of(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """
    Return the caller's own full sessions that count now, the one used last first.

    `id` names a session's row and opens nothing: a cookie holds a key of which there is no more
    than the hash, and that is not here.
    """
    rows = Session.objects.filter(account_id=actor.account, level=Level.FULL, ended_at=None)
    return [
        {
            "id": row.id,
            "this": str(row.id) == actor.session,
            "method": row.method,
            "device": row.device,
            "started_at": row.started_at,
            "last_seen_at": row.last_seen_at,
        }
        for row in rows.order_by("-last_seen_at", "id")
        if _why_over(row, now) is None
    ]


def devices_seen(account: str) -> dict[UUID, date]:
    """Return on which day each device of an account was last used, as far as sign-ins tell."""
    seen: dict[UUID, date] = {}
    rows = SignIn.objects.filter(account_id=account, device__isnull=False)
    for device, at in rows.values_list("device").annotate(Max("at")):
        seen[device] = at.date()
    live = Session.objects.filter(account_id=account, device__isnull=False)
    for device, at in live.values_list("device").annotate(Max("last_seen_at")):
        seen[device] = max(at.date(), seen.get(device, at.date()))
    return seen


def rules_accepted(actor: Actor) -> datetime | None:
    """Return since when the caller has accepted the rules as they are now, in any language."""
    rows = RulesAcceptance.objects.filter(
        account_id=actor.account, digest__in=rules.digests().values()
    )
    first: datetime | None = rows.aggregate(first=Min("at"))["first"]
    return first


def kit_of(actor: Actor) -> dict[str, Any]:
    """Return when the caller's backup was made, and on which day their kit was last proven."""
    backup = Backup.objects.filter(account_id=actor.account)
    proof = KitProof.objects.filter(account_id=actor.account)
    return {
        "kept_at": backup.values_list("made_at", flat=True).first(),
        "proven_on": proof.values_list("day", flat=True).first(),
    }


def session_state(
    live: LiveSession | None,
    actor: Actor | None,
    now: datetime,
    *,
    ended_by: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """
    Return what the page needs to know about its own session.

    `idle_left` counts seconds from `now`, so that a clock set wrong on the person's side, which
    is common, changes nothing. `ended_by` is what `cut_off` says of a session that was.
    """
    level = Level.ANONYMOUS.value if live is None else live.level
    if level == Level.FULL and actor is None:
        level = Level.ANONYMOUS.value  # nobody in force stands behind it (any longer)
    known = live is not None and level != Level.ANONYMOUS
    person = None
    if actor is not None:
        # The directory is above this app: it is named in the settings, as for `actor_for`.
        provider = getattr(settings, "CASEHUB_CARD_PROVIDER", "casehub.directory.queries.card_of")
        card = import_string(provider)(actor.id)
        person = {k: card[k] for k in ("id", "name", "state", "office", "roles", "fictional")}
        if actor.enrolling:
            person["roles"] = []
    return {
        "state": level,
        "cut_off": {"kind": "state", "at": None} if actor and actor.state_stopped else ended_by,
        "demo": settings.DEMO,
        "operator": settings.OPERATOR,
        "person": person,
        "reads_until": actor.reads_until if actor else None,
        "device": live.device if live and actor else None,
        "factors": offered_factors(live) if live else [],
        "idle_seconds": live.idle_seconds if live and known else settings.IDLE_SECONDS,
        "idle_left": math.floor((live.idle_at - now).total_seconds()) if live and known else None,
        "ends_at": live.ends_at if live and known else None,
    }
