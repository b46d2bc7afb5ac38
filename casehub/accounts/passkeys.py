"""
Passkey ceremonies: the library's helper with our demands.

User verification is *required* both when a passkey is made and when it is used (the library would
ask for it as a wish only), and the credential must be discoverable, so that nobody has to tell a
stranger which credentials an account has.

Source: W3C Web Authentication, level 3, sections 7.1 and 7.2.
"""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any

from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnCredential, WebAuthnUserHandle
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from casehub.core.errors import Refused

from .models import Account

CHALLENGE_SECONDS = 300
# What parsers of bytes from outside may throw besides their own errors.
_BROKEN = (WebAuthnException, OTPWebAuthnApiError, ValueError, LookupError, TypeError, struct.error)


class Helper(WebAuthnHelper):  # type: ignore[misc]  # the library has no types
    """The library's ceremony, never without user verification."""

    def __init__(self, *, handle: bytes | None = None, shown: str = "") -> None:
        """
        Work without a request: the library wants one for settings that we do not use.

        For an account that is not opened yet, `handle` is its user handle and `shown` whose it is.
        """
        super().__init__(request=None)
        self._handle, self._shown = handle, shown

    def get_user_entity(self, user: Account) -> PublicKeyCredentialUserEntity:
        """Return whom the passkey is for: of nobody's account yet, without a row of the library."""
        if self._handle is None:
            entity: PublicKeyCredentialUserEntity = super().get_user_entity(user)
            return entity
        return PublicKeyCredentialUserEntity(
            id=self._handle, name=user.username, display_name=self._shown
        )

    def get_generate_registration_options_kwargs(self, *, user: Account) -> dict[str, Any]:
        """Return the registration options, with both demands in them."""
        kwargs: dict[str, Any] = super().get_generate_registration_options_kwargs(user=user)
        kwargs["authenticator_selection"] = AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.REQUIRED,
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
        )
        return kwargs


def _ceremony(purpose: str, state: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {"purpose": purpose, "state": state, "until": now.timestamp() + CHALLENGE_SECONDS}


def _state(ceremony: dict[str, Any] | None, purpose: str, now: datetime) -> dict[str, Any]:
    if (
        ceremony is None
        or ceremony["purpose"] != purpose
        or now.timestamp() >= ceremony["until"]
        or ceremony["state"]["require_user_verification"] is not True
    ):
        raise Refused("passkey-refused")
    state: dict[str, Any] = ceremony["state"]
    return state


def begin_adding(account: Account, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the options for the browser, and the ceremony to keep until it answers."""
    options, state = Helper().register_begin(account)
    return options, _ceremony("add", state, now)


def finish_adding(
    account: Account, ceremony: dict[str, Any] | None, credential: dict[str, Any], now: datetime
) -> WebAuthnCredential:
    """
    Check what the browser made and keep it.

    :raises Refused: `passkey-refused` if anything in it is not what was asked for.
    """
    state = _state(ceremony, "add", now)
    try:
        return Helper().register_complete(account, state, credential)
    except _BROKEN as error:
        raise Refused("passkey-refused") from error


def begin_enrolling(
    username: str, *, shown: str, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the same for somebody without an account: it is opened when the browser answers."""
    handle = WebAuthnUserHandle.generate_handle()
    options, state = Helper(handle=handle, shown=shown).register_begin(Account(username=username))
    return options, _ceremony("enrol", state, now) | {"handle": handle.hex()}


def finish_enrolling(
    account: Account, ceremony: dict[str, Any] | None, credential: dict[str, Any], now: datetime
) -> WebAuthnCredential:
    """
    Check what the browser made for an account that was opened just now, and keep it.

    :raises Refused: `passkey-refused` if anything in it is not what was asked for.
    """
    state = _state(ceremony, "enrol", now)
    assert ceremony is not None  # noqa: S101 - else it was refused
    known = WebAuthnUserHandle.objects.filter(user=account).first()
    if known is None:
        WebAuthnUserHandle.objects.create(user=account, handle_hex=ceremony["handle"])
    try:
        return Helper().register_complete(account, state, credential)
    except _BROKEN as error:
        raise Refused("passkey-refused") from error


def forget_all(account: Account) -> None:
    """Remove every passkey of an account, in the transaction of the act that closes it."""
    WebAuthnCredential.objects.filter(user=account).delete()


def begin_using(account: Account | None, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return the options for the browser, and the ceremony to keep until it answers.

    Without an account the browser offers whatever it has for this site; nothing is told of ours.
    """
    options, state = Helper().authenticate_begin(account, require_user_verification=True)
    return options, _ceremony("use", state, now)


def raw_id(credential: dict[str, Any]) -> bytes:
    """
    Return the credential's id as bytes.

    :raises Refused: `passkey-refused` if it has none.
    """
    try:
        return base64url_to_bytes(credential["rawId"])
    except _BROKEN as error:
        raise Refused("passkey-refused") from error


def owner_of(credential: dict[str, Any]) -> Account | None:
    """Return whose credential this claims to be, to name the account in the log; proves nothing."""
    try:
        owner: Account = WebAuthnCredential.get_by_credential_id(raw_id(credential)).user
    except (WebAuthnCredential.DoesNotExist, Refused):
        return None
    return owner


def finish_using(
    account: Account | None,
    ceremony: dict[str, Any] | None,
    credential: dict[str, Any],
    now: datetime,
) -> Account:
    """
    Check a signed challenge and return whose passkey signed it.

    Origin, RP id, challenge, flags, signature and counter are checked, and that the credential is
    `account`'s, if one is given. The library leaves the user handle to us.

    :raises Refused: `passkey-refused` for whatever reason.
    """
    state = _state(ceremony, "use", now)
    try:
        device = Helper().authenticate_complete(account, state, credential)
        handle = credential["response"].get("userHandle")
        if handle and base64url_to_bytes(handle) != WebAuthnUserHandle.get_handle_for_user(
            device.user
        ):
            raise Refused("passkey-refused")
    except _BROKEN as error:
        raise Refused("passkey-refused") from error
    if not device.confirmed or not device.user.is_active:
        raise Refused("passkey-refused")
    owner: Account = device.user
    return owner
