"""
A network at its worst between real clients and a real server, and receipts that nobody gave.

`CHAOS_SEEDS=100` plays so many threads, on each configuration, from `CHAOS_SEED` on; unless told
four, on SQLite. Several are played at once, over the same sockets: to set one up takes longer
than to play it.
"""

from __future__ import annotations

import itertools
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest

from tests.hostile.conftest import Scene

CONFIGURATIONS = ["embedded", "full"] if os.environ.get("CHAOS_SEEDS") else ["embedded"]
SEEDS = int(os.environ.get("CHAOS_SEEDS", "") or 4)
FIRST = int(os.environ.get("CHAOS_SEED", "") or random.SystemRandom().randrange(10**6))
AT_ONCE = 4
ROUNDS = [range(FIRST, FIRST + SEEDS)[n : n + AT_ONCE] for n in range(0, SEEDS, AT_ONCE)]
EVERYBODY = ("ana", "boris", "carla", "dario")
MESSAGES = 6  # of each person in each thread
FIRST_WORD = frozenset({"antes"})
RAGES_ON = 4  # seconds after the last was written
CALM_SECONDS = 90
KINDS = frozenset({"fake", "dropped", "twice", "late", "again", "unheard"})
KINDS_SECONDS = 60  # on a slow machine much is written long after it was meant to be

Shown = list[tuple[int, str, str]]  # seq, id, text


class Storm:
    """Threads in which everybody writes while the host does its worst."""

    def __init__(self, scene: Scene, seeds: range) -> None:
        self.scene = scene
        self.chance = random.Random(seeds.start)
        self.threads = dict(zip(self._opened(len(seeds)), seeds, strict=True))
        self.told = {name: len(scene.client(name).events) for name in EVERYBODY}
        self.seen: list[tuple[str, str, Shown]] = []

    def _opened(self, count: int) -> list[str]:
        """Return new threads of all four, each with a message that everybody has read."""
        scene, others = self.scene, EVERYBODY[1:]
        ana = scene.client("ana")
        people = [scene.person(name) for name in others]
        made = [
            ana.do("open-thread", case=scene.case, name="Tormenta", people=people)["thread"]
            for _ in range(count)
        ]
        for name, thread in itertools.product(others, made):
            scene.until(partial(self._is_in, name, thread), f"{name} is in", 120)
        for thread in made:
            scene.say("ana", thread, "antes")
        for name, thread in itertools.product(others, made):
            scene.until(partial(self._reads, name, thread), f"{name} has read", 120)
        return made

    def _is_in(self, name: str, thread: str) -> bool:
        return self.scene.seen(name, thread) == "active"

    def _reads(self, name: str, thread: str, texts: frozenset[str] = FIRST_WORD) -> bool:
        return texts <= {text for _, _, text in self.shown(name, thread)}

    def rage(self) -> None:
        """Let everybody write, and look now and then at what they are shown."""
        scene = self.scene
        scene.host.chaos(self.threads, victims=[scene.person(name) for name in EVERYBODY])
        for number in range(MESSAGES):
            for name in self.chance.sample(EVERYBODY, len(EVERYBODY)):
                for thread in self.threads:
                    text = f"{name} {number}"
                    scene.client(name).start("post", thread=thread, text=text)
                    if self.chance.random() < 1 / 16:
                        scene.client(name).start("renew", thread=thread)
                time.sleep(self.chance.uniform(0, 0.4))
            for thread in self.threads:
                name = self.chance.choice(EVERYBODY)
                self.seen.append((name, thread, self.shown(name, thread)))
        time.sleep(RAGES_ON)
        scene.until(lambda: self._done().keys() >= KINDS, "each kind of fault", KINDS_SECONDS)
        self.did = self._done()
        scene.host.calm()

    def _done(self) -> Counter[str]:
        """Return how often the host did what."""
        return Counter(what.split(" ")[0] for what in self.scene.host.did)

    def shown(self, name: str, thread: str) -> Shown:
        """Return the messages of a thread that somebody is shown as taken by the server."""
        lines = self.scene.client(name).do("read", thread=thread)["lines"]
        taken = [line for line in lines if "text" in line and line["seq"] is not None]
        return [(line["seq"], line["id"], line["text"]) for line in taken]

    def accepted(self, name: str, thread: str) -> set[tuple[int, str]]:
        """Return what somebody was told of their own messages: that the server has them."""
        events = self.scene.client(name).events[self.told[name] :]
        return {
            (e["seq"], e["id"])
            for e in events
            if e.get("event") == "accepted" and e["thread"] == thread
        }

    def calm(self, thread: str) -> Shown:
        """Return what all are shown once everybody has everything."""
        said = {f"{name} {n}" for name in EVERYBODY for n in range(MESSAGES)}
        everything = FIRST_WORD | said
        for name in EVERYBODY:
            what = f"seed {self.threads[thread]}: everything at {name}'s"
            self.scene.until(partial(self._reads, name, thread, everything), what, CALM_SECONDS)
        one, *others = [self.shown(name, thread) for name in EVERYBODY]
        assert sorted(text for _, _, text in one) == sorted(everything)
        assert all(other == one for other in others), f"seed {self.threads[thread]}"
        return one


@pytest.fixture(params=ROUNDS, ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def storm(request: pytest.FixtureRequest, scene: Scene) -> Iterator[Storm]:
    """Threads that have been through it."""
    made = Storm(scene, request.param)
    made.rage()
    yield made
    print(made.threads, made.did)  # noqa: T201 - pytest shows it with a failure


@pytest.mark.timeout(300, func_only=True)
@pytest.mark.hostile
@pytest.mark.parametrize("configuration", CONFIGURATIONS, indirect=True)
class TestANetworkAtItsWorst:
    def test_loses_doubles_and_reorders_nothing_and_nobody_is_told_of_a_receipt_that_none_gave(
        self, storm: Storm
    ) -> None:
        for thread, seed in storm.threads.items():
            everything = storm.calm(thread)
            places = {(seq, id_) for seq, id_, _ in everything}
            for name in EVERYBODY:
                told = storm.accepted(name, thread)
                mine = {(s, i) for s, i, text in everything if text.startswith(f"{name} ")}
                assert told == mine, f"seed {seed}: what {name} was told"
                assert storm.scene.view(name, thread)["status"] == "active"
            assert places  # and no reader was shown anything with a hole in it:
            for _, shown_in, shown in storm.seen:
                if shown_in == thread:
                    assert shown == everything[: len(shown)], f"seed {seed}"
        assert storm.did.keys() >= KINDS
        for name in EVERYBODY:
            assert storm.scene.client(name).do("alarms")["alarm"] is None
        storm.scene.still_talks()
