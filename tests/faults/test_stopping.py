"""The server is asked to stop, or killed, while people write: whatever was being committed."""

from __future__ import annotations

import random
import threading
import time
from http.client import HTTPException
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage

from tests.faults import crowd
from tests.servers.casehub_server import Place, Process
from tools.region.private import spare_port

PEOPLE = 12
STOPS = 6
KILLS = 3
SECONDS = 30  # until a machine that is busy has let everybody in
IN_FLIGHT = 8  # messages of one person


def acts(people: list[crowd.Person]) -> int:
    """Return how many acts were acknowledged."""
    return sum(one.acts for one in people)


def write(person: crowd.Person) -> None:
    """Send messages and read the case file until the line is cut."""
    try:
        line = person.socket()
        while True:
            for _ in range(IN_FLIGHT):
                line.post()
            if any(line.answer()["type"] == "closed" for _ in range(IN_FLIGHT)):
                return
            person.read_case()
    except (OSError, HTTPException, ConnectionClosed, InvalidMessage, crowd.Refused):
        return  # InvalidMessage: cut while the socket was being opened, before any answer


@pytest.mark.timeout(600)
@pytest.mark.faults
class TestEndingTheWebProcess:
    """SIGTERM, then SIGKILL, in the midst of commits, in the process that signs the log too."""

    def test_ends_it_each_time_and_no_acknowledged_act_is_without_its_entry(
        self, tmp_path: Path
    ) -> None:
        seed = random.SystemRandom().randrange(2**32)
        print(f"seed {seed}")  # noqa: T201 - pytest shows it with a failure
        chance = random.Random(seed)
        place = Place("embedded", tmp_path)
        place.manage("migrate", "--verbosity", "0")
        server = Process(place, port=spare_port())
        people = crowd.enter(place, [server.port], PEOPLE)
        for end in [server.stop] * STOPS + [server.kill] * KILLS:
            server.start()
            busy = [threading.Thread(target=write, args=[one], daemon=True) for one in people]
            for one in busy:
                one.start()
            before, deadline = acts(people), time.monotonic() + SECONDS
            while acts(people) < before + PEOPLE and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(chance.uniform(0, 1.5))
            assert end() in {0, None}, server.output()[-5_000:]  # it hung, and says where
            for one in busy:
                one.join(5)
        server.start()
        # Whoever signs does so once more at the end: nothing waits.
        assert server.stop() == 0
        assert crowd.counted(place) >= acts(people) > PEOPLE * (STOPS + KILLS)
        told = place.manage("audit", "verify")
        assert "every event has its entry; 0 wait for it" in told
        assert "every act has its event" in told
        assert told.endswith("The log is whole.\n")
