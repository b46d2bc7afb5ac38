"""Frames of a server, however the network cuts them."""

from __future__ import annotations

import pytest

from bench.peers.wire import Frames, framed

SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]


def sent(payload: bytes, kind: int = 1) -> bytes:
    """Return a server's frame, which has no mask."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | kind, size))
    elif size < 65_536:
        head = bytes((0x80 | kind, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | kind, 127)) + size.to_bytes(8, "big")
    return head + payload


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_of_any_size_is_read(size):
    assert Frames().feed(sent(b"x" * size)) == [(1, b"x" * size)]


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 130])
def test_pieces_make_the_same_frames(cut):
    data = sent(b"a" * 3) + sent(b"b" * 200, 9) + sent(b"") + sent(b"c" * 70_000)
    frames, found = Frames(), []
    for start in range(0, len(data), cut):
        found += frames.feed(data[start : start + cut])
    assert found == [(1, b"a" * 3), (9, b"b" * 200), (1, b""), (1, b"c" * 70_000)]


@pytest.mark.parametrize("size", SIZES)
def test_a_clients_frame_says_its_size_and_has_a_mask_that_changes_nothing(size):
    data = framed(b"y" * size)
    assert data[0] == 0x81
    assert data[1] & 0x80
    short = data[1] & 0x7F
    at = 2 if short < 126 else 4 if short == 126 else 10
    assert (short if short < 126 else int.from_bytes(data[2:at], "big")) == size
    assert data[at:] == b"\0\0\0\0" + b"y" * size
