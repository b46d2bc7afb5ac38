"""
What a State signs with its root (pure): itself, its successor, its ministry's officers.

Everything here happens on a machine that has no network. What goes in is a small file that an
officer's browser made; what comes out are statements (casehub/directory/statements.py), to be
carried to the server by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casehub.core.errors import DomainError
from casehub.core.frames import from_b64u, to_b64u
from casehub.directory.statements import Statement, make, signing_input

from .errors import CeremonyStopped

APPROVALS = ("two-officers", "officer-and-coordinator")
LONGEST = timedelta(days=366)  # of an officer's mandate (ROLES 6)
REQUEST = "officer-request"
REQUEST_LIMIT = 4096  # bytes
_FIELDS = {"v", "state", "person", "name", "post", "key", "made"}


@dataclass(frozen=True, slots=True)
class OfficerRequest:
    """What an officer's browser asks to be signed: their key, and proof that it holds it."""

    state: str
    person: str
    name: str
    post: str
    key: bytes


def stamp(at: datetime) -> str:
    """Return an instant as statements write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def public(key: Ed25519PrivateKey) -> str:
    """Return the public half, base64url."""
    return to_b64u(key.public_key().public_bytes_raw())


def root(
    state: str, *, key: Ed25519PrivateKey, approval: str, serial: str, now: datetime
) -> Statement:
    """
    Return the statement in which a State names its root for the first time.

    `approval` is `two-officers`, or the declared weaker way `officer-and-coordinator`, which
    everybody is shown on the cards of that State's people.
    """
    fields = {
        "serial": serial,
        "issued": stamp(now),
        "state": state,
        "key": public(key),
        "previous": None,
        "approval": approval,
    }
    return make("state-root", fields, [key])


def successor(
    state: str,
    *,
    old: Ed25519PrivateKey,
    new: Ed25519PrivateKey,
    approval: str,
    serial: str,
    now: datetime,
) -> Statement:
    """Return the statement in which a root names its successor: both sign, so neither is forged."""
    fields = {
        "serial": serial,
        "issued": stamp(now),
        "state": state,
        "key": public(new),
        "previous": public(old),
        "approval": approval,
    }
    return make("state-root", fields, [new, old])


def read_request(text: str) -> OfficerRequest:
    """
    Read the file that an officer's browser made, and check that it holds the key it names.

    `{"body": base64url, "signature": base64url}`; the body is RFC 8785 of v, state, person, name,
    post, key and made; the signature is over `casehub/officer-request/1` NUL body.

    :raises CeremonyStopped: if it is anything else.
    """
    try:
        wire = json.loads(text)
        body = from_b64u(wire["body"], most=REQUEST_LIMIT)
        fields = json.loads(body)
        if set(wire) != {"body", "signature"} or set(fields) != _FIELDS or fields["v"] != 1:
            raise CeremonyStopped("This is not a request of an officer.")
        if rfc8785.dumps(fields) != body or not all(
            isinstance(fields[name], str) for name in _FIELDS - {"v"}
        ):
            raise CeremonyStopped("This is not a request of an officer.")
        key = from_b64u(fields["key"], most=32)
        signature = from_b64u(wire["signature"], most=64)
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signing_input(REQUEST, body))
    except InvalidSignature as error:
        message = "The request was changed, or was made without the key that it names."
        raise CeremonyStopped(message) from error
    except (KeyError, TypeError, ValueError, AttributeError, DomainError) as error:
        raise CeremonyStopped("This is not a request of an officer.") from error
    return OfficerRequest(fields["state"], fields["person"], fields["name"], fields["post"], key)


def officer(
    request: OfficerRequest,
    *,
    state: str,
    key: Ed25519PrivateKey,
    serial: str,
    now: datetime,
    until: datetime,
) -> Statement:
    """
    Return the statement in which the root of `state` names a ministry's officer.

    :raises CeremonyStopped: if the request is of another State, or the mandate too long or over.
    """
    if request.state != state:
        message = f"The request is for {request.state}; this root is of {state}."
        raise CeremonyStopped(message)
    if not now < until <= now + LONGEST:
        raise CeremonyStopped("An officer's mandate ends within a year from today.")
    fields = {
        "serial": serial,
        "issued": stamp(now),
        "state": state,
        "person": request.person,
        "name": request.name,
        "post": request.post,
        "key": to_b64u(request.key),
        "from": stamp(now),
        "until": stamp(until),
    }
    return make("officer", fields, [key])
