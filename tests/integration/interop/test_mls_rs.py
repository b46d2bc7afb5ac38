"""
Our engine and mls-rs, another implementation of RFC 9420, in one group.

In random schedules both create, add, remove, refresh and write; everybody reads what the others
wrote, and whoever was removed reads nothing more. CASEHUB_MLS_SEED moves the seeds.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.integration.interop.engine import Engine, EngineRefused, to_bytes
from tests.integration.interop.members import CannotRead, Committed, Member, OurMember, TheirMember

SCHEDULES = 20
STEPS = 15
MOST = 8
SEED = int(os.environ.get("CASEHUB_MLS_SEED", "20261124"))
IDENTITIES = [f"{kind}{n}" for kind in ("ours", "theirs") for n in range(64)]


@pytest.fixture
def engine():
    started = Engine(IDENTITIES)
    yield started
    started.close()


class Play:
    """One schedule: who is in, who is out, and the next thing that happens."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.random = random.Random(seed)
        self.made = 0
        self.said = 0
        self.members: list[Member] = [self.newcomer()]
        self.gone: list[Member] = []
        self.members[0].create(b"case-1")

    def newcomer(self) -> Member:
        self.made += 1
        if self.random.random() < 0.5:
            return OurMember(f"ours{self.made}", self.engine)
        return TheirMember(f"theirs{self.made}")

    def step(self) -> None:
        actor = self.random.choice(self.members)
        acts = [self.talk, self.update]
        if len(self.members) < MOST:
            acts += [self.add, self.add]
        if any(actor.may_remove(other.name) for other in self.members):
            acts.append(self.remove)
        self.random.choice(acts)(actor)
        # after every step somebody writes, or a wrong epoch could go unnoticed
        self.talk(self.random.choice(self.members))

    def add(self, actor: Member) -> None:
        newcomers = [self.newcomer() for _ in range(self.random.choice([1, 1, 2]))]
        made = actor.add([newcomer.key_package() for newcomer in newcomers])
        self.spread(actor, made)
        assert made.welcome is not None
        for newcomer in newcomers:
            newcomer.join(made.welcome)
        self.members += newcomers

    def update(self, actor: Member) -> None:
        self.spread(actor, actor.update())

    def remove(self, actor: Member) -> None:
        victim = self.random.choice([m for m in self.members if actor.may_remove(m.name)])
        made = actor.remove(victim.name)
        assert victim.follow(made.commit), f"{victim.name} did not notice"
        self.members.remove(victim)
        self.gone.append(victim)
        self.spread(actor, made)

    def talk(self, actor: Member) -> None:
        self.said += 1
        text = f"{actor.name}: acción n.º {self.said}"
        message = actor.say(text)
        for member in self.members:
            if member is not actor:
                assert member.hear(message) == (actor.name, text)
        for former in self.gone:
            with pytest.raises(CannotRead):
                former.hear(message)

    def spread(self, actor: Member, made: Committed) -> None:
        for member in self.members:
            if member is not actor:
                assert not member.follow(made.commit), f"{member.name} thinks it was removed"


class TestOurEngineAndMlsRs:
    @pytest.mark.parametrize("seed", range(SEED, SEED + SCHEDULES))
    def test_understand_each_other_in_any_order_of_events(self, engine, seed):
        play = Play(engine, seed)
        for _ in range(STEPS):
            play.step()
        rosters = [m.names() for m in play.members if isinstance(m, OurMember)]
        assert all(roster == {member.name for member in play.members} for roster in rosters)

    def test_a_device_of_ours_comes_back_under_the_eyes_of_mls_rs(self, engine):
        ana, ben, tom = (
            OurMember("ours1", engine),
            OurMember("ours2", engine),
            TheirMember("theirs1"),
        )
        ana.create(b"case-1")
        made = ana.add([ben.key_package(), tom.key_package()])
        assert made.welcome is not None
        for newcomer in (ben, tom):
            newcomer.join(made.welcome)
        info = engine("commit", "ours1")
        commit = to_bytes(info["commit"])
        assert not ben.follow(commit)
        assert not tom.follow(commit)
        back = engine("rejoin", "ours2", bytes=info["group_info"])
        commit = to_bytes(back["commit"])
        assert not ana.follow(commit)
        assert not tom.follow(commit)
        assert tom.hear(ben.say("ours2: back")) == ("ours2", "ours2: back")
        assert ben.hear(tom.say("theirs1: welcome")) == ("theirs1", "theirs1: welcome")

    def test_a_stranger_of_mls_rs_is_not_added_by_our_engine(self, engine):
        ana, eva = OurMember("ours1", engine), TheirMember("eva")
        ana.create(b"case-1")
        with pytest.raises(EngineRefused, match="leaf-refused"):
            ana.add([eva.key_package()])
