"""
Our MLS credential: which device of which person of which State a leaf belongs to.

The identity of the basic credential (RFC 9420, section 5.3) is canonical JSON (RFC 8785) with
exactly the fields of `DeviceIdentity`. That the device statement with that serial exists and
is in force is for the directory to say.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from messaging.framing.authenticated import UUID
from messaging.framing.errors import FramingError

if TYPE_CHECKING:
    from messaging.framing.structures import LeafNode

# 32 bytes as base64url without padding: the last of 43 characters carries only four bits.
_KEY: Final = rb"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
# Only one text can stand for one identity: fixed fields in canonical order, and values of
# alphabets that need no escaping. So the pattern is the canonical form.
_IDENTITY: Final = re.compile(
    rb'\{"device":"(?P<device>' + UUID + rb')","history_key":"(?P<history_key>' + _KEY + rb')",'
    rb'"person":"(?P<person>' + UUID + rb')","serial":"(?P<serial>' + UUID + rb')",'
    rb'"signature_key":"(?P<signature_key>' + _KEY + rb')","state":"(?P<state>[A-Z]{2})","v":1\}'
)


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """
    What a leaf's credential claims.

    `state` is a two-letter code; `person`, `device` and `serial` (that of the device
    statement) are UUIDs in lower case; the keys are 32 raw bytes: Ed25519 and X25519.
    """

    state: str
    person: str
    device: str
    serial: str
    signature_key: bytes
    history_key: bytes


def read_identity(credential: bytes) -> DeviceIdentity:
    """
    Read the identity of a basic credential.

    :raises FramingError: `credential-malformed`, if a field is missing, unknown or of another
        form, or the bytes are not the canonical ones.
    """
    found = _IDENTITY.fullmatch(credential)
    if found is None:
        raise FramingError("credential-malformed", f"{len(credential)} bytes")
    return DeviceIdentity(
        state=found["state"].decode("ascii"),
        person=found["person"].decode("ascii"),
        device=found["device"].decode("ascii"),
        serial=found["serial"].decode("ascii"),
        signature_key=base64.urlsafe_b64decode(found["signature_key"] + b"="),
        history_key=base64.urlsafe_b64decode(found["history_key"] + b"="),
    )


def identity_of(leaf: LeafNode) -> DeviceIdentity:
    """
    Read the identity of a leaf, whose signature key it must name.

    :raises FramingError: `credential-malformed` or `credential-key`.
    """
    identity = read_identity(leaf.credential)
    if identity.signature_key != leaf.signature_key:
        raise FramingError("credential-key")
    return identity
