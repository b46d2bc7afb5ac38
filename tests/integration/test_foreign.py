"""
Whatever is done in another State's case: to a person who is not in it, it is as if it were not.

The matrix of permissions (test_permissions.py) says so of one case, in one state, named in every
address. Here it is in whatever state its people leave it, and named by every uuid that an address
or body takes, and by the thread of a frame.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from casehub.cases.models import Circle
from casehub.directory import queries as directory
from requests_mla import queries as requests
from requests_mla.codes import AUDIENCES
from tests.integration.answers import HTTP, TABLE
from tests.integration.doors import World, call, objects_of
from tests.integration.foreign import STEPS, Abroad
from tests.integration.named import Place, identifiers, kind_named, places
from tests.integration.socketry import say

PLACES = places()
OPENING = next(one for one in PLACES if one.act == "cases.case.open")
ROLES = ("liaison", "coordinator", "central-authority", "national-auditor")
#  what a person's answer bears of the moment, or of themselves alone
OF_THE_MOMENT = {"Date", "CaseHub-Promise"}
#  an id that the server has drawn for what was made just now
DRAWN = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FEW = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # a sequence of steps says enough as it is
    suppress_health_check=list(HealthCheck),
)
#  what an address has besides: of a State or a log, and an account's own, whatever case there is
NO_UUID = {
    *("code", "index", "level", "log", "place", "position", "version"),
    *("asked", "device", "factor", "session"),
}
#  four that bring about what the others may miss
WORKED_IN = (
    *("joined", "written_in", "taken_back", "held", "let_go", "kept", "kept_less", "left"),
    *("closed", "reopened"),
)
OBJECTED = ("joined", "asked_and_consented", "asked_no_more", "kept", "kept_as_long")
NOT_JOINED = ("refused", "asked", "asked_no_more", "asked_in_vain", "alone", "stopped_by_two")
GONE = ("asked_and_consented", "held", "hold_wanted_lifted", "let_go", "written_in", "erased")
#  what has to have come about, lest this be about nothing
HAPPENED = {
    "cases.case.close",
    "cases.case.reopen",
    "cases.hold.agree-lift",
    "cases.hold.ask-lift",
    "cases.hold.place",
    "cases.person.add",
    "cases.person.remove",
    "cases.retention.agree",
    "cases.retention.change",
    "cases.retention.propose",
    "cases.retention.refuse",
    "cases.state.accept",
    "cases.state.consent",
    "cases.state.object",
    "cases.state.propose",
    "cases.state.refuse",
    "cases.state.withdraw",
    "cases.thread.open",
    "directory.person.suspend",
    "directory.state.confirm-stop",
    "directory.state.stop",
    "erased",
    "messaging.attachment.begin",
    "messaging.attachment.remove",
    "notes.note.acknowledge",
    "notes.note.lead",
    "requests.request.open",
}


class Neighbour:
    """Somebody of SV with everything of their own, who names what is another State's."""

    def __init__(self, world: World, colleague: str, role: str) -> None:
        self.who = world.region.person("SV", role)
        self.own = world.let_in(self.who)
        self.cookie = world.region.session(self.who)
        self.colleague, self.now = colleague, world.region.now

    def name(self, place: Place, it: Any) -> Any:
        """Name something where an act takes it, and leave all else as it is one's own."""
        if place.where == "frame":
            return say(self.who, self.cookie, place.act, replace(self.own, thread=it), self.now)
        said: dict[str, Any] = {}
        if place.act == "cases.person.add":
            said["person"] = self.colleague  # the own guest is in: nothing after that is looked at
        if place.where == "path":
            return call(self.cookie, place.act, self.own, named={place.name: str(it)}, said=said)
        assert place.where == "body", place
        said[place.name] = [str(it)] if place.name == "circles" else str(it)
        return call(self.cookie, place.act, self.own, said=said)


def seen(answer: Any) -> tuple[Any, ...]:
    """Return all that an answer tells, what it cost, and what it left in the log."""
    headers = {k: v for k, v in answer.headers.items() if k not in OF_THE_MOMENT}
    content = DRAWN.sub(b"", answer.content)
    return answer.status_code, content, headers, answer.queries, answer.kinds


def kinds_of(place: Place) -> list[str]:
    """Return of which kinds what is named in a place may be: a circle is of one of several."""
    several = [f"circle {kind}" for kind in Circle.Kind.values]
    return several if place.kind == "circle" else [place.kind]


class TestAnIdentifier:
    def test_is_of_something_in_a_case_or_said_not_to_be(self):
        unsaid = {(act, name) for act, _, name in identifiers() if kind_named(act, name) is None}
        assert unsaid == set()

    def test_is_described_for_each_route_whose_address_has_one(self):
        described = {(act, name) for act, where, name in identifiers() if where == "path"}
        addressed = {
            (act, name)
            for act, row in HTTP.items()
            for name in re.findall(r"\{(\w+)\}", row.door)
            if kind_named(act, name)
        }
        assert addressed <= described

    def test_is_each_part_of_an_address_that_is_no_number_code_text_or_thing_of_an_account(self):
        described = {(act, name) for act, where, name in identifiers() if where == "path"}
        addressed = {
            (act, name) for act, row in HTTP.items() for name in re.findall(r"\{(\w+)\}", row.door)
        }
        assert {name for _, name in addressed - described} == NO_UUID
        assert {one for one in described if kind_named(*one) is None} == set()

    def test_stands_in_bodies_too(self):
        assert {(one.act, one.name) for one in PLACES if one.where == "body"} >= {
            ("cases.person.add", "circles"),
            ("directory.contact.open", "case"),
            ("notes.note.join", "case"),
            ("requests.request.open", "case"),
        }


class TestWhatIsAnotherStates:
    @pytest.fixture
    def region(self, region, small_rulebook):
        return region

    @pytest.fixture
    def neighbours(self, region):
        owner, guest = region.equipped("SV"), region.equipped("SV")
        world = World(region, own=objects_of(region, owner, guest), foreign=None)
        colleague = region.equipped("SV").person
        return {role: Neighbour(world, colleague, role) for role in ROLES}

    def test_has_letters_that_those_read_whose_they_are(self, region):
        """Else they were there for nobody, and a stranger who finds none would show nothing."""
        owner = Abroad.begun(region).people["owner"]
        (request,) = requests.requests_for(owner.actor, region.now)
        for audience in AUDIENCES:
            assert requests.letters_for(owner.actor, request["id"], audience)["letters"]

    @pytest.mark.once  # the matrix asks both databases
    @pytest.mark.timeout(300)
    def test_answers_as_what_is_not_there_in_whatever_state_its_people_leave_it(
        self, region, neighbours
    ):
        abroad = Abroad.begun(region)
        tried = set()

        @FEW
        @example(steps=WORKED_IN, turn=0, at=0)
        @example(steps=OBJECTED, turn=0, at=0)
        @example(steps=NOT_JOINED, turn=1, at=1)
        @example(steps=GONE, turn=2, at=2)
        @given(
            steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=12),
            turn=st.integers(0, len(ROLES) - 1),
            at=st.integers(0, 1_000),
        )
        def is_as_nothing(steps, turn, at):
            with transaction.atomic():
                for step in steps:
                    getattr(abroad, step)()
                assert abroad.let_in() == [], steps
                # What a process looks at once after a change, the first pair would not pay alike.
                neighbours["liaison"].name(OPENING, uuid4())
                there = abroad.things()
                for number, place in enumerate(PLACES):
                    role = self.whose(place.act, turn + number)
                    nothing = seen(neighbours[role].name(place, uuid4()))
                    for kind in kinds_of(place):
                        if not there[kind]:
                            continue
                        it = there[kind][at % len(there[kind])]
                        told = seen(neighbours[role].name(place, it))
                        assert told == nothing, (steps, place, role, kind, it)
                        if place.is_object:
                            assert told[0] in {403, 404}, (place, role, kind, it)
                        tried.add((place, kind))
                transaction.set_rollback(True)
            directory.chain()

        is_as_nothing()
        assert HAPPENED - abroad.done == set()
        assert tried == {(place, kind) for place in PLACES for kind in kinds_of(place)}

    @staticmethod
    def whose(act: str, turn: int) -> str:
        """Return who tries an act: of those to whom its door is open, one after the other."""
        row = TABLE[act]
        able = [role for role in ROLES if "*" in row.who or role in row.who]
        return able[turn % len(able)]
