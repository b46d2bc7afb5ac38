"""What the matrix of permissions needs of a person's own devices, kit and rules of use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from casehub.accounts import rules
from casehub.accounts import services as accounts
from casehub.core.frames import to_b64u
from casehub.directory.models import DeviceRequest
from casehub.directory.statements import as_wire
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


def what_a_kit_opened(acting: dict[str, Any]) -> dict[str, Any]:
    """Keep a backup for whoever acts, and return what their browser says that their kit opened."""
    accounts.keep_backup(body=b"opaque", replaces="", mark="0" * 64, **acting)
    return {"backup": sha256(b"opaque").hexdigest()}


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
    "accounts.backup.keep": lambda _: {"body": "AA", "replaces": "", "mark": "0" * 64},
    "accounts.kit.make": lambda _: {"mark": "0" * 64},
    "accounts.kit.prove": lambda _: {"backup": "0" * 64},
}


def nobody_asks_yet(setting: Any) -> dict[str, Any]:
    """Have no browser ask, and return what one asks with."""
    DeviceRequest.objects.all().delete()
    return BODIES["directory.device.ask"](setting.mine)


def what_asked(setting: Any) -> dict[str, Any]:
    """Return the statement that names the browser which asks."""
    row = DeviceRequest.objects.get(id=setting.mine.asked)
    keys = {"signature_key": to_b64u(b"k" * 32), "history_key": to_b64u(bytes(32))}
    naming = setting.story.region.naming(setting.who, device=str(row.device), **keys)
    return {"statement": as_wire(naming)}
