"""
C2SP tlog-tiles: the tree as files of 256 hashes, so that a proof costs a handful of fetches.

Tile (level, number) holds hashes number*256 .. of subtrees with 256^level leaves. The last tile
of a level may be partial; a partial tile is never hashed upward.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from .errors import Malformed, Unproven
from .merkle import Node, node_hash

HEIGHT = 8
WIDTH = 256  # hashes in a full tile, entries in a full bundle
HASH = 32  # bytes
DEEPEST = 63
LONGEST_ENTRY = 65535

# (level, number) -> as much of that tile as there is; empty if there is none
Read = Callable[[int, int], bytes]
_PLACE = re.compile(r"((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


def path_of(level: int | None, number: int, width: int = WIDTH) -> str:
    """Return the path of a tile; of a bundle of entries if `level` is None."""
    rest, digits = divmod(number, 1000)
    path = f"{digits:03d}"
    while rest:
        rest, digits = divmod(rest, 1000)
        path = f"x{digits:03d}/{path}"
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{'entries' if level is None else level}/{path}{partial}"


def parse_place(text: str) -> tuple[int, int]:
    """
    Return number and width from the part of a path after the level, e.g. `x001/067.p/12`.

    :raises Malformed: for any spelling but the one that `path_of` makes.
    """
    found = _PLACE.fullmatch(text)
    if found is None:
        raise Malformed("not the place of a tile")
    number = int(found[1].replace("x", "").replace("/", ""))
    width = int(found[2]) if found[2] else WIDTH
    if width > WIDTH or path_of(0, number, width) != f"tile/0/{text}":
        raise Malformed("the place of a tile in another spelling")
    return number, width


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """Return level, number and width of every tile that a tree of `size` leaves has."""
    level, hashes = 0, size
    while hashes:
        full, width = divmod(hashes, WIDTH)
        for number in range(full):
            yield level, number, WIDTH
        if width:
            yield level, full, width
        level, hashes = level + 1, full


def _fold(hashes: list[bytes]) -> bytes:
    """Return the root of a power of two of neighbouring hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


def split_hashes(data: bytes) -> list[bytes]:
    """
    Return the hashes of a tile.

    :raises Malformed: if the bytes are not whole hashes, or too many.
    """
    if len(data) % HASH or len(data) > WIDTH * HASH:
        raise Malformed("not a tile")
    return [data[i : i + HASH] for i in range(0, len(data), HASH)]


def grow(size: int, leaves: Sequence[bytes], read: Read) -> dict[tuple[int, int], bytes]:
    """
    Return the tiles that change when leaf hashes are appended to a tree of `size` leaves.

    :raises Unproven: if the right edge that is there does not belong to a tree of that size.
    """
    changed: dict[tuple[int, int], bytes] = {}
    level, place, added = 0, size, list(leaves)
    while added:
        number, filled = divmod(place, WIDTH)
        tile = bytearray(read(level, number)) if filled else bytearray()
        if len(tile) != filled * HASH:
            raise Unproven(f"tile {level}/{number} does not have {filled} hashes")
        above = []
        for one in added:
            tile += one
            changed[level, number] = bytes(tile)
            if len(tile) == WIDTH * HASH:
                above.append(_fold(split_hashes(bytes(tile))))
                tile, number = bytearray(), number + 1
        level, place, added = level + 1, place // WIDTH, above
    return changed


def node_reader(read: Read) -> Node:
    """
    Return a reader of tree nodes over one of tiles; it reads each tile once.

    The reader raises `Unproven` where a tile is too short for what is asked.
    """
    known: dict[tuple[int, int], bytes] = {}

    def node(height: int, index: int) -> bytes:
        level, inner = divmod(height, HEIGHT)
        first = index << inner
        number, offset = divmod(first, WIDTH)
        if (level, number) not in known:
            known[level, number] = read(level, number)
        data = known[level, number][offset * HASH : (offset + (1 << inner)) * HASH]
        if len(data) != HASH << inner:
            raise Unproven(f"tile {level}/{number} is too short")
        return _fold(split_hashes(data))

    return node


def bundle(entries: Sequence[bytes]) -> bytes:
    """
    Return entries as one file: each behind its length in two bytes.

    :raises ValueError: if one is longer than two bytes can say.
    """
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise ValueError("an entry is too long")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """
    Return the entries of a bundle.

    :raises Malformed: if it ends in the middle of one, or holds more than 256.
    """
    entries, place = [], 0
    while place < len(data):
        start = place + 2
        place = start + int.from_bytes(data[place:start], "big")
        entries.append(data[start:place])
    if place != len(data) or len(entries) > WIDTH:
        raise Malformed("not a bundle of entries")
    return entries
