"""The rules of use: the words that are shown before a person begins, and their digests."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files

SEPARATOR = "\n"


@cache
def digests() -> dict[str, str]:
    """
    Return SHA-256, in hex, of the rules in each language: UTF-8, paragraphs joined by a line feed.

    The browser computes the same of what it shows (frontend/src/effects/rulesOfUse.ts).
    """
    file = files("casehub.accounts").joinpath("data/rules-of-use.json")
    words: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return {
        language: hashlib.sha256(SEPARATOR.join(paragraphs).encode()).hexdigest()
        for language, paragraphs in words.items()
    }
