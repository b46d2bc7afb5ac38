"""What the server refuses before any application sees it."""

from __future__ import annotations

import time

import httpx
import pytest

from casehub.edge import limits
from casehub.edge.headers import CONTENT_SECURITY_POLICY

KIB = 1024
THREAD = "/api/threads/3f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab01"
PART = limits.BODIES_BYTES // 12
UNFINISHED = (  # a large body but for its last byte
    f"POST {THREAD} HTTP/1.1\r\nHost: x\r\nContent-Length: {PART + 1}\r\n\r\n".encode()
    + b"x" * PART
)
EVERYWHERE = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}


def parse(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    pairs = (line.split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), {name.lower(): value for name, value in pairs}, body


class TestEveryAnswer:
    REQUESTS = {
        "the application's": b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "a crash of the application": b"GET /fail HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "to nonsense": b"NONSENSE\r\n\r\n",
        "to a header without name": b"GET / HTTP/1.1\r\n: x\r\n\r\n",
        "to two lengths": b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "to bytes in the path": b"GET /\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "to a large body": b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
        "to an endless line": b"GET / HTTP/1.1\r\nX: " + b"x" * 20 * KIB,
        "to nonsense in a language of bytes": (  # which is read once the line after it is there
            b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: \xff\r\nA: b\r\nX: \x01\r\n\r\n"
        ),
        "to a large body in a language of bytes": (
            b"POST /a HTTP/1.1\r\nHost: x\r\nAccept-Language: \xff\r\n"
            b"Content-Length: 99999999\r\n\r\n"
        ),
        "a crash in a language of bytes": (
            b"GET /fail HTTP/1.1\r\nHost: x\r\nAccept-Language: \xff\r\nConnection: close\r\n\r\n"
        ),
        "to many headers": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100 + b"\r\n",
        "to a socket nobody wants": (
            b"GET /refuse HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ),
        "to a broken handshake": (
            b"GET /s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 7\r\n\r\n"
        ),
    }

    @pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
    def test_carries_the_security_headers_and_no_name(self, edge, request_):
        _, headers, _ = parse(edge.exchange(request_))
        assert {name: headers.get(name) for name in EVERYWHERE} == EVERYWHERE
        assert "server" not in headers
        assert "camera=()" in headers["permissions-policy"]
        assert "publickey-credentials-get=(self)" in headers["permissions-policy"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("request_", "status", "code"),
        [
            (TestEveryAnswer.REQUESTS["to nonsense"], 400, "bad-frame"),
            (TestEveryAnswer.REQUESTS["to a large body"], 413, "too-large"),
            (TestEveryAnswer.REQUESTS["to an endless line"], 431, "headers-too-large"),
            (TestEveryAnswer.REQUESTS["to many headers"], 431, "headers-too-large"),
            (TestEveryAnswer.REQUESTS["a crash of the application"], 500, "server-error"),
            (TestEveryAnswer.REQUESTS["to nonsense in a language of bytes"], 400, "bad-frame"),
            (TestEveryAnswer.REQUESTS["to a large body in a language of bytes"], 413, "too-large"),
            (TestEveryAnswer.REQUESTS["a crash in a language of bytes"], 500, "server-error"),
            (TestEveryAnswer.REQUESTS["to a socket nobody wants"], 403, "not-allowed"),
        ],
    )
    def test_have_a_code_and_words(self, edge, request_, status, code):
        got, headers, body = parse(edge.exchange(request_))
        assert (got, headers["content-type"]) == (status, "application/json")
        assert f'"code": "{code}"'.encode() in body

    def test_speak_the_callers_language(self, edge):
        answer = httpx.post(
            edge.url, content=b"x" * 65 * KIB, headers={"Accept-Language": "fr-CA, en"}
        )
        assert answer.json()["message"].startswith("L’envoi")


class TestBody:
    @pytest.mark.parametrize(
        ("path", "kibibytes", "status"),
        [
            ("/a", 64, 200),
            ("/a", 65, 413),
            (THREAD, 1400, 200),
            (THREAD + "/commits", 1400, 200),
            (THREAD + "/commits", 1500, 413),
            (THREAD + "/commits?limit=1", 1400, 200),
            (THREAD + "/log", 65, 413),
            ("/api/threads/%33f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab01", 65, 413),
            ("/api/key-packages", 512, 200),
            ("/api/key-packages", 513, 413),
        ],
    )
    @pytest.mark.parametrize("chunked", [False, True], ids=["with length", "in chunks"])
    def test_may_be_as_large_as_its_door(self, edge, path, kibibytes, status, chunked):
        pieces = [b"x" * KIB] * kibibytes
        content = iter(pieces) if chunked else b"".join(pieces)
        answer = httpx.post(edge.url + path, content=content)
        assert answer.status_code == status
        if status == 200:
            assert answer.json()["bytes"] == kibibytes * KIB

    def test_that_is_too_large_costs_no_memory(self, edge):
        before = edge.memory()
        with edge.connect() as line:
            line.sendall(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 300000000\r\n\r\n")
            sent = 0
            try:
                while sent < 100_000_000:
                    sent += line.send(b"x" * 65536)
            except OSError:
                pass  # the server hung up, as it should
        assert edge.memory() - before < 20_000_000

    def test_unfinished_ones_are_bounded_together(self, edge):
        lines = [edge.connect(network) for network in range(14)]
        for line in lines:
            line.sendall(UNFINISHED)
        time.sleep(0.5)
        with edge.connect(99) as late:
            late.sendall(UNFINISHED)
            assert late.recv(65536).startswith(b"HTTP/1.1 503 ")
        for line in lines:
            line.close()
        time.sleep(0.5)
        assert httpx.post(edge.url + THREAD, content=b"x" * PART).status_code == 200

    def test_unfinished_ones_of_one_network_are_nobody_else_s_trouble(self, edge):
        lines = [edge.connect() for _ in range(12)]
        for line in lines:
            line.sendall(UNFINISHED)
        time.sleep(0.5)
        with edge.connect() as same:
            same.sendall(UNFINISHED)
            assert same.recv(65536).startswith(b"HTTP/1.1 503 ")
        with edge.connect(99) as other:
            other.sendall(UNFINISHED + b"x")
            assert other.recv(65536).startswith(b"HTTP/1.1 200 ")
        sign_in = httpx.post(edge.url + "/api/sign-in/password", content=b"x" * 64 * KIB)
        assert sign_in.status_code == 200
        for line in lines:
            line.close()
        time.sleep(0.5)

    def test_a_small_one_passes_even_when_no_large_one_does(self, edge):
        lines = [edge.connect(network) for network in range(14)]
        for line in lines:
            line.sendall(UNFINISHED)
        time.sleep(0.5)
        for path in ("/api/sign-in/password", THREAD + "/commits"):
            assert httpx.post(edge.url + path, content=b"x" * 64 * KIB).status_code == 200
        for line in lines:
            line.close()
        time.sleep(0.5)

    def test_a_second_request_hidden_behind_a_refused_one_is_not_answered(self, edge):
        hidden = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
        answer = edge.exchange(TestEveryAnswer.REQUESTS["to a large body"] + hidden)
        assert answer.count(b"HTTP/1.1 ") == 1
