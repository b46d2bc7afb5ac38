"""SIGTERM: nobody is cut off in the middle."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import suppress

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


class TestStopping:
    def test_tells_open_sockets_to_come_back_later(self, own_edge):
        with connect(own_edge.url.replace("http", "ws") + "/echo") as line:
            own_edge.process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                line.recv(timeout=5)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001
        assert own_edge.process.wait(10) == 0

    def test_lets_a_request_finish_and_takes_no_new_one(self, own_edge):
        answers = []
        asking = threading.Thread(
            target=lambda: answers.append(httpx.get(own_edge.url + "/late", timeout=10))
        )
        asking.start()
        until_asked(own_edge)
        own_edge.process.send_signal(signal.SIGTERM)
        with pytest.raises(httpx.ConnectError):
            while not answers:
                httpx.get(own_edge.url + "/a")
        asking.join()
        assert answers[0].status_code == 200
        assert own_edge.process.wait(10) == 0

    def test_gives_up_on_an_application_that_does_not_end(self, own_edge):
        with connect(own_edge.url.replace("http", "ws") + "/slow") as line:
            line.send("x")
            time.sleep(0.3)
            own_edge.process.send_signal(signal.SIGTERM)
            assert own_edge.process.wait(10) == 0

    def test_lets_go_of_threads_that_wait_for_the_loop_and_nobody_for_them(self, own_edge):
        httpx.get(own_edge.url + "/abandoned")
        own_edge.process.send_signal(signal.SIGTERM)
        assert own_edge.process.wait(20) == 0

    def test_ends_with_a_thread_that_hangs_and_says_where_it_was(self, own_edge):
        asking = threading.Thread(target=ask, args=[own_edge.url + "/hung"])
        asking.start()
        until_asked(own_edge)
        own_edge.process.send_signal(signal.SIGTERM)
        assert own_edge.process.wait(20) == 1
        asking.join()
        said = own_edge.output.read_text()
        assert "Timeout (0:00:12)!" in said
        assert "bare_edge.py" in said or "concurrent/futures/thread.py" in said


def until_asked(edge):
    """Return once the application has the request."""
    end = time.monotonic() + 10
    while "asked" not in edge.output.read_text():
        assert time.monotonic() < end
        time.sleep(0.02)


def ask(url):
    """Ask, and never mind what becomes of it."""
    with suppress(httpx.HTTPError):
        httpx.get(url, timeout=20)
