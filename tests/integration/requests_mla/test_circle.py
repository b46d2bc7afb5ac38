"""A drafting circle is a circle like any other to the delivery service."""

from __future__ import annotations

import pytest

from audit import queries as log
from messaging import queries as messaging
from messaging.services import accept_messages
from tests.integration.messaging.conftest import code_of, made


class TestDraftingCircle:
    @pytest.fixture
    def posting(self, draft, region, ana, bea, now):
        region.group(draft.circle, ana, bea)
        return lambda by: accept_messages(posts=[made(draft.circle, by)], now=now)[0]

    def test_carries_its_readers_messages(self, draft, ana, bea, posting):
        assert code_of(posting(ana)) == "accepted"
        assert messaging.log_for(bea.actor, draft.circle, after=0, limit=10)["head"] == 1
        assert messaging.audience(draft.circle) == {ana.person, bea.person}

    def test_is_not_there_for_the_other_states_of_the_case(self, boris, posting):
        assert code_of(posting(boris)) == "not-found"

    def test_leaves_its_messages_in_the_log_of_the_requesting_state_alone(self, ana, posting):
        posting(ana)
        (event,) = log.payloads_of("messaging.message.accepted")
        assert event["states"] == ["SV"]
