"""The server's own refusals, in the same shape, words and headers as the application's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from casehub.core.errors import AGAIN, NOT_NOW, DomainError
from casehub.core.http import language_of

from .headers import NEVER, Pairs, protection


def languages_of(asked: Any) -> str:
    """
    Return which languages a request asks for, of Twisted's headers, whatever its bytes are.

    Asked for by a name of text, Twisted takes values for UTF-8, and raises where they are not.
    """
    told: list[bytes] = asked.getRawHeaders(b"accept-language", [b""])
    return told[0].decode("latin-1")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer, complete."""

    status: int
    headers: Pairs
    body: bytes

    @property
    def phrase(self) -> str:
        """The reason phrase of the status line."""
        return HTTPStatus(self.status).phrase

    def as_bytes(self) -> bytes:
        """Return the answer as HTTP/1.1 bytes, after which the connection closes."""
        lines = [f"HTTP/1.1 {self.status} {self.phrase}".encode()]
        lines += [name + b": " + value for name, value in self.headers]
        return b"\r\n".join([*lines, b"connection: close", b"", self.body])


def refusal(code: str, *, accept_language: str = "", secure: bool) -> Refusal:
    """
    Return the answer for one code of the catalogue.

    :raises KeyError: for a code without words.
    """
    error = DomainError(code)
    body = json.dumps(error.as_body(language_of(accept_language)), ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", NEVER),
        *protection(secure=secure),
    ]
    if error.status == NOT_NOW:
        headers.append((b"retry-after", str(AGAIN).encode()))
    return Refusal(error.status, headers, body)
