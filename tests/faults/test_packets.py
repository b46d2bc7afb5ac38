"""A road on which packets are spoiled: the kernel's own TCP goes over it, and notices."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.servers.bad_packets import BadPackets
from tests.servers.volume import Unavailable

WORDS = os.urandom(2**17)


@pytest.fixture
def road() -> Iterator[BadPackets]:
    """One that is honest; who knows that there can be none says so as where no disk is mounted."""
    road = BadPackets(seed=1)
    try:
        road.__enter__()
    except Unavailable as reason:
        if os.environ.get("CASEHUB_NO_MOUNTS") == "1":
            pytest.skip(str(reason))
        pytest.fail(f"{reason}; CASEHUB_NO_MOUNTS=1 leaves these tests out")
    yield road
    road.__exit__()


def carried(road: BadPackets) -> bytes:
    """Return what comes back over the road of what was sent over it."""
    with socket.create_server((road.near, 0)) as door:

        def answer() -> None:
            caller, _ = door.accept()
            with caller:
                while words := caller.recv(2**16):
                    caller.sendall(words)

        threading.Thread(target=answer, daemon=True).start()
        back = bytearray()
        with socket.create_connection((road.far, door.getsockname()[1]), timeout=60) as line:
            sending = threading.Thread(target=line.sendall, args=[WORDS], daemon=True)
            sending.start()
            while len(back) < len(WORDS):
                back += line.recv(2**16)
            sending.join(60)
    return bytes(back)


@pytest.mark.timeout(120)
@pytest.mark.faults
class TestARoad:
    def test_that_is_honest_leaves_every_packet_as_it_is(self, road: BadPackets) -> None:
        assert carried(road) == WORDS
        assert road.passed == road.lost == road.overtook == road.doubled == 0

    def test_that_is_bad_loses_doubles_and_mixes_them_up_and_everything_comes(
        self, road: BadPackets
    ) -> None:
        road.spoil()
        assert carried(road) == WORDS
        assert min(road.lost, road.overtook, road.doubled) > 0
        assert road.lost + road.overtook + road.doubled < road.passed
