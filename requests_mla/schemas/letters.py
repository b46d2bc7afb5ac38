"""The wire forms of letters: what those write to each other who carry or draft a request."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casehub.core.http import Strict

from .. import limits
from ..codes import BOTH, Audience
from . import B64u, Count

PublicKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")]
Wrapped = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{106}[AEIMQUYcgkosw048]$")]


class LetterKeyIn(Strict):
    """A letter's key, sealed to the public key (32 bytes) of somebody who may read it."""

    person: UUID
    key: PublicKey
    wrapped: Wrapped


class LetterIn(Strict):
    """
    A letter to store; `step` is the number of the move that it goes with, 0: with none.

    `enclosures` are the files that it takes along: its author's, whole, and in no other letter.
    `audience` is for whom it is: both States' people, or the requesting one's own, with no step.
    """

    id: UUID
    step: Count
    body: Annotated[B64u, Field(max_length=limits.LETTER_BYTES * 4 // 3 + 4)]
    keys: Annotated[list[LetterKeyIn], Field(min_length=1, max_length=limits.LETTER_KEYS)]
    enclosures: Annotated[list[UUID], Field(max_length=limits.LETTER_FILES)] = []
    audience: Audience = BOTH


class KeyOfLetterIn(LetterKeyIn):
    """The same for a letter that is there already."""

    letter: UUID


class LetterKeysIn(Strict):
    """Keys of letters for one audience, for those who may read them and cannot yet."""

    keys: Annotated[list[KeyOfLetterIn], Field(min_length=1, max_length=limits.KEYS_AT_ONCE)]
    audience: Audience = BOTH


class LetterReaderOut(Schema):
    """Somebody who may read and write; `central`: of a central authority, else they draft."""

    person: UUID
    name: str
    state: str
    central: bool


class LetterKeyOut(Schema):
    """A letter's key as it was sealed to one public key of the caller."""

    key: str
    wrapped: str


class FileOpenedOut(Schema):
    """Who opened a file, and when first."""

    person: UUID
    name: str
    state: str
    at: datetime


class LetterFileOut(Schema):
    """A file that a letter took along: its padded size, and what stands for its pieces (hex)."""

    id: UUID
    size: int
    digest: str
    opened: list[FileOpenedOut]


class LetterOut(Schema):
    """A letter as it was sealed; `held` are the public keys to which its key is sealed."""

    id: UUID
    person: UUID
    name: str
    state: str
    step: int
    at: datetime
    body: str
    keys: list[LetterKeyOut]
    held: list[str]
    files: list[LetterFileOut]


class LettersOut(Schema):
    """
    A page of what was written about a request, oldest first, and who reads it now.

    `first` is the place of its first letter among all for the same audience, from 1 on.
    """

    readers: list[LetterReaderOut]
    first: int
    letters: list[LetterOut]


class LettersReadIn(Strict):
    """The letter about a request up to which the caller was shown all for its audience."""

    letter: UUID
    audience: Audience = BOTH


class UnreadLettersOut(Schema):
    """How many letters about a request the caller has not read, and when the newest came."""

    request: UUID
    audience: Audience
    requesting_state: str
    requested_state: str
    count: int
    at: datetime
