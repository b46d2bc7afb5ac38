"""
The witnesses in other States, as this side knows them: whom a policy names, and how to reach them.

A witness is asked over HTTP and may be slow, down, wrong or hostile: an answer has a size and a
time, redirects are not followed, and nothing in it is believed that its key has not signed.
"""

from __future__ import annotations

import http.client
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlsplit

from django.conf import settings

from .tlog import witness
from .tlog.checkpoint import Checkpoint
from .tlog.note import Key, Note
from .tlog.policy import Policy

SECONDS = 5.0  # that a witness has for an answer
LARGEST = 64 * 1024  # bytes of one


class Silent(Exception):
    """The witness did not answer in time, or not over HTTP."""


class _Straight(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nobody: a witness is where the policy says."""


# Its own opener: without proxies of the environment, cookies or files.
_opener = urllib.request.OpenerDirector()
for _handler in (
    urllib.request.HTTPHandler(),
    urllib.request.HTTPSHandler(),
    urllib.request.HTTPDefaultErrorHandler(),
    urllib.request.HTTPErrorProcessor(),
    _Straight(),
):
    _opener.add_handler(_handler)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness said: the HTTP status, the content type, the body."""

    status: int
    kind: str
    body: str


@dataclass(frozen=True, slots=True)
class Witness:
    """One witness: its name in the policy, its key, and its address if it can be asked."""

    name: str
    key: Key
    url: str | None

    def add(self, body: str) -> Answer:
        """
        Ask it to cosign.

        :raises Silent: if there is no answer.
        """
        return self._ask("/add-checkpoint", body.encode())

    def head(self, log: Sequence[Key]) -> tuple[str, Checkpoint] | None:
        """
        Return the note that it last cosigned of a log and the checkpoint in it, or None.

        `log` are all keys that this log was ever given: the note may be an old one.

        Only one that both have signed counts: nobody else can speak for either.

        :raises Silent: if there is no answer.
        """
        origin = log[0].name
        shown = self.shown(origin)
        if shown is None:
            return None
        try:
            note = Note.parse(shown)
            note.signatures(log)
            note.signatures([self.key])
            checkpoint = Checkpoint.parse(note.text)
        except ValueError:
            return None
        return (shown, checkpoint) if checkpoint.origin == origin else None

    def shown(self, origin: str) -> str | None:
        """
        Return what it shows of a log, as it came, or None if it says that it has nothing.

        :raises Silent: if there is no answer.
        """
        answer = self._ask(witness.address_of(origin))
        return answer.body if answer.status == http.HTTPStatus.OK else None

    def _ask(self, path: str, body: bytes | None = None) -> Answer:
        if self.url is None or urlsplit(self.url).scheme not in {"http", "https"}:
            raise Silent(f"{self.name} has no address")
        asked = urllib.request.Request(self.url + path, data=body)  # noqa: S310 - http(s) only
        if body is not None:
            asked.add_header("Content-Type", "text/plain; charset=utf-8")
        try:
            with _opener.open(asked, timeout=SECONDS) as answer:
                return _read(answer, answer.status, answer.headers.get_content_type())
        except HTTPError as error:
            with error:
                return _read(error, error.code, error.headers.get_content_type())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Silent(f"{self.name}: {error}") from error


def _read(answer: IO[bytes], status: int, kind: str) -> Answer:
    body = answer.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise ValueError("it says too much")
    return Answer(status, kind, body.decode())


def of(policy: Policy) -> list[Witness]:
    """Return the witnesses of a policy."""
    return [Witness(name, key, policy.urls.get(name)) for name, key in policy.witnesses.items()]


def heads(policy: Policy | None, log: Sequence[Key]) -> list[tuple[str, Checkpoint]]:
    """Return who has cosigned what of a log last, of those that answer now."""
    asked = of(policy) if policy else []
    if not asked:
        return []

    def head(one: Witness) -> tuple[str, Checkpoint] | None:
        try:
            found = one.head(log)
        except Silent:
            return None
        return found and (one.name, found[1])

    with ThreadPoolExecutor(len(asked)) as pool:
        return [found for found in pool.map(head, asked) if found]


def configured_text() -> str | None:
    """
    Return the policy file that this region publishes under, or None if it has no witnesses.

    :raises OSError: if it cannot be read.
    """
    file: Path | None = settings.WITNESSES
    if file is None or (settings.DEMO and not file.exists()):  # the demo's, before its first start
        return None
    return file.read_text(encoding="utf-8")


def configured() -> Policy | None:
    """
    Return that policy.

    :raises Malformed: if the file is none.
    :raises OSError: if it cannot be read.
    """
    text = configured_text()
    return None if text is None else Policy.parse(text)
