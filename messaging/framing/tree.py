"""
The public half of a ratchet tree: its shape, its hashes, and what a commit does to it.

Which leaves and keys a tree has after a commit follows from the commit alone, so the server
computes the next tree itself and compares, instead of believing the one it is sent.

A tree is the full array of RFC 9420, appendix C: leaf i at place 2 i, 2**d leaves. Functions
take a tree and return a new one.
"""

from __future__ import annotations

import hashlib
from itertools import takewhile
from typing import TYPE_CHECKING

from messaging.framing import limits
from messaging.framing.errors import FramingError
from messaging.framing.reader import opaque
from messaging.framing.structures import LeafNode, Node, ParentNode, Tree

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def full(nodes: Sequence[Node]) -> Tree:
    """Return `nodes`, which end in a leaf, followed by the blank nodes of a full tree."""
    width = 1
    while width < len(nodes):
        width = 2 * width + 1
    return (*nodes, *(None,) * (width - len(nodes)))


def level(place: int) -> int:
    """Return the height of a node above the leaves: the number of its trailing one bits."""
    return (~place & (place + 1)).bit_length() - 1


def children(place: int) -> tuple[int, int]:
    """Return the places of the left and the right child of a parent node."""
    below = level(place) - 1
    return place ^ (1 << below), place ^ (3 << below)


def above(place: int) -> int:
    """Return the place of the parent of a node that is not the root."""
    height = level(place)
    return (place | (1 << height)) & ~(1 << (height + 1))


def root(tree: Tree) -> int:
    """Return the place of the root."""
    return len(tree) // 2


def direct_path(tree: Tree, place: int) -> list[int]:
    """Return the places from the parent of a node up to the root, none for the root itself."""
    path = []
    while place != root(tree):
        place = above(place)
        path.append(place)
    return path


def leaves_under(place: int) -> range:
    """Return the indices of the leaves in the subtree of a node."""
    reach = (1 << level(place)) - 1
    return range((place - reach) // 2, (place + reach) // 2 + 1)


def resolution(tree: Tree, place: int) -> list[int]:
    """
    Return the fewest nodes that together cover all members under a node.

    Source: RFC 9420, section 4.1.1.
    """
    node = tree[place]
    if isinstance(node, ParentNode):
        return [place, *(2 * leaf for leaf in node.unmerged)]
    if node is not None:
        return [place]
    if level(place) == 0:
        return []
    left, right = children(place)
    return resolution(tree, left) + resolution(tree, right)


def filtered_path(tree: Tree, leaf: int) -> list[tuple[int, int]]:
    """
    Return the (parent, copath child) places of the filtered direct path, lowest first.

    A parent whose copath child covers no member needs no key of its own. Source: RFC 9420,
    section 4.1.2.
    """
    found = []
    below = 2 * leaf
    for parent in direct_path(tree, below):
        left, right = children(parent)
        beside = right if below == left else left
        if resolution(tree, beside):
            found.append((parent, beside))
        below = parent
    return found


def hashes(tree: Tree) -> list[bytes]:
    """
    Return the tree hash of every node, by place.

    Source: RFC 9420, section 7.8, with SHA-256.
    """
    found = [b""] * len(tree)
    step = 1
    while step <= len(tree):
        for place in range(step - 1, len(tree), 2 * step):
            if step == 1:
                found[place] = _leaf_hash(tree[place], place // 2)
            else:
                left, right = children(place)
                found[place] = _parent_hash_of(tree[place], found[left], found[right])
        step *= 2
    return found


def tree_hash(tree: Tree) -> bytes:
    """Return the tree hash of the root, which the group context carries."""
    return hashes(tree)[root(tree)]


def add(tree: Tree, leaf: LeafNode) -> tuple[Tree, int]:
    """
    Return the tree with a leaf at its leftmost blank place, and the index of that leaf.

    The leaf is unmerged in every parent above it that has a key. Source: RFC 9420,
    sections 7.7 and 12.1.1.

    :raises FramingError: `too-many`, if the tree would outgrow what we take.
    """
    place = next((at for at in range(0, len(tree), 2) if tree[at] is None), len(tree) + 1)
    if place >= 2 * limits.LEAVES:
        raise FramingError("too-many", f"{limits.LEAVES} leaves")
    nodes = list(tree)
    if place > len(tree):
        nodes.extend([None] * (len(tree) + 1))
    nodes[place] = leaf
    grown = tuple(nodes)
    for parent in direct_path(grown, place):
        node = grown[parent]
        if isinstance(node, ParentNode):
            unmerged = tuple(sorted({*node.unmerged, place // 2}))
            nodes[parent] = parent_node(node.encryption_key, node.parent_hash, unmerged)
    return tuple(nodes), place // 2


def remove(tree: Tree, leaf: int) -> Tree:
    """
    Return the tree with a leaf and all above it blank, cut back while its right half is empty.

    Source: RFC 9420, sections 7.7 and 12.1.3.
    """
    nodes = list(tree)
    nodes[2 * leaf] = None
    for parent in direct_path(tree, 2 * leaf):
        nodes[parent] = None
    while len(nodes) > 1 and all(node is None for node in nodes[len(nodes) // 2 :]):
        del nodes[len(nodes) // 2 :]
    return tuple(nodes)


def with_path(tree: Tree, leaf: int, node: LeafNode, keys: Sequence[bytes]) -> tuple[Tree, bytes]:
    """
    Return the tree after its leaf sent new keys, and the parent hash the leaf must carry.

    `keys` are those of the filtered direct path, lowest first, and as many. Source: RFC 9420,
    sections 7.5, 7.9 and 12.4.2; a node that was just given a new key has no unmerged leaves,
    so the original sibling tree hash of section 7.9 is the sibling's tree hash.
    """
    known = hashes(tree)
    nodes = list(tree)
    for parent in direct_path(tree, 2 * leaf):
        nodes[parent] = None
    parent_hash = b""
    path = filtered_path(tree, leaf)
    for (parent, beside), key in zip(reversed(path), reversed(keys), strict=True):
        nodes[parent] = parent_node(key, parent_hash, ())
        parent_hash = _parent_hash(key, parent_hash, known[beside])
    nodes[2 * leaf] = node
    return tuple(nodes), parent_hash


def check_parent_hashes(tree: Tree) -> None:
    """
    Check that every parent that has a key was given it by a member below it.

    Source: RFC 9420, section 7.9.2. Only for a tree whose history is unknown: after a commit
    that `with_path` followed, this holds again.

    :raises FramingError: `parent-hash`, or `tree-shape` if a list of unmerged leaves is not what
        section 12.4.3.1 asks for.
    """
    parents = [(place, node) for place, node in enumerate(tree) if isinstance(node, ParentNode)]
    for place, node in parents:
        _check_unmerged(tree, place, node)
    for place, node in parents:
        left, right = children(place)
        if not (_vouched(tree, node, left, right) or _vouched(tree, node, right, left)):
            raise FramingError("parent-hash", f"node {place}")


def parent_node(encryption_key: bytes, parent_hash: bytes, unmerged: Sequence[int]) -> ParentNode:
    """Build a parent node and its bytes. RFC 9420, section 7.1."""
    listed = opaque(b"".join(leaf.to_bytes(4, "big") for leaf in unmerged))
    raw = opaque(encryption_key) + opaque(parent_hash) + listed
    return ParentNode(raw, encryption_key, parent_hash, tuple(unmerged))


def _leaf_hash(node: Node, leaf: int) -> bytes:
    content = b"\x00" if node is None else b"\x01" + node.raw
    return hashlib.sha256(b"\x01" + leaf.to_bytes(4, "big") + content).digest()


def _parent_hash_of(node: Node, left: bytes, right: bytes) -> bytes:
    content = b"\x00" if node is None else b"\x01" + node.raw
    return hashlib.sha256(b"\x02" + content + opaque(left) + opaque(right)).digest()


def _parent_hash(encryption_key: bytes, parent_hash: bytes, sibling: bytes) -> bytes:
    """Hash a parent for its child, `sibling` being the original tree hash of the other child."""
    return hashlib.sha256(opaque(encryption_key) + opaque(parent_hash) + opaque(sibling)).digest()


def _original_hash(tree: Tree, place: int, without: Collection[int]) -> bytes:
    """Return the tree hash of a subtree as it was before the leaves `without` were added."""
    node = tree[place]
    if level(place) == 0:
        return _leaf_hash(None if place // 2 in without else node, place // 2)
    if isinstance(node, ParentNode):
        kept = [leaf for leaf in node.unmerged if leaf not in without]
        node = parent_node(node.encryption_key, node.parent_hash, kept)
    left, right = (_original_hash(tree, child, without) for child in children(place))
    return _parent_hash_of(node, left, right)


def _vouched(tree: Tree, parent: ParentNode, below: int, beside: int) -> bool:
    """Return whether a node that covers `below` carries the parent hash of `parent`."""
    sibling = _original_hash(tree, beside, parent.unmerged)
    expected = _parent_hash(parent.encryption_key, parent.parent_hash, sibling)
    covering = resolution(tree, below)
    added = {2 * leaf for leaf in parent.unmerged if leaf in leaves_under(below)}
    for place in covering:
        node = tree[place]
        if node is not None and node.parent_hash == expected:
            return added == set(covering) - {place}
    return False


def _check_unmerged(tree: Tree, place: int, node: ParentNode) -> None:
    if list(node.unmerged) != sorted(set(node.unmerged)):
        raise FramingError("tree-shape", f"unmerged leaves of node {place} are not in order")
    for leaf in node.unmerged:
        if leaf not in leaves_under(place) or tree[2 * leaf] is None:
            raise FramingError("tree-shape", f"unmerged leaf {leaf} is not under node {place}")
        for parent in takewhile(lambda at: at != place, direct_path(tree, 2 * leaf)):
            between = tree[parent]
            if isinstance(between, ParentNode) and leaf not in between.unmerged:
                raise FramingError("tree-shape", f"leaf {leaf} is merged below node {place}")
