"""By what a State's auditors find their entries among the public ones, whoever else is asked."""

from __future__ import annotations

from .. import commitments, keyring
from ..tlog.text import to_b64


def key_text(state: str) -> str:
    """
    Return a State's tag key, in base64: with it anybody tells its entries from others.

    It opens nothing. Whoever may see all of the State's acts may know which they are.
    """
    return to_b64(commitments.tag_key(keyring.events_secret(), state))
