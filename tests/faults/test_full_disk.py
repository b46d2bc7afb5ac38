"""The disk fills up: acts are refused in words, reading goes on, and it recovers by itself."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import crowd
from tests.faults.sequencer import Life, Lives
from tests.servers.casehub_server import CaseHub, Place
from tests.servers.sequencing import Sequencing
from tests.servers.volume import Unavailable, Volume
from tools.region.postgres import Postgres
from tools.region.valkey import Valkey

SECONDS = 60
MANY = 5000  # acts after which a full disk must have said so


def until(what: str, condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def small_disk(stack: ExitStack, folder: Path, *, megabytes: int) -> Volume:
    """
    Return a small disk.

    Where this user may mount none the test fails: nobody should believe that it was tried. Whoever
    knows says so with CASEHUB_NO_MOUNTS=1, and it is skipped.
    """
    try:
        return stack.enter_context(Volume(folder, megabytes=megabytes))
    except Unavailable as reason:
        if os.environ.get("CASEHUB_NO_MOUNTS") == "1":
            pytest.skip(str(reason))
        pytest.fail(f"{reason}; CASEHUB_NO_MOUNTS=1 leaves these tests out")


def refusal(act: Callable[[], object]) -> str:
    """Act until it is refused; return the code."""
    with pytest.raises(crowd.Refused) as refused:
        for _ in range(MANY):
            act()
    return refused.value.code


def refusals(person: crowd.Person, line: crowd.Line | None = None) -> set[str]:
    """Act until it is refused, by an open socket and over HTTP; return the codes."""
    codes: set[str] = set()
    for _ in range(MANY if line else 0):
        assert line is not None
        line.post()
        told = line.answer()
        if told["type"] == "refused":
            assert told["message"].startswith("The server’s disk is full"), told
            codes.add(told["code"])
            break
    return codes | {refusal(person.open_case)}


def recovered(person: crowd.Person, place: Place, people: list[crowd.Person]) -> None:
    """Act again, and compare what was acknowledged with what the log holds."""
    person.open_case()
    line = person.socket()
    line.post()
    assert line.answer()["type"] == "accepted"
    line.close()
    until("a green log", lambda: person.ask("GET", "/api/log/health")["findings"] == [])
    # Green is also what waits for its entry since a moment ago.
    until("nothing that waits", lambda: "; 0 wait for it" in place.manage("audit", "verify"))
    told = place.manage("audit", "verify")
    assert "every event has its entry; 0 wait for it" in told
    assert told.endswith("The log is whole.\n")
    assert crowd.counted(place) == sum(one.acts for one in people)


@pytest.mark.timeout(600)
@pytest.mark.faults
class TestAFullDiskOfSqlite:
    """Database, anchor and keys on one volume, as the embedded configuration has them."""

    @pytest.fixture
    def disk(self, stack: ExitStack, tmp_path: Path) -> Volume:
        return small_disk(stack, tmp_path / "disk", megabytes=24)

    def test_refuses_acts_lets_everybody_read_and_recovers_also_after_a_kill(
        self, disk: Volume, stack: ExitStack, tmp_path: Path
    ) -> None:
        place = Place("embedded", disk.folder / "data")
        place.data.mkdir()
        place.manage("migrate", "--verbosity", "0")
        casehub = CaseHub(place)
        (server,) = casehub.processes
        server.output_file = tmp_path / "output"
        stack.enter_context(casehub)
        people = crowd.enter(place, [server.port], 2)
        ana, boris = people
        boris.read_case()
        line = ana.socket()
        disk.fill()
        assert refusals(ana, line) == {"storage-full"}
        line.close()
        # What leaves no trace in the log is read as before; opening a case file would leave one.
        assert len(boris.ask("GET", "/api/cases")) >= 1
        assert refusal(boris.read_case) == "storage-full"
        # A second fault: it dies on the full disk, and starts there again.
        server.kill()
        server.start()
        assert len(boris.ask("GET", "/api/cases")) >= 1
        assert refusals(ana) == {"storage-full"}
        disk.empty()
        recovered(ana, place, people)

    def test_is_started_on_also_where_the_anchor_remembers_what_was_not_let_out(
        self, disk: Volume, stack: ExitStack
    ) -> None:
        place = Place("embedded", disk.folder / "data")
        place.data.mkdir()
        place.manage("migrate", "--verbosity", "0")
        casehub = stack.enter_context(CaseHub(place))
        (server,) = casehub.processes
        people = crowd.enter(place, [server.port], 2)
        server.kill()
        with Lives(place) as lives:
            assert lives.live(Life("anchored")) == -signal.SIGKILL
        disk.fill()
        server.start()
        assert len(people[1].ask("GET", "/api/cases")) >= 1
        assert refusals(people[0]) == {"storage-full"}
        disk.empty()
        recovered(people[0], place, people)


@pytest.mark.timeout(600)
@pytest.mark.faults
class TestAFullDiskOfPostgresql:
    """The database's volume alone; the anchor lies on another."""

    def test_refuses_acts_lets_everybody_read_and_recovers_by_itself(
        self, stack: ExitStack, tmp_path: Path
    ) -> None:
        # Its server runs as somebody else, and its socket's path has to be short.
        short = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ch-")))
        short.chmod(0o755)
        disk = small_disk(stack, short / "disk", megabytes=192)
        postgres = stack.enter_context(Postgres(disk.folder))
        valkey = stack.enter_context(Valkey())
        data = tmp_path / "data"
        data.mkdir()
        settings = {"DATABASE_URL": postgres.url(postgres.create()), "REDIS_URL": valkey.url}
        place = Place("full", data, settings)
        place.manage("migrate", "--verbosity", "0")
        stack.enter_context(Sequencing(place))
        casehub = stack.enter_context(CaseHub(place, signed=False))
        people = crowd.enter(place, [server.port for server in casehub.processes], 2)
        ana, boris = people
        line = ana.socket()
        disk.fill()
        assert refusals(ana, line) == {"storage-full"}
        line.close()
        assert len(boris.ask("GET", "/api/cases")) >= 1
        # PostgreSQL may find room for a read's event here and there, and not for ever.
        assert refusal(boris.read_case) == "storage-full"
        assert len(boris.ask("GET", "/api/cases")) >= 1
        disk.empty()
        recovered(ana, place, people)


@pytest.mark.timeout(600)
@pytest.mark.faults
class TestAFullDiskOfTheAnchor:
    """Only what remembers the signatures has no room: acts go on, and wait for theirs."""

    def test_stops_the_signing_alone_and_is_seen(self, stack: ExitStack, tmp_path: Path) -> None:
        disk = small_disk(stack, tmp_path / "anchor", megabytes=1)
        place = Place("embedded", tmp_path / "data")
        place.data.mkdir()
        place = replace(place, settings={"CASEHUB_ANCHOR": str(disk.folder)})
        place.manage("migrate", "--verbosity", "0")
        casehub = stack.enter_context(CaseHub(place))
        people = crowd.enter(place, [casehub.processes[0].port], 2)
        ana = people[0]
        until("a signed log", lambda: signed(ana) > 0)
        disk.fill()
        before = signed(ana)
        for _ in range(3):
            ana.open_case()
        until("a stumble", lambda: "No space left on device" in casehub.output())
        assert signed(ana) == before
        ana.read_case()
        disk.empty()
        until("another signature", lambda: signed(ana) >= before + 4)
        recovered(ana, place, people)


def signed(person: crowd.Person) -> int:
    """Return how much of the log of acts is signed, as anybody may see."""
    return sum(log["size"] for log in person.ask("GET", "/api/log") if "acts" in log["name"])
