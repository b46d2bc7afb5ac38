"""
The structures of RFC 9420 that the server reads, as frozen values.

Each keeps `raw`, the exact bytes it was read from, because hashes and comparisons are over
bytes; `signed` is the part of them that the structure's own signature covers. Byte strings
are as they came: that a key has 32 bytes is for the checks to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from messaging.framing.authenticated import MessageAct


class WireFormat(IntEnum):
    """What an MLSMessage holds. RFC 9420, section 17.2."""

    PUBLIC_MESSAGE = 1
    PRIVATE_MESSAGE = 2
    WELCOME = 3
    GROUP_INFO = 4
    KEY_PACKAGE = 5


class ContentType(IntEnum):
    """What a framed message carries. RFC 9420, section 6."""

    APPLICATION = 1
    PROPOSAL = 2
    COMMIT = 3


class SenderType(IntEnum):
    """Who may have sent a PublicMessage. RFC 9420, section 6."""

    MEMBER = 1
    EXTERNAL = 2
    NEW_MEMBER_PROPOSAL = 3
    NEW_MEMBER_COMMIT = 4


class LeafSource(IntEnum):
    """What a leaf node was made for. RFC 9420, section 7.2."""

    KEY_PACKAGE = 1
    UPDATE = 2
    COMMIT = 3


class Extension(IntEnum):
    """The extension types we look at. RFC 9420, section 17.3; 1 to 5 need no announcing."""

    RATCHET_TREE = 2
    EXTERNAL_PUB = 4
    LAST_DEFAULT = 5


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a device supports, in registry numbers. RFC 9420, section 7.2."""

    versions: tuple[int, ...]
    suites: tuple[int, ...]
    extensions: tuple[int, ...]
    proposals: tuple[int, ...]
    credentials: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LeafNode:
    """
    One device in a tree. RFC 9420, section 7.2.

    `credential` is the identity of a basic credential. `lifetime` is (not before, not after)
    in seconds since 1970, only in a leaf from a key package; `parent_hash` only in one from
    a commit.
    """

    raw: bytes
    signed: bytes
    encryption_key: bytes
    signature_key: bytes
    credential: bytes
    capabilities: Capabilities
    source: LeafSource
    lifetime: tuple[int, int] | None
    parent_hash: bytes | None
    extensions: Mapping[int, bytes]
    signature: bytes


@dataclass(frozen=True, slots=True)
class ParentNode:
    """An inner node of the tree. RFC 9420, section 7.1; `unmerged` are leaf indices."""

    raw: bytes
    encryption_key: bytes
    parent_hash: bytes
    unmerged: tuple[int, ...]


Node = LeafNode | ParentNode | None
"""A node of the tree; None is a blank one."""

Tree = tuple[Node, ...]
"""A full ratchet tree in the array order of RFC 9420, appendix C: 2**d leaves at even places."""


@dataclass(frozen=True, slots=True)
class KeyPackage:
    """What a device publishes so that others can add it. RFC 9420, section 10."""

    raw: bytes
    signed: bytes
    version: int
    suite: int
    init_key: bytes
    leaf: LeafNode
    extensions: Mapping[int, bytes]
    signature: bytes


@dataclass(frozen=True, slots=True)
class GroupContext:
    """What all members of one epoch agree on. RFC 9420, section 8.1."""

    raw: bytes
    version: int
    suite: int
    group_id: bytes
    epoch: int
    tree_hash: bytes
    confirmed_transcript_hash: bytes
    extensions: Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class GroupInfo:
    """
    An epoch as one member describes it to outsiders. RFC 9420, section 12.4.3.

    `tree` and `external_pub` come from its two extensions; `signer` is a leaf index.
    """

    raw: bytes
    signed: bytes
    context: GroupContext
    tree: Tree
    external_pub: bytes
    confirmation_tag: bytes
    signer: int
    signature: bytes

    @property
    def roster(self) -> dict[int, LeafNode]:
        """The members: leaf node by leaf index, in order."""
        return {
            place // 2: node for place, node in enumerate(self.tree) if isinstance(node, LeafNode)
        }


@dataclass(frozen=True, slots=True)
class Add:
    """Proposal to add the device of a key package. RFC 9420, section 12.1.1."""

    key_package: KeyPackage


@dataclass(frozen=True, slots=True)
class Remove:
    """Proposal to remove the member at a leaf index. RFC 9420, section 12.1.3."""

    leaf: int


@dataclass(frozen=True, slots=True)
class ExternalInit:
    """Proposal by which a device joins without an invitation. RFC 9420, section 12.1.6."""

    kem_output: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A proposal that our policy never takes, under the code of its refusal."""

    code: str


Proposal = Add | Remove | ExternalInit | Refused


@dataclass(frozen=True, slots=True)
class PathNode:
    """A new key for an inner node, and the ciphertexts of its secret. RFC 9420, section 7.6."""

    encryption_key: bytes
    ciphertexts: tuple[tuple[bytes, bytes], ...]
    """(KEM output, ciphertext) of each receiver, in the order of the resolution."""


@dataclass(frozen=True, slots=True)
class UpdatePath:
    """The committer's new leaf and the new keys above it, lowest first. RFC 9420, section 7.6."""

    leaf: LeafNode
    nodes: tuple[PathNode, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """
    A PublicMessage that carries a commit. RFC 9420, sections 6, 6.2 and 12.4.

    `content` is its FramedContent. `sender` is the leaf index of a member, and None in an
    external commit, where `membership_tag` is empty. That tag is for the members to check: its
    key is their secret.
    """

    content: bytes
    group_id: bytes
    epoch: int
    sender_type: SenderType
    sender: int | None
    authenticated_data: bytes
    proposals: tuple[Proposal, ...]
    path: UpdatePath | None
    signature: bytes
    confirmation_tag: bytes
    membership_tag: bytes


@dataclass(frozen=True, slots=True)
class Welcome:
    """
    An invitation, of which only the addressees are in clear. RFC 9420, section 12.4.3.1.

    `references` are the KeyPackageRefs of those it is for.
    """

    suite: int
    references: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PrivateMessageHeader:
    """The part of an application message that the server can read. RFC 9420, section 6.3."""

    group_id: bytes
    epoch: int
    content_type: ContentType
    authenticated_data: bytes
    client_id: str
    """The UUID that the sending client gave the message, from the authenticated data."""
    act: MessageAct | None
    """What it does to another message; None of what says something of its own."""
    urgent: bool
    """Whether its author calls it urgent; it then says something of its own."""
