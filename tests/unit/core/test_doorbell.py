"""A layer that hangs or fails holds up nobody who has something to say."""

from __future__ import annotations

import asyncio
import threading
import time
from types import SimpleNamespace

import pytest

from casehub.core import doorbell
from casehub.core.doorbell import LayerOut, asked

LONG = 30.0  # seconds that the layer of these tests would take


class Layer:
    """One that hangs, fails or answers, and counts who has asked it."""

    def __init__(self, does: str) -> None:
        self.does, self.asked = does, 0

    async def group_send(self, group: str, event: object) -> None:
        self.asked += 1
        if self.does == "hangs":
            await asyncio.sleep(LONG)
        if self.does == "fails":
            raise ConnectionError


@pytest.fixture(autouse=True)
def time_of_its_own(monkeypatch):
    """A clock that the test moves for the pause, and a layer that has a twentieth of a second."""
    now = SimpleNamespace(at=time.monotonic())
    monkeypatch.setattr(doorbell, "time", SimpleNamespace(monotonic=lambda: now.at))
    monkeypatch.setattr(doorbell, "ANSWER", 0.05)
    doorbell.try_again()
    yield now
    doorbell.try_again()


@pytest.fixture
def layer(monkeypatch):
    def of(does: str) -> Layer:
        made = Layer(does)
        monkeypatch.setattr(doorbell, "get_channel_layer", lambda: made)
        return made

    return of


class TestALayer:
    @pytest.mark.parametrize("does", ["hangs", "fails"])
    async def test_is_out_after_a_moment(self, layer, does):
        begins = time.monotonic()
        with pytest.raises(LayerOut):
            await asked(layer(does).group_send("g", {}))
        assert time.monotonic() - begins < LONG / 10

    async def test_that_was_out_is_asked_by_nobody_for_a_while(self, layer, time_of_its_own):
        one = layer("hangs")
        for _ in range(5):
            with pytest.raises(LayerOut):
                await asked(one.group_send("g", {}))
        assert one.asked == 1
        one.does = "answers"
        time_of_its_own.at += doorbell.QUIET
        await asked(one.group_send("g", {}))
        assert one.asked == 2

    async def test_that_is_out_again_is_left_alone_again(self, layer, time_of_its_own):
        one = layer("fails")
        for _ in range(3):
            for _ in range(2):
                with pytest.raises(LayerOut):
                    await asked(one.group_send("g", {}))
            time_of_its_own.at += doorbell.QUIET
        assert one.asked == 3


class TestWhoRings:
    @pytest.fixture
    def server(self, monkeypatch):
        """A loop that serves in a thread of its own, as the server's does."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        monkeypatch.setattr(doorbell, "_loop", loop)
        yield loop
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()

    @pytest.mark.parametrize("does", ["hangs", "fails", "answers"])
    def test_waits_for_no_layer(self, layer, server, does):
        layer(does)
        begins = time.monotonic()
        for _ in range(100):
            doorbell._ring("g", {})
        assert time.monotonic() - begins < LONG / 10

    def test_is_not_held_by_a_server_that_has_just_been_stopped(self, layer, monkeypatch):
        one = layer("hangs")
        loop = asyncio.new_event_loop()
        monkeypatch.setattr(doorbell, "_loop", loop)
        doorbell._ring("g", {})
        loop.close()
        assert one.asked == 0

    def test_without_a_server_waits_a_moment_at_most(self, layer, monkeypatch):
        monkeypatch.setattr(doorbell, "_loop", None)
        one = layer("hangs")
        begins = time.monotonic()
        for _ in range(10):
            doorbell._ring("g", {})
        assert time.monotonic() - begins < LONG / 10
        assert one.asked == 1

    def test_rings_nothing_where_nobody_listens_and_everything_after_it(self, monkeypatch):
        rung = []
        monkeypatch.setattr(
            doorbell.transaction, "on_commit", lambda ring, robust: rung.append(ring.args)
        )
        with pytest.raises(KeyError), doorbell.nobody_listens():
            doorbell.tell(["p"], "request", "r")
            raise KeyError
        assert rung == []
        doorbell.ring("g", {})
        assert rung == [("g", {})]
