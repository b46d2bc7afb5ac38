"""Whoever is stopped hears and does nothing more, whatever has become of the doorbells."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.faults.crowd import Line, Refused
from tests.faults.cutting import Ear, Scene, enter
from tests.servers.casehub_server import CaseHub, Place, Process
from tools.region.postgres import Postgres
from tools.region.private import spare_port
from tools.region.valkey import Valkey

VARIANTS = ("push", "two processes", "doorbell lost", "layer killed")
#  what the page of whoever was stopped is told of it
TOLD = {"person": "suspended", "device": "device", "State": "state"}
#  Doorbells of a layer of one process, of Redis, lost ones, and those of a layer that was killed:
#  what is stopped is not what rings, so not each with each.
CASES = [
    ("person", "two processes"),
    ("person", "doorbell lost"),
    ("device", "doorbell lost"),
    ("State", "two processes"),
    pytest.param("person", "push", marks=pytest.mark.further),
    pytest.param("person", "layer killed", marks=pytest.mark.further),
    pytest.param("device", "two processes", marks=pytest.mark.further),
    pytest.param("State", "doorbell lost", marks=pytest.mark.further),
]


class Ground:
    """PostgreSQL with a migrated database and nobody in it; each run gets a copy."""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._home = Path(stack.enter_context(TemporaryDirectory(prefix="casehub-cutoff-")))
            self._postgres = stack.enter_context(Postgres())
            self._template = self._postgres.create()
            self._numbers = itertools.count(1)
            self.place(self._template).manage("migrate", "--verbosity", "0")
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def place(self, database: str = "") -> Place:
        """Return a place of its own, by default over a fresh copy of the database."""
        data = self._home / str(next(self._numbers))
        data.mkdir()
        name = database or self._postgres.create(template=self._template)
        return Place("full", data, {"DATABASE_URL": self._postgres.url(name)})


@contextmanager
def running(
    ground: Ground, variant: str, count: int, *, kind: str = "person"
) -> Iterator[tuple[Scene, Valkey]]:
    """Run two processes over PostgreSQL, where doorbells are as a variant has them."""
    with ExitStack() as stack:
        place = ground.place()
        layer = stack.enter_context(Valkey())
        casehub = CaseHub(place, processes=2, REDIS_URL=layer.url)
        first, second = stack.enter_context(casehub).processes
        if variant == "doorbell lost":
            # It listens to a layer of its own, to which nobody else rings.
            other = stack.enter_context(Valkey())
            second = Process(place, port=spare_port(), processes=2, REDIS_URL=other.url).start()
            stack.callback(second.stop)
        victims = first if variant == "push" else second
        yield enter(place, kind, count, head=first.port, victims=victims.port), layer


def answers_until_closed(line: Line) -> list[str]:
    """Return of which kinds the answers were that a socket still gave."""
    return list(iter(lambda: line.answer()["type"], "closed"))


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with Ground() as prepared:
        yield prepared


@pytest.mark.timeout(300)
@pytest.mark.faults
class TestWhoeverIsStopped:
    @pytest.mark.parametrize(("kind", "variant"), CASES)
    def test_is_cut_off_while_messages_flow_and_refused_wherever_they_knock(
        self, ground, kind, variant
    ):
        with running(ground, variant, 2, kind=kind) as (scene, layer), scene.talking():
            stopped, other = [Ear(person) for person in scene.victims]
            line = scene.victims[0].socket()
            ticket = scene.victims[0].ask("POST", "/api/socket-ticket")["ticket"]
            if variant == "layer killed":
                layer.kill()
            since = scene.stop(0)
            with suppress(ConnectionClosed):  # nobody rings: for up to a second it is not closed
                line.post()
            cut = stopped.cut(since)
            assert cut.code == 4401
            heard = len(stopped.frames)
            going_on = other.entries()
            time.sleep(1.0)
            assert len(stopped.frames) == heard
            assert "accepted" not in answers_until_closed(line)
            # The others go on; without doorbells they hear by the heartbeat.
            if variant in {"push", "two processes"}:
                assert other.entries() > going_on
            with pytest.raises(InvalidStatus):
                Ear(scene.victims[0], ticket=ticket)
            for method, path in (("POST", "/api/socket-ticket"), ("GET", "/api/cases")):
                with pytest.raises(Refused) as refused:
                    scene.victims[0].ask(method, path)
                assert refused.value.code == "sign-in-needed"
            told = scene.victims[0].ask("GET", "/api/session")
            assert (told["state"], told["cut_off"]["kind"]) == ("anonymous", TOLD[kind])

    def test_can_be_stopped_by_a_server_whose_layer_is_gone_before_anybody_connects(self, ground):
        with running(ground, "two processes", 1) as (scene, layer):
            layer.kill()
            stopped = Ear(scene.victims[0])
            time.sleep(0.5)
            assert stopped.cut(scene.stop(0)).code == 4401
