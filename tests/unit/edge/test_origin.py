from __future__ import annotations

import pytest

from casehub.edge.origin import ExactHost, ExactOrigin

OURS = ["https://casehub.example", "http://localhost:8000"]


async def call(wrapper, kind, *headers):
    """Return whether the application inside was reached, and what was sent."""
    sent = []

    async def send(message):
        sent.append(message)

    await wrapper({"type": kind, "headers": list(headers)}, None, send)
    return sent


def inside(reached):
    async def application(scope, receive, send):
        reached.append(scope)

    return application


class TestExactOrigin:
    @pytest.mark.parametrize("origin", OURS)
    async def test_lets_our_own_pages_in(self, origin):
        reached = []
        wrapper = ExactOrigin(inside(reached), OURS)
        assert await call(wrapper, "websocket", (b"origin", origin.encode())) == []
        assert len(reached) == 1

    @pytest.mark.parametrize(
        "origins",
        [
            [],
            [b""],
            [b"null"],
            [b"https://casehub.example:8443"],
            [b"http://casehub.example"],
            [b"https://CASEHUB.example"],
            [b"https://casehub.example/"],
            [b"https://casehub.example.evil.example"],
            [b"http://localhost"],
            [b"http://localhost:80001"],
            [b"https://casehub.example", b"https://casehub.example"],
            [b"https://casehub.example", b"https://evil.example"],
            [b"https://casehub.example,https://casehub.example"],
        ],
    )
    async def test_refuses_everything_else(self, origins):
        reached = []
        wrapper = ExactOrigin(inside(reached), OURS)
        sent = await call(wrapper, "websocket", *[(b"origin", value) for value in origins])
        assert sent == [{"type": "websocket.close", "code": 4403}]
        assert reached == []


class TestExactHost:
    @pytest.mark.parametrize("host", [b"casehub.example", b"localhost:8000"])
    async def test_lets_our_own_names_in(self, host):
        reached = []
        wrapper = ExactHost(inside(reached), OURS, secure=True)
        assert await call(wrapper, "http", (b"host", host)) == []
        assert len(reached) == 1

    @pytest.mark.parametrize(
        "hosts",
        [
            [],
            [b"evil.example"],
            [b"casehub.example:8000"],
            [b"localhost"],
            [b"casehub.example", b"casehub.example"],
        ],
    )
    async def test_refuses_everything_else_with_421(self, hosts):
        reached = []
        wrapper = ExactHost(inside(reached), OURS, secure=True)
        sent = await call(wrapper, "http", *[(b"host", value) for value in hosts])
        assert sent[0]["status"] == 421
        assert b'"wrong-host"' in sent[1]["body"]
        assert b"content-security-policy" in dict(sent[0]["headers"])
        assert reached == []
