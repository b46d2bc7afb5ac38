"""
Labelled signatures and hashes of MLS 1.0 with suite 1: Ed25519 and SHA-256.

Source: RFC 9420, sections 5.1.2 and 5.2.
"""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from messaging.framing.reader import opaque
from messaging.framing.structures import KeyPackage, LeafNode, LeafSource

PREFIX: Final = b"MLS 1.0 "


def signed_by(key: bytes, label: bytes, content: bytes, signature: bytes) -> bool:
    """Return whether `signature` over `content` under `label` was made with the Ed25519 `key`."""
    message = opaque(PREFIX + label) + opaque(content)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def leaf_signed(leaf: LeafNode, group_id: bytes, index: int) -> bool:
    """
    Return whether a leaf signed itself, for this place in this group unless in a key package.

    Source: RFC 9420, section 7.2.
    """
    content = leaf.signed
    if leaf.source is not LeafSource.KEY_PACKAGE:
        content += opaque(group_id) + index.to_bytes(4, "big")
    return signed_by(leaf.signature_key, b"LeafNodeTBS", content, leaf.signature)


def key_package_ref(key_package: KeyPackage) -> bytes:
    """Return the 32-byte KeyPackageRef, by which a Welcome names a key package."""
    label = opaque(PREFIX + b"KeyPackage Reference")
    return hashlib.sha256(label + opaque(key_package.raw)).digest()
