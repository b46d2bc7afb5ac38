"""Approvals, and a stop, at the same moment: one comes before the other, and none is lost."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from audit.models import AuditEvent
from casehub.core.errors import DomainError
from casehub.core.run import run
from casehub.designations import services
from casehub.designations.models import Approval
from casehub.designations.queries import hands
from casehub.directory import services as directory
from casehub.directory.models import Person
from tests.integration.designations.lives import Life, countersigned

pytestmark = pytest.mark.django_db(transaction=True)
ACT = "designations.designation.approve"
OFFICERS = 20


@pytest.fixture(autouse=True)
def several_processes(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("several processes write on PostgreSQL alone")


def side(call):
    """Return a thread that does something by a connection of its own, and what came of it."""
    answers = []

    def go():
        try:
            answers.append(call())
        except DomainError as error:
            answers.append(error.code)
        finally:
            connection.close()

    return threading.Thread(target=go), answers


def tried_beside(act, call):
    """Do `act`, let `call` be tried before it is written, and return what came of that."""
    thread, answers = side(call)
    with transaction.atomic():
        act()
        thread.start()
        thread.join(2)
        assert thread.is_alive()  # it waits for whoever came first
    thread.join()
    return answers


@pytest.fixture
def life(region):
    return Life(region)


def approving(life, by):
    """Return a call by which somebody signs, as their page asked for it."""
    given = life.hand(by) | life.acting(by) | {"designation": life.designation}
    return lambda: run(services.approve, act=ACT, **given)


def stops(life):
    """Return the ways in which an officer who has signed is stopped, by name."""
    by = life.acting(life.coordinator)
    return {
        "removed": lambda: directory.remove_person(person=life.one.id, **by),
        "suspended": lambda: directory.suspend_person(person=life.one.id, **by),
        "stopped with their State": lambda: directory.stop_state(code="SV", **by),
    }


WAYS = pytest.mark.parametrize("way", ["removed", "suspended", "stopped with their State"])


class TestTheFirstApproverIsStoppedBesideTheSecondHand:
    @WAYS
    def test_a_stop_that_came_first_voids_the_first_hand(self, life, way):
        life.nominated().approve(life.one)
        life.now += timedelta(minutes=1)
        answers = tried_beside(stops(life)[way], approving(life, life.two))
        refusal = "key-not-in-force" if way == "stopped with their State" else "first-hand-void"
        assert answers == [refusal]
        assert life.stage == "ministry-1"

    @WAYS
    def test_a_stop_that_came_second_waits_until_all_is_written(self, life, way, monkeypatch):
        life.nominated().approve(life.one)
        life.now += timedelta(minutes=1)
        thread, _ = side(stops(life)[way])
        real = hands.require_effect

        def beside(*args, **given):
            thread.start()
            thread.join(2)
            assert thread.is_alive()
            return real(*args, **given)

        monkeypatch.setattr(hands, "require_effect", beside)
        life.approve(life.two)
        thread.join()
        assert life.stage == "approved"
        assert not Person.objects.get(id=life.one.id).in_force(life.now)

    def test_a_removal_of_whoever_signs_now_comes_before_their_hand(self, life):
        life.nominated().approve(life.two)
        life.now += timedelta(minutes=1)
        answers = tried_beside(stops(life)["removed"], approving(life, life.one))
        assert answers == ["key-not-in-force"]
        assert life.stage == "ministry-1"

    def test_a_removal_voids_the_first_hand_under_a_reinstatement(self, life):
        life.active()
        life.suspend()
        statement = life.reinstatement(life.coordinator)
        life.reinstate(life.coordinator, statement)
        life.now += timedelta(minutes=1)
        again = countersigned(statement, life.one)
        given = {"person": life.row.person, "statement": again} | life.acting(life.one)
        act = "designations.person.reinstate"
        removal = {"person": life.coordinator.id} | life.acting(life.two)
        answers = tried_beside(
            lambda: directory.remove_person(**removal),
            lambda: run(services.reinstate, act=act, **given),
        )
        assert answers == ["first-hand-void"]


class TestTwentyOfficersAtOnceAndARemoval:
    def test_are_two_hands_at_most_and_none_of_somebody_removed_before(self, life):
        officers = [life.region.person("SV", "ministry") for _ in range(OFFICERS)]
        life.nominated().approve(life.one)
        life.now += timedelta(seconds=30)
        calls = [approving(life, one) for one in officers]
        calls.insert(OFFICERS // 2, stops(life)["removed"])
        barrier = threading.Barrier(len(calls))
        sides = [side(lambda call=call: (barrier.wait(), call())[1]) for call in calls]
        for thread, _ in sides:
            thread.start()
        for thread, _ in sides:
            thread.join()
        answers = [answer for _, (answer,) in sides]
        done = answers.count(life.designation)
        assert Approval.objects.filter(designation=life.designation).count() == 1 + done
        assert set(answers[: OFFICERS // 2]) <= {
            life.designation,
            "first-hand-void",
            "designation-stage",
            "try-again",
        }
        assert not Person.objects.get(id=life.one.id).in_force(life.now)
        events = AuditEvent.objects.order_by("id")
        (removed,) = events.filter(kind="directory.person.removed").values_list("id", flat=True)
        last = events.filter(kind="designations.approval.given").last()
        assert done in {0, 1}
        assert done == (last.id < removed and life.stage == "approved")
