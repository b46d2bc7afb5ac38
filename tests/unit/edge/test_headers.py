from __future__ import annotations

import pytest

from casehub.edge.headers import FOREVER, NEVER, Headers, caching, protection


async def answered(application, *, path="/", secure=True):
    sent = []

    async def send(message):
        sent.append(message)

    await Headers(application, secure=secure)({"type": "http", "path": path}, None, send)
    return sent[0]["headers"]


def saying(*headers):
    async def application(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})

    return application


class TestPolicy:
    def test_is_word_for_word_the_agreed_one(self):
        assert dict(protection(secure=True))[b"content-security-policy"] == (
            b"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
            b"img-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
            b"form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
            b"trusted-types svelte-trusted-html"
        )

    def test_asks_for_https_only_where_there_is_https(self):
        name = b"strict-transport-security"
        assert name in dict(protection(secure=True))
        assert name not in dict(protection(secure=False))


class TestHeaders:
    @pytest.mark.parametrize(
        "loose",
        [
            (b"Content-Security-Policy", b"default-src *"),
            (b"content-security-policy", b"script-src 'unsafe-inline'"),
            (b"X-Frame-Options", b"SAMEORIGIN"),
            (b"Cache-Control", b"public"),
            (b"Access-Control-Allow-Origin", b"*"),
            (b"Server", b"WSGIServer"),
        ],
    )
    async def test_the_application_cannot_loosen(self, loose):
        headers = await answered(saying(loose))
        assert loose not in headers
        names = [name.lower() for name, _ in headers]
        assert len(names) == len(set(names))

    async def test_others_of_the_application_stay(self):
        cookies = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
        headers = await answered(saying(*cookies))
        assert [pair for pair in headers if pair[0] == b"set-cookie"] == cookies

    async def test_sockets_pass_untouched(self):
        seen = []

        async def application(scope, receive, send):
            seen.append(send)

        await Headers(application, secure=True)({"type": "websocket"}, None, print)
        assert seen == [print]


class TestCaching:
    @pytest.mark.parametrize(
        ("path", "status", "expected"),
        [
            ("/static/app/assets/index-BbdNRzpU.js", 200, FOREVER),
            ("/static/app/assets/index-BbdNRzpU.js", 304, FOREVER),
            ("/api/log/acts-2026/tile/0/000.p/7", 200, FOREVER),
            ("/api/log/acts-2026/tile/0/000.p/7", 404, NEVER),
            ("/api/log/acts-2026/checkpoint", 200, NEVER),
            ("/static/app/assets/index-BbdNRzpU.js", 404, NEVER),
            ("/static/app/index.html", 200, NEVER),
            ("/static/app/roots.json", 200, NEVER),
            ("/api/session", 200, NEVER),
            ("/api/static/app/assets/x.js", 200, NEVER),
            ("/", 200, NEVER),
        ],
    )
    def test_only_files_named_by_their_content_are_kept(self, path, status, expected):
        assert caching(path, status) == expected
