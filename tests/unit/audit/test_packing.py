"""What the database keeps is shorter than what was said, and becomes it again to the last byte."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit import commitments
from audit.packing import pack_event, pack_leaf, unpack_event, unpack_leaf
from audit.tlog.errors import Unproven

SECRET, SALT = b"s" * 32, b"t" * 32
EVENT = {
    "v": 1,
    "kind": "messaging.message.accepted",
    "actor": "6f1c0e0a-93a4-4b8e-9d55-04f1f07a2b11",
    "at": "2026-11-25T15:00:00.123456Z",
    "states": ["MX", "SV"],
    "payload": {
        "device": "9d0e11bb-2a51-49a2-8a2e-7a3d5b0c9911",
        "digest": "5d41402abc4b2a76b9719d911017c592" * 2,
        "epoch": 12,
        "seq": 4711,
        "thread": "0b9a3f2e-1c4d-4e5f-8a9b-abcdefabcdef",
    },
}
KEPT = bytes.fromhex(
    "0383eb64cc97e1e39abcc4bb6f6e28cbc70f55da8208a3cc740d0d758d4c430c4da1a6181a199b989a219942"
    "aa8719e7f209eed60af45cd4a557651bcd33531011024cb18e0e5a7bbcb5ca7616ce9d28207e74123a1f1e44"
    "8646d0403231373444041423f72c7b3d195fbff8aed9abcfbe0722bc210700"
)
ids = st.uuids().map(str)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
values = st.one_of(st.text(), ids, ids.map(str.upper), digests, st.integers(-9, 2**53 - 1),
                   st.booleans(), st.none(), st.lists(ids | st.text(), max_size=3))  # fmt: skip


def leaf(time=1795532400, states=("MX", "SV")):
    return commitments.leaf_of(b"{}", salt=SALT, states=states, time=time, secret=SECRET)


class TestAnEvent:
    def test_takes_less_than_half_the_room(self):
        payload = rfc8785.dumps(EVENT)
        assert len(pack_event(payload)) < len(payload) * 0.45
        assert unpack_event(pack_event(payload)) == payload

    @given(st.dictionaries(st.text(), values | st.dictionaries(st.text(), values)))
    def test_is_the_same_bytes_again_whatever_it_says(self, body):
        payload = rfc8785.dumps(body)
        assert unpack_event(pack_event(payload)) == payload

    @given(st.binary())
    def test_is_the_same_bytes_again_even_if_it_is_no_json(self, payload):
        if payload[:1] != b"\x03":  # the mark of what is packed: no text begins so
            assert unpack_event(pack_event(payload)) == payload
        assert unpack_event(pack_event(b"{" + payload)) == b"{" + payload

    def test_of_before_there_was_packing_is_read_as_it_stands(self):
        payload = rfc8785.dumps(EVENT)
        assert unpack_event(payload) == payload

    # What was written in production: whoever changes the words loses the events.
    def test_that_was_packed_once_unpacks_for_ever(self):
        assert unpack_event(KEPT) == rfc8785.dumps(EVENT)

    @pytest.mark.parametrize("bent", [KEPT[:-3], KEPT + b"x", KEPT[:1] + b"\xff\xff", KEPT[:1]])
    def test_that_somebody_else_packed_does_not_open(self, bent):
        with pytest.raises(ValueError, match="does not unpack"):
            unpack_event(bent)
        sealed = commitments._sealing(SECRET, SALT).encrypt(bytes(12), b"\x03\xff\xff", None)
        with pytest.raises(Unproven):
            commitments.unseal(sealed, salt=SALT, secret=SECRET)


class TestALeaf:
    @given(st.integers(0, 2**41), st.lists(st.sampled_from(["MX", "SV", "GT", "PA"]), max_size=4))
    def test_is_the_same_bytes_again(self, time, states):
        made = leaf(time, states)
        assert unpack_leaf(pack_leaf(made)) == made

    def test_of_two_states_takes_54_bytes(self):
        assert len(pack_leaf(leaf())) == 54

    def test_of_before_there_was_packing_is_read_as_it_stands(self):
        assert unpack_leaf(leaf()) == leaf()

    def test_of_the_log_itself_stays_as_it_is(self):
        mark = commitments.closing_leaf(time=7)
        assert unpack_leaf(pack_leaf(mark)) == pack_leaf(mark) == mark

    @pytest.mark.parametrize(
        "change",
        [
            lambda body: body | {"v": 2},
            lambda body: body | {"t": -1},
            lambda body: body | {"g": []},
            lambda body: body | {"g": [body["g"][0][:-1]]},
            lambda body: body | {"c": body["c"][:-2] + "/="},
            lambda body: body | {"x": 1},
        ],
    )
    def test_of_another_shape_stays_as_it_is(self, change):
        other = json.dumps(change(json.loads(leaf())), separators=(",", ":"), sort_keys=True)
        assert unpack_leaf(pack_leaf(other.encode())) == other.encode()

    @given(st.binary(max_size=80))
    def test_that_somebody_wrote_into_the_table_is_read_as_something(self, stored):
        assert isinstance(unpack_leaf(stored), bytes)
