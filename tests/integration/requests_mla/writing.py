"""Letters as a browser seals them: opaque here, with keys for whoever is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from casehub.core.frames import to_b64u
from casehub.directory.queries import history_keys_of
from casehub.directory.sealing import sealing_key_of
from requests_mla import queries, services
from requests_mla.codes import BOTH, Audience
from tests.factories import Someone
from tests.integration.requests_mla.moving import Mover

BODY = b"sealed words " * 300


def key_of(someone: Someone) -> str:
    """Return the public key to which one seals to somebody, as it stands on the wire."""
    if someone.device is not None:
        (key,) = history_keys_of([someone.id])[someone.id]
        return key
    raw = sealing_key_of(someone.key.public_key().public_bytes_raw())
    assert raw is not None
    return to_b64u(raw)


def sealed_to(*people: Someone) -> list[services.Sealed]:
    return [services.Sealed(UUID(str(one.id)), key_of(one), b"w" * 80) for one in people]


def on_the_wire(someone: Someone) -> dict[str, str]:
    """Return a key of a letter as a browser seals it to somebody."""
    return wire_of(str(someone.id), key_of(someone))


def wire_of(person: str, key: str) -> dict[str, str]:
    return {"person": person, "key": key, "wrapped": to_b64u(b"w" * 80)}


#  acts, and the body that each wants
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "requests.letter.send": lambda o: {
        "id": str(uuid4()),
        "step": 0,
        "body": "AA",
        "keys": [wire_of(o.person, to_b64u(bytes(32)))],
    },
    "requests.letters.mark": lambda o: {"letter": str(uuid4())},
    "requests.letters.share": lambda o: {
        "keys": [wire_of(o.person, to_b64u(bytes(32))) | {"letter": str(uuid4())}]
    },
}


def wrote(ready: Mover, by: Someone, *to: Someone, **changes: Any) -> UUID:
    """Write about a request to these people, and return the letter's id."""
    letter: UUID = changes.pop("letter", None) or uuid4()
    usual = {"step": 0, "body": BODY, "keys": sealed_to(by, *to), "now": ready.now}
    services.send_letter(
        request_id=ready.request, letter=letter, actor=by.actor, **(usual | changes)
    )
    return letter


def shared(
    ready: Mover, by: Someone, letter: UUID, *to: Someone, audience: Audience = BOTH
) -> None:
    keys = [(letter, one) for one in sealed_to(*to)]
    acting = {"actor": by.actor, "now": ready.now}
    services.share_letters(request_id=ready.request, keys=keys, audience=audience, **acting)


def read(ready: Mover, by: Someone, audience: Audience = BOTH) -> list[dict[str, Any]]:
    told = queries.letters_for(by.actor, ready.request, audience)
    letters: list[dict[str, Any]] = told["letters"]
    return letters
