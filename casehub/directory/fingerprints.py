"""The words in which people compare keys, aloud (pure but for the list that is packaged here)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from .statements import fingerprint


@cache
def words() -> tuple[str, ...]:
    """Return the 2,048 words; what is signed are indices into them."""
    file = files("casehub.directory").joinpath("data/fingerprint-words.json")
    return tuple(json.loads(file.read_text(encoding="utf-8"))["words"])


def spoken(indices: Iterable[int]) -> str:
    """Return the words of a binding, as one reads them aloud."""
    return " ".join(words()[index] for index in indices)


def words_of(key: bytes) -> str:
    """Return the six words of a raw 32-byte public key."""
    return spoken(fingerprint(key))
