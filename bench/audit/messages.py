"""
The product's own group commit: messages of sixteen people, with their log and without.

With it, this is `accept_messages` as it stands. Without it, the bench takes away in its own process
and its own scratch database what the product cannot do without: the recording of the events, and
the triggers that would demand them. Event ids are then numbers that nobody else has.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db import connection

import audit.services
from messaging.services import Post, accept_messages
from tests import emptying
from tests.factories import Region
from tests.framed import private_message

PEOPLE = 16
TEXT = b"c" * 1024  # of ciphertext
NOBODY = str(UUID(int=0)).encode()


class Scene:
    """Sixteen people of two States in one case, four threads among them."""

    def __init__(self) -> None:
        region = Region(datetime.now(UTC))  # noqa: TID251 - the bench is an edge
        self._people = [region.equipped("SV" if n % 2 else "MX") for n in range(PEOPLE)]
        case = region.case(*self._people)
        self._threads = [region.thread(*self._people, case=case) for _ in range(4)]
        self._bodies = {
            thread: private_message(thread, id=UUID(int=0), ciphertext=TEXT)
            for thread in self._threads
        }
        self._ids = itertools.count(1 << 50)

    def batch(self, size: int) -> None:
        """Store so many new messages in one transaction."""
        posts = []
        for number in range(size):
            thread, id_ = self._threads[number % len(self._threads)], uuid4()
            body = self._bodies[thread].replace(NOBODY, str(id_).encode())
            actor = self._people[number % PEOPLE].actor
            posts.append(Post(actor=actor, thread=thread, epoch=0, id=id_, body=body))
        now = datetime.now(UTC)  # noqa: TID251 - as above
        answers = accept_messages(posts=posts, now=now)
        refused = [one for one in answers if isinstance(one, Exception)]
        if refused:
            raise RuntimeError(f"{len(refused)} messages were refused: {refused[0]!r}")

    @contextmanager
    def without_log(self) -> Iterator[None]:
        """Let the body store messages of which the log hears nothing."""

        def unrecorded(events: Sequence[object], **_: Any) -> list[int]:
            return list(itertools.islice(self._ids, len(events)))

        with (
            emptying.lifted(connection),
            patch.object(audit.services, "record_many", unrecorded),
        ):
            yield
