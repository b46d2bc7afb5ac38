"""The routes of signing in and of one's own account."""

from __future__ import annotations

from typing import Any, Protocol, cast

from django.http import HttpRequest
from django.middleware.csrf import get_token, rotate_token
from ninja import Router

from casehub.core.actor import Actor
from casehub.core.frames import from_b64u, to_b64u
from casehub.core.http import actor_of, call, clock, door

from . import policies, queries, schemas, services, signing_in
from .network import network_of
from .sessions import SessionStore

router = Router()


class Asked(Protocol):
    """What the middleware put on the request."""

    session: SessionStore
    live: queries.LiveSession | None
    actor: Actor | None
    ended_by: dict[str, Any] | None


def _asked(request: HttpRequest) -> Asked:
    return cast("Asked", request)


def _state(request: HttpRequest) -> dict[str, Any]:
    get_token(request)  # sets the CSRF cookie that the next POST needs
    asked = _asked(request)
    return queries.session_state(asked.live, asked.actor, clock(), ended_by=asked.ended_by)


def _stepped_up(request: HttpRequest, key: str) -> dict[str, Any]:
    """Continue under the session's new key, with a new CSRF token, and say how things stand."""
    asked = _asked(request)
    asked.session.adopt(key)
    asked.ended_by = None
    rotate_token(request)
    asked.live = queries.live_session(key, clock())
    asked.actor = queries.actor_of(asked.live)
    return _state(request)


def _nobody(request: HttpRequest) -> dict[str, Any]:
    """Drop the cookie of a session that has just ended, and say how things stand."""
    asked = _asked(request)
    asked.session.drop()
    asked.live = asked.actor = asked.ended_by = None
    rotate_token(request)
    return _state(request)


@router.get("/session", response=schemas.SessionOut, **door("accounts.session.read"))
def read_session(request: HttpRequest) -> dict[str, Any]:
    """Say how far this browser is signed in, and set the CSRF cookie."""
    return _state(request)


@router.post("/session/active", response=schemas.SessionOut, **door("accounts.session.active"))
def note_activity(request: HttpRequest, body: schemas.Nothing) -> dict[str, Any]:
    """Say that somebody is at the page, and learn until when the session lasts now."""
    del body
    asked = _asked(request)
    assert asked.live is not None  # noqa: S101 - the door let in only who has a session
    asked.live = signing_in.seen(live=asked.live, now=clock())
    return _state(request)


@router.post("/sign-in/password", response=schemas.SessionOut, **door("accounts.password.check"))
def sign_in_password(request: HttpRequest, body: schemas.PasswordIn) -> dict[str, Any]:
    """Show a password; this opens nothing but the second step."""
    live = _asked(request).live
    key = signing_in.by_password(
        username=body.account,
        password=body.password,
        network=network_of(request),
        session=live.id if live else None,
        now=clock(),
    )
    return _stepped_up(request, key)


@router.post("/sign-in/code", response=schemas.SessionOut, **door("accounts.code.check"))
def sign_in_code(request: HttpRequest, body: schemas.CodeIn) -> dict[str, Any]:
    """Show a six-digit code or a recovery code."""
    key = signing_in.by_code(live=_asked(request).live, code=body.code, now=clock())
    return _stepped_up(request, key)


@router.post(
    "/sign-in/passkey/begin",
    response=schemas.OptionsOut,
    **door("accounts.passkey.begin"),
)
def sign_in_passkey_begin(request: HttpRequest, body: schemas.Nothing) -> dict[str, Any]:
    """Ask for a challenge."""
    del body
    asked = _asked(request)
    options, key = signing_in.begin_passkey(live=asked.live, now=clock())
    if key is not None:
        asked.session.adopt(key)
    return {"options": options}


@router.post(
    "/sign-in/passkey/finish", response=schemas.SessionOut, **door("accounts.passkey.finish")
)
def sign_in_passkey_finish(request: HttpRequest, body: schemas.CredentialIn) -> dict[str, Any]:
    """Show the signed challenge."""
    key = signing_in.by_passkey(live=_asked(request).live, credential=body.credential, now=clock())
    return _stepped_up(request, key)


@router.post("/sign-out", response=schemas.SessionOut, **door("accounts.sign-out"))
def sign_out(request: HttpRequest, body: schemas.Nothing) -> dict[str, Any]:
    """End the session, however far it is signed in."""
    del body
    asked = _asked(request)
    signing_in.out(live=asked.live, actor=asked.actor, now=clock())
    return _nobody(request)


@router.get("/account/factors", response=schemas.FactorsOut, **door("accounts.factors.list"))
def read_factors(request: HttpRequest) -> dict[str, Any]:
    """List the caller's second factors."""
    return queries.factors_of(actor_of(request))


@router.post(
    "/account/passkeys/begin",
    response=schemas.OptionsOut,
    **door("accounts.passkey.register-begin"),
)
def begin_passkey(request: HttpRequest, body: schemas.Nothing) -> dict[str, Any]:
    """Ask for a challenge to make a passkey with."""
    del body
    live = _asked(request).live
    assert live is not None  # noqa: S101 - the door let in only who has a session
    options = signing_in.begin_adding_passkey(actor=actor_of(request), live=live, now=clock())
    return {"options": options}


@router.post(
    "/account/passkeys/finish",
    response=schemas.FactorsOut,
    **door("accounts.passkey.register-finish"),
)
def add_passkey(request: HttpRequest, body: schemas.PasskeyIn) -> dict[str, Any]:
    """Register the passkey that the browser made."""
    actor = actor_of(request)
    signing_in.add_passkey(actor=actor, name=body.name, credential=body.credential, now=clock())
    return queries.factors_of(actor)


@router.delete(
    "/account/passkeys/{uuid:factor}",
    response=schemas.FactorsOut,
    **door("accounts.passkey.remove"),
)
def remove_passkey(request: HttpRequest, factor: str) -> dict[str, Any]:
    """Remove one of the caller's passkeys."""
    call(request, services.remove_passkey, target=str(factor), factor=str(factor))
    return queries.factors_of(actor_of(request))


@router.post(
    "/account/recovery-codes", response=schemas.CodesOut, **door("accounts.recovery-codes.make")
)
def make_recovery_codes(request: HttpRequest, body: schemas.Nothing) -> dict[str, Any]:
    """Make new recovery codes and show them, once."""
    del body
    return {"codes": call(request, services.make_recovery_codes)}


@router.post("/account/totp/begin", response=schemas.TotpOfferOut, **door("accounts.totp.offer"))
def begin_totp(request: HttpRequest, body: schemas.Nothing) -> services.Offer:
    """Ask for a code generator to set up; its secret is in this answer and in no other."""
    del body
    return call(request, services.offer_totp)


@router.post("/account/totp/finish", response=schemas.FactorsOut, **door("accounts.totp.confirm"))
def confirm_totp(request: HttpRequest, body: schemas.SixDigitsIn) -> dict[str, Any]:
    """Show that the code generator works; it replaces the one before."""
    call(request, services.confirm_totp, code=body.code)
    return queries.factors_of(actor_of(request))


@router.get(
    "/account/sessions",
    response=list[schemas.OwnSessionOut],
    **door("accounts.sessions.list"),
)
def list_sessions(request: HttpRequest) -> list[dict[str, Any]]:
    """List the caller's sessions, this one among them."""
    return queries.sessions_of(actor_of(request), clock())


@router.delete(
    "/account/sessions/{uuid:session}",
    response=list[schemas.OwnSessionOut],
    **door("accounts.session.end"),
)
def end_session(request: HttpRequest, session: str) -> list[dict[str, Any]]:
    """End one of the caller's sessions."""
    call(request, services.end_own_session, target=str(session), session=str(session))
    return queries.sessions_of(actor_of(request), clock())


@router.post(
    "/account/sessions/end-others",
    response=list[schemas.OwnSessionOut],
    **door("accounts.sessions.end-others"),
)
def end_other_sessions(request: HttpRequest, body: schemas.Nothing) -> list[dict[str, Any]]:
    """End every session of the caller but this one."""
    del body
    call(request, services.end_other_sessions)
    return queries.sessions_of(actor_of(request), clock())


@router.get("/account/rules", response=schemas.RulesOut, **door("accounts.rules.read"))
def read_rules(request: HttpRequest) -> dict[str, Any]:
    """Say whether the caller has accepted the rules of use as they are now."""
    return {"accepted_at": queries.rules_accepted(actor_of(request))}


@router.post("/account/rules", response=schemas.RulesOut, **door("accounts.rules.accept"))
def accept_rules(request: HttpRequest, body: schemas.RulesIn) -> dict[str, Any]:
    """Accept the rules of use, named by the digest of their words."""
    return {"accepted_at": call(request, services.accept_rules, digest=body.digest)}


@router.put("/account/backup", response=schemas.BackupKeptOut, **door("accounts.backup.keep"))
def keep_backup(request: HttpRequest, body: schemas.BackupIn) -> dict[str, Any]:
    """Keep what the caller's browser sealed under the key of their recovery kit."""
    sealed = from_b64u(body.body, most=policies.BACKUP_LIMIT)
    kept = call(request, services.keep_backup, body=sealed, replaces=body.replaces, mark=body.mark)
    return {"made_at": kept}


@router.get("/account/backup", response=schemas.BackupOut, **door("accounts.backup.read"))
def give_backup(request: HttpRequest) -> dict[str, Any]:
    """Fetch what the caller's recovery kit seals."""
    body, made_at = call(request, services.give_backup)
    return {"body": to_b64u(body), "made_at": made_at}


@router.get("/account/kit", response=schemas.KitOut, **door("accounts.kit.read"))
def read_kit(request: HttpRequest) -> dict[str, Any]:
    """Say when the caller's recovery kit was last proven, and of when the backup is."""
    return queries.kit_of(actor_of(request))


@router.put("/account/kit", response=schemas.KitOut, **door("accounts.kit.make"))
def make_kit(request: HttpRequest, body: schemas.KitIn) -> dict[str, Any]:
    """Say which kit, on paper by now, seals the caller's backups from now on."""
    call(request, services.make_kit, mark=body.mark)
    return queries.kit_of(actor_of(request))


@router.post("/account/kit/proof", response=schemas.KitOut, **door("accounts.kit.prove"))
def prove_kit(request: HttpRequest, body: schemas.KitProofIn) -> dict[str, Any]:
    """Say that the kit opened the newest backup in the caller's browser."""
    call(request, services.prove_kit, digest=body.backup)
    return queries.kit_of(actor_of(request))


@router.post("/account/close", response=schemas.SessionOut, **door("accounts.account.close"))
def close_account(request: HttpRequest, body: schemas.Nothing) -> dict[str, Any]:
    """Close the caller's account for good."""
    del body
    call(request, services.close_account)
    return _nobody(request)


@router.post("/socket-ticket", response=schemas.TicketOut, **door("accounts.ticket.issue"))
def issue_ticket(request: HttpRequest, body: schemas.Nothing) -> dict[str, Any]:
    """Ask for a pass for one socket."""
    del body
    ticket, seconds = call(request, services.issue_ticket)
    return {"ticket": ticket, "expires_in": seconds}


@router.post("/unlock-share", response=schemas.ShareOut, **door("accounts.unlock-share.give"))
def give_unlock_share(request: HttpRequest, body: schemas.InstallIn) -> dict[str, Any]:
    """Ask for the server's half of the local store's key."""
    install = str(body.install)
    return {"share": to_b64u(call(request, services.give_unlock_share, install=install))}
