"""
What no honest browser sends: who answers, and what the web is told of it.

The edge takes some of it (a line that ends with LF alone) and says it to the web in words of its
own; what it hands on as it came, the web refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.servers.front import Front, Overheard
from tools.region.private import spare_port

CALLER = "127.0.71.1"
HOST = "Host: localhost\r\n"
END = "Connection: close\r\n\r\n"
GET = f"GET /a HTTP/1.1\r\n{HOST}"
POST = f"POST /a HTTP/1.1\r\n{HOST}"
CHUNKED = f"{POST}Transfer-Encoding: chunked\r\n"
SECOND = f"GET /hidden HTTP/1.1\r\n{HOST}{END}"
TOLD = f"{HOST}X-Forwarded-For: {CALLER}\r\n"
ASKED = f"GET /a HTTP/1.1\r\n{TOLD}\r\n"
SENT = f"POST /a HTTP/1.1\r\n{TOLD}Content-Length: 5\r\n\r\nabcde"
LARGE = "PUT /api/attachments/3f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab01/chunks/0 HTTP/1.1\r\n"

CLAIMS = (
    "X-Forwarded-For: 198.51.100.7\r\nX-FORWARDED-FOR: 198.51.100.8\r\n"
    "Forwarded: for=198.51.100.7\r\nX-Real-IP: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n"
    "X-Forwarded-Host: evil.example\r\nVia: x\r\nDaphne-Root-Path: /static\r\n"
)

# The edge answers that this is no request, and the web hears nothing.
REFUSED = {
    "two lengths of a body": f"{CHUNKED}Content-Length: 6\r\n{END}0\r\n\r\nX",
    "and the second behind a bare LF": f"{POST}Content-Length: 5\nTransfer-Encoding: chunked\r\n"
    f"{END}0\r\n\r\n",
    "two figures for it": f"{POST}Content-Length: 5\r\nContent-Length: 6\r\n{END}abcdef",
    "two figures in one": f"{POST}Content-Length: 5, 5\r\n{END}abcde",
    "a figure with a sign": f"{POST}Content-Length: +5\r\n{END}abcde",
    "an encoding that is none": f"{POST}Transfer-Encoding: xchunked\r\n{END}0\r\n\r\n",
    "one more encoding": f"{POST}Transfer-Encoding: gzip, chunked\r\n{END}0\r\n\r\n",
    "a vertical tab before it": f"{POST}Transfer-Encoding: \x0bchunked\r\n{END}0\r\n\r\n",
    "an encoding in HTTP/1.0": f"{CHUNKED.replace('1.1', '1.0', 1)}{END}0\r\n\r\n",
    "a chunk's size in C": f"{CHUNKED}{END}0x5\r\nabcde\r\n0\r\n\r\n",
    "a chunk's size with a sign": f"{CHUNKED}{END}+5\r\nabcde\r\n0\r\n\r\n",
    "a chunk beyond all numbers": f"{CHUNKED}{END}ffffffffffffffff1\r\nabcde\r\n0\r\n\r\n",
    "a space after a name": f"{GET}X : 1\r\n{END}",
    "no name": f"{GET}: 1\r\n{END}",
    "a folded line": f"{GET}X: 1\r\n more\r\n{END}",
    "a lone carriage return": f"{GET}X: 1\rY: 2\r\n{END}",
    "a zero byte": f"{GET}X: 1\x002\r\n{END}",
    "two hosts": f"{GET}Host: evil.example\r\n{END}",
    "the same host twice": f"{GET}{HOST}{END}",
    "no host": f"GET /a HTTP/1.1\r\n{END}",
    "no host of an older version": f"GET /a HTTP/1.0\r\n{END}",
    "a control character in it": f"GET /a HTTP/1.1\r\nHost: localhost\x0b\r\n{END}",
    "another host in the line": f"GET http://evil.example/a HTTP/1.1\r\n{HOST}{END}",
    "another one in the header": f"GET http://localhost/a HTTP/1.1\r\nHost: evil.example\r\n{END}",
    "a version that is none": f"GET /a HTTP/1.1x\r\n{HOST}{END}",
    "a version that is spoken otherwise": f"GET /a HTTP/2.0\r\n{HOST}{END}",
    "a space in a path": f"GET /a b HTTP/1.1\r\n{HOST}{END}",
    "a zero byte in a path": f"GET /a%00b HTTP/1.1\r\n{HOST}{END}",
    "TRACE": f"TRACE /a HTTP/1.1\r\n{HOST}{END}",
    "CONNECT": f"CONNECT localhost:22 HTTP/1.1\r\n{HOST}{END}",
}
# It is answered, and the web was told just this.
SAID_ANEW = {
    "lines that end with LF alone": (f"GET /a HTTP/1.1\nHost: localhost\n{END}", ASKED),
    "LF alone in front of who calls": (
        f"{GET}Y: 1\nX-Forwarded-For: 198.51.100.7\r\n{END}",
        f"GET /a HTTP/1.1\r\n{TOLD}Y: 1\r\n\r\n",
    ),
    "a second request behind LF alone": (
        f"GET /a HTTP/1.1\nHost: localhost\n\n{SECOND}",
        f"{ASKED}{ASKED.replace('/a', '/hidden')}",
    ),
    "chunks that end with LF alone": (f"{CHUNKED}{END}5\nabcde\n0\n\n", SENT),
    "LF alone in a chunk's extension": (f"{CHUNKED}{END}5;x\nabcde\r\n0\r\n\r\n", SENT),
    "who calls, behind the body": (
        f"{CHUNKED}{END}5\r\nabcde\r\n0\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n",
        SENT,
    ),
    "who calls, in each way": (
        f"{GET}{CLAIMS}{END}",
        ASKED,
    ),
    "who calls, as what ends here": (f"{GET}Connection: close, X-Forwarded-For\r\n\r\n", ASKED),
    "names with an underscore": (
        f"{GET}X_Forwarded_For: 198.51.100.7\r\nContent_Length: 7\r\nREMOTE_USER: x\r\n{END}",
        ASKED,
    ),
    "names that are none": (f"{GET}X(y): 1\r\nX\x85: 1\r\n{END}", ASKED),
    "another protocol": (f"{GET}Upgrade: h2c\r\nConnection: close, Upgrade\r\n\r\n", ASKED),
    "its name twice, alike": (f"GET http://localhost/a HTTP/1.1\r\n{HOST}{END}", ASKED),
}
CONTROL = sorted({*range(1, 32), 0x7F, 0x85} - {*b"\t\n\r"})


@pytest.fixture(scope="module")
def web(edge) -> Iterator[Overheard]:
    with Overheard(edge.port) as port:
        yield port


@pytest.fixture(scope="module")
def front(web) -> Iterator[Front]:
    with Front(web.port, tls=False) as running:
        yield running


def exchange(front: Front, request: str) -> bytes:
    return front.exchange(request.encode("latin-1"), CALLER)


def statuses(heard: bytes) -> list[bytes]:
    return re.findall(rb"^HTTP/1\.1 (\d+)", heard, re.MULTILINE)


class TestWhatTheEdgeRefuses:
    @pytest.mark.parametrize("trick", REFUSED)
    def test_is_refused_once_in_our_words_and_the_web_hears_nothing(self, front, web, trick):
        web.said()
        heard = exchange(front, REFUSED[trick])
        assert statuses(heard) == [b"400"]
        assert b'{"code": "bad-frame"' in heard
        assert b"\r\ncontent-security-policy: " in heard.lower()
        assert web.said() == b""


class TestWhatTheEdgeTakes:
    @pytest.mark.parametrize("trick", SAID_ANEW)
    def test_the_web_hears_in_the_edges_own_words(self, front, web, trick):
        web.said()
        asked, told = SAID_ANEW[trick]
        heard = exchange(front, asked)
        assert set(statuses(heard)) == {b"200"}
        assert web.said().decode("latin-1") == told

    def test_of_a_chunk_that_names_two_lengths_is_one_body(self, front, web):
        """To who counts from LF it holds a second request, to who counts from CRLF two chunks."""
        web.said()
        inner = f"0\r\n\r\nGET /hidden HTTP/1.1\r\n{HOST}\r\n"
        heard = exchange(front, f"{CHUNKED}{END}2;\nxx\r\n{len(inner):x}\r\n{inner}\r\n0\r\n\r\n")
        told = f"POST /a HTTP/1.1\r\n{TOLD}Content-Length: {len(inner) + 2}\r\n\r\nxx{inner}"
        assert statuses(heard) == [b"200"]
        assert f'"bytes": {len(inner) + 2}'.encode() in heard
        assert web.said().decode("latin-1") == told

    def test_and_hands_on_as_it_came_the_web_refuses(self, front, web):
        for number in CONTROL:
            web.said()
            heard = exchange(front, f"{GET}X: 1{chr(number)}2\r\n{END}")
            assert statuses(heard) == [b"400"], number
            assert b'{"code": "bad-frame"' in heard
            assert f"X: 1{chr(number)}2\r\n".encode("latin-1") in web.said()
        for number in (0x09, 0x80, 0xA0, 0xFF):
            assert statuses(exchange(front, f"{GET}X: 1{chr(number)}2\r\n{END}")) == [b"200"]

    def test_in_a_language_of_bytes_takes_no_web_out_of_service_for_others(self, front):
        """A web that answers nothing is taken to be away, and for two seconds it is not asked."""
        asked = f"{GET}Accept-Language: \xff\r\nA: b\r\nX: \x01\r\n{END}"
        assert [statuses(exchange(front, asked)) for _ in range(4)] == [[b"400"]] * 4
        assert statuses(exchange(front, f"{GET}{END}")) == [b"200"]


class TestALargeBody:
    def test_that_meets_no_web_is_not_called_too_large(self):
        """Whoever is told so does not come back with it."""
        with Front(spare_port(), tls=False) as alone, alone.line(CALLER) as own:
            own.sendall(f"{LARGE}{HOST}Content-Length: 1000000\r\n\r\n".encode())
            heard = b""
            with suppress(OSError):
                heard = own.recv(65536)
        assert statuses(heard) == [b"503"]
        assert b'{"code": "busy"' in heard


# ---------------------------------------------------------------------- HTTP/2

HEADERS, DATA = 1, 0  # frames
ENDS, WHOLE = 1, 4  # flags: of the stream, of the headers
BEGUN = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"  # and settings of nothing
PLAIN = ((":method", "POST"), (":scheme", "https"), (":path", "/a"), (":authority", "localhost"))


def frame(kind: int, flags: int, body: bytes) -> bytes:
    """Return a frame of the first stream."""
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + (1).to_bytes(4, "big") + body


def fields(*pairs: tuple[str, str]) -> bytes:
    """Return headers in HPACK's plainest form (RFC 7541, 6.2.2)."""
    texts = (text.encode("latin-1") for pair in pairs for text in pair)
    plain = [bytes([len(text)]) + text for text in texts]
    return b"".join(
        b"\0" + name + value for name, value in zip(plain[::2], plain[1::2], strict=True)
    )


def changed(**other: str) -> tuple[tuple[str, str], ...]:
    """Return the plain headers, some of them with another value; an empty one is left out."""
    told = {name: other.get(name.removeprefix(":"), value) for name, value in PLAIN}
    return tuple((name, value) for name, value in told.items() if value)


# What would become two lines, or two requests, where HTTP/1.1 is spoken behind.
OF_HTTP_2 = {
    "lines in a value": (*PLAIN, ("x", f"1\r\n{HOST}")),
    "LF in a value": (*PLAIN, ("x", "1\nx-forwarded-for: 198.51.100.7")),
    "CR in a value": (*PLAIN, ("x", "1\r2")),
    "a zero byte in a value": (*PLAIN, ("x", "1\x002")),
    "lines in a name": (*PLAIN, ("x: 1\r\nhost", "evil.example")),
    "a colon in a name": (*PLAIN, ("x:y", "1")),
    "a space in a name": (*PLAIN, ("x y", "1")),
    "a name in capitals": (*PLAIN, ("X-Y", "1")),
    "lines in a path": changed(path="/a HTTP/1.1\r\nX: y"),
    "a space in a path": changed(path="/a b"),
    "another host in a path": changed(path="http://evil.example/a"),
    "a request in a method": changed(method="GET /hidden HTTP/1.1\r\nX"),
    "lines in a host": changed(authority="localhost\r\nx: y"),
    "two hosts": (*PLAIN, ("host", "evil.example")),
    "two hosts in headers": (*changed(authority=""), ("host", "a"), ("host", "b")),
    "no host": changed(authority=""),
    "two paths": (*PLAIN, (":path", "/hidden")),
    "a path that comes late": (*PLAIN, ("x", "1"), (":path", "/hidden")),
    "two figures for a length": (*PLAIN, ("content-length", "5"), ("content-length", "6")),
    "less than came": (*PLAIN, ("content-length", "3")),
    "more than came": (*PLAIN, ("content-length", "50")),
}


@pytest.fixture(scope="module")
def secure(web) -> Iterator[Front]:
    with Front(web.port, tls=True) as running:
        yield running


class TestWhatIsSaidInHttp2:
    def ask(self, secure: Front, pairs: tuple[tuple[str, str], ...], body: bytes) -> bytes:
        """Return what the first stream is answered: a byte for its status, and the body."""
        with secure.line(CALLER, speaks="h2") as own:
            own.sendall(BEGUN + frame(HEADERS, WHOLE, fields(*pairs)) + frame(DATA, ENDS, body))
            heard, status, answer = own.makefile("rb"), b"", b""
            while True:
                size = int.from_bytes(heard.read(3), "big")
                kind, flags = heard.read(2)
                heard.read(4)
                told = heard.read(size)
                status = told[:1] if kind == HEADERS else status
                answer += told if kind == DATA else b""
                if kind in {HEADERS, DATA} and flags & ENDS:
                    return status + answer

    @pytest.mark.parametrize("trick", OF_HTTP_2)
    def test_and_is_no_request_is_refused_and_no_request_to_the_web(self, secure, web, trick):
        web.said()
        heard = self.ask(secure, OF_HTTP_2[trick], b"abcde")
        assert heard.startswith(b'\x8c{"code": "bad-frame"')  # 400 (RFC 7541, appendix A)
        # At most it is begun, and nothing follows: the web waits, and answers nobody.
        begun = f"POST /a HTTP/1.1\r\n{TOLD}Content-Length: [0-9]+\r\n\r\n"
        assert re.fullmatch(f"(?:{begun})*", web.said().decode("latin-1"))

    def test_with_a_framing_of_http_1_keeps_its_own(self, secure, web):
        hidden = f"0\r\n\r\nGET /hidden HTTP/1.1\r\n{HOST}\r\n"
        own = (("transfer-encoding", "chunked"), ("connection", "close"), ("x_y", "1"))
        heard = self.ask(secure, (*changed(path="/framed"), *own), hidden.encode())
        assert heard == f'\x88{{"bytes": {len(hidden)}, "path": "/framed"}}'.encode("latin-1")
        _, _, told = web.said().decode("latin-1").partition("POST /framed HTTP/1.1\r\n")
        head, _, body = told.partition("\r\n\r\n")
        assert head == f"{TOLD}Transfer-Encoding: chunked"
        assert body == f"{len(hidden):x}\r\n{hidden}\r\n0\r\n\r\n"
