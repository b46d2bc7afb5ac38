"""How much memory the answers take that nobody reads, and whose line goes for it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from . import limits

# In a message of an answer's body: the next piece is made only once this one is on its way.
BY_PIECES: Final = "casehub.by-pieces"


class Line(Protocol):
    """A connection of which something is unread."""

    def cut(self) -> None:
        """Let go of it and of what is unread."""


@dataclass
class _Behind:
    network: str
    size: int
    since: float  # of the monotonic clock


class Unread:
    """
    Bytes of answers that lie in memory since their line took no more, of all lines together.

    Of a line they count in full until it has taken all of them: that is when its transport says so.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = 0
        self._clock = clock
        self._behind: dict[Line, _Behind] = {}  # in the order in which they fell behind
        self._by_network: Counter[str] = Counter()

    def add(self, line: Line, network: str, size: int) -> None:
        """
        Count `size` more bytes that a line of `network` has not taken.

        If that is too much for the process, those go who wait longest of the network that has most:
        nobody else's answer is lost for what one network leaves lying.
        """
        behind = self._behind.setdefault(line, _Behind(network, 0, self._clock()))
        behind.size += size
        self._by_network[behind.network] += size
        self.total += size
        while self.total > limits.UNREAD_BYTES:
            self._let_go(self._oldest_of_most())

    def forget(self, line: Line) -> None:
        """Stop counting a line: it took everything, or it is gone."""
        behind = self._behind.pop(line, None)
        if behind is None:
            return
        self.total -= behind.size
        self._by_network[behind.network] -= behind.size
        if self._by_network[behind.network] == 0:
            del self._by_network[behind.network]

    def look(self) -> None:
        """Let go of every line that has been behind for longer than what it is to read takes."""
        now = self._clock()
        for line, behind in list(self._behind.items()):
            if now - behind.since > limits.reading_seconds(behind.size):
                self._let_go(line)

    def _oldest_of_most(self) -> Line:
        most, _ = self._by_network.most_common(1)[0]
        return next(line for line, behind in self._behind.items() if behind.network == most)

    def _let_go(self, line: Line) -> None:
        # First: whatever fails below, what is counted is counted once.
        self.forget(line)
        line.cut()


def let_go(transport: Any) -> None:
    """
    Close a connection at once, and drop what it has not sent.

    Twisted keeps that for as long as anybody knows the connection: its application, for one.
    """
    transport.abortConnection()
    transport.dataBuffer, transport.offset = b"", 0
    transport._tempDataBuffer, transport._tempDataLen = [], 0  # noqa: SLF001 - no public way
