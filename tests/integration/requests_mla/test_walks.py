"""
Whatever the people of two States try with one request from its idea on, in whatever order.

What may follow what is written here a second time, from the law and by hand: the model knows
nothing of the program's table. The two hundred walks are always the same, so that what fails fails
again; `WALKS=1000` takes more of them, and so others.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casehub.core.errors import DomainError, Refused
from requests_mla import queries, services
from requests_mla.models import Consultation
from tests.factories import Someone
from tests.integration.requests_mla.conftest import equipped
from tests.integration.requests_mla.consulting import ask
from tests.integration.requests_mla.moving import USUAL, Mover

WALKS, STEPS = int(os.environ.get("WALKS", "") or 200), 24
EACH = 4  # seconds that a walk may take on a machine that does much else
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.timeout(EACH * WALKS),
]

#  "asked": the focal point who is asked informally, and is in no office there
PEOPLE = ("drafter", "signatory", "asked", "home", "abroad", "second")
DRAFTER, ASKED = frozenset({"drafter"}), frozenset({"asked"})
OWN = frozenset({"drafter", "signatory"})
HOME, ABROAD, SECOND = frozenset({"home"}), frozenset({"abroad"}), frozenset({"second"})
HANDLED = ("acknowledged", "information_requested", "in_execution", "partially_executed")
SENT = ("transmitted", *HANDLED, "postponed")
ASKING = "informal_consultation"
HELD = ("draft", "self_check", ASKING, "needs_changes", "ready")
WRITABLE = ("idea", "draft", "self_check", "needs_changes", "ready", "returned")
BACK, STAYS, PROPOSED = "where it was", "where it is", "where what waits leads"
#  what answers coercive measures, as all of them here are: proposed by one, confirmed by another
BY_TWO = {"answer-part": "partially_executed", "execute": "executed"}

#  act -> from which stages, to which, by whom
LAW: dict[str, list[tuple[tuple[str, ...], str, frozenset[str]]]] = {
    "save": [(WRITABLE, "draft", DRAFTER)],
    "screen": [(WRITABLE, "self_check", DRAFTER)],
    "write": [(WRITABLE, "ready", DRAFTER)],
    "write-late": [(WRITABLE, "ready", DRAFTER)],  # its deadline is over
    "ask": [(("self_check",), ASKING, OWN)],
    "favour": [((ASKING,), "self_check", ASKED)],
    "want-changes": [((ASKING,), "needs_changes", ASKED)],
    "end-asking": [((ASKING,), "self_check", OWN)],
    "ask-changes": [(("self_check",), "needs_changes", frozenset({"signatory"}))],
    "authorise": [(("ready",), "authorised", frozenset({"signatory"}))],
    "transmit": [(("authorised",), "transmitted", HOME)],
    "transmit-by-word": [(("authorised",), "transmitted", HOME)],
    "confirm": [((*SENT, "executed"), STAYS, HOME)],  # in writing, what was sent by word
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
    "refuse-part": [((*HANDLED, "postponed"), STAYS, ABROAD)],
    "refuse": [((*HANDLED, "postponed"), "refused", ABROAD)],
    "withdraw": [
        (HELD, "withdrawn", OWN),
        (("authorised",), "withdrawn", HOME | {"signatory"}),
        (SENT, "withdrawn", HOME),
    ],
    "expire": [(SENT, "expired", HOME)],  # once its deadline is over
    "expire-by-limitation": [(SENT, "expired", HOME)],
    "close": [(("executed", "returned", "refused", "withdrawn", "expired"), "closed", OWN)],
}
TRIES = tuple(product(PEOPLE, LAW))
EVERY = {after for ways in LAW.values() for _, after, _ in ways} | {*BY_TWO.values()}
EVERY -= {BACK, STAYS, PROPOSED}
BY_WRITING = frozenset({"save", "screen", "write", "write-late"})
BY_ASKING = frozenset({"ask", "favour", "want-changes", "end-asking"})
OUTCOMES = {"favour": "favourable", "want-changes": "with_changes"}
#  what ends a walk, begins it anew or leads no further: taken at every turn, no walk would come far
ENDS_IT = frozenset({"withdraw", "expire", "expire-by-limitation", "refuse", "return", "close"})
ASIDE = frozenset({"postpone", "refuse-part"})
#  what follows the name of an act: how it is done
HOW = ("-by-word", "-by-limitation")
MADE_ANEW = ("ready", "returned")
#  by what somebody hears that they may not: of what is wrong in what they sent none is among them
FORBIDS = frozenset({
    *("not-found", "move-not-here", "move-not-yours", "own-request", "measures-differ"),
    "signatory-needed",
    *("stage-closed", "turn-taken", "turn-needed", "deadline-ahead"),
    *("consultation-not-yours", "consultation-over", "consultation-stage"),
    *("move-behind", "move-version-behind", "second-asked", "second-over", "second-own"),
})  # fmt: skip
SAID = USUAL | {"transmit": {"channel": "paper", "language": "es"}}
SAID |= {"expire-by-limitation": {"lapsed": "limitation", "rests_on": "2026-11-20"}}
SAID |= {"transmit-by-word": {"channel": "oral", "language": "es", "agreed": True}}
FACTS = {"measures": ["bank_records"] * 3, "urgency": "urgent"}


def plain(act: str) -> str:
    """Return an act without how it is done."""
    return act.removesuffix(HOW[0]).removesuffix(HOW[1])


@dataclass
class Model:
    """Where a request of three measures stands, by the law alone."""

    stage: str = "idea"
    open: set[int] = field(default_factory=lambda: {0, 1, 2})
    from_where: dict[str, str] = field(default_factory=dict)
    moves: list[str] = field(default_factory=list)
    #  what one of the other State has signed, and waits for a second; no other step comes between
    waits: str = ""
    #  it was sent by word alone; its deadline is over
    by_word: bool = False
    late: bool = False

    def after(self, who: str, act: str) -> str | None:
        """Return where `act` of somebody leads; None if they may not."""
        if act in {"answer-part", "refuse-part"} and len(self.open) < 2:
            return None  # the last measure ends it: that is another act
        if (act in BY_TWO and self.waits) or (act in {"second", "decline"} and not self.waits):
            return None
        if (act == "confirm" and not self.by_word) or (act == "expire" and not self.late):
            return None
        for before, after, whose in LAW[act]:
            if self.stage in before and who in whose:
                leads = {STAYS: self.stage, PROPOSED: BY_TWO.get(self.waits, "")}
                return self.from_where[self.stage] if after == BACK else leads.get(after, after)
        return None

    def said(self, act: str) -> dict[str, Any]:
        """Return what is said with it."""
        left = tuple(sorted(self.open))
        of = {"answer-part": left[:1], "execute": left, "refuse-part": left[-1:]}
        return SAID.get(act, {}) | ({"measures": of[act]} if act in of else {})

    def does(self, act: str, after: str) -> None:
        if act in BY_TWO or act == "decline":
            self.waits = act if act in BY_TWO else ""
            return
        done = self.waits if act == "second" else act
        self.waits = ""
        if done in ("ask-information", "postpone"):
            self.from_where[after] = self.stage
        if done in BY_WRITING:
            self.open, self.late = {0, 1, 2}, done == "write-late"
        elif done not in BY_ASKING:
            self.moves.append(plain(done))
        if done in {"transmit", "transmit-by-word", "confirm"}:
            self.by_word = done == "transmit-by-word"
        if done in {"answer-part", "refuse-part"}:
            self.open.discard({"answer-part": min, "refuse-part": max}[done](self.open))
        self.stage = after

    def step(self, who: str, act: str) -> Model | None:
        """Return where this would be after `act` of somebody; None if they may not."""
        after = self.after(who, act)
        if after is None:
            return None
        there = deepcopy(self)
        there.does(act, after)
        return there

    def onward(self) -> list[tuple[str, str]]:
        """Return who may do what, of what leads on."""
        allowed = [one for one in TRIES if self.after(*one) is not None]
        anew = BY_WRITING if self.stage in MADE_ANEW else frozenset()
        on = [one for one in allowed if one[1] not in ENDS_IT | ASIDE | anew]
        return on or [one for one in allowed if one[1] not in ENDS_IT] or allowed

    def here(self) -> str:
        """Return all that what comes next depends on."""
        return repr((self.stage, self.open, self.from_where, self.waits, self.by_word, self.late))


def way_to(stage: str) -> list[tuple[str, str]]:
    """Return a shortest way by the law to a stage: who does what, one after the other."""
    ways: list[tuple[Model, list[tuple[str, str]]]] = [(Model(), [])]
    been: set[str] = set()
    for model, way in ways:
        if way and model.stage == stage and not model.waits:
            return way
        if model.here() not in been:
            ways += [(to, [*way, one]) for one in TRIES if (to := model.step(*one)) is not None]
        been.add(model.here())
    raise AssertionError(stage)


@pytest.fixture
def idea(region, draft, ana, bea, now):
    """Ana's request, of which nothing is written."""
    for who in (ana, bea):
        region.session(who)
    return Mover(draft.id, now)


@pytest.fixture
def tried(region, idea, draft, people, ana):
    """Return `tried(who, act, said)`: they try it with the request; the second is a coordinator."""
    second = equipped(region, "MX", "coordinator")
    region.session(second)
    region.end(second, name="Nadia Cruz")
    everybody = people | {"second": second, "asked": equipped(region, "MX")}

    def written(by: Someone, act: str) -> None:
        if by is ana:  # nobody else takes the turn: who has written signs nothing of it
            draft.take(by)
        deadline = "2026-11-23" if act == "write-late" else ""
        draft.save(by, disclosed=FACTS | {"deadline": deadline})
        if act != "save":
            draft.attest(by, ready=act != "screen")

    def tries(who: str, act: str, said: dict[str, Any]) -> None:
        by = everybody[who]
        if act == "second":
            _seconded(idea, by)
        elif act == "decline":
            idea.decline(by, "not-done")
        elif act in BY_TWO:
            idea.propose(by.actor, idea.signed(by, act, **said))
        elif act in BY_WRITING:
            written(by, act)
        elif act in BY_ASKING:
            _asked(idea, by, act, focal=everybody["asked"])
        else:
            idea.move(by, plain(act), **said)

    return tries


@contextmanager
def undone() -> Iterator[None]:
    """
    Undo what the body did, and forget what was to be done once it is committed.

    A savepoint of one's own forgets none of that: each later one would look through all of it.
    """
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def _seconded(idea: Mover, by: Someone) -> None:
    """Put the second hand under what waits; put again, it is answered as if it were the first."""
    made = idea.row.moves.count()
    idea.confirm(by)
    if idea.row.moves.count() == made:
        raise Refused("second-over")


def _asked(idea: Mover, by: Someone, act: str, *, focal: Someone) -> None:
    """Ask informally, answer or go on without an answer; the question that is open, if any."""
    newest = Consultation.objects.filter(request=idea.request).order_by("outcome").first()
    which = newest.id if newest else uuid4()
    acting = {"actor": by.actor, "now": idea.now}
    if act == "ask":
        ask(idea.request, by, focal, now=idea.now)
    elif act == "end-asking":
        before = idea.stage
        services.end_consultation(request_id=idea.request, consultation=which, **acting)
        if idea.stage == before:
            raise Refused("consultation-over")  # it is answered as if it had been done
    else:
        told = {"answer": uuid4(), "outcome": OUTCOMES[act]}
        services.answer_consultation(consultation=which, **told, **acting)


class TestEveryStage:
    def test_is_come_to_by_the_way_that_the_law_shows(self, idea, tried):
        for stage in sorted(EVERY):
            model = Model()
            with undone():
                for who, act in way_to(stage):
                    after = model.after(who, act)
                    assert after is not None
                    tried(who, act, model.said(act))
                    model.does(act, after)
                assert idea.stage == stage == model.stage


class TestWhateverIsTried:
    def test_goes_as_the_law_says_and_no_other_way(self, idea, tried):
        reached: set[str] = set()
        done: set[str] = set()

        @settings(
            max_examples=WALKS, deadline=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.integers(0, 2**64))
        def walk(seed: int) -> None:
            #  drawn evenly: numbers of hypothesis itself are small too often, and lead the same way
            chance = Random(seed)
            choices = [(chance.randrange(6), chance.randrange(10**6)) for _ in range(STEPS)]
            with undone():
                done.update(_walk(idea, tried, choices, reached))

        walk()
        assert EVERY - reached == set()  # they come everywhere
        assert done == set(LAW)  # and each act is done by somebody


def _walk(idea: Any, tried: Any, choices: list[tuple[int, int]], reached: set[str]) -> set[str]:
    """Take one walk, of six steps four lead on, one is allowed, one any; return what was done."""
    model, way = Model(), []
    for chance, number in choices:
        allowed = [one for one in TRIES if model.after(*one) is not None]
        if not allowed:
            assert model.stage == "closed"
        onward = model.onward()
        those = (TRIES, allowed, onward, onward, onward, onward)[chance] or TRIES
        who, act = those[number % len(those)]
        after, said = model.after(who, act), model.said(act)
        if after is None:
            with pytest.raises(DomainError) as refused, transaction.atomic():
                tried(who, act, said)
                pytest.fail(f"{who} may not {act} at {model.here()}, after {way}")
            assert refused.value.code in FORBIDS, (who, act, model.here())
        else:
            try:
                tried(who, act, said)
            except DomainError as error:
                pytest.fail(f"{who} may {act} at {model.here()}, after {way}: {error.code}")
            model.does(act, after)
            way.append((who, act))
            reached.add(model.stage)
        assert idea.stage == model.stage, (who, act)
    moves = queries.moves_of(idea.row)
    assert [one.act for one in moves] == model.moves
    assert [one.number for one in moves] == list(range(1, len(moves) + 1))
    return {act for _, act in way}
