"""Who signs in from here asks again when their network is over its rate; nobody else does."""

from __future__ import annotations

import json

import httpx
import pytest

from tests import opening
from tests.opening import client_of, post

URL = "http://localhost"


class Door:
    """A server that knows one account, and says 429 to the first so many calls of one path."""

    def __init__(self, over: str, times: int) -> None:
        self.over, self.left = over, times
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path == self.over and self.left:
            self.left -= 1
            return httpx.Response(429, json={"code": "too-many"})
        told = {"password": "p", "code": "1", "seconds_left": 0, "state": "full"}
        return httpx.Response(200, json=told, headers={"Set-Cookie": "csrftoken=t; Path=/"})


@pytest.fixture
def waited(monkeypatch):
    """Return the pauses that were made; `.clock` goes on by them alone."""
    pauses: list[float] = []
    monkeypatch.setattr(opening.time, "sleep", pauses.append)
    monkeypatch.setattr(opening.time, "monotonic", lambda: sum(pauses))
    monkeypatch.setattr(opening, "_signed_in", {})
    return pauses


@pytest.fixture
def knocking(monkeypatch):
    """Let clients of `tests.opening` knock at a door of this test."""

    def knock(door: Door) -> Door:
        def client(**more: object) -> httpx.Client:
            return made(transport=httpx.MockTransport(door), **more)  # type: ignore[arg-type]

        made = httpx.Client
        monkeypatch.setattr(opening.httpx, "Client", client)
        return door

    return knock


class TestAnAct:
    def test_that_is_one_too_many_is_refused_at_once(self, waited):
        door = Door("/api/sign-in/password", 1)
        with httpx.Client(base_url=URL, transport=httpx.MockTransport(door)) as client:
            client.get("/")
            with pytest.raises(httpx.HTTPStatusError) as refused:
                post(client, "/api/sign-in/password", account="pa.enlace1", password="guessed")
        assert refused.value.response.status_code == 429
        assert waited == []

    def test_sends_what_it_was_given_and_returns_what_was_answered(self):
        found = []

        def door(request: httpx.Request) -> httpx.Response:
            found.append((request.headers.get("X-CSRFToken"), request.content))
            return httpx.Response(
                200, json={"id": 7}, headers={"Set-Cookie": "csrftoken=t; Path=/"}
            )

        with httpx.Client(base_url=URL, transport=httpx.MockTransport(door)) as client:
            client.get("/")
            assert post(client, "/api/cases", states=["SV"]) == {"id": 7}
        assert found[1][0] == "t"
        assert json.loads(found[1][1]) == {"states": ["SV"]}


class TestWhoSignsIn:
    @pytest.mark.parametrize(
        "step", ["/api/demo/code", "/api/sign-in/password", "/api/sign-in/code"]
    )
    def test_asks_again_each_second_for_as_long_as_the_rate_takes(self, waited, knocking, step):
        door = knocking(Door(step, 3))
        client = client_of(URL, "sv.enlace1")
        assert door.asked.count(step) == 4
        assert waited == [1, 1, 1]
        assert client_of(URL, "sv.enlace1") is client

    def test_is_told_in_the_end(self, waited, knocking):
        knocking(Door("/api/sign-in/password", 10**6))
        with pytest.raises(httpx.HTTPStatusError):
            client_of(URL, "sv.enlace1")
        assert sum(waited) == opening.OVER_RATE
