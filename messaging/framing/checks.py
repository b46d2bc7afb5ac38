"""
What must hold of a key package, a leaf and a GroupInfo, each looked at alone.

Only MLS 1.0 with suite 1 (X25519, AES-128-GCM, SHA-256, Ed25519) is accepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from messaging.framing import tree
from messaging.framing.credential import DeviceIdentity, identity_of
from messaging.framing.errors import FramingError
from messaging.framing.parts import BASIC, MLS_10, X25519_BYTES
from messaging.framing.signing import leaf_signed, signed_by
from messaging.framing.structures import Extension, LeafSource, ParentNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from messaging.framing.structures import GroupInfo, KeyPackage, LeafNode, Tree

SUITE: Final = 1
KEY_BYTES: Final = X25519_BYTES
"""Length of every key, hash and tag of suite 1: X25519, Ed25519, SHA-256, HMAC."""

LONGEST_LIFETIME: Final = 84 * 24 * 60 * 60
"""Seconds that a key package may be valid for."""

CLOCK_SKEW: Final = 5 * 60
"""Seconds that a device's clock may be ahead of ours."""


def check_key_package(key_package: KeyPackage, *, now: int) -> DeviceIdentity:
    """
    Check a key package before it is published or added; return whose device it is.

    `now` is in seconds since 1970. Source: RFC 9420, sections 7.3 and 10.1.

    :raises FramingError: if the suite is not ours, a signature is wrong, the lifetime is over,
        not begun or longer than 84 days, or leaf and capabilities are not as they must be.
    """
    leaf = key_package.leaf
    check_suite(key_package.version, key_package.suite)
    check_lengths((key_package.init_key,))
    if leaf.source is not LeafSource.KEY_PACKAGE:
        raise FramingError("leaf-source", "in a key package")
    identity = check_leaf(leaf, group_id=b"", index=0)
    if key_package.init_key == leaf.encryption_key:
        raise FramingError("key-package-init-key")
    signature = key_package.signature
    if not signed_by(leaf.signature_key, b"KeyPackageTBS", key_package.signed, signature):
        raise FramingError("key-package-forged")
    _check_lifetime(leaf, now)
    return identity


def check_first_group_info(group_info: GroupInfo, *, group_id: bytes) -> DeviceIdentity:
    """
    Check the GroupInfo of a group that was just created; return whose device created it.

    It is epoch 0 of the group `group_id`, and has one member. Source: RFC 9420, section 11.

    :raises FramingError: if it is anything else.
    """
    context = group_info.context
    if context.group_id != group_id:
        raise FramingError("group-mismatch")
    if context.epoch != 0 or context.confirmed_transcript_hash or len(group_info.tree) != 1:
        raise FramingError("group-info-not-first", f"epoch {context.epoch}")
    if context.extensions:
        raise FramingError("group-extensions", "in a new group")
    leaf = group_info.roster[0]
    if leaf.source is not LeafSource.KEY_PACKAGE:
        raise FramingError("leaf-source", "in a new group")
    check_group_info(group_info)
    return identity_of(leaf)


def check_group_info(group_info: GroupInfo) -> None:
    """
    Check all that a GroupInfo says of itself, as a device that joins would.

    Its signature, the tree hash, every leaf, and every parent hash. For a GroupInfo that does
    not come out of a commit which `check_commit` followed: a new group, or a restored one.
    Source: RFC 9420, sections 7.9.2 and 12.4.3.1.

    :raises FramingError: at the first of these that does not hold.
    """
    context = group_info.context
    check_suite(context.version, context.suite)
    check_lengths((group_info.external_pub, group_info.confirmation_tag))
    roster = group_info.roster
    for index, leaf in roster.items():
        check_leaf(leaf, group_id=context.group_id, index=index)
    check_unique_keys(group_info.tree)
    if tree.tree_hash(group_info.tree) != context.tree_hash:
        raise FramingError("tree-hash")
    tree.check_parent_hashes(group_info.tree)
    check_group_info_signature(group_info, roster.get(group_info.signer))


def check_group_info_signature(group_info: GroupInfo, signer: LeafNode | None) -> None:
    """
    Check that the member at its signer's leaf signed a GroupInfo.

    :raises FramingError: `group-info-forged`.
    """
    if signer is None or not signed_by(
        signer.signature_key, b"GroupInfoTBS", group_info.signed, group_info.signature
    ):
        raise FramingError("group-info-forged", f"signer {group_info.signer}")


def check_leaf(leaf: LeafNode, *, group_id: bytes, index: int) -> DeviceIdentity:
    """
    Check one leaf at its place in a group; return whose device it is.

    In a key package, `group_id` and `index` count for nothing. Source: RFC 9420, section 7.3.

    :raises FramingError: if keys, credential, capabilities or signature are not as they must be.
    """
    check_lengths((leaf.encryption_key, leaf.signature_key))
    identity = identity_of(leaf)
    supports = leaf.capabilities
    if (
        MLS_10 not in supports.versions
        or SUITE not in supports.suites
        or BASIC not in supports.credentials
    ):
        raise FramingError("leaf-capabilities", "version, suite or credential")
    if any(
        kind > Extension.LAST_DEFAULT and kind not in supports.extensions
        for kind in leaf.extensions
    ):
        raise FramingError("leaf-capabilities", "an extension of its own")
    if not leaf_signed(leaf, group_id, index):
        raise FramingError("leaf-forged", f"leaf {index}")
    return identity


def check_unique_keys(nodes: Tree) -> None:
    """
    Check that no encryption key and no signature key stands twice in a tree.

    Source: RFC 9420, sections 7.3 and 12.4.2.

    :raises FramingError: `leaf-key-reused`.
    """
    encryption, signature = [], []
    for node in nodes:
        if node is None:
            continue
        encryption.append(node.encryption_key)
        if not isinstance(node, ParentNode):
            signature.append(node.signature_key)
    for keys in (encryption, signature):
        if len(set(keys)) != len(keys):
            raise FramingError("leaf-key-reused")


def check_suite(version: int, suite: int) -> None:
    """Check that this is MLS 1.0 with suite 1. Raises `suite-unsupported`."""
    if (version, suite) != (MLS_10, SUITE):
        raise FramingError("suite-unsupported", f"version {version}, suite {suite}")


def check_lengths(keys: Iterable[bytes], length: int = KEY_BYTES) -> None:
    """Check that each of `keys` has `length` bytes. Raises `key-length`."""
    for key in keys:
        if len(key) != length:
            raise FramingError("key-length", f"{len(key)} bytes instead of {length}")


def _check_lifetime(leaf: LeafNode, now: int) -> None:
    # A leaf from a key package always has a lifetime; the other half keeps mypy honest.
    begins, ends = leaf.lifetime or (0, 0)
    if not 0 <= ends - begins <= LONGEST_LIFETIME:
        raise FramingError("key-package-lifetime", f"{ends - begins} s")
    if begins > now + CLOCK_SKEW:
        raise FramingError("key-package-not-yet", f"by {begins - now} s")
    if ends <= now:
        raise FramingError("key-package-expired", f"by {now - ends} s")
