"""
The Merkle tree of RFC 6962 section 2.1 with SHA-256: hashes, proofs, and checks of proofs.

A proof is made from a `Node` reader, which gives the root of a complete subtree; it is checked by
the algorithms of RFC 9162 section 2.1, written apart: a check that made the proof anew would
share its mistakes. Vectors: tests/vectors/audit/tlog.json.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from .errors import Unproven

EMPTY_ROOT = hashlib.sha256(b"").digest()

# (height, index) -> root of the complete subtree of 2^height leaves that begins at leaf
# index * 2^height. Height 0 is a leaf hash.
Node = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbouring subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


# ------------------------------------------------------------------ making


def _split(count: int) -> int:
    """Return the largest power of two below `count`, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(first: int, end: int, node: Node) -> bytes:
    """Return the hash of leaves first..end-1, a range as RFC 6962 cuts them."""
    count = end - first
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return node(height, first >> height)
    middle = first + _split(count)
    return node_hash(_range_hash(first, middle, node), _range_hash(middle, end, node))


def root(size: int, node: Node) -> bytes:
    """Return the root of the first `size` leaves."""
    return _range_hash(0, size, node) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, node: Node) -> list[bytes]:
    """
    Return the hashes that lead from leaf `index` to the root of `size` leaves, lowest first.

    :raises ValueError: if the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    path: list[bytes] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            path.append(_range_hash(middle, end, node))
            end = middle
        else:
            path.append(_range_hash(first, middle, node))
            first = middle
    return path[::-1]


def consistency_path(old: int, new: int, node: Node) -> list[bytes]:
    """
    Return the hashes that show that the tree of `new` leaves begins with that of `old`.

    :raises ValueError: if `old` is larger than `new`.
    """
    if not 0 <= old <= new:
        raise ValueError("a tree does not shrink")
    if old in (0, new):
        return []
    path: list[bytes] = []
    first, end, whole = 0, new, True
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            path.append(_range_hash(middle, end, node))
            end = middle
        else:
            path.append(_range_hash(first, middle, node))
            first, whole = middle, False
    if not whole:
        path.append(_range_hash(first, end, node))
    return path[::-1]


# ------------------------------------------------------------------ checking


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """
    Check that the tree with this `root` and `size` holds the leaf hash `leaf` at `index`.

    :raises Unproven: if the path does not show it.
    """
    if not 0 <= index < size:
        raise Unproven("the tree has no such index")
    place, last, reached = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Unproven("the path is too long")
        if place & 1 or place == last:
            reached = node_hash(sibling, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise Unproven("the path is too short")
    if reached != root:
        raise Unproven("the path leads to another root")


def verify_consistency(
    old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """
    Check that the tree of `new` leaves with `new_root` begins with that of `old` and `old_root`.

    :raises Unproven: if the path does not show it.
    """
    if not 0 <= old <= new:
        raise Unproven("a tree does not shrink")
    if old in (0, new):
        same = old_root == (EMPTY_ROOT if old == 0 else new_root)
        if path or not same:
            raise Unproven("equal sizes need equal roots, and no path")
        return
    _climb(old, new, list(path), old_root, new_root)


def _climb(old: int, new: int, path: list[bytes], old_root: bytes, new_root: bytes) -> None:
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise Unproven("the path is empty")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise Unproven("the path is too long")
        if place & 1 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise Unproven("the path is too short")
    if (before, after) != (old_root, new_root):
        raise Unproven("the path leads to other roots")


class Frontier:
    """
    A tree that remembers only the roots of its largest complete subtrees, and can grow.

    What was appended cannot be changed: every later root extends every earlier one. So a signer
    that grows its own frontier from entries it has re-read can never sign a fork.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # left to right, as the binary digits of `size`

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the end."""
        reached, carry = leaf, self.size
        while carry & 1:
            reached, carry = node_hash(self._peaks.pop(), reached), carry >> 1
        self._peaks.append(reached)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of everything appended."""
        if not self._peaks:
            return EMPTY_ROOT
        *rest, reached = self._peaks
        for peak in reversed(rest):
            reached = node_hash(peak, reached)
        return reached

    def copy(self) -> Frontier:
        """Return another one that can grow by itself."""
        other = Frontier()
        other.size, other._peaks = self.size, list(self._peaks)
        return other
