"""One heartbeat of the product's own switchboard, to lines that nobody reads."""

from __future__ import annotations

import asyncio
import itertools
import time
from contextlib import suppress
from datetime import datetime
from unittest.mock import patch
from uuid import UUID

from messaging import switchboard as module

THREADS = 1000  # that the process hears of


class _Line:
    """A socket that nobody reads."""

    def __init__(self, number: int) -> None:
        self.person = self.account = self.session = str(UUID(int=number))
        self.frames = 0

    async def push(self, frame: str) -> None:
        """Count it."""
        del frame
        self.frames += 1

    async def drop(self, code: int) -> None:
        """Do nothing: nobody ends."""


class _Over(BaseException):
    """The second heartbeat begins."""


def _never() -> datetime:
    raise RuntimeError("a heartbeat asks for no time")


def beat(sockets: int, own: int) -> float:
    """Return the processor seconds of one heartbeat to so many lines with so many threads each."""
    lines = [_Line(number) for number in range(sockets)]
    heard = [UUID(int=(1 << 100) + number) for number in range(THREADS)]
    heads = {str(thread): 1 for thread in heard}
    beats = itertools.count()

    async def once(_: float) -> None:
        if next(beats):
            raise _Over

    async def run() -> float:
        board = module.Switchboard(_never)
        for number, line in enumerate(lines):
            board._persons[line.person][line] = None  # noqa: SLF001 - seated as by `join`
            for n in range(own):
                thread = heard[(number * own + n) % THREADS]
                board._readers[thread].add(line)  # noqa: SLF001
                board._seats[line].add(thread)  # noqa: SLF001
        for thread in heard:
            _ = board._readers[thread]  # noqa: SLF001
        seats = {line.person: list(board._seats[line]) for line in lines}  # noqa: SLF001
        began = time.process_time()
        with (
            suppress(_Over),
            patch.object(module.asyncio, "sleep", once),
            patch.object(module.queries, "heads_of", lambda _: heads),
            patch.object(module.cases, "circles_of_each", lambda _: seats),
        ):
            await board._beat()  # noqa: SLF001
        return time.process_time() - began

    took = asyncio.run(run())
    if any(line.frames != 1 for line in lines):
        raise RuntimeError("a line did not hear its heads once")
    return took
