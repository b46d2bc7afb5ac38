"""What the demo's sign-in page shows: who can be played, and with which code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django_otp.oath import hotp

from casehub.accounts.models import Account, TotpDevice
from casehub.core.errors import NotVisible

from .seed import PASSWORD

STEP = 30  # seconds of a TOTP code, RFC 6238


def people() -> list[dict[str, Any]]:
    """Return the fictional people, by State and post."""
    rows = Account.objects.filter(person__fictional=True, is_active=True).select_related(
        "person__office"
    )
    return [
        {
            "account": account.username,
            "name": account.person.name,
            "state": account.state,
            "role": min(account.person.role_set),
            "office": account.person.office.name,
        }
        for account in sorted(rows, key=lambda a: (a.state or "~", a.username))  # regional last
    ]


def code_of(username: str, *, now: datetime) -> dict[str, Any]:
    """
    Return how to sign in as a fictional person: password, and a code that was not used yet.

    A used code never counts again; the next one is taken early, which the verifier tolerates.

    :raises NotVisible: if the demo has nobody of that name.
    """
    account = Account.objects.filter(username=username, person__fictional=True).first()
    device = TotpDevice.objects.filter(user=account).first() if account else None
    if device is None:
        raise NotVisible
    present = int(now.timestamp()) // STEP
    step = max(present, device.last_t + 1)
    return {
        "password": PASSWORD,
        "code": f"{hotp(device.bin_key, step):06d}",
        "seconds_left": (step + 1) * STEP - int(now.timestamp()),
    }
