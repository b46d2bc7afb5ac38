"""A client's retry: the same id with the same content is answered like the first try."""

from __future__ import annotations

import hashlib

from .errors import Refused


def digest_of(*parts: object) -> str:
    """Return what two tries have in common if they ask for the same."""
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def require_same(known: str, asked: str) -> None:
    """
    Compare what a client id asked for first with what it asks for now.

    :raises Refused: `id-reused` if they differ.
    """
    if known != asked:
        raise Refused("id-reused")
