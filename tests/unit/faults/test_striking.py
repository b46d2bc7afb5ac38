"""A fault that has struck nothing says so: its trial would be told of as one that went well."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.faults import trial
from tests.faults.fault import Fault
from tests.faults.faults import FAULTS
from tests.faults.ground import Ground, Missed, keep_logs
from tests.faults.strikes import databases
from tests.faults.strikes.callers import together
from tests.faults.traffic import Traffic
from tools.region import processes
from tools.region.processes import Running

DEAF = (
    "import signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print(1, flush=True)\n"
    "time.sleep(60)"
)


def grounded(**region: Any) -> Ground:
    """Return a ground with no more of a region than this."""
    one: Any = object.__new__(Ground)
    one.region, one._read = SimpleNamespace(**region), {}
    return one


@pytest.fixture
def begun():
    """Begin a program; return it as a region has it."""
    all_of_them = []

    def begin(program: str, *, ready: bool) -> Running:
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
        all_of_them.append(process)
        if ready:
            assert process.stdout is not None
            process.stdout.readline()
        return Running("web-1", process, Path("web-1.log"))

    yield begin
    for process in all_of_them:
        process.kill()
        process.communicate()


class TestAProcessThatIsToBeStruck:
    def test_has_not_ended_by_itself_before(self, begun):
        running = begun("raise SystemExit(3)", ready=False)
        running.process.wait(20)
        ground = grounded(one=lambda _: running)
        for strike in (ground.stop, ground.kill, ground.alive):
            with pytest.raises(Missed, match="by itself before, with 3"):
                strike("web-1")

    def test_ends_when_it_is_asked_to(self, begun, monkeypatch):
        monkeypatch.setattr(processes, "STOP_SECONDS", 0.2)
        running = begun(DEAF, ready=True)
        with pytest.raises(Missed, match="it was killed"):
            grounded(one=lambda _: running).stop("web-1")
        assert running.process.returncode == -signal.SIGKILL


class TestAFault:
    def test_that_cuts_no_line_has_missed(self):
        room = SimpleNamespace(members=[])
        ground: Any = SimpleNamespace(line=SimpleNamespace(cut=lambda: 0), room=room)
        with pytest.raises(Missed, match="no connection"):
            FAULTS["line-cut"].strike(ground, random.Random(1))

    def test_that_cuts_lines_lasts_until_everybody_has_one_again(self):
        client = SimpleNamespace(events=[{"event": "connection", "state": "online"}])
        back = threading.Timer(0.3, lambda: client.events.append(client.events[0]))
        room = SimpleNamespace(members=[SimpleNamespace(client=client)])
        ground: Any = SimpleNamespace(
            line=SimpleNamespace(cut=lambda: back.start() or 2), room=room
        )
        before = time.monotonic()
        at = FAULTS["line-cut"].strike(ground, random.Random(1))
        assert at < before + 0.3 < time.monotonic()

    def test_that_kills_the_edge_lasts_until_everybody_has_a_line_again(self):
        client = SimpleNamespace(events=[{"event": "connection", "state": "online"}])
        back = threading.Timer(0.3, lambda: client.events.append(client.events[0]))
        room = SimpleNamespace(members=[SimpleNamespace(client=client)])
        ground: Any = SimpleNamespace(
            kill=lambda _: time.monotonic(),
            region=SimpleNamespace(again=lambda _: back.start()),
            room=room,
        )
        before = time.monotonic()
        at = FAULTS["edge-killed"].strike(ground, random.Random(1))
        assert at < before + 0.3 < time.monotonic()

    def test_that_cuts_nobody_off_from_redis_has_missed(self, monkeypatch):
        @contextmanager
        def layer():
            yield SimpleNamespace(client_kill_filter=lambda **_: 0)

        monkeypatch.setattr(databases.time, "sleep", lambda _: None)
        ground: Any = SimpleNamespace(redis=layer)
        with pytest.raises(Missed, match="nobody was connected"):
            FAULTS["redis-cut"].strike(ground, random.Random(1))

    @pytest.mark.parametrize("found", [[], [(7,)]], ids=["nobody", "gone before"])
    def test_that_ends_no_backend_has_missed(self, monkeypatch, found):
        @contextmanager
        def connect(*_: object, **__: object):
            rows = SimpleNamespace(fetchall=lambda: found, fetchone=lambda: (False,))
            yield SimpleNamespace(execute=lambda *_: rows)

        monkeypatch.setattr(databases.psycopg, "connect", connect)
        monkeypatch.setattr(databases.time, "sleep", lambda _: None)
        ground: Any = SimpleNamespace(owner="")
        with pytest.raises(Missed, match="no backend"):
            FAULTS["backends-ended"].strike(ground, random.Random(1))

    def test_of_many_callers_has_missed_if_one_fails_or_hangs(self):
        def fail(number: int) -> None:
            if number == 1:
                raise OSError("no address")

        with pytest.raises(Missed, match="1 of 3 callers failed"):
            together(3, fail)
        go_on = threading.Event()
        with pytest.raises(Missed, match="not come to an end"):
            together(2, lambda _: go_on.wait(10) and None, seconds=0.05)
        go_on.set()


class TestOpenFiles:
    def test_are_counted_without_those_of_the_pool(self):
        def count(port: int) -> int:
            return grounded(ports={"postgres": port})._files(Path("/proc/self"))

        with socket.create_server(("127.0.0.1", 0)) as door:
            port = door.getsockname()[1]
            elsewhere, here = count(9), count(port)
            with socket.create_connection(("127.0.0.1", port)), door.accept()[0]:
                assert count(9) == elsewhere + 2
                assert count(port) == here + 1  # the door's own end is nobody's of the pool


class TestASeed:
    def test_draws_again_who_writes(self):
        room: Any = SimpleNamespace(members=[])
        drawn = []
        for begun_with in (1, 2):
            one = Traffic(room, SimpleNamespace(), random.Random(begun_with), every=1)  # type: ignore[arg-type]
            one.draw(7)
            drawn.append([one._chance.random() for _ in range(3)])
        assert drawn[0] == drawn[1]


class TestATrial:
    FAULT = Fault("line-cut", "cut", lambda *_: 0.0)

    @pytest.mark.parametrize("raised", [Missed("nobody"), TimeoutError(), KeyboardInterrupt()])
    def test_that_raises_leaves_what_processes_said(self, monkeypatch, raised):
        def tried(*_: object) -> None:
            raise raised

        found: list[Path] = []
        ground: Any = SimpleNamespace(keep_logs=found.append)
        monkeypatch.setattr(trial, "tried", tried)
        with pytest.raises(type(raised)):
            trial.kept(ground, self.FAULT, 7, Path("logs"))
        assert found == [Path("logs/line-cut-7")]

    @pytest.mark.parametrize(("violations", "count"), [((), 0), (("I1 lost",), 1)])
    def test_that_went_well_leaves_nothing(self, monkeypatch, violations, count):
        found: list[Path] = []
        ground: Any = SimpleNamespace(keep_logs=found.append)
        done = SimpleNamespace(violations=violations)
        monkeypatch.setattr(trial, "tried", lambda *_: done)
        assert trial.kept(ground, self.FAULT, 7, Path("logs")) is done
        assert len(found) == count


class TestWhatProcessesSay:
    def test_is_read_by_whole_lines(self, tmp_path):
        log = tmp_path / "web-1.log"
        running = SimpleNamespace(running=[SimpleNamespace(name="web-1", log=log)])
        ground = grounded(processes=running)
        log.write_bytes(b"one\ntwo is not")
        assert ground.said() == {"web-1": ["one"]}
        with log.open("ab") as more:
            more.write(b" over\n")
        assert ground.said() == {"web-1": ["two is not over"]}

    def test_is_kept_beyond_the_region(self, tmp_path):
        home, kept = tmp_path / "home", tmp_path / "kept"
        for place, name in (("log", "web-1.log"), ("clients", "sv.enlace1.stderr")):
            (home / place).mkdir(parents=True)
            (home / place / name).write_text(name, encoding="utf-8")
        keep_logs(home, kept)
        keep_logs(tmp_path / "never begun", kept)
        assert sorted(one.name for one in kept.iterdir()) == ["sv.enlace1.stderr", "web-1.log"]
