"""
How much the server reads of anything.

A commit that adds a hundred people, with its welcome and tree, is about 100 KiB; the limits
leave room for ten times that, and none for a list that only costs memory.
"""

from __future__ import annotations

from typing import Final

MESSAGE_BYTES: Final = 1 << 20
"""Longest MLSMessage of any kind but an application message."""

KEY_PACKAGE_BYTES: Final = 8 << 10
APPLICATION_BYTES: Final = 48 << 10
"""Longest application message: the largest padding bucket is 32 KiB."""

LEAVES: Final = 1024
"""Most leaves, blank ones included, that a tree may have."""

TREE_DEPTH: Final = 10
KEY_BYTES: Final = 256
"""Longest key, hash, tag, signature or KEM output of any suite we parse."""

GROUP_ID_BYTES: Final = 255
CREDENTIAL_BYTES: Final = 1024
AUTHENTICATED_DATA_BYTES: Final = 1024
EXTENSION_BYTES: Final = 4096
EXTENSIONS: Final = 32
CAPABILITIES: Final = 128
PROPOSALS: Final = 256
