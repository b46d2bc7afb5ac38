"""Whoever's designation is over reads on for a week in their threads, and does nothing there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from casehub.core.errors import NotAllowed, NotVisible
from casehub.directory import queries as directory
from casehub.directory.models import Person
from messaging import queries, services
from tests.integration.messaging.conftest import code_of

WEEK = timedelta(days=7)


@pytest.fixture
def thread(region, ana, boris):
    return region.thread(ana, boris)


@pytest.fixture
def expire(region):
    """Let somebody's designation have ended so long ago."""

    def over(who, ago):
        Person.objects.filter(id=who.person).update(valid_until=region.now - ago)

    return over


class TestInTheWeek:
    @pytest.fixture(autouse=True)
    def over(self, ana, boris, thread, expire):
        expire(boris, timedelta(0))

    def test_nobody_has_to_take_their_leaf_out_and_others_go_on_writing(self, thread, ana, posting):
        answer = posting(thread, ana)
        assert answer.seq == 1

    def test_they_are_sent_what_is_written(self, thread, boris):
        assert boris.person in queries.audience(thread)
        assert queries.log_for(boris.actor, thread, after=0, limit=9)["entries"] == []

    def test_they_write_nothing(self, region, thread, boris, posting):
        answer = posting(thread, boris)
        assert isinstance(answer, NotAllowed)
        assert code_of(answer) == "designation-over"
        assert answer.params == {"until": region.now + WEEK}

    def test_their_leaf_counts_as_entitled_so_that_no_browser_removes_it(self, thread, ana, boris):
        state = queries.state_for(ana.actor, thread)
        devices = {one["person"]: one["devices"] for one in state["entitled"]}
        assert devices[UUID(boris.person)] == [UUID(boris.device)]

    def test_no_other_device_of_theirs_is_let_in(self, region, thread, ana, boris):
        region.device(boris)
        state = queries.state_for(ana.actor, thread)
        devices = {one["person"]: one["devices"] for one in state["entitled"]}
        assert UUID(boris.device) not in devices[UUID(boris.person)]
        assert directory.active_devices([boris.person]) == []
        with pytest.raises(NotVisible):
            services.claim_key_packages(
                thread=thread, devices=[UUID(boris.device)], actor=ana.actor, now=region.now
            )

    def test_a_stop_ends_it_at_once(self, region, thread, ana, boris, posting):
        Person.objects.filter(id=boris.person).update(suspended_at=region.now)
        assert code_of(posting(thread, ana)) == "removal-pending"
        assert boris.person not in queries.audience(thread)


class TestAfterTheWeek:
    @pytest.fixture(autouse=True)
    def over(self, boris, thread, expire):
        expire(boris, WEEK)

    def test_their_leaf_has_to_go_before_anything_is_written(self, thread, ana, posting):
        assert code_of(posting(thread, ana)) == "removal-pending"

    def test_their_devices_are_none_of_the_threads_any_more(self, thread, ana, boris):
        state = queries.state_for(ana.actor, thread)
        devices = {one["person"]: one["devices"] for one in state["entitled"]}
        assert devices[UUID(boris.person)] == []

    def test_they_are_told_that_no_role_of_theirs_may_write(self, thread, boris, posting):
        assert code_of(posting(thread, boris)) == "not-allowed"
