"""Somebody else holds SQLite's lock for ten seconds: nothing is lost, refused or done by half."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.region import Room
from tests.faults.traffic import Opener, Traffic
from tests.faults.world import World, messages, reading, rights
from tests.faults.world.keeping import acts_and_events
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

HELD = 10.0
MOST = 12.0  # seconds that anybody waits
RULES = (
    messages.delivered,
    messages.answered,
    messages.order,
    messages.same_order,
    messages.halves,
    messages.decrypted,
    messages.refetched,
    acts_and_events,
    rights.entitled,
)


@pytest.mark.timeout(300)
@pytest.mark.faults
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True, scope="session")
class TestALockedDatabase:
    def test_keeps_what_is_written_waiting_and_loses_none_of_it(
        self, configuration: Configuration, tmp_path: Path
    ) -> None:
        place = configuration.fresh()
        file = place.data / "casehub.sqlite3"
        with (
            CaseHub(place) as casehub,
            Room(tmp_path, ["sv.enlace1", "mx.enlace1"], casehub.urls) as room,
        ):
            opener = Opener("hn.enlace1", casehub.url)
            traffic = Traffic(room, opener, random.Random(), every=0.4)
            with traffic.flowing():
                time.sleep(1)
                began = time.monotonic()
                with closing(sqlite3.connect(file, isolation_level=None)) as other:
                    other.execute("BEGIN IMMEDIATE")
                    time.sleep(HELD)
                    other.execute("ROLLBACK")
                time.sleep(1)
            assert opener.finish(30)
            assert traffic.settle(30)
            world = World(
                stored=reading.sqlite(file),
                told=traffic.told(),
                thread=room.thread,
                opened=dict(opener.opened),
            )
        assert [found for rule in RULES for found in rule(world)] == []
        assert opener.opened
        assert opener.refused == []
        waits = traffic.waits(began - 1, began + HELD)
        assert len(waits) > HELD
        assert max(waits) < MOST
