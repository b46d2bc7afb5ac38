"""
What is so of each signed step of the table, on whichever database the tests run: of two at once
one is done, a repeated one is refused, and none is of a day before the last.

The steps are met along lives that between them have all of them, each a day after the one before.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from casehub.accounts.models import Session
from casehub.core.errors import Refused
from casehub.core.run import run
from requests_mla import queries, services
from requests_mla.states import SIGNED
from tests.factories import Region
from tests.integration.messaging.test_concurrency import together
from tests.integration.requests_mla.moving import USUAL, Mover, official

pytestmark = pytest.mark.django_db(transaction=True)

#  answered by one hand, left by word and so to be confirmed, over on the day before it began
FACTS = {"measures": ["service", "service"], "urgency": "urgent", "deadline": "2026-11-23"}
BY_WORD = {"channel": "oral", "language": "es", "agreed": True}
SENT = ("authorise", "transmit", "acknowledge")
LIVES = (
    ("ask-changes",),
    (
        *("authorise", "transmit", "confirm", "acknowledge", "ask-information"),
        *("give-information", "begin", "postpone", "resume", "answer-part", "execute", "close"),
    ),
    (*SENT, "return", "close"),
    (*SENT, "refuse-part", "refuse", "close"),
    ("withdraw", "close"),
    ("authorise", "withdraw", "close"),
    (*SENT[:2], "withdraw", "close"),
    (*SENT[:2], "expire", "close"),
)
SAID = USUAL | {"transmit": BY_WORD, "execute": {"measures": (1,)}}
WHOSE = dict.fromkeys(("ask-changes", "authorise"), "signatory") | {
    **dict.fromkeys(("transmit", "confirm", "give-information", "expire"), "home"),
    "close": "drafter",
}


@pytest.fixture
def region(db, clock, now):
    return Region(now)


@pytest.fixture
def screened(region, draft, ana, bea, now):
    """Ana's request as it was screened; `ready`: and called ready."""

    def screen(*, ready: bool) -> Mover:
        for who in (ana, bea):
            region.session(who)
        draft.take(ana)
        draft.save(ana, disclosed=FACTS)
        draft.attest(ana, ready=ready)
        return Mover(draft.id, now)

    return screen


def test_every_signed_step_is_met_along_the_lives():
    assert {act for life in LIVES for act in life} == SIGNED


@pytest.mark.parametrize("life", LIVES, ids="-".join)
def test_each_step_is_done_once_and_on_no_earlier_day(life, screened, people):
    request = screened(ready=life[0] != "ask-changes")
    at = request.now
    for act in life:
        at += timedelta(days=1)
        Session.objects.update(verified_at=at)
        by = people[_whose(act, request)]
        said = {**SAID.get(act, {}), "at": at}
        _is_of_no_day_before_the_last(request, by, act, said)
        _is_done_by_one_of_two(request, by, act, said)
        _is_not_repeated(request, by, act, said)
    assert [one.act for one in queries.moves_of(request.row)] == list(life)


def test_a_step_of_two_people_is_proposed_once_and_confirmed_by_one(region, ready, people, nadia):
    """What answers a coercive measure: of two first hands, and of two second ones."""
    now, rosa = ready.now, official(region, "MX")
    region.end(rosa, name="Rosa Lara")
    for act in (*SENT, "begin"):
        ready.move(people[_whose(act, ready)], act, **USUAL.get(act, {}))
    mario = people["abroad"]
    propose = partial(run, services.propose_move, act="requests.proposal.make", actor=mario.actor)
    signed = [ready.signed(mario, "execute", **USUAL["execute"]) for _ in range(2)]
    first = together([partial(propose, now=now, request_id=ready.request, **one) for one in signed])
    assert sorted(getattr(one, "code", "done") for one in first) == ["done", "second-asked"]
    confirm = partial(run, services.confirm_move, act="requests.proposal.confirm", now=now)
    hands = [(who.actor, ready.seconded(who)) for who in (nadia, rosa)]
    second = together(
        [partial(confirm, actor=who, request_id=ready.request, **hand) for who, hand in hands]
    )
    assert sorted(getattr(one, "code", "done") for one in second)[:1] == ["done"]
    assert [one.status for one in (*first, *second) if one is not None] == [409, 409]
    assert [one.act for one in queries.moves_of(ready.row)][-1] == "execute"
    assert (ready.row.moves.count(), ready.stage) == (5, "executed")


def _whose(act: str, request: Mover) -> str:
    if act == "withdraw":
        by = {"ready": "drafter", "authorised": "signatory", "transmitted": "home"}
        return by[request.stage]
    return WHOSE.get(act, "abroad")


def _is_of_no_day_before_the_last(request: Mover, by: Any, act: str, said: dict[str, Any]) -> None:
    """The last is the step before, or the day on which its text was saved."""
    moves = queries.moves_of(request.row)
    last = moves[-1].on if moves else request.now.date()
    with pytest.raises(Refused, match="move-back-dated") as refused:
        request.move(by, act, on=last - timedelta(days=1), **said)
    assert refused.value.status == 409


def _is_done_by_one_of_two(request: Mover, by: Any, act: str, said: dict[str, Any]) -> None:
    before = request.row.moves.count()
    move = partial(
        run, services.make_move, act="requests.move.make", actor=by.actor, now=said["at"]
    )
    tries = [
        partial(move, request_id=request.request, **request.signed(by, act, **said))
        for _ in range(2)
    ]
    answers = together(tries)
    assert sorted(getattr(one, "code", "done") for one in answers) == ["done", "move-behind"], act
    assert {getattr(one, "status", 409) for one in answers} == {409}
    assert request.row.moves.count() == before + 1


def _is_not_repeated(request: Mover, by: Any, act: str, said: dict[str, Any]) -> None:
    before, stage = request.row.moves.count(), request.stage
    with pytest.raises(Refused) as refused:
        request.move(by, act, **said)
    assert (refused.value.status, refused.value.code) == (409, AGAIN.get(act, "move-not-here")), act
    assert (request.row.moves.count(), request.stage) == (before, stage)


#  a part is still to be answered: no measure is, twice
AGAIN = dict.fromkeys(("answer-part", "refuse-part"), "measures-differ")
