"""The witness as a server: a real process, real sockets, a real file."""

from __future__ import annotations

import http.client
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from audit.tlog.note import SigningKey
from tests.unit.witness.logs import KEY, NAME, VECTORS, WITNESS, Log, cosigned_at, request
from witness import serving
from witness.errors import Stop
from witness.state import look

LOG = Log(40)
PLACE = f"/{VECTORS['monitor_path']}"
# A witness that dies when it has stored, before it answers.
DYING = """
import os, signal, sys
from witness import commands, serving
reply = serving.Handler._reply
def dying(self, status, *rest):
    if status == 200 and self.command == "POST":
        os.kill(os.getpid(), signal.SIGKILL)
    reply(self, status, *rest)
serving.Handler._reply = dying
sys.exit(commands.main(sys.argv[1:]))
"""


class Client:
    """Speaks HTTP with a witness whose first line has been read."""

    def __init__(self, process):
        line = process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), line + process.stderr.read()
        self.port = int(line.rpartition(":")[2])

    def ask(self, method, path, body=None, headers=None):
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as line:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def add(self, body):
        status, headers, text = self.ask("POST", "/add-checkpoint", body.encode())
        return status, headers["Content-Type"], text


@pytest.fixture
def serve(start):
    def served(*more, **how):
        process = start("serve", "--listen", "127.0.0.1:0", *more, **how)
        return process, Client(process)

    return served


class TestAServer:
    def test_cosigns_and_shows_what_it_cosigned(self, serve):
        _, client = serve()
        assert client.ask("GET", PLACE)[0] == 404
        started = int(time.time())
        status, _, line = client.add(LOG.body(0, 7))
        assert status == 200
        assert started <= cosigned_at(LOG.note(7), line) <= time.time()
        assert client.ask("GET", PLACE)[::2] == (200, LOG.note(7) + line)
        status, _, line = client.add(LOG.body(7, 40))
        assert (status, client.ask("GET", PLACE)[2]) == (200, LOG.note(40) + line)

    def test_answers_409_with_the_size_and_its_type(self, serve):
        _, client = serve()
        assert client.add(LOG.body(3, 7)) == (409, "text/x.tlog.size", "0\n")
        client.add(LOG.body(0, 7))
        assert client.add(LOG.body(3, 9)) == (409, "text/x.tlog.size", "7\n")

    def test_answers_what_the_specification_says(self, serve):
        _, client = serve()
        client.add(LOG.body(0, 7))
        stranger = Log(9, key=SigningKey.from_seed("stranger.example", bytes(32)))
        impostor = Log(9, key=SigningKey.from_seed(NAME, bytes(32)))
        bodies = {
            400: "old 7\n",
            404: stranger.body(7, 9),
            403: impostor.body(7, 9),
            422: Log(9, turn=2).body(7, 9),
        }
        assert {status: client.add(body)[0] for status, body in bodies.items()} == {
            status: status for status in bodies
        }
        assert client.ask("POST", "/add-checkpoint", b"\xff")[0] == 400

    def test_is_well(self, serve):
        _, client = serve()
        assert client.ask("GET", "/healthz")[::2] == (200, "ok\n")
        status, headers, body = client.ask("HEAD", "/healthz")
        assert (status, headers["Content-Length"], body) == (200, "3", "")

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/", 404),
            ("GET", "/add-checkpoint", 404),
            ("GET", PLACE.upper(), 404),
            ("GET", PLACE + "?x", 404),
            ("POST", PLACE, 404),
            ("POST", "/add-checkpoint/", 404),
            ("PUT", "/add-checkpoint", 501),
        ],
    )
    def test_has_no_other_address(self, serve, method, path, status):
        _, client = serve()
        client.add(LOG.body(0, 7))
        found, headers, _ = client.ask(method, path, b"" if method != "GET" else None)
        assert found == status
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert headers["Server"] == "casehub-witness"

    def test_bounds_what_it_reads(self, serve):
        _, client = serve()
        for headers, status in [
            ({"Content-Length": "100000"}, 413),
            ({"Content-Length": "9" * 30}, 411),
            ({"Content-Length": "-1"}, 411),
            ({"Transfer-Encoding": "chunked"}, 411),
        ]:
            assert client.ask("POST", "/add-checkpoint", None, headers)[0] == status

    def test_says_once_what_it_sees_first(self, serve):
        process, client = serve()
        for old, new in [(0, 7), (7, 7), (7, 9)]:
            client.add(LOG.body(old, new))
        process.stdin.close()
        process.wait(10)
        assert process.stderr.read().splitlines() == [
            f"{NAME}: first seen, at size 7; from here on it can only grow"
        ]


class TestOffersAtOnce:
    def test_of_the_same_old_size_have_one_winner(self, serve, tmp_path):
        _, client = serve()
        client.add(LOG.body(0, 1))
        old = 1
        for first in (2, 12, 22):
            together = threading.Barrier(8)

            def offer(new, old=old, together=together):
                together.wait()
                return new, *client.add(LOG.body(old, new))

            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(offer, range(first, first + 8)))
            (winner,) = [new for new, status, *_ in answers if status == 200]
            others = {(status, text) for new, status, _, text in answers if new != winner}
            assert others == {(409, f"{winner}\n")}
            assert look(tmp_path / "state")[NAME].size == winner
            old = winner


class TestAnEnd:
    def test_by_kill_between_storing_and_answering_never_lets_it_go_back(self, serve, tmp_path):
        dying, client = serve(program=("-c", DYING))
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            client.add(LOG.body(0, 9))
        assert dying.wait(10) == -signal.SIGKILL
        _, client = serve()
        assert client.add(LOG.body(0, 7)) == (409, "text/x.tlog.size", "9\n")
        assert client.add(LOG.body(0, 9)) == (409, "text/x.tlog.size", "9\n")
        status, _, line = client.add(LOG.body(9, 9))  # what the log does then
        assert status == 200
        assert cosigned_at(LOG.note(9), line)
        other = request(9, [], Log(9, turn=2).note(9))
        assert client.add(other)[0] == 422

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_by_a_signal_is_in_order(self, serve, number):
        process, client = serve()
        client.add(LOG.body(0, 7))
        process.send_signal(number)
        assert process.wait(10) == 0
        _, client = serve()
        assert client.add(LOG.body(0, 9)) == (409, "text/x.tlog.size", "7\n")

    def test_comes_when_the_parent_goes(self, serve):
        process, _ = serve()
        process.stdin.close()
        assert process.wait(10) == 0

    def test_does_not_wait_for_somebody_who_is_silent(self, serve):
        process, client = serve()
        with socket.create_connection(("127.0.0.1", client.port)) as silent:
            silent.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 10\r\n\r\nold")
            client.ask("GET", "/healthz")
            process.terminate()
            assert process.wait(10) == 0

    @pytest.mark.parametrize(
        ("more", "line"),
        [
            (["--listen", "nowhere"], "is not an address"),
            (["--listen", "127.0.0.1:99999"], "is not an address"),
            (["--listen", "203.0.113.1:80"], "cannot be listened on"),
            (["--log", "x"], "not a vkey"),
            (["--log", str(WITNESS.public)], "is the key of a witness"),
            (["--state", "/dev/null"], "cannot be used"),
            (["--key", "/nonexistent"], "cannot be read"),
        ],
    )
    def test_before_the_beginning_is_one_line(self, start, more, line):
        process = start("serve", *more)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err.count("\n")) == (1, "", 1)
        assert line in err

    def test_of_a_second_one_on_the_same_state_is_one_line(self, serve, start):
        serve()
        second = start("serve", "--listen", "127.0.0.1:0")
        out, err = second.communicate(timeout=10)
        assert (second.returncode, out) == (1, "")
        assert "one state, one process" in err


class TestCrowds:
    """In this process, so that the bounds can be small."""

    @pytest.fixture
    def server(self, witness, monkeypatch):
        monkeypatch.setattr(serving, "LONGEST", 1)
        monkeypatch.setattr(serving, "MOST_CONNECTIONS", 2)
        running = serving.Server(("127.0.0.1", 0), witness)
        loop = threading.Thread(target=running.serve_forever, args=(0.05,))
        loop.start()
        yield running
        running.shutdown()
        loop.join()
        running.server_close()

    def open(self, server):
        line = socket.create_connection(server.server_address, timeout=10)
        line.sendall(b"GET /healthz HTTP/1.1\r\n")
        return line

    def test_are_sent_away_and_let_in_again(self, server):
        first, second = self.open(server), self.open(server)
        with self.open(server) as third:
            assert third.recv(100).startswith(b"HTTP/1.1 503 ")
        for line in (first, second):
            line.sendall(b"\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 200 ")
            line.close()
        deadline = time.monotonic() + 10
        while server._deadlines:
            assert time.monotonic() < deadline
        with self.open(server) as fourth:
            fourth.sendall(b"\r\n")
            assert fourth.recv(100).startswith(b"HTTP/1.1 200 ")

    def test_that_drip_are_cut_off(self, server):
        begun = time.monotonic()
        with self.open(server) as slow, pytest.raises(OSError):  # noqa: PT011 - whichever it is
            while True:
                slow.sendall(b"X-Slow: drop by drop\r\n")
                slow.settimeout(0.2)
                try:
                    if not slow.recv(1):
                        raise ConnectionError
                except TimeoutError:
                    assert time.monotonic() < begun + 10
        assert time.monotonic() - begun >= 1


class TestAnAddress:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("127.0.0.1:0", ("127.0.0.1", 0)),
            ("[::1]:8090", ("::1", 8090)),
            ("witness.mx.example:443", ("witness.mx.example", 443)),
        ],
    )
    def test_is_host_and_port(self, text, found):
        assert serving.address(text) == found

    @pytest.mark.parametrize("text", ["", ":80", "host", "host:", "host:x", "host:-1", "host:٣"])
    def test_in_another_form_is_refused(self, text):
        with pytest.raises(Stop):
            serving.address(text)


class TestTheListOfLogs:
    def test_is_read_again_when_it_changes(self, serve, tmp_path):
        file = tmp_path / "logs"
        file.write_text("# none yet but this\n" + str(KEY.public) + "\n")
        process, client = serve("--logs", str(file))
        second = SigningKey.from_seed("audit.example/2027", b"\x09" * 32)
        offer = Log(5, key=second).body(0, 5)
        assert client.add(offer)[0] == 404
        file.write_text(f"{KEY.public}\nlog {second.public} https://x.example\nquorum none\n")
        assert client.add(offer)[0] == 200
        file.write_text("garbage here and there\n")
        assert client.add(Log(5, key=second).body(5, 5))[0] == 200  # what it held before
        assert client.add(LOG.body(0, 7))[0] == 200
        process.stdin.close()
        process.wait(10)
        said = process.stderr.read()
        assert said.count("going on with what it held before") == 1
        assert said.count("again: 2 keys") == 1
