"""Of what lasts too: whoever was not struck says so."""

from __future__ import annotations

import random
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from messaging import doorbells
from tests.faults.faults import FAULTS
from tests.faults.ground import Missed
from tests.faults.strikes import lasting


@pytest.fixture
def quick(monkeypatch):
    """Let a fault last no time."""
    monkeypatch.setattr(lasting.time, "sleep", lambda _: None)


def strike(name: str, ground: Any) -> float:
    return FAULTS[name].strike(ground, random.Random(1))


@pytest.mark.parametrize("ended", [0, lasting.ENDED // 2 - 1])
def test_backends_that_were_hardly_there_have_missed(monkeypatch, quick, ended):
    left = iter([(True,)] * ended + [(False,)] * lasting.ENDED)

    @contextmanager
    def connect(*_: object, **__: object):
        rows = SimpleNamespace(fetchall=lambda: [(7,)], fetchone=lambda: next(left))
        yield SimpleNamespace(execute=lambda *_: rows)

    monkeypatch.setattr(lasting.psycopg, "connect", connect)
    with pytest.raises(Missed, match=f"only {ended} backends"):
        strike("backends-ended-long", SimpleNamespace(owner=""))


@pytest.mark.parametrize(
    ("events", "deaf"),
    [
        ([], 1),
        ([{"event": "connection", "state": "online"}], 1),
        ([{"event": "message"}], 1),
        ([{"event": "connection", "state": "offline"}], 0),
    ],
)
def test_whoever_believes_in_a_dead_line_is_told_of(quick, events, deaf):
    client = SimpleNamespace(events=[{"event": "connection", "state": "offline"}])

    @contextmanager
    def dark():
        client.events += events
        yield

    room = SimpleNamespace(members=[SimpleNamespace(client=client)])
    ground = SimpleNamespace(room=room, line=SimpleNamespace(dark=dark), noticed=[])
    assert strike("line-half-open", ground) > 0
    assert len(ground.noticed) == deaf


@pytest.mark.parametrize("rung", [0, 3])
def test_of_forged_doorbells_one_has_to_be_rung(monkeypatch, rung):
    async def ring(*_: object) -> int:
        return rung

    monkeypatch.setattr(lasting, "_ring", ring)
    with nullcontext() if rung else pytest.raises(Missed, match="nothing was rung"):
        strike("redis-forged", SimpleNamespace())


def test_of_forged_doorbells_most_say_nothing_and_the_others_no_more_than_to_look():
    room = SimpleNamespace(thread=str(uuid4()), members=[SimpleNamespace(person=str(uuid4()))])
    lies = [event for _, event in lasting._lies(SimpleNamespace(room=room))]
    heard = [bell for one in lies if (bell := doorbells.heard(one))]
    assert len(lies) > 2 * len(heard)
    assert {type(one) for one in heard} == {doorbells.Grown, doorbells.News}
    assert {one.kind for one in heard if isinstance(one, doorbells.News)} == {doorbells.MARKS}
