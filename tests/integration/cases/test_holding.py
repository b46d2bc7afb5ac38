"""Legal holds: who sets one, on which ground, what it stops, and who lifts it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from audit import queries as log
from casehub.cases import limits, services
from casehub.cases.models import Case
from casehub.cases.queries import keeping
from casehub.core.errors import DomainError
from casehub.directory.models import Person
from tests.integration.cases.keepings import asked_to_lift, hold_on, lifted
from tests.integration.leaning import misleading_rows


@pytest.fixture
def case(region, ana, boris):
    return region.case(ana, boris)


@pytest.fixture
def first(region, ana):
    return region.seat("SV").coordinator


@pytest.fixture
def second(region, ana):
    return region.person("SV", "coordinator")


@pytest.fixture
def doing(now):
    """Return `do(service, by, ...)`: its refusal, or "done"."""

    def do(service, by, *, at=now, **said):
        try:
            service(actor=by.actor, now=at, **said)
        except DomainError as error:
            return error.code
        return "done"

    return do


def holds_seen(actor, case, now):
    """Return the holds that somebody is shown of a case."""
    rows = keeping.keeping_for(actor, now=now)["cases"]
    return next(row["holds"] for row in rows if row["case"] == case)


class TestAHold:
    def test_is_set_by_one_hand_and_seen_by_all_who_are_in(
        self, region, ana, boris, first, case, now, recorded
    ):
        with recorded("cases.hold.placed"):
            hold = hold_on(first, case, now=now)
        assert misleading_rows(0) == []
        for one in (ana, boris):
            (seen,) = holds_seen(one.actor, case, now)
            assert (seen["id"], seen["state"], seen["ground"]) == (hold.id, "SV", "court-order")
        (event,) = log.payloads_of("cases.hold.placed")
        assert event["states"] == ["MX", "SV"]

    def test_is_any_states_that_takes_part(self, region, first, case, now):
        guest = region.seat("MX").coordinator
        hold_on(guest, case, now=now)
        hold_on(first, case, now=now)
        assert keeping.held_among(Case.objects.get(id=case).circles.values_list("id", flat=True))

    def test_is_nobodys_from_outside(self, region, case, doing):
        asked = {"case": case, "client_id": uuid4(), "ground": "other"}
        outsider = region.seat("GT").coordinator
        assert doing(services.place_hold, outsider, **asked) == "not-found"

    def test_is_set_once_by_each_state(self, region, first, second, case, now, doing):
        hold_on(first, case, now=now)
        asked = {"case": case, "client_id": uuid4(), "ground": "other"}
        assert doing(services.place_hold, second, **asked) == "hold-stands"

    def test_tried_again_is_the_same(self, region, first, case, now):
        asked = {"case": case, "client_id": uuid4(), "ground": "other", "actor": first.actor}
        assert services.place_hold(**asked, now=now) == services.place_hold(**asked, now=now)


class TestLifting:
    @pytest.fixture
    def hold(self, first, case, now):
        return hold_on(first, case, now=now)

    @pytest.fixture
    def asked(self, first, hold, now):
        return asked_to_lift(first, hold, now=now)

    def agree(self, doing, by, hold, **said):
        usual = {"hold": hold.id, "digest": keeping.digest_of_lift(hold)}
        return doing(services.agree_to_lift, by, **(usual | said))

    def test_takes_two_people_of_the_state_that_set_it(
        self, region, second, asked, case, now, recorded
    ):
        with recorded("cases.hold.lifted"):
            lifted(asked, second, now=now)
        assert misleading_rows(0) == []
        assert holds_seen(second.actor, case, now) == []

    def test_gives_the_others_three_days_before_anything_is_deleted(self, second, asked, case, now):
        lifted(asked, second, now=now)
        assert Case.objects.get(id=case).not_before == now + limits.NOTICE

    def test_is_not_for_the_same_person_twice(self, first, asked, doing):
        assert self.agree(doing, first, asked) == "second-own"

    def test_is_not_for_another_state(self, region, asked, doing):
        assert self.agree(doing, region.seat("MX").coordinator, asked) == "not-found"
        other = region.seat("MX").coordinator
        assert doing(services.ask_lift, other, hold=asked.id) == "not-found"

    def test_waits_for_a_first_hand(self, second, hold, doing):
        assert doing(services.agree_to_lift, second, hold=hold.id, digest="0" * 64) == "second-over"

    def test_lapses_after_three_days(self, second, asked, doing, now):
        assert self.agree(doing, second, asked, at=now + limits.SECOND_HAND) == "second-over"

    def test_binds_to_what_was_seen(self, second, asked, doing):
        assert self.agree(doing, second, asked, digest="0" * 64) == "second-changed"

    def test_is_void_if_whoever_asked_is_gone(self, first, second, asked, doing, region):
        region.end(first, removed_at=region.now)
        assert self.agree(doing, second, asked) == "second-over"
        assert Person.objects.get(id=first.person).removed_at

    def test_can_be_refused_and_asked_anew(self, first, second, asked, doing):
        assert doing(services.ask_lift, second, hold=asked.id) == "lift-asked"
        assert doing(services.refuse_lift, second, hold=asked.id) == "done"
        assert doing(services.refuse_lift, second, hold=asked.id) == "second-over"
        assert doing(services.ask_lift, second, hold=asked.id) == "done"

    def test_is_told_to_no_other_state_until_it_is_done(self, boris, asked, case, now):
        (seen,) = holds_seen(boris.actor, case, now)
        assert seen["lift"] is None

    def test_is_done_once(self, second, asked, doing, now):
        digest = keeping.digest_of_lift(asked)
        lifted(asked, second, now=now)
        assert self.agree(doing, second, asked, digest=digest) == "hold-over"

    def test_leaves_another_states_hold_standing(self, region, second, asked, case, now):
        hold_on(region.seat("MX").coordinator, case, now=now + timedelta(hours=1))
        lifted(asked, second, now=now)
        assert [one["state"] for one in holds_seen(second.actor, case, now)] == ["MX"]
