"""What asks a process on its own machine whether it is well, and tells a person what it said."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from casehub.edge import alive

SAID = '{"ready": false, "findings": [{"code": "migrations-missing"}]}'


class Process(BaseHTTPRequestHandler):
    def do_GET(self):
        well = self.path == alive.LIVES and self.headers["Host"] == "casehub.example"
        self.send_response(200 if well else 503)
        self.end_headers()
        self.wfile.write(b"" if well else SAID.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def port(monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Process)
    thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    monkeypatch.setenv("PORT", str(server.server_port))
    monkeypatch.setenv("CASEHUB_ORIGINS", "https://casehub.example")
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.usefixtures("port")
class TestWhoeverAsks:
    def test_hears_that_it_lives(self, capsys):
        assert alive.main([]) == 0
        assert capsys.readouterr().out == ""

    def test_hears_what_is_not_as_it_should_be(self, capsys):
        assert alive.main([alive.READY]) == 1
        assert capsys.readouterr().out == f"{SAID}\n"


def test_a_process_that_does_not_listen_is_not_well(monkeypatch, capsys):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PORT", str(silent.getsockname()[1]))
        assert alive.main([]) == 1
    assert capsys.readouterr().out == ""
