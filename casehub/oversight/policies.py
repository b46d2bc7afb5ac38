"""Why an auditor may not do something, or nothing."""

from __future__ import annotations

import re

from . import limits

_REFERENCE = re.compile(r"[\w .:;,()/§-]{3,64}")


def why_not_ask(*, ground: str, reference: str, own_state: bool, own: bool) -> str | None:
    """Return why a pseudonym cannot be asked about: of whom, and on what ground."""
    if ground not in limits.GROUNDS or not _REFERENCE.fullmatch(reference):
        return "unmasking-ground"
    if own:
        return "unmasking-own"
    return None if own_state else "unmasking-foreign"


def why_not_decide(*, stage: str, own: bool) -> str | None:
    """Return why somebody cannot answer a wish: it is their own, or no more open."""
    if own:
        return "second-person-needed"
    return None if stage == "open" else "unmasking-closed"


def why_not_keep(*, count: int) -> str | None:
    """Return why no more filters can be kept."""
    return "views-full" if count >= limits.VIEWS else None
