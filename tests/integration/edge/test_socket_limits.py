"""What a socket may send, and what the server keeps for one that does not read."""

from __future__ import annotations

import time

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from casehub.edge import limits

KIB = 1024


@pytest.fixture
def socket_url(edge) -> str:
    return edge.url.replace("http", "ws")


class TestFrames:
    def test_of_64_kib_pass(self, socket_url):
        with connect(socket_url + "/echo") as line:
            line.send("x" * 64 * KIB)
            assert line.recv() == str(64 * KIB)

    def test_one_byte_larger_close_the_socket_with_1009(self, socket_url):
        with connect(socket_url + "/echo") as line:
            with pytest.raises(ConnectionClosed) as closed:  # perhaps before all of it is written
                line.send("x" * (64 * KIB + 1))
                line.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009

    def test_in_pieces_count_as_one_message(self, socket_url):
        with connect(socket_url + "/echo") as line:
            with pytest.raises(ConnectionClosed) as closed:  # perhaps while the second is written
                line.send(["x" * 60 * KIB, "x" * 60 * KIB])
                line.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009

    def test_from_the_server_may_be_larger(self, socket_url):
        with connect(socket_url + "/flood", max_size=None) as line:
            assert len(line.recv()) == 100_000


class TestHandshake:
    def test_refuses_compression(self, socket_url):
        with connect(socket_url + "/echo", compression="deflate") as line:
            assert "sec-websocket-extensions" not in line.response.headers

    def test_carries_the_security_headers(self, socket_url):
        with connect(socket_url + "/echo") as line:
            assert line.response.headers["content-security-policy"].startswith("default-src 'none'")
            assert "server" not in line.response.headers


class TestTheProtocol:
    """Of those that are offered the application chooses one, by their names as they were read."""

    def test_that_was_offered_is_spoken(self, socket_url):
        with connect(socket_url + "/chosen", subprotocols=["casehub.1"]) as line:
            assert (line.subprotocol, line.recv()) == ("casehub.1", "casehub.1")

    def test_that_was_offered_by_another_spelling_is_refused_and_nobody_else_s_trouble(
        self, edge, socket_url
    ):
        with pytest.raises(InvalidStatus) as refused:
            connect(socket_url + "/chosen", subprotocols=["casehub%2E1"])
        assert refused.value.response.status_code == 403
        time.sleep(2)  # somebody looks each second whose application is over
        assert httpx.get(edge.url + "/fail", timeout=10).status_code == 500


class TestFasterThanTheApplication:
    def test_a_sender_is_held_up_instead_of_filling_the_memory(self, edge, socket_url):
        before = edge.memory()
        line = connect(socket_url + "/slow", ping_interval=None, legacy=True)
        line.socket.settimeout(1)
        sent = 0
        with pytest.raises((TimeoutError, ConnectionClosed)):
            for _ in range(1200):
                line.send("x" * 60_000)
                sent += 60_000
        assert edge.memory() - before < 20_000_000
        assert sent < 40_000_000
        line.socket.close()


class TestSlowerThanTheServer:
    def test_a_reader_who_does_not_read_is_cut(self, edge, socket_url):
        before = edge.memory()
        line = connect(
            socket_url + "/flood", max_size=None, max_queue=1, ping_interval=None, legacy=True
        )
        time.sleep(3)
        assert edge.memory() - before < limits.UNSENT_BYTES + 20_000_000
        got = 0
        with pytest.raises(ConnectionClosed):
            while True:
                got += len(line.recv(timeout=5))
        assert got < 40_000_000
