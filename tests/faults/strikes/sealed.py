"""Members who send and fetch sealed files over HTTP, as docs/files.md has it (pages do so)."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casehub.core.pieces import CHUNK, sizes
from tests.faults.ground import Ground

SMALL, LARGE = 50_000, 1_300_000  # bytes of a file: one piece, or two
ANSWER = 30.0  # seconds
_PUT = {"Content-Type": "application/octet-stream"}


class Silence(Exception):
    """Nobody has answered, or the answer was that one asks again later; with its code, if any."""

    @property
    def code(self) -> str:
        """The code of the refusal, or nothing."""
        return str(self.args[0])


class Wrong(Exception):
    """An answer that no page could do anything with."""


@dataclass(frozen=True)
class File:
    """A file, and what its message would tell its readers."""

    id: UUID
    size: int  # padded
    key: bytes
    prefix: bytes
    sha256: str  # of what was sealed, with its padding
    pieces: list[bytes] = field(repr=False)

    @property
    def digest(self) -> str:
        """What stands for the ciphertext."""
        told = hashlib.sha256(b"casehub/file/1\0" + self.id.bytes)
        for piece in self.pieces:
            told.update(hashlib.sha256(piece).digest())
        return told.hexdigest()

    def opened(self, pieces: list[bytes]) -> str:
        """Return the SHA-256 of what these pieces open to; cryptography raises if they do not."""
        said, told = b"casehub/file/1\0" + self.id.bytes, hashlib.sha256()
        for index, piece in enumerate(pieces):
            told.update(AESGCM(self.key).decrypt(self._nonce(index, len(pieces)), piece, said))
        return told.hexdigest()

    def _nonce(self, index: int, count: int) -> bytes:
        return _nonce(self.prefix, index, count)


def _nonce(prefix: bytes, index: int, count: int) -> bytes:
    return prefix + index.to_bytes(4, "big") + bytes([index == count - 1])


def drawn(chance: random.Random) -> File:
    """Return a file with anything in it."""
    plain = chance.randbytes(chance.randint(SMALL, LARGE))
    size = next(one for one in sizes() if one >= len(plain))
    plain = plain.ljust(size, b"\0")
    key, prefix, id_ = chance.randbytes(32), chance.randbytes(7), UUID(bytes=chance.randbytes(16))
    parts = [plain[at : at + CHUNK] for at in range(0, size, CHUNK)]
    said = b"casehub/file/1\0" + id_.bytes
    sealed = [
        AESGCM(key).encrypt(_nonce(prefix, index, len(parts)), part, said)
        for index, part in enumerate(parts)
    ]
    return File(id_, size, key, prefix, hashlib.sha256(plain).hexdigest(), sealed)


class Mate:
    """A member of the room who sends and fetches files, in the session of their own client."""

    def __init__(self, ground: Ground, number: int) -> None:
        member = ground.room.members[number]
        self.thread, self._url = ground.room.thread, ground.region.url
        kept = json.loads((member.client.profile / "cookies.json").read_text(encoding="utf-8"))
        self._headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in kept.items()),
            "X-CSRFToken": kept["csrftoken"],
            "Origin": self._url,
        }

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """
        Ask once.

        :raises Silence: if nobody answers, or to be asked again.
        :raises Wrong: at another refusal.
        """
        headers = self._headers | more.pop("headers", {})
        try:
            answer = httpx.request(
                method, self._url + path, headers=headers, timeout=ANSWER, **more
            )
        except httpx.HTTPError as wrong:
            raise Silence("") from wrong
        if answer.is_success:
            return answer
        try:
            code = str(answer.json()["code"])
        except (ValueError, KeyError, TypeError) as wrong:
            raise Wrong(f"{method} was answered {answer.status_code} without a code") from wrong
        if answer.status_code in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
            raise Silence(code)
        raise Wrong(f"{method} was answered {answer.status_code} {code}")

    def begin(self, file: File) -> None:
        """Begin to send a file, or go on."""
        told = {"id": str(file.id), "size": file.size}
        self.ask("POST", f"/api/threads/{self.thread}/attachments", json=told)

    def put(self, file: File, index: int) -> None:
        """Send a piece."""
        path = f"/api/attachments/{file.id}/chunks/{index}"
        self.ask("PUT", path, content=file.pieces[index], headers=_PUT)

    def complete(self, file: File) -> None:
        """Say that all of it is there."""
        told = {"digest": file.digest}
        self.ask("POST", f"/api/attachments/{file.id}/complete", json=told)

    def fetch(self, file: File) -> str:
        """Open a file and fetch it; return the SHA-256 of what it opens to."""
        self.ask("POST", f"/api/attachments/{file.id}/open", json={})
        found = [
            self.ask("GET", f"/api/attachments/{file.id}/chunks/{index}").content
            for index in range(len(file.pieces))
        ]
        return file.opened(found)

    def remove(self, file: File) -> None:
        """Take it back."""
        self.ask("DELETE", f"/api/attachments/{file.id}")
