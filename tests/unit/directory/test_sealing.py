"""The key to which one seals for whoever has an identity key and no device."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA512, Hash
from hypothesis import given
from hypothesis import strategies as st

from casehub.directory.sealing import sealing_key_of

RFC_8032 = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


def test_is_that_of_the_first_example_of_rfc_8032_as_browsers_find_it():
    found = sealing_key_of(bytes.fromhex(RFC_8032))
    assert found is not None
    assert found.hex() == "d85e07ec22b0ad881537c2f44d662d1a143cf830c57aca4305d85c7a90f6b62e"


@given(st.binary(min_size=32, max_size=32))
def test_is_the_public_half_of_what_the_seed_gives(seed):
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    digest = Hash(SHA512())
    digest.update(seed)
    scalar = digest.finalize()[:32]  # RFC 8032 section 5.1.5; X25519 clamps it
    opening = X25519PrivateKey.from_private_bytes(scalar)
    assert sealing_key_of(public) == opening.public_key().public_bytes_raw()


@pytest.mark.parametrize("key", [bytes([1, *bytes(31)]), bytes([*[255] * 31, 127]), b"\x01\x02"])
def test_is_none_of_what_is_no_key(key):
    assert sealing_key_of(key) is None
