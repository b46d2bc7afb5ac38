"""Settings in which an export for a court is asked for, and consented to."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.core.frames import to_b64u
from casehub.custody.statements import Consent
from tests.factories import public, stamp

from .made import WISH, said, wish


def something_said(setting: Any) -> dict[str, Any]:
    """Have the person say something in their thread, and return a wish for it."""
    said(setting.story.region, setting.mine.thread, setting.who)
    return wish(at=stamp(setting.story.region.now))


def a_signed_consent(setting: Any) -> dict[str, Any]:
    """Let a coordinator of the same State in, and return what their device signed."""
    region, key = setting.story.region, Ed25519PrivateKey.generate()
    coordinator = region.person("SV", "coordinator")
    region.device(coordinator, signature_key=public(key))
    setting.enter(coordinator)
    at = stamp(region.now)
    consent = Consent(WISH, coordinator.person, str(coordinator.device), at)
    return {"wish": WISH, "at": at, "signature": to_b64u(key.sign(consent.signed_bytes()))}
