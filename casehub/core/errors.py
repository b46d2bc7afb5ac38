"""
What can go wrong, by stable code.

A code's HTTP status and its words in es, en and fr stand in `errors.json`, which the front end
imports too, so that both say the same. A code without words fails a test.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypedDict, cast

Param = str | int | datetime | list[str]
Language = Literal["es", "en", "fr"]
LANGUAGES: tuple[Language, ...] = ("es", "en", "fr")
NOT_NOW: Final = 503  # the status of what may well be done a moment later
AGAIN: Final = 2  # seconds after which whoever is told that may ask again (RFC 9110, 10.2.3)


class Words(TypedDict):
    """What happened, and what the reader can do."""

    message: str
    do: str


class Entry(TypedDict):
    """One code of the catalogue."""

    status: int
    es: Words
    en: Words
    fr: Words


@cache
def catalogue() -> dict[str, Entry]:
    """Return every error code with its HTTP status and words."""
    text = Path(__file__).with_name("errors.json").read_text(encoding="utf-8")
    return cast("dict[str, Entry]", json.loads(text))


class DomainError(Exception):
    """An expected refusal: its `code` is stable, its `params` carry ids, numbers, moments."""

    code = "refused"

    def __init__(self, code: str | None = None, **params: Param) -> None:
        self.code = code or type(self).code
        self.params = params
        super().__init__(self.code)

    @property
    def status(self) -> int:
        """The HTTP status of this code."""
        return catalogue()[self.code]["status"]

    def as_body(self, language: Language) -> dict[str, object]:
        """Return the wire form; numbers, moments and lists stand in the words too."""
        entry = catalogue()[self.code][language]
        words = {"message": entry["message"], "do": entry["do"]}
        for name, value in self.params.items():
            if not isinstance(value, str):
                said = _as_words(value)
                words = {k: text.replace(f"{{{name}}}", said) for k, text in words.items()}
        told = {name: _as_json(value) for name, value in self.params.items()}
        return {"code": self.code, **words, "params": told}


def _as_words(value: int | datetime | list[str]) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return str(value) if isinstance(value, int) else f"{value:%Y-%m-%d %H:%M} UTC"


def _as_json(value: Param) -> str | int | list[str]:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


class NotVisible(DomainError):
    """The thing does not exist, or the actor may not know that it does: one answer for both."""

    code = "not-found"


class NotAllowed(DomainError):
    """The actor sees the thing but may not do this with it."""

    code = "not-allowed"


class SignInNeeded(DomainError):
    """No session with a second factor stands behind the call."""

    code = "sign-in-needed"


class Refused(DomainError):
    """The act is refused in the present state of things; the code says why."""


class BadFrame(DomainError):
    """The bytes are not of the agreed form."""

    code = "bad-frame"


class TooMany(DomainError):
    """The caller is over a rate."""

    code = "too-many"


def require(why_not: str | None) -> None:
    """
    Turn a policy's answer into a refusal.

    :raises NotVisible: if the policy says "not-found".
    :raises Refused: with the policy's code, if there is one.
    """
    if why_not == NotVisible.code:
        raise NotVisible
    if why_not is not None:
        raise Refused(why_not)
