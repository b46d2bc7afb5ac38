"""Code generators: offered to their owner, confirmed with a code, and a factor only then."""

from __future__ import annotations

import secrets
import uuid
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction

import audit.services
from casehub.accounts import policies, queries
from casehub.accounts.events import TotpAdded, TotpOffered
from casehub.accounts.models import Account, Factor, TotpDevice, TotpOffer
from casehub.accounts.sealing import seal, unseal
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require

from .lives import concerned
from .own import own_account, require_fresh

SEED = 20  # bytes, RFC 4226 section 4: as long as HMAC-SHA-1's result
ISSUER = "CaseHub"


@dataclass(frozen=True, slots=True)
class Offer:
    """
    A seed on its way to its owner: the one time that it leaves the server.

    `secret` is base 32 without padding; `uri` is what a picture for the application holds (Google
    Authenticator's Key URI format, which has no RFC); `expires_in` counts seconds.
    """

    secret: str
    uri: str
    expires_in: int

    def __repr__(self) -> str:
        """Say nothing of the secret: a trace or a log would keep it."""
        return "Offer(...)"


def _uri(username: str, secret: str) -> str:
    label = quote(f"{ISSUER}:{username}", safe="")
    query = {"secret": secret, "issuer": ISSUER, "algorithm": "SHA1", "digits": 6, "period": 30}
    return f"otpauth://totp/{label}?{urlencode(query)}"


def _replace(account: Account, key: bytes, now: datetime) -> TotpDevice:
    old = Factor.objects.filter(account=account, kind=Factor.Kind.TOTP, removed_at=None)
    TotpDevice.objects.filter(user=account).delete()
    old.update(removed_at=now)
    device = TotpDevice(user=account, name="totp", confirmed=True)
    device.keep_key(key)
    device.save()
    return device


def _as_factor(
    account: Account, device: TotpDevice, factor: uuid.UUID, event_id: int, now: datetime
) -> None:
    Factor.objects.create(
        id=factor,
        account=account,
        kind=Factor.Kind.TOTP,
        totp_id=device.pk,
        sealed_name=seal(b"", purpose="factor-name", bound_to=str(factor)),
        added_at=now,
        audit_event_id=event_id,
    )


@transaction.atomic
def enrol_totp(*, account: Account, key: bytes, actor: Actor | None, now: datetime) -> TotpDevice:
    """
    Give an account a code generator with this 20-byte seed; it replaces the one before.

    `actor` is None when the installation itself seeds the account.
    """
    device = _replace(account, key, now)
    factor = uuid.uuid4()
    event = TotpAdded(states=concerned(account), account=str(account.id), factor=str(factor))
    event_id = audit.services.record(event, actor=actor.id if actor else "", at=now)
    _as_factor(account, device, factor, event_id, now)
    return device


@transaction.atomic
def offer_totp(*, actor: Actor, now: datetime) -> Offer:
    """
    Make a seed and return it to its owner, the only time; it is no factor before `confirm_totp`.

    An account has one offer at most: a new one takes the place of whatever was open.

    :raises Refused: `step-up-needed`; `factor-not-allowed` where the State lets no codes count.
    """
    require_fresh(actor, now)
    account = own_account(actor)
    require(policies.why_not_factor("totp", queries.allowed_factors(actor)))
    key = secrets.token_bytes(SEED)
    event = TotpOffered(states=concerned(account), account=actor.account)
    TotpOffer.objects.update_or_create(
        account=account,
        defaults={
            "session": actor.session,
            "sealed": seal(key, purpose="totp-offer", bound_to=actor.account),
            "made_at": now,
            "audit_event_id": audit.services.record(event, actor=actor.id, at=now),
        },
    )
    secret = b32encode(key).decode()
    return Offer(secret, _uri(account.username, secret), settings.TOTP_OFFER_SECONDS)


@transaction.atomic
def confirm_totp(*, code: str, actor: Actor, now: datetime) -> None:
    """
    Make the offered code generator a factor, because it shows the present code.

    It replaces the generator before, and the code is used up. The proof that the offer asked for
    holds for it too: only the session that was shown the seed may confirm it, and not for long.

    :raises Refused: `totp-offer-over` without an open offer of this session;
        `totp-code-differs`; `factor-not-allowed`.
    """
    account = own_account(actor)
    offer = queries.open_offer(actor, now)
    if offer is None:
        raise Refused("totp-offer-over")
    require(policies.why_not_factor("totp", queries.allowed_factors(actor)))
    key = unseal(bytes(offer.sealed), purpose="totp-offer", bound_to=actor.account)
    device = _replace(account, key, now)
    if not device.verify_token(code):
        raise Refused("totp-code-differs")  # and the generator before is in its place again
    offer.delete()
    factor = uuid.uuid4()
    event = TotpAdded(states=concerned(account), account=actor.account, factor=str(factor))
    event_id = audit.services.record(event, actor=actor.id, at=now)
    _as_factor(account, device, factor, event_id, now)
