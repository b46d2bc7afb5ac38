"""What the demo leaves in the log."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class IdentityKeyGiven(Event):
    """The demo handed a fictional person's identity key to the browser that plays them."""

    kind = "demo.identity-key.given"
    subject_field = "person"
    person: str
