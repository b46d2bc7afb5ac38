"""Faults that were done and met nobody: each says so, and its trial fails."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.faults import trial
from tests.faults.fault import Fault
from tests.faults.faults import FAULTS
from tests.faults.ground import Ground, Missed
from tests.faults.strikes import callers, databases, ending
from tests.faults.trial import tried
from tests.servers.bad_line import BadLine
from tools.region.private import spare_port


def strike(name: str, ground: Any) -> float:
    return FAULTS[name].strike(ground, random.Random(1))


@pytest.fixture
def quick(monkeypatch):
    """Let a fault last no time."""
    monkeypatch.setattr(ending.time, "sleep", lambda _: None)


class TestALine:
    """What is in the dark or bad has to be something that is on its way."""

    @pytest.fixture
    def line(self) -> Iterator[BadLine]:
        with (
            socket.create_server(("127.0.0.1", 0)) as door,
            BadLine(spare_port(), to=door.getsockname()[1], seed=1) as line,
        ):
            yield line

    @pytest.mark.parametrize("name", ["line-dark", "line-bad"])
    def test_over_which_nothing_was_sent_has_missed(self, line, quick, name):
        with pytest.raises(Missed, match="nothing was on its way"):
            strike(name, SimpleNamespace(line=line))

    @pytest.mark.parametrize("name", ["line-dark", "line-bad"])
    def test_over_which_somebody_calls_is_struck(self, line, monkeypatch, name):
        def call(_: float) -> None:
            monkeypatch.undo()
            with socket.create_connection(("127.0.0.1", line.port)):
                deadline = time.monotonic() + 10
                while not line.pieces + line.held and time.monotonic() < deadline:
                    threading.Event().wait(0.01)

        monkeypatch.setattr(ending.time, "sleep", call)
        assert strike(name, SimpleNamespace(line=line)) > 0


class TestAProcess:
    @pytest.fixture
    def process(self) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        yield process
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()

    @pytest.fixture
    def ground(self, process) -> Any:
        return SimpleNamespace(alive=lambda _: SimpleNamespace(process=process))

    def test_that_stands_still_is_struck_and_goes_on(self, ground, process, monkeypatch):
        def sleep(_: float) -> None:
            while ending.state(process) != "T":
                threading.Event().wait(0.01)

        monkeypatch.setattr(ending.time, "sleep", sleep)
        assert strike("redis-paused", ground) > 0
        while ending.state(process) == "T":
            threading.Event().wait(0.01)

    def test_that_somebody_let_go_on_before_has_missed(self, ground, process, monkeypatch):
        def sleep(_: float) -> None:
            process.send_signal(signal.SIGCONT)
            while ending.state(process) == "T":
                threading.Event().wait(0.01)

        monkeypatch.setattr(ending.time, "sleep", sleep)
        with pytest.raises(Missed, match="did not stand still"):
            strike("redis-paused", ground)


class TestRedis:
    @pytest.mark.parametrize(("answer", "struck"), [(True, True), (False, False)])
    def test_that_does_not_obey_is_not_flushed(self, answer, struck):
        layer = nullcontext(SimpleNamespace(flushall=lambda: answer))
        ground = SimpleNamespace(redis=lambda: layer)
        with nullcontext() if struck else pytest.raises(Missed, match="did not flush"):
            strike("redis-flushed", ground)


class TestATable:
    @pytest.mark.parametrize("waiting", [0, 1])
    def test_that_is_held_has_to_be_waited_for(self, monkeypatch, quick, waiting):
        @contextmanager
        def connect(*_: object, **__: object):
            yield SimpleNamespace(execute=lambda _: SimpleNamespace(fetchone=lambda: (waiting,)))

        monkeypatch.setattr(databases.psycopg, "connect", connect)
        with nullcontext() if waiting else pytest.raises(Missed, match="nobody waited"):
            strike("table-held", SimpleNamespace(owner=""))


class TestAFullDisk:
    SAID = "2026-11-30 [7] ERROR:  could not extend file: No space left on device\n"

    @pytest.mark.parametrize("said", ["", SAID])
    def test_has_to_be_met_by_the_database(self, tmp_path, quick, said):
        log = tmp_path / "postgres.log"
        log.write_text("No space left on device, of another trial\n", encoding="utf-8")
        running = SimpleNamespace(name="postgres", log=log, process=SimpleNamespace(poll=int))
        running.process.poll = lambda: None
        ground: Any = object.__new__(Ground)
        ground.region = SimpleNamespace(
            processes=SimpleNamespace(running=[running]), one=lambda _: running
        )
        ground._read = {}
        ground.said()
        ground.disk = SimpleNamespace(
            fill=lambda: log.write_text(log.read_text() + said), empty=lambda: None
        )
        with nullcontext() if said else pytest.raises(Missed, match="nobody met"):
            strike("disk-full", ground)
        assert ground.said()["postgres"] == said.splitlines()  # left for who looks afterwards


class TestCallers:
    """An edge that hears nobody, or cuts nobody off, was not struck as it is told."""

    @pytest.fixture
    def struck(self, monkeypatch) -> Iterator[Callable[[Callable[[socket.socket], None]], Any]]:
        """Let one caller knock at a door at which `answer` is given."""
        for name in ("SLOW", "BIG"):
            monkeypatch.setattr(callers, name, 1)
        monkeypatch.setattr(callers, "SECONDS", 0.1)
        monkeypatch.setattr(callers, "CUT", 0.5)
        monkeypatch.setattr(callers, "PAUSE", 0.05)
        over = threading.Event()
        with socket.create_server(("127.0.0.1", 0)) as door:

            def open_for(answer: Callable[[socket.socket], None]) -> Any:
                def take() -> None:
                    one, _ = door.accept()
                    with one, suppress(OSError):
                        answer(one)
                        over.wait(10)

                threading.Thread(target=take, daemon=True).start()
                region = SimpleNamespace(door=door.getsockname()[1])
                return SimpleNamespace(region=region, noticed=[])

            yield open_for
        over.set()

    def test_who_are_slow_have_missed_if_nobody_is_cut_off(self, struck):
        with pytest.raises(Missed, match="1 of 1 slow callers were not cut off"):
            strike("slow-callers", struck(lambda _: None))

    def test_who_are_slow_have_struck_when_they_are_cut_off(self, struck):
        assert strike("slow-callers", struck(lambda one: one.shutdown(socket.SHUT_RDWR))) > 0

    def test_who_send_much_have_missed_if_nothing_of_it_was_taken(self, struck, monkeypatch):
        line: Any = nullcontext()
        line.settimeout = lambda _: None
        line.sendall = lambda _: (_ for _ in ()).throw(OSError())
        line.recv = lambda _: b""
        monkeypatch.setattr(callers, "_line", lambda *_: line)
        with pytest.raises(Missed, match="no large body"):
            strike("big-bodies", struck(lambda _: None))

    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (b"HTTP/1.1 413 Content Too Large\r\n\r\n", []),
            (b"HTTP/1.1 200 OK\r\n\r\n", ["a large body was answered with b'HTTP/1.1 200 OK"]),
            (b"", []),
        ],
        ids=["refused", "taken", "hung up"],
    )
    def test_who_send_much_tell_of_an_answer_that_is_no_refusal(self, struck, answer, told):
        def say(one: socket.socket) -> None:
            left = callers.DOOR + callers.BEYOND
            while left > 0:
                left -= len(one.recv(2**16))
            if answer:
                one.sendall(answer)
                one.recv(1)  # what comes next is sent after the answer was read
            one.close()

        ground = struck(say)
        assert strike("big-bodies", ground) > 0
        assert [one[: len(words)] for one, words in zip(ground.noticed, told, strict=True)] == told

    def test_who_send_much_tell_if_all_of_it_is_taken_and_nobody_answers(self, struck, monkeypatch):
        monkeypatch.setattr(callers, "WAITED", 0.5)

        def take(one: socket.socket) -> None:
            one.settimeout(2)
            while one.recv(2**20):
                pass

        ground = struck(take)
        strike("big-bodies", ground)
        (told,) = ground.noticed
        assert "neither refused nor cut off after" in told

    def test_who_send_much_tell_if_they_are_not_cut_off(self, struck, monkeypatch):
        monkeypatch.setattr(callers, "WAITED", 0.5)
        ground = struck(lambda one: one.sendall(b"HTTP/1.1 413 Content Too Large\r\n\r\n"))
        strike("big-bodies", ground)
        assert ground.noticed == ["who sent a large body was not cut off"]


class TestATrial:
    @pytest.mark.parametrize("before", [0.5, 60])
    def test_in_which_nobody_wrote_while_it_was_struck_has_missed(self, monkeypatch, before):
        wrote = time.monotonic() - before
        traffic: Any = SimpleNamespace(
            posted=[],
            stay_active=lambda: None,
            draw=lambda _: None,
            flowing=nullcontext,
            opener=SimpleNamespace(finish=lambda _: True, refused=[]),
            settle=lambda _: True,
            wrote=lambda since, until: since <= wrote <= until,
        )
        monkeypatch.setattr(trial.time, "sleep", lambda _: None)
        ground: Any = SimpleNamespace(traffic=traffic, said=dict, noticed=[])
        with pytest.raises(Missed, match="nobody wrote"):
            tried(ground, Fault("nothing", "nothing", lambda *_: time.monotonic()), 1)


def test_every_fault_is_looked_at() -> None:
    """Of each, a test here or in test_striking says how it would miss; a new one needs its own."""
    here = Path(__file__).parent
    told = "".join(file.read_text(encoding="utf-8") for file in here.glob("test_*ing.py"))
    as_others = ("-killed", "-stopped", "-paused", "-away", "-frozen")
    by_process = {name for name in FAULTS if name.endswith(as_others)}
    others = FAULTS.keys() - by_process - {"nothing", "renewed", "guessing"}
    assert [name for name in sorted(others) if f'"{name}"' not in told] == []
