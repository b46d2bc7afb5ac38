from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.accounts.sealing import new_token, seal, token_hash, unseal


class TestSealing:
    @given(st.binary(max_size=64), st.text(max_size=20))
    def test_opens_what_it_sealed(self, plain, row):
        assert unseal(seal(plain, purpose="p", bound_to=row), purpose="p", bound_to=row) == plain

    def test_never_looks_the_same_twice(self):
        assert seal(b"x", purpose="p", bound_to="r") != seal(b"x", purpose="p", bound_to="r")

    @pytest.mark.parametrize(("purpose", "row"), [("q", "r"), ("p", "s")])
    def test_opens_for_no_other_purpose_or_row(self, purpose, row):
        sealed = seal(b"x", purpose="p", bound_to="r")
        with pytest.raises(ValueError, match="no secret key"):
            unseal(sealed, purpose=purpose, bound_to=row)

    @given(st.binary(max_size=40))
    def test_opens_no_junk(self, junk):
        with pytest.raises(ValueError):  # noqa: PT011 - which one is the library's business
            unseal(junk, purpose="p", bound_to="r")


class TestToken:
    def test_has_256_bits_and_no_twin(self):
        tokens = {new_token() for _ in range(100)}
        assert len(tokens) == 100
        assert all(len(token) == 43 for token in tokens)

    def test_is_kept_as_a_hash(self):
        assert token_hash("a") != "a"
        assert len(token_hash("a")) == 64
