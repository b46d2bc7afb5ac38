"""What the delivery of messages does of a stop: it has others look who must go."""

from __future__ import annotations

from uuid import UUID

import pytest

from casehub.cases import notify
from casehub.cases import queries as cases
from casehub.cases import services as case_services
from casehub.directory import services as directory


@pytest.fixture
def thread(region, ana, boris):
    return region.thread(ana, boris)


@pytest.fixture
def looks(monkeypatch):
    """Return the circles whose readers were told to look who must go, in their order."""
    told: list[str] = []

    def ring(group, event):
        if event.get("look"):
            told.append(group.removeprefix("thread."))

    monkeypatch.setattr(notify, "ring", ring)
    return told


@pytest.fixture
def held(monkeypatch):
    """Return the circles that were held, as whoever stores a message holds them."""
    found: set[UUID] = set()
    real = cases.hold

    def hold(circles):
        found.update(circles)
        return real(circles)

    monkeypatch.setattr(cases, "hold", hold)
    return found


def suspend(region, who, now):
    by = region.seat(who.state).coordinator
    directory.suspend_person(person=who.id, actor=by.actor, now=now)


def revoke(region, who, now):
    directory.revoke_device(device=UUID(who.device), actor=who.actor, now=now)


def stop_state(region, who, now):
    by = region.seat(who.state).coordinator
    directory.stop_state(code=who.state, actor=by.actor, now=now)


STOPS = {"a person": suspend, "a device": revoke, "a State": stop_state}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
class TestAStopOf:
    def test_has_every_reader_look_who_must_go(self, region, boris, thread, now, looks, stop):
        stop(region, boris, now)
        assert str(thread) in looks

    def test_comes_before_or_after_a_message_and_never_beside(
        self, region, boris, thread, now, held, stop
    ):
        stop(region, boris, now)
        assert thread in held


def test_a_leaf_that_stayed_though_its_person_may_not_read_is_looked_at_too(
    region, ana, boris, thread, now, looks
):
    case_services.remove_reader(circle=thread, person=boris.id, actor=ana.actor, now=now)
    looks.clear()
    revoke(region, boris, now)
    assert looks == [str(thread)]
