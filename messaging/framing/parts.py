"""
The structures inside messages: leaves, key packages, contexts, paths and proposals.

Each function reads one of them from where the reader stands; nothing is judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from messaging.framing import limits
from messaging.framing.errors import FramingError
from messaging.framing.structures import (
    Add,
    Capabilities,
    ExternalInit,
    GroupContext,
    KeyPackage,
    LeafNode,
    LeafSource,
    Node,
    ParentNode,
    PathNode,
    Proposal,
    Refused,
    Remove,
    UpdatePath,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import IntEnum

    from messaging.framing.reader import Reader

    Value = TypeVar("Value", bound=IntEnum)

MLS_10: Final = 1
BASIC: Final = 1
X25519_BYTES: Final = 32
LEAF, PARENT = 1, 2
INLINE, BY_REFERENCE = 1, 2
EXTERNAL_PSK, RESUMPTION_PSK = 1, 2


def one_of(kind: type[Value], value: int) -> Value:
    """Return the member of an enumeration with a value, or refuse the value."""
    try:
        return kind(value)
    except ValueError:
        raise FramingError("value-unknown", f"{kind.__name__} {value}") from None


def take_extensions(reader: Reader, most: int = limits.EXTENSION_BYTES) -> Mapping[int, bytes]:
    """Take a list of extensions: content by type, no type twice, each of at most `most` bytes."""
    found: dict[int, bytes] = {}
    for item in reader.items(limits.EXTENSIONS):
        kind = item.number(2)
        if kind in found:
            raise FramingError("extension-twice", f"type {kind}")
        found[kind] = item.opaque(most)
    return found


def _capabilities(reader: Reader) -> Capabilities:
    versions, suites, extensions, proposals, credentials = (
        reader.numbers(2, limits.CAPABILITIES) for _ in range(5)
    )
    return Capabilities(versions, suites, extensions, proposals, credentials)


def take_leaf_node(reader: Reader) -> LeafNode:
    """Take a leaf node. RFC 9420, section 7.2; only basic credentials."""
    start = reader.at
    encryption_key = reader.opaque(limits.KEY_BYTES)
    signature_key = reader.opaque(limits.KEY_BYTES)
    if reader.number(2) != BASIC:
        raise FramingError("credential-malformed", "not a basic credential")
    credential = reader.opaque(limits.CREDENTIAL_BYTES)
    capabilities = _capabilities(reader)
    source = one_of(LeafSource, reader.number(1))
    lifetime = parent_hash = None
    if source is LeafSource.KEY_PACKAGE:
        lifetime = (reader.number(8), reader.number(8))
    elif source is LeafSource.COMMIT:
        parent_hash = reader.opaque(limits.KEY_BYTES)
    extensions = take_extensions(reader)
    signed = reader.since(start)
    signature = reader.opaque(limits.KEY_BYTES)
    return LeafNode(
        raw=reader.since(start),
        signed=signed,
        encryption_key=encryption_key,
        signature_key=signature_key,
        credential=credential,
        capabilities=capabilities,
        source=source,
        lifetime=lifetime,
        parent_hash=parent_hash,
        extensions=extensions,
        signature=signature,
    )


def take_node(reader: Reader, place: int) -> Node:
    """Take the node of a ratchet tree at a place that is not blank. RFC 9420, section 12.4.3.3."""
    kind = reader.number(1)
    if kind not in {LEAF, PARENT}:
        raise FramingError("value-unknown", f"node type {kind}")
    if (kind == LEAF) != (place % 2 == 0):
        raise FramingError("tree-shape", f"wrong kind of node at place {place}")
    if kind == LEAF:
        return take_leaf_node(reader)
    start = reader.at
    encryption_key = reader.opaque(limits.KEY_BYTES)
    parent_hash = reader.opaque(limits.KEY_BYTES)
    unmerged = reader.numbers(4, limits.LEAVES)
    return ParentNode(reader.since(start), encryption_key, parent_hash, unmerged)


def take_key_package(reader: Reader) -> KeyPackage:
    """Take a key package. RFC 9420, section 10."""
    start = reader.at
    version = reader.number(2)
    suite = reader.number(2)
    init_key = reader.opaque(limits.KEY_BYTES)
    leaf = take_leaf_node(reader)
    extensions = take_extensions(reader)
    signed = reader.since(start)
    signature = reader.opaque(limits.KEY_BYTES)
    return KeyPackage(
        raw=reader.since(start),
        signed=signed,
        version=version,
        suite=suite,
        init_key=init_key,
        leaf=leaf,
        extensions=extensions,
        signature=signature,
    )


def take_group_context(reader: Reader) -> GroupContext:
    """Take a group context. RFC 9420, section 8.1."""
    start = reader.at
    version = reader.number(2)
    suite = reader.number(2)
    group_id = reader.opaque(limits.GROUP_ID_BYTES)
    epoch = reader.number(8)
    tree_hash = reader.opaque(limits.KEY_BYTES)
    confirmed = reader.opaque(limits.KEY_BYTES)
    extensions = take_extensions(reader)
    return GroupContext(
        reader.since(start), version, suite, group_id, epoch, tree_hash, confirmed, extensions
    )


def take_update_path(reader: Reader) -> UpdatePath:
    """Take an update path. RFC 9420, section 7.6."""
    leaf = take_leaf_node(reader)
    nodes = tuple(_path_node(item) for item in reader.items(limits.TREE_DEPTH))
    return UpdatePath(leaf, nodes)


def _path_node(reader: Reader) -> PathNode:
    key = reader.opaque(limits.KEY_BYTES)
    ciphertexts = tuple(
        (item.opaque(limits.KEY_BYTES), item.opaque(limits.KEY_BYTES))
        for item in reader.items(limits.LEAVES)
    )
    return PathNode(key, ciphertexts)


def take_proposal_or_ref(reader: Reader) -> Proposal:
    """Take one entry of a commit. RFC 9420, sections 12.1 and 12.4."""
    kind = reader.number(1)
    if kind == BY_REFERENCE:
        reader.opaque(limits.KEY_BYTES)
        return Refused("proposal-by-reference")
    if kind != INLINE:
        raise FramingError("value-unknown", f"ProposalOrRef {kind}")
    number = reader.number(2)
    read = _PROPOSALS.get(number)
    if read is None:
        raise FramingError("value-unknown", f"proposal type {number}")
    return read(reader)


def _update(reader: Reader) -> Proposal:
    take_leaf_node(reader)
    return Refused("update-proposal")


def _pre_shared_key(reader: Reader) -> Proposal:
    kind = reader.number(1)
    if kind == RESUMPTION_PSK:
        reader.number(1)
        reader.opaque(limits.GROUP_ID_BYTES)
        reader.number(8)
    elif kind == EXTERNAL_PSK:
        reader.opaque(limits.KEY_BYTES)
    else:
        raise FramingError("value-unknown", f"PSK type {kind}")
    reader.opaque(limits.KEY_BYTES)
    return Refused("psk-proposal")


def _re_init(reader: Reader) -> Proposal:
    reader.opaque(limits.GROUP_ID_BYTES)
    reader.number(2)
    reader.number(2)
    take_extensions(reader)
    return Refused("reinit-proposal")


def _group_context_extensions(reader: Reader) -> Proposal:
    take_extensions(reader)
    return Refused("group-context-extensions-proposal")


# RFC 9420, section 17.4. A type outside this table cannot even be skipped: its length is unknown.
_PROPOSALS: Final[dict[int, Callable[[Reader], Proposal]]] = {
    1: lambda reader: Add(take_key_package(reader)),
    2: _update,
    3: lambda reader: Remove(reader.number(4)),
    4: _pre_shared_key,
    5: _re_init,
    6: lambda reader: ExternalInit(reader.opaque(limits.KEY_BYTES)),
    7: _group_context_extensions,
}
