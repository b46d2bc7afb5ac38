"""
The X25519 key of an Ed25519 identity key, to which one seals for whoever has no device (ADR 49).

The two curves are one in two forms (RFC 7748 section 4.1): u = (1 + y) / (1 - y).
"""

from __future__ import annotations

_P = 2**255 - 19
_BYTES = 32
_SIGN = 1 << 255  # of x, in the last byte of an Ed25519 key


def sealing_key_of(identity_key: bytes) -> bytes | None:
    """Return the public key (32 bytes) to which one seals, or None for bytes that are no key."""
    y = int.from_bytes(identity_key, "little") & ~_SIGN
    # The neutral point has no u; what is not below P is no canonical key.
    if len(identity_key) != _BYTES or y >= _P or y == 1:
        return None
    return ((1 + y) * pow(1 - y, -1, _P) % _P).to_bytes(_BYTES, "little")
