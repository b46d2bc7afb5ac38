"""
The witnesses in other States, as this side knows them: whom a policy names, and how to reach them.

A witness is asked over HTTP and may be slow, down, wrong or hostile: an answer has a size and a
time, redirects are not followed, and nothing in it is believed that its key has not signed.
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from .tlog import witness
from .tlog.checkpoint import Checkpoint
from .tlog.note import Key, Note
from .tlog.policy import Policy

SECONDS: Final = 5.0  # that a witness has for each word of an answer
WHOLE: Final = 10.0  # and for all of it: a byte every four seconds would never end
LARGEST: Final = 64 * 1024  # bytes of one
# No proxy of the environment, no cookie, no redirect: a witness is where the policy says.
_WAYS: Final = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


class Silent(Exception):
    """The witness did not answer in time, or not over HTTP, or could not say what it holds."""


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

        Nobody has signed that it has nothing: whoever stands between can say it as well.

        :raises Silent: if there is no answer, or one that does not say what it holds.
        """
        answer = self._ask(witness.address_of(origin))
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        if answer.status != HTTPStatus.OK:
            raise Silent(f"{self.name} answered {answer.status}")
        return answer.body

    def _ask(self, path: str, body: bytes | None = None) -> Answer:
        where = urlsplit(self.url or "")
        if where.scheme not in _WAYS or where.hostname is None:
            raise Silent(f"{self.name} has no address")
        kind = {} if body is None else {"Content-Type": "text/plain; charset=utf-8"}
        try:
            with _connected(where) as connection:
                method = "GET" if body is None else "POST"
                connection.request(method, where.path + path, body, kind)
                return _read(connection.getresponse())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Silent(f"{self.name}: {error}") from error


@contextmanager
def _connected(where: SplitResult) -> Iterator[http.client.HTTPConnection]:
    """Connect, and cut the line at the end of its time, whatever is still being said."""
    connection = _WAYS[where.scheme](str(where.hostname), where.port, timeout=SECONDS)
    late = threading.Event()
    try:
        connection.connect()
        end = threading.Timer(WHOLE, _cut, [connection.sock, late])
        end.daemon = True
        end.start()
        try:
            yield connection
        finally:
            end.cancel()
        if late.is_set():
            raise TimeoutError("it did not come to an end")
    finally:
        connection.close()


def _cut(line: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):  # it has ended meanwhile
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # TLS must not be asked first


def _read(answer: http.client.HTTPResponse) -> Answer:
    with answer:
        body = answer.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise ValueError("it says too much")
        return Answer(answer.status, answer.headers.get_content_type(), body.decode())


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
