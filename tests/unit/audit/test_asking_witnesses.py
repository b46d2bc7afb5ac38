"""Asking a witness: who is hostile or in trouble is silent, and holds up nobody."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import witnesses
from audit.tlog.note import CosigningKey
from audit.witnesses import Silent, Witness

KEY = CosigningKey("witness.sv.example", Ed25519PrivateKey.from_private_bytes(bytes(32))).public
ORIGIN = "dir.casehub.example"


class Line:
    """A server that says what a test wants, once."""

    def __init__(self, speak):
        self._listening = socket.socket()
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen()
        self._speak = speak
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def witness(self):
        return Witness("SV", KEY, f"http://127.0.0.1:{self._listening.getsockname()[1]}/under")

    def _serve(self):
        line, _ = self._listening.accept()
        with line, self._listening:
            self.heard = line.recv(4096)
            self._speak(line)


def saying(text):
    return Line(lambda line: line.sendall(text.encode())).witness


def answering(status, body="", more=""):
    return saying(f"HTTP/1.1 {status} X\r\n{more}Content-Length: {len(body)}\r\n\r\n{body}")


class TestWhatAWitnessShows:
    def test_is_what_it_said(self):
        assert answering(200, "a note").shown(ORIGIN) == "a note"

    def test_is_nothing_if_it_says_that_it_knows_no_such_log(self):
        assert answering(404, "none").shown(ORIGIN) is None

    @pytest.mark.parametrize("status", [204, 301, 302, 307, 403, 410, 429, 500, 502, 503])
    def test_is_not_said_by_any_other_answer(self, status):
        with pytest.raises(Silent, match=str(status)):
            answering(status, "x", "Location: http://127.0.0.1:1/\r\n").shown(ORIGIN)

    @pytest.mark.parametrize("status", [200, 404, 503])
    def test_is_not_said_by_an_answer_that_stalls(self, status, monkeypatch):
        monkeypatch.setattr(witnesses, "SECONDS", 0.1)

        def stall(line):
            line.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: 50\r\n\r\nabc".encode())
            line.recv(1)

        with pytest.raises(Silent):
            Line(stall).witness.shown(ORIGIN)

    @pytest.mark.parametrize("begun", ["HTTP/1.1 200 X\r\nX: ", "HTTP/1.1 200 X\r\n\r\n"])
    def test_has_an_end_though_a_byte_comes_now_and_then(self, begun, monkeypatch):
        monkeypatch.setattr(witnesses, "WHOLE", 0.3)

        def drip(line):
            line.sendall(begun.encode())
            try:
                while True:
                    line.sendall(b"x")
                    time.sleep(0.02)
            except OSError:
                return

        started = time.monotonic()
        with pytest.raises(Silent):
            Line(drip).witness.shown(ORIGIN)
        assert time.monotonic() - started < 5

    @pytest.mark.parametrize("body", ["x" * (witnesses.LARGEST + 1)])
    def test_is_no_endless_answer(self, body):
        with pytest.raises(Silent, match="too much"):
            answering(200, body).shown(ORIGIN)

    def test_is_asked_of_nobody_without_an_address(self):
        for url in (None, "ftp://127.0.0.1", "http://", "http://127.0.0.1:x"):
            with pytest.raises(Silent):
                Witness("SV", KEY, url).shown(ORIGIN)


def test_an_offer_is_a_post_of_text_to_where_the_policy_says():
    line = Line(lambda one: one.sendall(b"HTTP/1.1 409 X\r\nContent-Length: 2\r\n\r\n5\n"))
    answer = line.witness.add("old 0\n")
    assert (answer.status, answer.body) == (409, "5\n")
    assert line.heard.startswith(b"POST /under/add-checkpoint HTTP/1.1\r\n")
    assert b"Content-Type: text/plain; charset=utf-8" in line.heard
