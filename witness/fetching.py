"""HTTP as a client: bounded answers, bounded time, and one line for whatever goes wrong."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from .errors import Stop

SILENCE = 10  # seconds in which nothing comes
LONGEST = 30  # seconds of one answer
_PIECE = 64 * 1024
_AGENT = "casehub-witness"


class Trouble(Exception):
    """Something elsewhere does not work; it is tried again later."""


class NotThere(Trouble):
    """The other side answers that it has no such thing."""


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows no redirects: an address that has moved is the technician's to enter."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002 - the parent's arguments
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


_opener = urllib.request.build_opener(_Staying)


def address(text: str) -> str:
    """
    Return an http(s) address without a slash at its end.

    :raises Stop: if it is none.
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    more = parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in {"http", "https"} or not host or more:
        raise Stop(f"{text} is not the address of a log, as https://casehub.example/api/log/dir")
    return text.rstrip("/")


def get(url: str, most: int) -> bytes:
    """
    Fetch what is at an address.

    :raises NotThere: if there is nothing.
    :raises Trouble: if it does not come, or is longer than `most` bytes.
    """
    return _ask(urllib.request.Request(url, headers={"User-Agent": _AGENT}), most)  # noqa: S310 - `address`


def post(url: str, body: bytes) -> None:
    """
    Send text to an address.

    :raises Trouble: if it is not taken.
    """
    headers = {"User-Agent": _AGENT, "Content-Type": "text/plain; charset=utf-8"}
    _ask(urllib.request.Request(url, body, headers, method="POST"), _PIECE)  # noqa: S310 - as above


def _ask(request: urllib.request.Request, most: int) -> bytes:
    url = request.full_url
    end = time.monotonic() + LONGEST
    try:
        with _opener.open(request, timeout=SILENCE) as response:
            found = bytearray()
            while piece := response.read1(_PIECE):
                found += piece
                if len(found) > most:
                    raise Trouble(f"{url} answers more than {most} bytes")
                if time.monotonic() > end:
                    raise Trouble(f"{url} takes longer than {LONGEST} s")
            return bytes(found)
    except urllib.error.HTTPError as error:
        error.close()
        kind = NotThere if error.code == 404 else Trouble  # noqa: PLR2004 - known to everybody
        raise kind(f"{url} answers {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        why = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        raise Trouble(f"{url} cannot be reached: {why}") from error
