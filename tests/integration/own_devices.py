"""What the matrix of permissions needs of a person's own devices, kit and rules of use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from casehub.accounts import rules
from casehub.core.frames import to_b64u
from casehub.directory.models import DeviceRequest
from tests.factories import Region, Someone

NO_STATEMENT = {"statement": {"type": "device", "body": "e30", "signatures": []}}


def asking_of(region: Region, owner: Someone) -> str:
    """Have a browser of somebody ask to be a device, and return the id of what it asked."""
    row = DeviceRequest.objects.create(
        person_id=owner.person,
        session=uuid4(),
        device=uuid4(),
        signature_key=b"k" * 32,
        history_key=bytes(32),
        asked_at=region.now,
        expires_at=region.now + timedelta(minutes=15),
        audit_event_id=region.event(DeviceRequest),
    )
    return str(row.id)


def session_of(region: Region, owner: Someone) -> str:
    """Open a session elsewhere for somebody and return its id."""
    elsewhere = replace(owner)
    region.session(elsewhere)
    return elsewhere.session


#  act, and the body that it wants
BODIES: dict[str, Callable[[object], dict[str, Any]]] = {
    "directory.device.renew": lambda _: NO_STATEMENT,
    "directory.device.ask": lambda _: {
        "device": str(uuid4()),
        "signature_key": to_b64u(b"k" * 32),
        "history_key": to_b64u(bytes(32)),
    },
    "directory.device.name": lambda _: NO_STATEMENT,
    "directory.device.refuse": lambda _: {},
    "accounts.rules.accept": lambda _: {"digest": rules.digests()["es"]},
    "accounts.backup.keep": lambda _: {"body": "AA", "replaces": ""},
}
