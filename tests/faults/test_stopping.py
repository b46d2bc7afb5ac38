"""The server is asked to stop while people write: it ends, whatever was being committed."""

from __future__ import annotations

import random
import threading
import time
from http.client import HTTPException
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.faults import crowd
from tests.servers.casehub_server import Place, Process, spare_port

PEOPLE = 6
STOPS = 6
IN_FLIGHT = 8  # messages of one person


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
    except (OSError, HTTPException, ConnectionClosed, crowd.Refused):
        return


@pytest.mark.timeout(300)
@pytest.mark.faults
class TestStoppingTheWebProcess:
    """SIGTERM in the midst of commits, in the process that signs the log too."""

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
        for _ in range(STOPS):
            server.start()
            busy = [threading.Thread(target=write, args=[one], daemon=True) for one in people]
            for one in busy:
                one.start()
            time.sleep(chance.uniform(0.5, 2))
            assert server.stop() == 0, server.output()[-5_000:]  # it hung, and says where
            for one in busy:
                one.join(5)
        # Whoever signs does so once more at each end: nothing waits.
        assert crowd.counted(place) >= sum(one.acts for one in people) > STOPS
        assert "The log is whole." in place.manage("audit", "verify")
