"""
Reading and writing the TLS presentation language with the variable-size lengths of MLS.

Source: RFC 9420, section 2.1.2; RFC 8446, section 3. A reader never allocates more than the
slice it returns, and a length is compared with what is there before anything is sliced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from messaging.framing.errors import FramingError

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_BYTE: Final = 1 << 6
TWO_BYTES: Final = 1 << 14
FOUR_BYTES: Final = 1 << 30


class Reader:
    """A cursor over bytes that were received; every method advances it or refuses."""

    __slots__ = ("_data", "_end", "at")

    def __init__(self, data: bytes, start: int = 0, end: int | None = None) -> None:
        """Read `data[start:end]`; `at` is the absolute position of the next byte."""
        self._data = data
        self.at = start
        self._end = len(data) if end is None else end

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        at = self.at
        after = at + count
        if after > self._end:
            raise FramingError("bytes-truncated", f"at byte {at}")
        self.at = after
        return self._data[at:after]

    def number(self, size: int) -> int:
        """Return an unsigned big-endian integer of `size` bytes."""
        return int.from_bytes(self.take(size), "big")

    def length(self) -> int:
        """Return a variable-size length, refusing any but its shortest form."""
        first = self.number(1)
        if first < ONE_BYTE:
            return first
        prefix = first >> 6
        if prefix == 1:
            value = (first & 0x3F) << 8 | self.number(1)
            if value < ONE_BYTE:
                raise FramingError("length-not-minimal", f"at byte {self.at}")
            return value
        if prefix == 2:  # noqa: PLR2004 - the two-bit prefix of RFC 9420, section 2.1.2
            value = (first & 0x3F) << 24 | self.number(3)
            if value < TWO_BYTES:
                raise FramingError("length-not-minimal", f"at byte {self.at}")
            return value
        raise FramingError("value-unknown", f"length prefix at byte {self.at}")

    def opaque(self, most: int) -> bytes:
        """Return the content of a vector of at most `most` bytes."""
        count = self.length()
        if count > most:
            raise FramingError("too-large", f"{count} bytes at byte {self.at}, of {most} at most")
        return self.take(count)

    def within(self) -> Reader:
        """Return a reader over the content of a vector, without copying it, and step over it."""
        count = self.length()
        start = self.at
        after = start + count
        if after > self._end:
            raise FramingError("bytes-truncated", f"at byte {start}")
        self.at = after
        return Reader(self._data, start, after)

    def items(self, most: int) -> Iterator[Reader]:
        """Yield a reader over a vector once for each item, which the caller must then read."""
        inner = self.within()
        count = 0
        while inner.more():
            count += 1
            if count > most:
                raise FramingError("too-many", f"more than {most} at byte {inner.at}")
            yield inner

    def numbers(self, size: int, most: int) -> tuple[int, ...]:
        """Return a vector of integers of `size` bytes each."""
        return tuple(item.number(size) for item in self.items(most))

    def present(self) -> bool:
        """Return whether an optional value follows."""
        flag = self.number(1)
        if flag > 1:
            raise FramingError("value-unknown", f"optional at byte {self.at}")
        return flag == 1

    def more(self) -> bool:
        """Return whether anything is left."""
        return self.at < self._end

    def since(self, start: int) -> bytes:
        """Return everything read from the absolute position `start` until now."""
        return self._data[start : self.at]

    def finish(self) -> None:
        """Refuse if anything is left."""
        if self.at != self._end:
            raise FramingError("bytes-trailing", f"{self._end - self.at} bytes")


def opaque(content: bytes) -> bytes:
    """Return `content` (shorter than 2**30 bytes) as a vector: its shortest length, then itself."""
    count = len(content)
    if count < ONE_BYTE:
        return bytes((count,)) + content
    if count < TWO_BYTES:
        return (count | 0x4000).to_bytes(2, "big") + content
    return (count | 0x8000_0000).to_bytes(4, "big") + content
