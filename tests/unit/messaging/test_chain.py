"""The hash over a thread's log: any change anywhere changes every later link."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import chain

THREAD, DEVICE, CLIENT = (UUID(int=n) for n in (1, 2, 3))
ENTRY = {"seq": 1, "kind": 2, "epoch": 0, "device": DEVICE, "client_id": CLIENT, "body": b"x"}


class TestChain:
    def test_begins_with_the_thread(self):
        assert chain.first(THREAD) == hashlib.sha256(b"casehub/thread/1\0" + THREAD.bytes).digest()

    def test_covers_exactly_the_bytes_that_docs_wire_lists(self):
        previous = chain.first(THREAD)
        covered = (
            b"casehub/entry/1\0"
            + previous
            + (1).to_bytes(8, "big")
            + b"\x02"
            + (0).to_bytes(8, "big")
            + DEVICE.bytes
            + CLIENT.bytes
            + hashlib.sha256(b"x").digest()
        )
        assert chain.following(previous, **ENTRY) == hashlib.sha256(covered).digest()

    #  one field changed
    CHANGES = [
        {"seq": 2},
        {"kind": 1},
        {"epoch": 1},
        {"device": CLIENT},
        {"client_id": DEVICE},
        {"body": b"y"},
        {"body": b""},
    ]

    @pytest.mark.parametrize("change", CHANGES)
    def test_differs_if_anything_does(self, change):
        previous = chain.first(THREAD)
        assert chain.following(previous, **ENTRY) != chain.following(previous, **(ENTRY | change))

    @given(st.binary(), st.binary())
    def test_tells_two_histories_apart_by_their_last_link(self, one, other):
        previous = chain.first(THREAD)
        links = [
            chain.following(chain.following(previous, **(ENTRY | {"body": body})), **ENTRY)
            for body in (one, other)
        ]
        assert (links[0] == links[1]) == (one == other)
