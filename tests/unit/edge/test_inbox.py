from __future__ import annotations

import pytest

from casehub.edge import limits
from casehub.edge.sockets import Inbox, Outflow


@pytest.fixture
def tap():
    return []


@pytest.fixture
def inbox(tap):
    return Inbox(full=lambda: tap.append("full"), room=lambda: tap.append("room"))


def frame(size):
    return {"type": "websocket.receive", "text": "x" * size}


class TestInbox:
    def test_closes_the_tap_once_when_too_many_frames_wait(self, inbox, tap):
        for _ in range(limits.QUEUED_FRAMES + 5):
            inbox.put_nowait(frame(1))
        assert tap == ["full"]

    def test_closes_the_tap_when_few_large_frames_wait(self, inbox, tap):
        for _ in range(5):
            inbox.put_nowait(frame(60_000))
        assert tap == ["full"]

    def test_opens_it_again_at_half(self, inbox, tap):
        for _ in range(limits.QUEUED_FRAMES + 1):
            inbox.put_nowait(frame(1))
        while inbox.qsize() > limits.QUEUED_FRAMES // 2 + 1:
            inbox.get_nowait()
        assert tap == ["full"]
        inbox.get_nowait()
        assert tap == ["full", "room"]

    def test_says_nothing_in_everyday_use(self, inbox, tap):
        for _ in range(1000):
            inbox.put_nowait(frame(1000))
            inbox.get_nowait()
        assert tap == []


class TestOutflow:
    def test_counts_nothing_while_the_reader_keeps_up(self):
        outflow = Outflow()
        assert all(outflow.add(limits.UNSENT_BYTES) for _ in range(10))

    def test_has_enough_of_a_reader_who_fell_behind(self):
        outflow = Outflow()
        outflow.pauseProducing()
        assert outflow.add(limits.UNSENT_BYTES)
        assert not outflow.add(1)

    def test_forgives_a_reader_who_caught_up(self):
        outflow = Outflow()
        outflow.pauseProducing()
        outflow.add(limits.UNSENT_BYTES)
        outflow.resumeProducing()
        assert outflow.add(limits.UNSENT_BYTES)
