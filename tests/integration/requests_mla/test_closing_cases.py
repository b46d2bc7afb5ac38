"""What requests do to the closing of their case, and to the day on which it is deleted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from casehub.cases import rules, sweeping
from casehub.cases import services as cases
from casehub.cases.models import Case, CaseMember
from casehub.cases.queries import keeping
from casehub.core.errors import Refused
from requests_mla import queries
from requests_mla.policies import dating
from tests.integration.requests_mla.conftest import equipped
from tests.integration.requests_mla.moving import USUAL, Mover

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

    def test_waits_no_longer_where_a_coordinator_closes_what_its_drafters_left(
        self, led, case, region, ana, bea, boris, opened, acting, recorded, now
    ):
        """Ana and Bea are gone; Eva heads the office after them, and Iris is in the case."""
        ready = led(*RUNNING, "execute")
        eva, iris = equipped(region, "SV", "coordinator"), region.person("SV")
        for who in (eva, iris):
            region.session(who)
        CaseMember.objects.filter(person_id=boris.id).update(person_id=iris.id)
        closes = USUAL["close"]
        with recorded(), pytest.raises(Refused, match="move-not-yours"):
            ready.move(eva, "close", **closes)
        for bea_is in ({}, {"suspended_at": now}):  # may come back, and say it
            region.end(ana, removed_at=now)
            region.end(bea, **bea_is)
            with recorded(), pytest.raises(Refused, match="move-not-yours"):
                ready.move(eva, "close", **closes)
        region.end(bea, valid_until=now - timedelta(days=1))
        with recorded(), pytest.raises(Refused, match="requests-under-way"):
            acting(cases.close_case, iris, case=case)
        assert queries.dossier_shape_for(eva.actor, ready.request)["may"] == ["close"]
        with recorded("requests.move.made"):
            ready.move(eva, "close", **closes)
        with recorded("cases.case.closed"):
            acting(cases.close_case, iris, case=case)


class TestWhatAClosingSigned:
    """`keep_until`: the case is not deleted before that day is over where it was signed."""

    LATE = datetime(2040, 2, 1, 6, tzinfo=UTC)  # midnight in San Salvador after 31 January

    @pytest.fixture
    def filed(self, ready, ana):
        """Return `filed(day, request)`: a request that was given up and filed until then."""

        def filed(day, request=ready):
            request.move(ana, "withdraw", **USUAL["withdraw"])
            request.move(ana, "close", codes=("nothing-received",), keep_until=day)

        return filed

    def test_keeps_its_case_longer_than_its_class(self, filed, case, ana, boris, acting, told):
        filed("2040-01-31")
        acting(cases.close_case, ana, case=case)
        for who in (ana, boris):
            assert told(who)["delete_at"] == self.LATE
        second = timedelta(seconds=1)
        assert sweeping.sweep(self.LATE - second) == 0
        with pytest.raises(Refused, match="deletion-not-due"):
            cases.erase_case(case=case, now=self.LATE - second)
        assert keeping.deletions_before(ana.actor, self.LATE - second) == []
        assert keeping.deletions_before(ana.actor, self.LATE) == [self.LATE]
        assert sweeping.sweep(self.LATE) == 1

    def test_keeps_it_no_less_long(self, filed, case, ana, acting, told, now):
        filed("2027-01-31")
        acting(cases.close_case, ana, case=case)
        assert told(ana)["delete_at"] == rules.after_years(now, 5)
        assert sweeping.sweep(rules.after_years(now, 5)) == 1

    def test_counts_by_the_latest_of_its_requests(
        self, filed, opened, bea, case, ana, acting, told, now
    ):
        for day in ("2040-01-31", "2038-05-01"):
            other = opened(bea)
            other.take(ana)
            other.save(ana)
            filed(day, Mover(other.id, now))
        filed("2033-12-31")
        acting(cases.close_case, ana, case=case)
        assert told(ana)["delete_at"] == self.LATE
        assert told(ana)["kept_until"] == date(2040, 1, 31)

    def test_is_told_to_the_state_that_signed_it_before_the_case_is_closed_too(
        self, filed, ana, bea, boris, told
    ):
        assert told(ana)["kept_until"] is None
        filed("2040-01-31")
        for who in (ana, bea):
            assert (told(who)["kept_until"], told(who)["delete_at"]) == (date(2040, 1, 31), None)
        assert told(boris)["kept_until"] is None

    def test_is_of_no_later_day_than_the_longest_class_has(self, filed, recorded):
        with recorded("requests.move.made"), pytest.raises(Refused, match="move-kept-too-long"):
            filed("2046-11-25")

    def test_of_the_last_day_there_is_stops_no_round(
        self, filed, case, ana, acting, told, now, monkeypatch
    ):
        """Signed before such days were refused."""
        monkeypatch.setattr(dating, "why_not_kept", lambda *_: None)
        filed("9999-12-31")
        acting(cases.close_case, ana, case=case)
        assert told(ana)["delete_at"].year > 8999
        assert sweeping.sweep(now + timedelta(days=365 * 60)) == 0
