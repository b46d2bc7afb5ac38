"""The demo's one act: handing out a fictional identity key."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import audit.services
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible

from .events import IdentityKeyGiven
from .keys import KeyRing


@transaction.atomic
def give_identity_key(*, actor: Actor, now: datetime) -> bytes:
    """
    Return the 32-byte seed of the actor's own identity key: here the browser plays a person.

    Outside the demo an identity key never leaves the browser that made it, and no route leads here.

    :raises NotVisible: if the demo holds no key of theirs.
    """
    key = KeyRing().key_of(actor.id)
    if key is None:
        raise NotVisible
    event = IdentityKeyGiven(states=(actor.state,), person=actor.id)
    audit.services.record(event, actor=actor.id, at=now)
    return key
