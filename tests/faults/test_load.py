"""Twelve people at once, two web processes, one that signs: every act has its entry."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from queue import Empty

import pytest
from websockets.exceptions import WebSocketException

from bench import load_audit
from tests.faults import crowd
from tests.servers.casehub_server import CaseHub, Place
from tools.region.postgres import Postgres

ACTS = 2000  # of 20,000 in `make load-audit`
SECONDS = 120
KILLS = 4
IN_FLIGHT = 8  # messages of one person
EACH = 20  # acts on average of each person, at the least: that nobody was shut out for good


class Running:
    """The servers, and those who act."""

    def __init__(self, place: Place, casehub: CaseHub, postgres: Postgres) -> None:
        self.place, self.casehub, self.postgres = place, casehub, postgres
        self.people = load_audit.crowded(place, casehub)

    @property
    def acknowledged(self) -> int:
        return sum(one.acts for one in self.people)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Let all twelve act, whatever becomes of the servers."""
        over = threading.Event()
        threads = [threading.Thread(target=act, args=(one, over)) for one in self.people]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()


def act(person: crowd.Person, over: threading.Event) -> None:
    """Write, read the case file and open cases until it is over; begin anew when cut off."""
    while not over.is_set():
        try:
            line = person.socket()
            try:
                while not over.is_set() and all(_written(line)):
                    person.read_case()
                    person.open_case()
            finally:
                line.close()
        except (OSError, HTTPException, WebSocketException, crowd.Refused, Empty):
            pass
        over.wait(0.3)


def _written(line: crowd.Line) -> list[bool]:
    for _ in range(IN_FLIGHT):
        line.post()
    return [line.answer()["type"] == "accepted" for _ in range(IN_FLIGHT)]


@pytest.fixture(scope="class")
def running() -> Iterator[Running]:
    with load_audit.full() as (place, casehub, postgres):
        yield Running(place, casehub, postgres)


@pytest.mark.timeout(600)
@pytest.mark.faults
class TestUnderLoad:
    def test_every_acknowledged_act_has_its_entry(self, running: Running) -> None:
        tally = load_audit.load(running.place, running.people, acts=ACTS)
        assert tally.acknowledged == tally.entries >= ACTS
        assert "every act has its event" in tally.verified
        assert tally.verified.endswith("The log is whole.\n")
        assert tally.acting < SECONDS

    def test_so_it_has_after_web_processes_and_the_database_were_killed_meanwhile(
        self, running: Running
    ) -> None:
        """SIGKILL in turn; what was not acknowledged may have happened, but not by half."""
        seed = random.SystemRandom().randrange(2**32)
        print(f"seed {seed}")  # noqa: T201 - pytest shows it with a failure
        chance, before = random.Random(seed), running.acknowledged
        with running.acting():
            for kill in range(KILLS):
                time.sleep(chance.uniform(1, 2.5))
                victim = running.postgres if kill % 2 else chance.choice(running.casehub.processes)
                victim.kill()
                victim.start()
            time.sleep(2)
        assert running.acknowledged - before >= EACH * len(running.people)
        deadline = time.monotonic() + SECONDS
        while "; 0 wait for it" not in (told := running.place.manage("audit", "verify")):
            assert time.monotonic() < deadline, told
            time.sleep(1)
        assert "every event has its entry; 0 wait for it" in told
        assert "every act has its event" in told
        assert told.endswith("The log is whole.\n")
        assert crowd.counted(running.place) >= running.acknowledged


@pytest.mark.timeout(600)
@pytest.mark.faults
class TestADeadDatabase:
    def test_is_told_in_words_and_is_over_when_it_is_back(self, running: Running) -> None:
        person = running.people[0]
        running.postgres.kill()
        try:
            with pytest.raises(crowd.Refused, match=r"^try-again: .*kept on this device"):
                person.ask("GET", "/api/session")
            assert opened(person) == (503, "text/html; charset=utf-8")
        finally:
            running.postgres.start()
        # Each connection of before that is still in the pool says so once.
        deadline = time.monotonic() + SECONDS
        while not answers(person):
            assert time.monotonic() < deadline
        assert opened(person)[1] == "text/html; charset=utf-8"


def answers(person: crowd.Person) -> bool:
    """Return whether the person is told who they are."""
    try:
        return bool(person.ask("GET", "/api/session")["person"])
    except crowd.Refused:
        return False


def opened(person: crowd.Person) -> tuple[int, str]:
    """Open a page of somebody signed in: status and type."""
    line = HTTPConnection("localhost", person.port, timeout=SECONDS)
    line.request("GET", "/expedientes", headers={"Cookie": f"{crowd.COOKIE}={person.cookie}"})
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, answer.headers["Content-Type"]
