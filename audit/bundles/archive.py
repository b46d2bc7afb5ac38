"""
Zip archives (PKWARE APPNOTE 6.3.10) in one spelling: no times, comments, gaps or extra fields.

A reader makes every header anew from what it understood and compares the bytes, so that nothing
in the file can be changed unnoticed, not even what unpacking programs skip. What one file's data
unpacks to, and how it was packed, the manifest says (form.py).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from .errors import NotABundle

STORED, DEFLATED = 0, 8
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _UNIX = 20, 3 << 8
_DATE = 0x21  # 1 January 1980, the first that can be said
_RIGHTS = 0o100644 << 16  # a plain file that its owner may write
_NAME = re.compile(r"[A-Za-z0-9./-]{1,64}", re.ASCII)
_LARGEST = 2**32 - 2  # bytes; beyond begins another format
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: how it is packed, CRC-32 and size unpacked, where its header is."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int

    def local(self) -> bytes:
        """Return the header that stands before the data."""
        name = self.name.encode("ascii")
        return (
            _LOCAL.pack(
                b"PK\x03\x04", _VERSION, 0, self.method, 0, _DATE,
                self.crc, self.packed, self.size, len(name), 0,
            )
            + name
        )  # fmt: skip

    def central(self) -> bytes:
        """Return the line of the directory at the end."""
        name = self.name.encode("ascii")
        return (
            _CENTRAL.pack(
                b"PK\x01\x02", _UNIX | _VERSION, _VERSION, 0, self.method, 0, _DATE,
                self.crc, self.packed, self.size, len(name), 0, 0, 0, 0, _RIGHTS, self.offset,
            )
            + name
        )  # fmt: skip

    @property
    def data(self) -> int:
        """Where the data begins."""
        return self.offset + _LOCAL.size + len(self.name)

    @property
    def end(self) -> int:
        """Where the next header is."""
        return self.data + self.packed


def packer() -> zlib._Compress:
    """Return a compressor; the same zlib makes the same bytes of the same content."""
    return zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)


def ending(members: Sequence[Member]) -> bytes:
    """Return everything after the last file's data."""
    directory = b"".join(member.central() for member in members)
    count, start = len(members), members[-1].end if members else 0
    return directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)


def members_of(file: BinaryIO) -> list[Member]:
    """
    Return the files of an archive, in order.

    :raises NotABundle: unless all bytes outside their data are exactly those that `Member` makes.
    """
    whole = file.seek(0, 2)
    end = _at(file, whole - _END.size, _END.size)
    _, _, _, count, _, length, start, _ = _END.unpack(end)
    if start + length + _END.size != whole or length > count * (_CENTRAL.size + 64):
        raise NotABundle("its end is not that of an archive")
    directory = _at(file, start, length)
    members = list(_listed(directory, count))
    if directory + end != ending(members) or (members[-1].end if members else 0) != start:
        raise NotABundle("its directory is not as it was written")
    place = 0
    for member in members:
        header = member.local()
        if member.offset != place or _at(file, place, len(header)) != header:
            raise NotABundle(f"{member.name} does not begin as it was written")
        place = member.end
    return members


def _listed(directory: bytes, count: int) -> Iterator[Member]:
    place = 0
    for _ in range(count):
        fields = directory[place : place + _CENTRAL.size]
        if len(fields) != _CENTRAL.size:
            raise NotABundle("its directory ends too early")
        _, _, _, _, method, _, _, crc, packed, size, length, *_, offset = _CENTRAL.unpack(fields)
        place += _CENTRAL.size + length
        try:
            name = directory[place - length : place].decode("ascii")
        except UnicodeDecodeError as error:
            raise NotABundle("the name of a file is none") from error
        if not _NAME.fullmatch(name) or method not in {STORED, DEFLATED}:
            raise NotABundle("the name of a file is none")
        yield Member(name, method, crc, packed, size, offset)


def _at(file: BinaryIO, place: int, length: int) -> bytes:
    if place < 0:
        raise NotABundle("too short for an archive")
    file.seek(place)
    found = file.read(length)
    if len(found) != length:
        raise NotABundle("it ends too early")
    return found


def packed_pieces(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """
    Return the data of a member as it stands, in pieces.

    :raises NotABundle: if there is not so much.
    """
    for place in range(member.data, member.end, _PIECE):
        yield _at(file, place, min(_PIECE, member.end - place))


def unpacked(member: Member, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """
    Return the content of a member in pieces.

    :raises NotABundle: if the data does not unpack to exactly the size and CRC that were said.
    """
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    size = crc = 0
    for packed in pieces:
        for piece in _inflated(inflating, packed) if member.method == DEFLATED else [packed]:
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            if size > member.size or inflating.unused_data:
                raise NotABundle(f"{member.name} is longer than it says")
            yield piece
    finished = member.method == STORED or inflating.eof
    if not finished or (size, crc) != (member.size, member.crc):
        raise NotABundle(f"{member.name} is not what it says")


def _inflated(inflating: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    """Unpack in pieces: a file that unpacks to more than it says never stands in memory."""
    rest, piece = packed, bytes(_PIECE)
    while rest or len(piece) == _PIECE:
        try:
            piece = inflating.decompress(rest, _PIECE)
        except zlib.error as error:
            raise NotABundle("its data does not unpack") from error
        rest = inflating.unconsumed_tail
        yield piece


class Writer:
    """Writes an archive piece by piece; it remembers only the names."""

    def __init__(self) -> None:
        self.members: list[Member] = []

    def add(self, name: str, content: bytes, *, method: int = DEFLATED) -> Iterator[bytes]:
        """Write one file that fits in memory."""
        packed = content
        if method == DEFLATED:
            squeezing = packer()
            packed = squeezing.compress(content) + squeezing.flush()
        yield from self.add_packed(name, [packed], zlib.crc32(content), len(content), method)

    def add_packed(
        self, name: str, pieces: Sequence[bytes] | BinaryIO, crc: int, size: int, method: int
    ) -> Iterator[bytes]:
        """
        Write one file that is packed already.

        :raises ValueError: if the archive would be longer than this format can say.
        """
        if isinstance(pieces, Sequence):
            length = sum(map(len, pieces))
        else:
            length = pieces.seek(0, 2)
            pieces.seek(0)
        offset = self.members[-1].end if self.members else 0
        member = Member(name, method, crc, length, size, offset)
        if member.end > _LARGEST or size > _LARGEST:
            raise ValueError("too much for one archive")
        self.members.append(member)
        yield member.local()
        if isinstance(pieces, Sequence):
            yield from pieces
        else:
            yield from iter(lambda: pieces.read(_PIECE), b"")

    def end(self) -> bytes:
        """Return the last bytes."""
        return ending(self.members)
