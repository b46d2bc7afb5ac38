from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casehub.edge.headers import (
    FOREVER,
    FRAMED,
    NEVER,
    Headers,
    caching,
    isolated,
    protection,
)

NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)


async def answered(application, *, path="/", secure=True, framed=None):
    sent = []

    async def send(message):
        sent.append(message)

    wrapped = Headers(application, secure=secure, framed=framed, clock=lambda: NOON)
    await wrapped({"type": "http", "path": path}, None, send)
    return sent[0]["headers"]


def saying(*headers, status=200):
    async def application(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})

    return application


class TestPolicy:
    def test_is_word_for_word_the_agreed_one(self):
        assert dict(protection(secure=True))[b"content-security-policy"] == (
            b"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
            b"img-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; "
            b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
            b"require-trusted-types-for 'script'; trusted-types svelte-trusted-html"
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
            (b"Date", b"Fri, 01 Jan 2038 00:00:00 GMT"),
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

    async def test_every_answer_says_when_it_was_made(self):
        assert (b"date", b"Wed, 02 Dec 2026 12:00:00 GMT") in await answered(saying())

    async def test_sockets_pass_untouched(self):
        seen = []

        async def application(scope, receive, send):
            seen.append(send)

        await Headers(application, secure=True, clock=lambda: NOON)(
            {"type": "websocket"}, None, print
        )
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


class TestAFramedPage:
    OWN = "default-src 'none'; script-src 'sha256-x='"
    PAGE = f'<meta http-equiv="Content-Security-Policy" content="{OWN}">'
    POLICIES = {FRAMED[0]: isolated(PAGE)}

    def test_is_served_under_its_own_policy_of_nobodys_origin_and_only_in_our_pages(self):
        assert isolated(self.PAGE) == (
            b"default-src 'none'; script-src 'sha256-x='; frame-ancestors 'self'; "
            b"sandbox allow-scripts"
        )

    @pytest.mark.parametrize("page", ["", PAGE.replace("'none'", "*")])
    def test_that_names_no_strict_policy_has_none_of_its_own(self, page):
        assert isolated(page) is None

    async def test_carries_everything_else_that_every_answer_carries(self):
        headers = dict(await answered(saying(), path=FRAMED[0], framed=self.POLICIES))
        always = dict(protection(secure=True))
        other = {
            b"content-security-policy": self.POLICIES[FRAMED[0]],
            b"x-frame-options": b"SAMEORIGIN",
            b"cache-control": b"no-cache",
            b"date": b"Wed, 02 Dec 2026 12:00:00 GMT",
        }
        assert headers == {**always, **other}

    @pytest.mark.parametrize(
        ("path", "status"), [("/", 200), (FRAMED[1], 200), (FRAMED[0], 404), (FRAMED[0] + "/", 200)]
    )
    async def test_alone_is_served_so(self, path, status):
        headers = dict(await answered(saying(status=status), path=path, framed=self.POLICIES))
        assert (
            headers[b"content-security-policy"]
            == (dict(protection(secure=True))[b"content-security-policy"])
        )
        assert headers[b"x-frame-options"] == b"DENY"
