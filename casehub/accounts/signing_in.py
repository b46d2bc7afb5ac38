"""
The steps from a stranger to a full session: check a proof, then run one service.

Proofs are checked outside the service's transaction. Hashing a password takes long, and a refused
proof must leave its traces (lockout, throttling, used challenge, log) although the act fails.
"""

from __future__ import annotations

import hmac
import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string

from casehub.core.actor import Actor, actor_for
from casehub.core.errors import Refused, SignInNeeded, require
from casehub.core.run import one_writer, record_refusal, run

from . import passkeys, policies, queries, services
from .models import Account, Level, RecoveryCode, TotpDevice
from .network import lockout_name
from .queries import LiveSession
from .services.factors import recovery_hash

HASHERS = 2  # Argon2 takes 100 MB and a core each
HASHING_WAIT = 2.0  # seconds
TOTP_CODE = re.compile(r"[0-9]{6}\Z")
_hashing = threading.BoundedSemaphore(HASHERS)


@contextmanager
def _hashing_slot() -> Iterator[None]:
    if not _hashing.acquire(timeout=HASHING_WAIT):
        raise Refused("busy")
    try:
        yield
    finally:
        _hashing.release()


def _lockout_request(network: str, now: datetime) -> HttpRequest:
    """Return what the lockout library asks of a request, and nothing that it would keep."""
    request: Any = HttpRequest()
    request.axes_updated = True  # so that it does not look for addresses and agents itself
    request.axes_locked_out = False
    request.axes_attempt_time = now
    request.axes_ip_address = network
    request.axes_user_agent = request.axes_path_info = request.axes_http_accept = ""
    request.axes_failures_since_start = request.axes_credentials = None
    checked: HttpRequest = request
    return checked


def _refuse(
    *, account: Account | None, method: str, why: str, now: datetime, **params: int
) -> Refused:
    """Log a refused proof and return the error to raise."""
    actor = None
    if account is not None:
        actor = actor_for(account=str(account.id), session="", device=None)
    with one_writer():
        services.refuse_sign_in(account=account, method=method, why=why, actor=actor, now=now)
    return Refused(why, **params)


def by_password(
    *, username: str, password: str, network: str, session: str | None, now: datetime
) -> str:
    """
    Check a name and password, and return the key of a session of level `password`.

    Failures are counted by name and network together: whoever guesses locks out that name from
    their own network, not the real person elsewhere, and never a passkey.

    :raises Refused: `busy`, `locked-out`, or `wrong-credentials` for an unknown name, a wrong
        password and a closed account alike, after the same work.
    """
    request = _lockout_request(network, now)
    credentials = {settings.AXES_USERNAME_FORM_FIELD: lockout_name(username)}
    account = queries.account_named(username)
    if not AxesProxyHandler.is_allowed(request, credentials):
        raise _refuse(account=account, method="password", why="locked-out", now=now)
    with _hashing_slot():
        if account is None:
            make_password(password)
            right = False
        else:
            right = check_password(password, account.password) and account.is_active
    if account is None or not right:
        with one_writer():
            AxesProxyHandler.user_login_failed(None, credentials, request)
        raise _refuse(account=account, method="password", why="wrong-credentials", now=now)
    with one_writer(), transaction.atomic():
        AxesProxyHandler.reset_attempts(
            username=credentials[settings.AXES_USERNAME_FORM_FIELD], ip_address=network
        )
        return services.accept_password(account=account, instead_of=session, now=now)


def _use_recovery_code(account: str, code: str, now: datetime) -> bool:
    """Use a recovery code up, if it is one of the account's unused ones."""
    wanted = recovery_hash(account, code)
    found = None
    for row in RecoveryCode.objects.filter(sheet__account__id=account, used_at=None):
        if hmac.compare_digest(row.code_hash, wanted):
            found = row
    if found is None:
        return False
    # The condition again, in the UPDATE: of two at once, one wins.
    unused = RecoveryCode.objects.filter(id=found.id, used_at=None)
    return unused.update(used_at=now) == 1


def _use_totp(account: str, code: str, now: datetime) -> tuple[str, dict[str, int]]:
    """Return why a six-digit code is refused (an empty string: it is right), and what to say."""
    device = TotpDevice.objects.select_for_update().filter(user_id=account, confirmed=True).first()
    if device is None:
        return "wrong-code", {}
    allowed, data = device.verify_is_allowed()
    if not allowed:
        wait = (data["locked_until"] - now).total_seconds()
        return "code-throttled", {"seconds": max(1, math.ceil(wait))}
    return ("" if device.verify_token(code) else "wrong-code"), {}


def _why_nobody(account: Account) -> str:
    """Return why nobody may act behind an account: `no-person`, or what was stopped."""
    why: str = import_string(settings.CASEHUB_NOBODY_PROVIDER)(str(account.id))
    return why


def _complete(live: LiveSession, account: Account, method: str, now: datetime) -> str:
    actor = actor_for(account=str(account.id), session=live.id, device=live.device)
    if actor is None:
        raise _refuse(account=account, method=method, why=_why_nobody(account), now=now)
    with one_writer():
        if live.level == Level.FULL:
            return services.renew_sign_in(method=method, actor=actor, now=now)
        return services.complete_sign_in(
            session=live.id, account=account, method=method, actor=actor, now=now
        )


def _allowed_or_refuse(live: LiveSession, account: Account, method: str, now: datetime) -> None:
    """Ask the State's policy first: a code that does not count must not be used up."""
    actor = actor_for(account=str(account.id), session=live.id, device=None)
    if actor is None:
        raise _refuse(account=account, method=method, why=_why_nobody(account), now=now)
    why = policies.why_not_factor(method, queries.allowed_factors(actor))
    if why is not None:
        raise _refuse(account=account, method=method, why=why, now=now)


def by_code(*, live: LiveSession | None, code: str, now: datetime) -> str:
    """
    Check a six-digit code or a recovery code, and return the key of a full session.

    In a session that is full already it counts as a fresh proof.

    :raises SignInNeeded: before a password.
    :raises Refused: `wrong-code`, `code-throttled`, `factor-not-allowed`,
        `no-person`, or what was stopped.
    """
    if live is None or live.account is None:
        raise SignInNeeded
    account = queries.account_by_id(live.account)
    method = "totp" if TOTP_CODE.match(code) else "recovery-code"
    _allowed_or_refuse(live, account, method, now)
    params: dict[str, int] = {}
    with one_writer(), transaction.atomic():
        if method == "totp":
            why, params = _use_totp(live.account, code, now)
        else:
            why = "" if _use_recovery_code(live.account, code, now) else "wrong-code"
    if why:
        raise _refuse(account=account, method=method, why=why, now=now, **params)
    return _complete(live, account, method, now)


def begin_passkey(*, live: LiveSession | None, now: datetime) -> tuple[dict[str, Any], str | None]:
    """
    Return the options for the browser, and the key of the session if one had to be started.

    Before a password the options name no credential; after it, the account's own.
    """
    key = None
    account = None
    with one_writer():
        if live is None:
            session, key = services.open_session(now=now)
        else:
            session = live.id
            account = queries.account_by_id(live.account) if live.account else None
        options, ceremony = passkeys.begin_using(account, now)
        services.keep_ceremony(session=session, ceremony=ceremony)
    return options, key


def by_passkey(*, live: LiveSession | None, credential: dict[str, Any], now: datetime) -> str:
    """
    Check a signed challenge, and return the key of a full session.

    A passkey with user verification is two factors in one: it needs no password before it.

    :raises SignInNeeded: without the session that the challenge was given to.
    :raises Refused: `passkey-refused`, `factor-not-allowed`, `no-person`, or what was stopped.
    """
    if live is None:
        raise SignInNeeded
    account = queries.account_by_id(live.account) if live.account else None
    with one_writer():
        ceremony = services.take_ceremony(session=live.id)
    try:
        with one_writer(), transaction.atomic():
            owner = passkeys.finish_using(account, ceremony, credential, now)
    except Refused as error:
        claimed = account or passkeys.owner_of(credential)
        raise _refuse(account=claimed, method="passkey", why=error.code, now=now) from error
    _allowed_or_refuse(live, owner, "passkey", now)
    return _complete(live, owner, "passkey", now)


def begin_adding_passkey(*, actor: Actor, live: LiveSession, now: datetime) -> dict[str, Any]:
    """
    Return the options for making a passkey.

    :raises Refused: `step-up-needed`.
    """
    why = policies.why_not_change_factors(
        verified_at=live.verified_at, now=now, fresh_seconds=settings.STEP_UP_SECONDS
    )
    if why is not None:
        record_refusal(
            act="accounts.passkey.register-begin", code=why, target="", actor=actor, now=now
        )
    require(why)
    with one_writer():
        account = queries.account_by_id(actor.account)
        options, ceremony = passkeys.begin_adding(account, now)
        services.keep_ceremony(session=live.id, ceremony=ceremony)
    return options


def add_passkey(*, actor: Actor, name: str, credential: dict[str, Any], now: datetime) -> str:
    """
    Take the challenge, then register what the browser made; return the passkey's id.

    :raises Refused: as `services.add_passkey`.
    """
    with one_writer():
        ceremony = services.take_ceremony(session=actor.session)
    return run(
        services.add_passkey,
        act="accounts.passkey.register-finish",
        actor=actor,
        now=now,
        ceremony=ceremony,
        credential=credential,
        name=name,
    )


def seen(*, live: LiveSession, now: datetime) -> LiveSession | None:
    """Note that somebody is there, and return the session as it is then."""
    with one_writer():
        services.touch(session=live.id, now=now)
    return queries.live_session_by_id(live.id, now)


def out(*, live: LiveSession | None, actor: Actor | None, now: datetime) -> None:
    """End a session, however far it is signed in."""
    with one_writer():
        if actor is not None:
            services.sign_out(actor=actor, now=now)
        elif live is not None:
            services.end_session(session=live.id, reason="signed-out", actor=None, now=now)
