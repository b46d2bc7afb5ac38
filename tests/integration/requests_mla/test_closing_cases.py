"""Closing a case of which requests are with another State."""

from __future__ import annotations

import pytest

from casehub.cases import services as cases
from casehub.cases.models import Case
from casehub.cases.queries import keeping
from casehub.core.errors import Refused
from tests.integration.requests_mla.moving import USUAL

pytestmark = pytest.mark.django_db
SENT = ("authorise", "transmit")
RUNNING = (*SENT, "acknowledge", "begin")


@pytest.fixture
def told(case, now):
    """Return what somebody is told of how long the case is kept."""

    def told(who):
        rows = keeping.keeping_for(who.actor, now=now)["cases"]
        return next(row for row in rows if row["case"] == case)

    return told


class TestClosingACase:
    @pytest.mark.parametrize(
        "acts",
        [
            SENT,
            (*SENT, "acknowledge"),
            (*SENT, "acknowledge", "ask-information"),
            RUNNING,
            (*RUNNING, "answer-part"),
            (*RUNNING, "postpone"),
            (*RUNNING, "execute"),
        ],
    )
    def test_waits_for_what_another_state_is_asked(self, led, case, ana, acting, recorded, acts):
        number = str(led(*acts).request)[:8]
        with recorded(), pytest.raises(Refused, match="requests-under-way") as refused:
            acting(cases.close_case, ana, case=case)
        assert refused.value.params == {"numbers": [number]}
        for language in ("es", "en", "fr"):
            assert number in refused.value.as_body(language)["message"]
        assert Case.objects.get(id=case).closed_at is None

    @pytest.mark.parametrize(
        "acts",
        [
            (),
            ("authorise",),
            (*SENT, "withdraw"),
            (*SENT, "acknowledge", "refuse"),
            (*SENT, "acknowledge", "return"),
            (*RUNNING, "execute", "close"),
        ],
    )
    def test_waits_for_nothing_that_no_other_state_has_to_answer(
        self, led, case, ana, acting, told, recorded, acts
    ):
        led(*acts)
        assert told(ana)["under_way"] == []
        with recorded("cases.case.closed"):
            acting(cases.close_case, ana, case=case)

    def test_is_told_before_to_whoever_may_close_it(self, led, region, ana, bea, boris, told):
        number = str(led(*SENT).request)[:8]
        for who in (ana, bea):
            assert told(who)["under_way"] == [number]
        outside = region.person("SV", "coordinator")
        for who in (boris, outside):
            assert told(who)["under_way"] == []

    def test_is_done_once_it_was_withdrawn(self, led, case, ana, sofia, acting, recorded):
        ready = led(*SENT)
        ready.move(sofia, "withdraw", **USUAL["withdraw"])
        with recorded("cases.case.closed"):
            acting(cases.close_case, ana, case=case)
