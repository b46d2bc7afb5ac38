from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.framing import CODES, FramingError
from messaging.framing.reader import Reader, opaque


def refused(code):
    return pytest.raises(FramingError, match=f"^{code}: ")


class TestLengths:
    # RFC 9420, section 2.1.2, figure 1: the examples
    @pytest.mark.parametrize(
        ("written", "value"),
        [("9d7f3e7d", 494878333), ("7bbd", 15293), ("25", 37)],
    )
    def test_are_read_as_the_rfc_shows(self, written, value):
        assert Reader(bytes.fromhex(written)).length() == value

    @pytest.mark.parametrize("written", ["403f", "80003fff", "4000", "80000000"])
    def test_must_be_as_short_as_they_can(self, written):
        with refused("length-not-minimal"):
            Reader(bytes.fromhex(written)).length()

    def test_of_the_unused_form_are_refused(self):
        with refused("value-unknown"):
            Reader(b"\xc0\0\0\0\0\0\0\0").length()

    @given(st.one_of(st.integers(0, 200), st.integers(16_300, 16_500)))
    def test_come_back_as_written(self, count):
        content = bytes(count)
        reader = Reader(opaque(content))
        assert reader.opaque(20_000) == content
        reader.finish()


class TestAReader:
    def test_refuses_more_than_there_is(self):
        with refused("bytes-truncated"):
            Reader(b"\1\2").take(3)

    def test_refuses_a_vector_that_ends_outside_without_making_it(self):
        huge = b"\xbf\xff\xff\xff"
        with refused("bytes-truncated"):
            Reader(huge).within()
        with refused("too-large"):
            Reader(huge).opaque(1000)

    def test_refuses_what_is_left_over(self):
        with refused("bytes-trailing"):
            Reader(b"\0").finish()

    def test_refuses_a_third_kind_of_optional(self):
        with refused("value-unknown"):
            Reader(b"\2").present()

    def test_refuses_more_items_than_asked_for(self):
        with refused("too-many"):
            Reader(opaque(bytes(8))).numbers(2, 3)

    def test_refuses_half_an_item(self):
        with refused("bytes-truncated"):
            Reader(opaque(bytes(3)) + bytes(9)).numbers(2, 3)


class TestARefusal:
    def test_has_a_code_that_is_explained(self):
        error = FramingError("tree-hash")
        assert str(error) == f"tree-hash: {CODES['tree-hash']}"
        assert FramingError("tree-hash", "here").detail == "here"

    def test_of_an_unknown_code_is_our_mistake(self):
        with pytest.raises(KeyError):
            FramingError("no-such-code")
