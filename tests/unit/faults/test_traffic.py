"""Who writes and asks while something fails goes on until there is an answer."""

from __future__ import annotations

import random
import threading
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from tests.faults import traffic
from tests.faults.traffic import Opener, Traffic

OVER = threading.Event()
OVER.set()


def answer(status: int, **headers: str) -> httpx.HTTPStatusError:
    request = httpx.Request("POST", "http://localhost/api/cases")
    response = httpx.Response(status, headers=headers)
    return httpx.HTTPStatusError("", request=request, response=response)


@pytest.fixture
def asked(monkeypatch):
    """Return ids as they are asked for; `.answers` come one after the other, the last for good."""
    found: Any = SimpleNamespace(ids=[], answers=[])

    def post(_: object, __: str, *, client_id: str, states: list[str]) -> dict[str, str]:
        found.ids.append(client_id)
        told = found.answers.pop(0) if len(found.answers) > 1 else found.answers[0]
        if isinstance(told, Exception):
            raise told
        return {"id": told}

    monkeypatch.setattr(traffic, "client_of", lambda *_: None)
    monkeypatch.setattr(traffic, "post", post)
    return found


class TestSomebodyWhoOpensCases:
    def test_asks_on_under_the_same_id_when_all_is_over(self, asked):
        opener = Opener("hn.enlace1", "http://localhost")
        asked.answers = [answer(503), answer(429), httpx.ReadTimeout(""), "case"]
        opener.open(OVER)
        assert opener.opened == {}
        assert opener.finish(5)
        assert opener.opened == {asked.ids[0]: "case"}
        assert set(asked.ids) == {asked.ids[0]}
        assert len(asked.ids) == 4

    def test_says_so_if_nobody_answers_in_time(self, asked):
        opener = Opener("hn.enlace1", "http://localhost")
        asked.answers = [answer(500)]
        opener.open(OVER)
        assert not opener.finish(0.0)
        assert opener.waiting == asked.ids[0]

    def test_has_nothing_to_ask_on_for_after_an_answer(self, asked):
        opener = Opener("hn.enlace1", "http://localhost")
        asked.answers = ["case"]
        opener.open(OVER)
        assert opener.finish(0.0)
        assert len(asked.ids) == 1

    def test_tells_of_a_refusal(self, asked):
        opener = Opener("hn.enlace1", "http://localhost")
        asked.answers = [answer(403)]
        opener.open(OVER)
        assert opener.finish(0.0)
        assert opener.refused == ["403 "]

    @pytest.mark.parametrize(
        ("answered", "broken"),
        [
            (answer(500), ["500 "]),
            (answer(502), ["502 "]),
            (answer(503), ["503 "]),
            (answer(503, **{"Retry-After": "2"}), []),
            (answer(429), []),
        ],
    )
    def test_tells_of_an_error_that_says_not_when_to_ask_again(self, asked, answered, broken):
        opener = Opener("hn.enlace1", "http://localhost")
        asked.answers = [answered, "case"]
        opener.open(OVER)
        assert opener.finish(5)
        assert opener.broken == broken


class Client:
    """A client that has heard some events; `commands` are what it was asked."""

    def __init__(self, events: int) -> None:
        self.events = [{"event": "change"}] * events
        self.heard = [0.0] * events
        self.log_alarm: str | None = None
        self.commands: list[tuple[str, dict[str, Any]]] = []

    def do(self, do: str, **fields: Any) -> dict[str, Any]:
        self.commands.append((do, fields))
        answers: dict[str, dict[str, Any]] = {"read": {"lines": []}, "list": {"cases": []}}
        return answers.get(do, {"alarm": None, "log": self.log_alarm})


@pytest.fixture
def scene():
    client = Client(events=7000)
    member = SimpleNamespace(account="sv.enlace1", person="ana", client=client)
    room: Any = SimpleNamespace(members=[member], thread="thread")
    return client, Traffic(room, Opener("hn.enlace1", ""), random.Random(1), every=1)


class TestTheTraffic:
    def test_is_no_traffic_if_somebody_stops_in_the_midst(self, scene, asked):
        _, written = scene  # this client takes no message
        asked.answers = ["case"]
        with pytest.raises(traffic.Stalled, match="has stopped") as told, written.flowing():
            pass
        assert isinstance(told.value.__cause__, AttributeError)

    def test_is_no_traffic_if_somebody_hangs(self, scene, asked, monkeypatch):
        _, written = scene
        monkeypatch.setattr(traffic, "ANSWER_SECONDS", 0.01)
        go_on = threading.Event()
        monkeypatch.setattr(written, "_write", lambda _: go_on.wait(10))
        asked.answers = ["case"]
        with pytest.raises(traffic.Stalled, match="still waits"), written.flowing():
            pass
        go_on.set()


class TestWhatClientsAreAsked:
    def test_is_all_of_a_thread_however_long_it_is(self, scene):
        client, written = scene
        written.told()
        (limit,) = [fields["limit"] for do, fields in client.commands if do == "read"]
        assert limit > 7000

    def test_is_what_they_cannot_believe_of_the_log(self, scene):
        client, written = scene
        client.log_alarm = "forked"
        assert written.told()[0].alarms == ["the log: forked"]

    def test_is_nothing_that_was_told_before(self, scene):
        _, written = scene
        written.told()
        assert written.told()[0].alarms == []
