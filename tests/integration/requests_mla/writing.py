"""Letters as a browser seals them: opaque here, with keys for whoever is named."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from casehub.core.frames import to_b64u
from requests_mla import queries, services
from tests.factories import Someone
from tests.integration.requests_mla.moving import Mover

BODY = b"sealed words " * 300


def key_of(someone: Someone) -> str:
    """Return a public key of somebody's, as it stands on the wire."""
    return key_on_the_wire(str(someone.id))["key"]


def sealed_to(*people: Someone) -> list[services.Sealed]:
    return [services.Sealed(UUID(str(one.id)), key_of(one), b"w" * 80) for one in people]


def key_on_the_wire(person: str) -> dict[str, str]:
    """Return a key of a letter as a browser seals it to somebody."""
    raw = sha256(person.encode()).digest()
    return {"person": person, "key": to_b64u(raw), "wrapped": to_b64u(b"w" * 80)}


#  acts, and the body that each wants
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "requests.letter.send": lambda o: {
        "id": str(uuid4()),
        "step": 0,
        "body": "AA",
        "keys": [key_on_the_wire(o.person)],
    },
    "requests.letters.share": lambda o: {
        "keys": [key_on_the_wire(o.person) | {"letter": str(uuid4())}]
    },
}


def wrote(ready: Mover, by: Someone, *to: Someone, **changes: Any) -> UUID:
    """Write about a request to these people, and return the letter's id."""
    letter: UUID = changes.pop("letter", None) or uuid4()
    usual = {"step": 0, "body": BODY, "keys": sealed_to(by, *to)}
    services.send_letter(
        request_id=ready.request, letter=letter, actor=by.actor, now=ready.now, **(usual | changes)
    )
    return letter


def shared(ready: Mover, by: Someone, letter: UUID, *to: Someone) -> None:
    keys = [(letter, one) for one in sealed_to(*to)]
    services.share_letters(request_id=ready.request, keys=keys, actor=by.actor, now=ready.now)


def read(ready: Mover, by: Someone) -> list[dict[str, Any]]:
    letters: list[dict[str, Any]] = queries.letters_for(by.actor, ready.request)["letters"]
    return letters
