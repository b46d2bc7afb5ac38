"""What all States are told, and that each says it has taken note."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casehub.core.errors import NotVisible
from casehub.directory import queries, services
from casehub.directory.models import NoticeAnswer


@pytest.fixture
def told(life):
    """A liaison of SV was announced; MX and US are there, too."""
    life.approved()
    life.mexico = life.region.person("MX", "liaison")
    life.states = life.region.person("US", "coordinator")
    return life


def seen_by(who, now):
    (notice,) = queries.notices_for(who.actor, now=now)
    return notice


def acknowledge(life, who):
    notice = seen_by(who, life.now)["id"]
    services.acknowledge_notice(notice=notice, actor=who.actor, now=life.now)


class TestANotice:
    def test_is_read_by_every_state(self, told):
        for who in (told.coordinator, told.mexico, told.states):
            notice = seen_by(who, told.now)
            assert (notice["kind"], notice["state"], notice["name"]) == (
                "announced",
                "SV",
                "Ana Pérez",
            )

    def test_is_acknowledged_once_a_state(self, told, recorded):
        with recorded("directory.notice.acknowledged"):
            acknowledge(told, told.mexico)
            acknowledge(told, told.mexico)
        assert NoticeAnswer.objects.count() == 1
        assert seen_by(told.mexico, told.now)["acknowledged_at"] == told.now

    def test_tells_the_state_that_it_is_about_who_has_and_who_is_late(self, told):
        acknowledge(told, told.mexico)
        told.now += timedelta(hours=72)
        own = seen_by(told.coordinator, told.now)
        assert [one["state"] for one in own["answers"]] == ["MX"]
        assert own["late"] == ["US"]
        assert seen_by(told.states, told.now)["overdue"]
        assert not seen_by(told.mexico, told.now)["overdue"]

    def test_tells_the_others_nothing_of_each_other(self, told):
        acknowledge(told, told.mexico)
        notice = seen_by(told.states, told.now + timedelta(hours=72))
        assert (notice["answers"], notice["late"]) == ([], [])

    def test_is_of_nobody_who_made_it_up(self, told):
        with pytest.raises(NotVisible):
            services.acknowledge_notice(
                notice=told.designation, actor=told.mexico.actor, now=told.now
            )

    def test_rings_with_everybody_who_may_read_it(self, told):
        people = queries.told_of_notices()
        assert {told.mexico.id, told.states.id, told.coordinator.id} <= set(people)
        assert told.region.person("SV", "national-auditor").id not in queries.told_of_notices()
