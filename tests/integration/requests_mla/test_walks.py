"""
Whatever the people of two States try with one request, in whatever order.

What may follow what is written here a second time, from the law and by hand: the model knows
nothing of the program's table. `WALKS=200` takes so many walks; unless told forty.
"""

from __future__ import annotations

import os
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casehub.core.errors import DomainError
from requests_mla import queries
from tests.integration.requests_mla.conftest import equipped
from tests.integration.requests_mla.moving import USUAL

WALKS, STEPS = int(os.environ.get("WALKS", "") or 40), 20
EACH = 10  # seconds that a walk may take on a machine that does much else
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.timeout(EACH * WALKS),
]

PEOPLE = ("drafter", "signatory", "home", "abroad", "second")
OWN = frozenset({"drafter", "signatory"})
HOME, ABROAD, SECOND = frozenset({"home"}), frozenset({"abroad"}), frozenset({"second"})
HANDLED = ("acknowledged", "information_requested", "in_execution", "partially_executed")
SENT = ("transmitted", *HANDLED, "postponed")
HELD = ("draft", "self_check", "needs_changes", "ready")
WRITABLE = ("draft", "self_check", "needs_changes", "ready", "returned")
BACK, STAYS, PROPOSED = "where it was", "where it is", "where what waits leads"
#  what answers coercive measures, as all of them here are: proposed by one, confirmed by another
BY_TWO = {"answer-part": "partially_executed", "execute": "executed"}

#  act -> from which stages, to which, by whom
LAW: dict[str, list[tuple[tuple[str, ...], str, frozenset[str]]]] = {
    "write": [(WRITABLE, "ready", frozenset({"drafter"}))],
    "screen": [(WRITABLE, "self_check", frozenset({"drafter"}))],
    "ask-changes": [(("self_check",), "needs_changes", frozenset({"signatory"}))],
    "authorise": [(("ready",), "authorised", frozenset({"signatory"}))],
    "transmit": [(("authorised",), "transmitted", HOME)],
    "confirm": [],  # only what was sent by word is confirmed on paper
    "acknowledge": [(("transmitted",), "acknowledged", ABROAD)],
    "ask-information": [(("acknowledged", "in_execution"), "information_requested", ABROAD)],
    "give-information": [(("information_requested",), BACK, HOME)],
    "begin": [(("acknowledged",), "in_execution", ABROAD)],
    "answer-part": [(("in_execution", "partially_executed"), STAYS, ABROAD)],
    "execute": [(("in_execution", "partially_executed"), STAYS, ABROAD)],
    "second": [(("in_execution", "partially_executed"), PROPOSED, SECOND)],
    "decline": [(("in_execution", "partially_executed"), STAYS, ABROAD | SECOND)],
    "postpone": [(HANDLED, "postponed", ABROAD)],
    "resume": [(("postponed",), BACK, ABROAD)],
    "return": [(("acknowledged", "information_requested", "in_execution"), "returned", ABROAD)],
    "refuse": [((*HANDLED, "postponed"), "refused", ABROAD)],
    "withdraw": [
        (HELD, "withdrawn", OWN),
        (("authorised",), "withdrawn", HOME | {"signatory"}),
        (SENT, "withdrawn", HOME),
    ],
    "expire": [],  # it has no deadline
    "close": [(("executed", "returned", "refused", "withdrawn"), "closed", OWN)],
}
TRIES = tuple(product(PEOPLE, LAW))
EVERY = {after for ways in LAW.values() for _, after, _ in ways} | {*BY_TWO.values()}
EVERY -= {BACK, STAYS, PROPOSED}
BY_WRITING = frozenset({"write", "screen"})
#  what ends a walk, or begins it anew: taken at every turn, no walk would come far
ENDS_IT = BY_WRITING | {"withdraw", "close"}


@dataclass
class Model:
    """Where a request of two measures stands, by the law alone."""

    stage: str = "ready"
    open: set[int] = field(default_factory=lambda: {0, 1})
    from_where: dict[str, str] = field(default_factory=dict)
    moves: list[str] = field(default_factory=list)
    #  what one of the other State has signed, and waits for a second; no other step comes between
    waits: str = ""

    def after(self, who: str, act: str) -> str | None:
        """Return where `act` of somebody leads; None if they may not."""
        if act == "answer-part" and len(self.open) < 2:
            return None  # the last measure ends it: that is another act
        if (act in BY_TWO and self.waits) or (act in {"second", "decline"} and not self.waits):
            return None
        for before, after, whose in LAW[act]:
            if self.stage in before and who in whose:
                leads = {STAYS: self.stage, PROPOSED: BY_TWO.get(self.waits, "")}
                return self.from_where[self.stage] if after == BACK else leads.get(after, after)
        return None

    def said(self, act: str) -> dict[str, Any]:
        """Return what is said with it."""
        left = tuple(sorted(self.open))
        of = {"answer-part": left[:1], "execute": left}
        return USUAL.get(act, {}) | ({"measures": of[act]} if act in of else {})

    def does(self, act: str, after: str) -> None:
        if act in BY_TWO or act == "decline":
            self.waits = act if act in BY_TWO else ""
            return
        done = self.waits if act == "second" else act
        self.waits = ""
        if done in ("ask-information", "postpone"):
            self.from_where[after] = self.stage
        if done in BY_WRITING:
            self.open = {0, 1}
        else:
            self.moves.append(done)
        if done == "answer-part":
            self.open.discard(min(self.open))
        self.stage = after

    def step(self, who: str, act: str) -> Model | None:
        """Return where this would be after `act` of somebody; None if they may not."""
        after = self.after(who, act)
        if after is None:
            return None
        there = deepcopy(self)
        there.does(act, after)
        return there


def way_to(stage: str) -> list[tuple[str, str]]:
    """Return a shortest way by the law to a stage: who does what, one after the other."""
    ways: list[tuple[Model, list[tuple[str, str]]]] = [(Model(), [])]
    for model, way in ways:
        if way and model.stage == stage and not model.waits:
            return way
        ways += [
            (there, [*way, one])
            for one in TRIES
            if len(way) < STEPS and (there := model.step(*one)) is not None
        ]
    raise AssertionError(stage)


@pytest.fixture
def tried(region, ready, draft, people, ana):
    """Return `tried(who, act, said)`: they try it with the request; the second is a coordinator."""
    second = equipped(region, "MX", "coordinator")
    region.session(second)
    region.end(second, name="Nadia Cruz")
    everybody = people | {"second": second}

    def written(*, whole: bool) -> None:
        draft.take(ana)
        draft.save(ana, disclosed={"measures": ["bank_records", "bank_records"]})
        draft.attest(ana, ready=whole)

    def tries(who: str, act: str, said: dict[str, Any]) -> None:
        if act == "second":
            ready.confirm(everybody[who])
        elif act == "decline":
            ready.decline(everybody[who], "not-done")
        elif act in BY_TWO:
            ready.propose(everybody[who].actor, ready.signed(everybody[who], act, **said))
        elif act not in BY_WRITING:
            ready.move(everybody[who], act, **said)
        elif who == "drafter":
            written(whole=act == "write")
        else:
            draft.save(everybody[who])

    return tries


class TestEveryStage:
    def test_is_come_to_by_the_way_that_the_law_shows(self, ready, tried):
        for stage in sorted(EVERY):
            model, mark = Model(), transaction.savepoint()
            for who, act in way_to(stage):
                after = model.after(who, act)
                assert after is not None
                tried(who, act, model.said(act))
                model.does(act, after)
            assert ready.stage == stage == model.stage
            transaction.savepoint_rollback(mark)


class TestWhateverIsTried:
    def test_goes_as_the_law_says_and_no_other_way(self, ready, tried):
        reached: set[str] = set()

        @settings(
            max_examples=WALKS, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**6)), min_size=STEPS,
                        max_size=STEPS))  # fmt: skip
        def walk(choices: list[tuple[int, int]]) -> None:
            with transaction.atomic():
                mark = transaction.savepoint()
                try:
                    _walk(ready, tried, choices, reached)
                finally:
                    transaction.savepoint_rollback(mark)

        walk()
        assert reached >= {"withdrawn", "closed", "transmitted"}  # they come far
        assert reached & set(HANDLED)


def _walk(ready: Any, tried: Any, choices: list[tuple[int, int]], reached: set[str]) -> None:
    """Take one walk: of four steps two lead on, one is as the law allows, one is any at all."""
    model = Model()
    for chance, number in choices:
        allowed = [one for one in TRIES if model.after(*one) is not None]
        if not allowed:
            assert model.stage == "closed"
        onward = [one for one in allowed if one[1] not in ENDS_IT]
        those = (TRIES, allowed, onward or allowed, onward or allowed)[chance] or TRIES
        who, act = those[number % len(those)]
        after, said = model.after(who, act), model.said(act)
        mark = transaction.savepoint()
        if after is None:
            with pytest.raises(DomainError):
                tried(who, act, said)
            transaction.savepoint_rollback(mark)
        else:
            tried(who, act, said)
            model.does(act, after)
            reached.add(after)
        assert ready.stage == model.stage, (who, act)
    moves = queries.moves_of(ready.row)
    assert [one.act for one in moves] == model.moves
    assert [one.number for one in moves] == list(range(1, len(moves) + 1))
