"""An answer that was begun and cannot be finished: its reader sees that, and others are served."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import httpx
import pytest
from twisted.web.http_headers import Headers

from casehub.edge import limits, server
from casehub.edge.requests import EdgeRequest
from casehub.edge.server import EdgeServer
from casehub.edge.unread import Unread

END = b"0\r\n\r\n"  # of a body in chunks


def heard(edge: Any, path: str, version: int = 1) -> tuple[bytes, bool]:
    """Ask for a path; return what comes, and whether the server let go of the line in order."""
    request = f"GET {path} HTTP/1.{version}\r\nHost: x\r\nConnection: close\r\n\r\n"
    found = b""
    with edge.connect() as line:
        line.sendall(request.encode())
        try:
            while piece := line.recv(65536):
                found += piece
        except ConnectionResetError:
            return found, False
    return found, True


class TestAnAnswerThatWasBegun:
    def test_and_comes_to_its_end_says_so(self, edge):
        found, in_order = heard(edge, "/whole")
        assert in_order
        assert found.endswith(b"piece\r\n" + END)

    @pytest.mark.parametrize("path", ["/cut", "/broken"])
    def test_and_cannot_be_finished_has_no_end(self, edge, path):
        found, _ = heard(edge, path)
        assert found.startswith(b"HTTP/1.1 200 ") or found == b""
        assert END not in found
        with pytest.raises(httpx.TransportError):
            httpx.get(edge.url + path)

    @pytest.mark.parametrize("path", ["/cut", "/broken"])
    def test_is_not_taken_for_whole_by_a_reader_without_chunks_either(self, edge, path):
        _, in_order = heard(edge, path, version=0)
        assert not in_order

    def test_and_is_cut_on_purpose_is_no_error_of_the_server(self, own_edge):
        heard(own_edge, "/cut")
        assert httpx.get(own_edge.url + "/a").status_code == 200
        time.sleep(1.5)  # the server looks each second at whose application has ended
        assert own_edge.output.read_text() == ""

    def test_and_falls_is_told_once_and_everybody_else_is_answered(self, own_edge):
        heard(own_edge, "/broken")
        assert httpx.get(own_edge.url + "/fail", timeout=10).status_code == 500
        said = own_edge.output.read_text()
        assert said.count("Exception inside application: on purpose\n") == 2
        assert "ValueError" not in said


class TestAnAnswerThatTakesTooLong:
    """Of one that was begun Daphne would send the end of its body, as if that were all of it."""

    @pytest.fixture
    def request_(self) -> Any:
        """Return a request whose answer has taken a minute and more."""
        one: Any = object.__new__(EdgeRequest)
        one.server = SimpleNamespace(http_timeout=60)
        one.request_start = time.time() - 61
        one.finished, one.ended, one.sentLength = 0, [], 0
        one.finish = lambda: one.ended.append("finished")
        one.channel = SimpleNamespace(cut=lambda: one.ended.append("cut"))
        one.requestHeaders = Headers()
        return one

    def test_is_cut_if_it_was_begun(self, request_):
        request_._response_started = True
        request_.check_timeouts()
        assert request_.ended == ["cut"]

    def test_is_refused_if_it_was_not(self, request_):
        answered = []
        request_._response_started = False
        request_.handle_reply = answered.append
        request_.check_timeouts()
        assert (answered[0]["status"], request_.ended) == (503, [])

    def test_is_left_alone_while_it_may_still_be_read(self, request_):
        request_._response_started, request_.sentLength = True, 2 * limits.ANSWER_RATE
        request_.check_timeouts()
        assert request_.ended == []

    def test_is_left_alone_before(self, request_):
        request_._response_started = True
        request_.request_start = time.time() - 50
        request_.check_timeouts()
        assert request_.ended == []

    def test_is_left_alone_once_it_is_over_though_its_application_works_on(self, request_, caplog):
        request_._response_started, request_.finished = True, 1
        del request_.channel  # as Twisted's `finish` does
        request_.check_timeouts()
        request_.cut()
        assert (request_.ended, caplog.records) == ([], [])

    def test_is_left_alone_once_its_reader_has_gone(self, request_, caplog):
        request_._response_started, request_.channel = True, None
        request_.check_timeouts()
        assert (request_.ended, caplog.records) == ([], [])


class TestTheLookAtEveryConnection:
    """Daphne's would end for good with the first one that cannot be looked at, without a word."""

    def test_goes_on_after_one_that_cannot_be_looked_at(self, monkeypatch, caplog):
        looked, later = [], []

        def falls():
            raise AttributeError("on purpose")

        one, other = Mock(check_timeouts=falls), Mock(check_timeouts=lambda: looked.append("other"))
        edge: Any = object.__new__(EdgeServer)
        edge.connections, edge.unread = {one: {}, other: {}}, Unread()
        monkeypatch.setattr(
            server, "reactor", SimpleNamespace(callLater=lambda *told: later.append(told))
        )
        edge.timeout_checker()
        assert looked == ["other"]
        assert later == [(server.LOOK_SECONDS, edge.timeout_checker)]
        assert [record.levelname for record in caplog.records] == ["ERROR"]
