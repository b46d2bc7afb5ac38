"""
The full region of compose.yaml as `make region` starts it, without containers, behind its edge.

One region for all of it, with TLS: to begin one costs many seconds.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from playwright.sync_api import Browser, expect

from casehub.core import errors
from casehub.edge import limits
from casehub.edge.headers import CONTENT_SECURITY_POLICY
from tests.browser.actors import Prosecutor
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PASSWORD, SHOTS
from tests.repo.conftest import ROOT
from tests.servers.configurations import Configuration
from tests.servers.regions import Begun
from tools.region import certificate

# Beginning a region, and a full place to begin it from, may come together.
pytestmark = pytest.mark.timeout(300)
full = pytest.mark.parametrize("configuration", ["full"], indirect=True, scope="session")
MIB = 1024 * 1024
Line = dict[str, Any]  # of the edge's log


@pytest.fixture(scope="module")
def region(configuration: Configuration) -> Iterator[Begun]:
    """A region in a folder that the servers' unprivileged user may enter."""
    home = Path(tempfile.mkdtemp(prefix="ch-region-"))
    home.chmod(0o755)
    try:
        with Begun(home, configuration.fresh(), tls=True) as running:
            yield running
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def ask(region: Begun) -> Iterator[httpx.Client]:
    """Whoever asks the edge, from an address of their own."""
    with client(region, "127.0.0.1") as one:
        yield one


def trusted(region: Begun) -> ssl.SSLContext:
    """Return what believes the certificate of this region, and no other."""
    return ssl.create_default_context(cafile=str(region.home / "secrets" / "tls_certificate"))


def client(region: Begun, address: str) -> httpx.Client:
    way = httpx.HTTPTransport(verify=trusted(region), local_address=address)
    return httpx.Client(base_url=region.url, transport=way, timeout=30)


def line(region: Begun, address: str = "127.0.0.1") -> ssl.SSLSocket:
    """Connect from an address of this machine, and say nothing yet."""
    plain = socket.create_connection(("127.0.0.1", region.ports["edge"]), 10, (address, 0))
    return trusted(region).wrap_socket(plain, server_hostname="localhost")


def exchange(region: Begun, request: str) -> bytes:
    """Send a request as it is and return everything that comes back until the edge closes."""
    with line(region) as own:
        own.sendall(request.encode("latin-1"))
        return b"".join(iter(lambda: own.recv(65536), b""))


def memory(region: Begun, name: str) -> int:
    fields = Path(f"/proc/{region.one(name).process.pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def written(region: Begun, enough: Callable[[list[Line]], bool]) -> list[Line]:
    """Return what the edge wrote down: a line comes once its answer is out, and so after that."""
    deadline = time.monotonic() + 5
    while True:
        lines = [json.loads(one) for one in region.one("edge").log.read_text().splitlines()]
        if enough(lines):
            return lines
        assert time.monotonic() < deadline, lines[-5:]
        time.sleep(0.05)


def from_kept(one: Line) -> bool:
    """Say whether the edge gave an answer by itself."""
    return one["web"] == "" and one["status"] == 200


def token(one: httpx.Client) -> dict[str, str]:
    one.get("/")
    origin = str(one.base_url).rstrip("/")
    found = next(text for name, text in one.cookies.items() if name.endswith("csrftoken"))
    return {"X-CSRFToken": found, "Origin": origin, "Referer": f"{origin}/"}


@full
class TestTheFullRegion:
    def test_lets_somebody_in_and_keeps_them_informed(self, region, browser: Browser):
        chain = (region.home / "secrets" / "tls_certificate").read_bytes()
        trusting = f"--ignore-certificate-errors-spki-list={certificate.pin_of(chain)}"
        own = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, trusting])
        context = own.new_context(locale="es-SV", timezone_id="America/El_Salvador")
        person = Prosecutor(context, region.url, "sv.enlace1", SHOTS / "region")
        person.trusted = trusted(region)
        person.sign_in_with_code(PASSWORD)
        person.shot("signed-in")
        expect(person.page.get_by_role("link", name="SV-2026-0001")).to_be_visible()
        assert person.complaints == []
        own.close()
        told = "".join(region.one(f"web-{n}").log.read_text() for n in (1, 2))
        assert "doorbell" not in told  # the layer took what the web may do
        assert "Traceback" not in told

    def test_tells_figures_inside_and_names_nobody(self, region, ask):
        told = {
            name.removeprefix("figures-"): httpx.get(f"http://127.0.0.1:{port}/metrics").text
            for name, port in region.ports.items()
            if name.startswith("figures-")
        }
        together = "".join(told.values())
        assert re.search(r'\ncasehub_acts_total{act="[a-z.-]+",outcome="done"}', together)
        assert re.search(r'\ncasehub_doorbells_total{outcome="rung"}', together)
        assert re.search(r"\ncasehub_log_waiting \d", told["sequencer"])
        assert re.search(r"\ncasehub_sockets \d", told["web-1"])
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|127\.0|enlace1", together)
        board = (ROOT / "deploy" / "grafana" / "casehub.json").read_text()
        shown = set(re.findall(r"\b(?:casehub|process)_[a-z_]+", board))
        known = {name for name in shown if re.search(rf"\n(# TYPE )?{name}\b", together)}
        assert shown == known
        for path in ("/healthz", "/readyz", "/metrics"):
            outside = ask.get(path)
            assert "alive" not in outside.text
            assert "casehub_acts" not in outside.text

    def test_answers_for_itself_in_the_shape_of_the_server(self, region, ask):
        answer = ask.get("/.edge/busy", headers={"Accept-Language": "de, fr;q=0.9"})
        assert answer.status_code == 404
        assert answer.json() == errors.NotVisible().as_body("fr")
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
        assert answer.headers["cache-control"] == "no-store"

    def test_keeps_what_never_changes_with_the_servers_headers(self, region, ask):
        script = re.search(r'src="(/static/app/assets/[^"]+\.js)"', ask.get("/").text)
        assert script is not None
        viewer = "/static/app/viewer-pdf.html"  # megabytes, for anybody: kept for a moment
        for place, encoding in itertools.product((script[1], viewer), ("br", "gzip", "identity")):
            first, again = (ask.get(place, headers={"Accept-Encoding": encoding}) for _ in range(2))
            assert first.headers.get("content-encoding", "identity") == encoding
            forever = "no-cache" if place == viewer else "public, max-age=31536000, immutable"
            assert first.headers["cache-control"] == forever
            policy = first.headers["content-security-policy"]
            assert policy.endswith("; sandbox allow-scripts") is (place == viewer)
            assert place == viewer or policy == CONTENT_SECURITY_POLICY
            assert again.headers.multi_items()[2:] == first.headers.multi_items()[2:]
        written(region, lambda all_: sum(map(from_kept, all_)) >= 6)

    def test_leads_to_tls_whoever_comes_without(self, region):
        answer = httpx.get(f"http://localhost:{region.ports['redirect']}/acceso?a=1")
        assert answer.status_code == 308
        assert answer.headers["location"] == "https://localhost/acceso?a=1"
        place = f"http://localhost:{region.ports['redirect']}/acceso"
        other = httpx.get(place, headers={"Host": "evil.example"})
        assert other.status_code == 421
        assert "location" not in other.headers

    def test_writes_down_how_it_was_asked_also_what_it_refused(self, region, ask):
        asked = ask.post("/api/session", content=b"a" * 100_000)
        assert asked.status_code == 413
        lines = written(region, lambda all_: any(one["status"] == 413 for one in all_))
        assert {one["method"] for one in lines if one["status"] == 413} == {"POST"}

    def test_writes_down_no_address_and_no_path(self, region, ask):
        before = len(written(region, bool))
        ask.request("PUT", "/expedientes/SV-2026-0001?word=secret")
        written(region, lambda all_: any(one["method"] == "PUT" for one in all_[before:]))
        told = region.one("edge").log.read_text()
        assert "SV-2026" not in told
        assert "127.0.0.1" not in told
        assert "secret" not in told

    def test_goes_on_with_one_web_process_less(self, region, ask):
        region.one("web-1").kill()
        assert {ask.get("/api/session").status_code for _ in range(20)} == {200}
        region.processes.running.remove(region.one("web-1"))
        region.start_web(1)

    def test_lets_the_web_ring_doorbells_and_nothing_else(self, region):
        url = (region.home / "secrets" / "redis_url").read_text()
        with redis.Redis.from_url(url) as web:
            assert web.publish("casehub__group__x", "y") == 0
            for words in (
                ["PUBLISH", "elsewhere", "x"], ["SET", "casehub", "x"], ["GET", "casehub"],
                ["KEYS", "*"], ["CONFIG", "GET", "*"], ["CLIENT", "LIST"], ["ACL", "LIST"],
                ["FLUSHALL"], ["SHUTDOWN"], ["PSUBSCRIBE", "*"],
            ):  # fmt: skip
                with pytest.raises(redis.exceptions.NoPermissionError):
                    web.execute_command(*words)
        port = region.ports["redis"]
        with (
            redis.Redis(port=port) as nobody,
            pytest.raises(redis.exceptions.AuthenticationError),
        ):
            nobody.ping()
        with redis.Redis(port=port, username="alive", password="alive") as alive:
            assert alive.ping()
            with pytest.raises(redis.exceptions.NoPermissionError):
                alive.publish("casehub__group__x", "y")


class SlowCallers(threading.Thread):
    """Who sends a byte a second, of headers or of a body, while the other tests go on."""

    NUMBER = 60

    def __init__(self, region: Begun) -> None:
        super().__init__(daemon=True)
        self._region = region
        self.cut, self.after = 0, 0.0
        self.others: list[int] = []

    def run(self) -> None:
        """Count who is cut, and ask for something else meanwhile."""
        port = self._region.ports["edge"]
        head = f"GET / HTTP/1.1\r\n{HOST}X: ".format(port=port).encode()
        body = f"{SIGN_IN}Content-Length: 60000\r\n\r\n".format(port=port).encode()
        alive = set()
        #  OpenSSL's last error, of a line that was cut, is its thread's: others ask in another.
        with ExitStack() as stack, ThreadPoolExecutor(1) as beside:
            other = stack.enter_context(client(self._region, "127.0.24.1"))
            for number in range(self.NUMBER):
                own = stack.enter_context(line(self._region, f"127.0.{20 + number % 4}.1"))
                own.sendall(head if number % 2 else body)
                own.settimeout(0)
                alive.add(own)
            began = time.monotonic()
            while alive and time.monotonic() - began < 2 * limits.BODY_SECONDS:
                alive -= {own for own in alive if not _goes_on(own)}
                self.others.append(beside.submit(other.get, "/api/session").result().status_code)
                time.sleep(1)
            self.cut, self.after = self.NUMBER - len(alive), time.monotonic() - began


def _goes_on(own: ssl.SSLSocket) -> bool:
    """Send one byte more; return whether the edge still listens."""
    try:
        own.sendall(b"a")
        return own.recv(4096) != b""
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        return True
    except OSError:
        return False


@pytest.fixture(scope="module", autouse=True)
def slow_callers(region: Begun) -> SlowCallers:
    """They begin with the first test, and the last one looks what became of them."""
    slow = SlowCallers(region)
    slow.start()
    return slow


HOST = "Host: localhost:{port}\r\n"
SIGN_IN = "POST /api/sign-in/password HTTP/1.1\r\n" + HOST
SESSION = "GET /api/session HTTP/1.1\r\n" + HOST
TRICKS = {
    "two lengths of a body": SIGN_IN
    + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
    "two figures for it": SIGN_IN + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "two encodings": SIGN_IN
    + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "an encoding that is none": SIGN_IN + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a space after a name": SIGN_IN + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a chunk without a size": SIGN_IN + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
    "two hosts": SESSION + "Host: evil.example\r\n\r\n",
    "the same host twice": SESSION + HOST + "\r\n",
    "no host": "GET /api/session HTTP/1.1\r\n\r\n",
    "a folded line": SESSION + "X: 1\r\n  more\r\n\r\n",
    "a lone carriage return": SESSION + "X: 1\rY: 2\r\n\r\n",
    "a vertical tab": SESSION + "X: 1\x0b2\x85\r\nConnection: close\r\n\r\n",
    "a zero byte": SESSION + "X: 1\x002\r\n\r\n",
    "TRACE": "TRACE / HTTP/1.1\r\n" + HOST + "\r\n",
    "CONNECT": "CONNECT localhost:1 HTTP/1.1\r\n" + HOST + "\r\n",
}


@full
class TestWhoTricksTheFullRegion:
    @pytest.mark.parametrize("trick", TRICKS)
    def test_hears_once_that_this_is_no_request(self, region, trick):
        heard = exchange(region, TRICKS[trick].replace("{port}", str(region.ports["edge"])))
        head, _, body = heard.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 ")
        assert b'"code": "bad-frame"' in body
        assert heard.count(b"HTTP/1.1 ") == 1

    def test_with_lines_that_end_early_asks_once(self, region):
        port = region.ports["edge"]
        asked = f"GET /api/session HTTP/1.1\nHost: localhost:{port}\nConnection: close\n\n"
        heard = exchange(region, asked)
        assert heard.count(b"HTTP/1.1 ") == 1

    def test_with_another_name_is_not_served(self, ask):
        answer = ask.get("/api/session", headers={"Host": "evil.example"})
        assert (answer.status_code, answer.json()["code"]) == (421, "wrong-host")

    def test_is_not_somebody_else_by_saying_so(self, region):
        """The server counts guesses by network: whoever lied about it would never be too many."""
        with client(region, "127.0.7.1") as one:
            headers = token(one)
            told = [
                one.post(
                    "/api/sign-in/password",
                    json={},
                    headers={**headers, "X-Forwarded-For": f"198.51.{n}.1", "X_Forwarded_For": "x"},
                )
                for n in range(50)
            ]
        assert {one.status_code for one in told} == {400, 429}
        assert told[-1].json()["params"] == {"kind": "sign-in"}  # so it was the server who counted


@full
class TestWhoAsksTooMuchOfTheFullRegion:
    def test_hears_so_from_the_edge_and_others_do_not(self, region, ask):
        with client(region, "127.0.8.1") as one:
            headers = token(one)
            answers = [
                one.post("/api/sign-in/passkey/begin", json={}, headers=headers) for _ in range(90)
            ]
        refused = [one for one in answers if one.status_code == 429]
        assert refused
        assert refused[-1].json() == errors.TooMany().as_body("es")  # the server names what of
        assert ask.get("/api/session").status_code == 200

    def test_is_stopped_whatever_it_is_that_they_ask_for(self, region, ask):
        script = re.search(r'src="(/static/app/assets/[^"]+\.js)"', ask.get("/").text)
        assert script is not None
        host = f"Host: localhost:{region.ports['edge']}"
        asked = f"HEAD {script[1]} HTTP/1.1\r\n{host}\r\n\r\n"
        heard = b""
        for _ in range(4):  # a connection takes a thousand
            with line(region, "127.0.9.1") as own:
                own.sendall(asked.encode() * 900)
                own.settimeout(2)
                before = heard.count(b"HTTP/1.1 ")
                with suppress(TimeoutError):
                    while heard.count(b"HTTP/1.1 ") < before + 900 and (more := own.recv(65536)):
                        heard += more
        assert heard.count(b"HTTP/1.1 200 ") >= 1500
        assert b"HTTP/1.1 429 " in heard
        assert ask.get("/api/session").status_code == 200

    @pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
    def test_costs_the_server_no_memory(self, region, ask, chunked):
        before = {name: memory(region, name) for name in ("web-1", "web-2")}
        host = f"Host: localhost:{region.ports['edge']}\r\n"
        length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {300 * MIB}"
        piece = b"10000\r\n" + b"a" * 65536 + b"\r\n" if chunked else b"a" * 65536
        with line(region) as own:
            own.sendall(f"POST /api/session HTTP/1.1\r\n{host}{length}\r\n\r\n".encode())
            sent, heard = 0, b""
            own.settimeout(0.1)
            while sent < 64 * MIB and not heard:
                own.sendall(piece)
                sent += 65536
                with suppress(TimeoutError):
                    heard = own.recv(65536)
        assert heard.startswith(b"HTTP/1.1 413 ")
        assert sent <= MIB
        for name, was in before.items():
            assert memory(region, name) - was <= 5 * MIB
        assert ask.get("/api/session").status_code == 200

    def test_with_slow_lines_is_cut_and_holds_up_nobody(self, slow_callers):
        slow_callers.join()
        assert slow_callers.cut == slow_callers.NUMBER
        assert slow_callers.after <= limits.BODY_BEHIND + 10
        assert set(slow_callers.others) == {200}
