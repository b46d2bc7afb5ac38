"""Proposed steps that another step came before, and what each of both States hears of that."""

from __future__ import annotations

from uuid import uuid4

import pytest

from casehub.core.errors import Refused
from requests_mla.errors import MoveBehind
from requests_mla.models import Move, Proposal
from tests.integration.requests_mla.moving import USUAL

pytestmark = pytest.mark.django_db
RUNS = ("authorise", "transmit", "acknowledge", "begin")


@pytest.fixture
def proposed(led, mario):
    """Mario has signed that both measures were executed, as step 5."""
    running = led(*RUNS)
    running.propose(mario.actor, running.signed(mario, "execute", **USUAL["execute"]))
    return running


@pytest.fixture
def anew(proposed, draft, ana, bea, nadia):
    """Nadia has sent it back as step 5, and El Salvador has written and authorised it anew."""
    proposed.move(nadia, "return", **USUAL["return"])
    draft.take(ana)
    draft.save(ana, disclosed={"measures": ["bank_records", "bank_records"]})
    draft.attest(ana, ready=True)
    proposed.move(bea, "authorise")
    return proposed


class TestTheSecondHand:
    def test_hears_of_no_step_that_its_state_is_not_told_of(self, anew, nadia, recorded):
        assert Move.objects.latest("id").number == 6
        for does in (anew.confirm, lambda by: anew.decline(by, "not-done")):
            with recorded(), pytest.raises(MoveBehind) as refused:
                does(nadia)
            assert refused.value.params == {"number": 5}


class TestAStepOfItsOwnId:
    def test_is_none_where_a_proposal_has_that_id(self, proposed, mario, nadia, recorded):
        """Else that proposal could not be confirmed: the step would have two of one id."""
        waiting = Proposal.objects.get()
        for act in ("refuse", "execute"):
            made = proposed.signed(mario, act, client_id=waiting.client_id, **USUAL[act])
            with recorded(), pytest.raises(Refused, match="id-reused"):
                proposed.send(mario.actor, made)
        proposed.confirm(nadia)
        assert proposed.stage == "executed"

    def test_is_proposed_under_no_id_of_a_step(self, led, mario, recorded):
        running = led(*RUNS[:3])
        same = uuid4()
        running.move(mario, "begin", client_id=same)
        made = running.signed(mario, "execute", client_id=same, **USUAL["execute"])
        with recorded(), pytest.raises(Refused, match="id-reused"):
            running.propose(mario.actor, made)

    def test_is_repeated_once_it_was_confirmed(self, led, mario, nadia, recorded):
        running = led(*RUNS)
        made = running.signed(mario, "execute", **USUAL["execute"])
        running.propose(mario.actor, made)
        running.confirm(nadia)
        for again in (running.propose, running.send):
            with recorded():
                again(mario.actor, made)
