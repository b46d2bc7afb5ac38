"""Somebody stops once more who is half reinstated: what was begun without knowing of it is void."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from audit.models import AuditEvent
from casehub.core.errors import Refused
from casehub.designations.queries import reading, stopped
from casehub.directory import queries
from casehub.directory import services as directory
from casehub.directory.models import SignedStatement
from casehub.directory.statements import as_wire
from tests.integration.designations.lives import countersigned

pytestmark = pytest.mark.django_db


def kinds():
    """Return the events so far of stops said again, in order."""
    again = ["directory.stop.repeated", "directory.stop.completed"]
    found = AuditEvent.objects.filter(kind__in=again).order_by("id")
    return list(found.values_list("kind", flat=True))


def refused(act, *args):
    with pytest.raises(Refused) as error:
        act(*args)
    return error.value.code


@pytest.fixture
def stop(life):
    """Return `stop(by, signed=True, **more)`: suspend the person by somebody of their State."""

    def act(by, *, signed=True, **more):
        said = life.region.stopping(life.someone, by=by.key) if signed else None
        directory.suspend_person(
            person=life.row.person,
            statement=as_wire(said) if said else None,
            **more,
            **life.acting(by),
        )
        return said

    return act


@pytest.fixture(params=[True, False], ids=["signed", "unsigned"])
def half(request, life, stop):
    """Return what a coordinator has signed to reinstate whom she has suspended."""
    life.active()
    stop(life.coordinator, signed=request.param, reason="misuse")
    statement = life.reinstatement(life.coordinator)
    life.reinstate(life.coordinator, statement)
    return statement


def test_a_suspended_persons_state_reads_who_of_it_stopped_them_and_why(life, half):
    shown = stopped.reinstatement_of(life.one.actor, life.row.person, now=life.now)
    assert shown["suspended_by"]["id"] == UUID(life.coordinator.person)
    assert shown["reason"] == "misuse"


def test_a_suspension_asks_within_a_day_for_a_removal_or_to_be_lifted(life, stop):
    life.active()
    stop(life.coordinator)
    ends = life.now + timedelta(hours=24)
    for at, over in ((life.now, False), (ends - timedelta(seconds=1), False), (ends, True)):
        (row,) = reading.designations_for(life.coordinator.actor, now=at)
        assert (row["stage"], row["due_at"], row["overdue"]) == ("suspended", ends, over)


def test_a_suspended_persons_state_reads_no_name_of_the_secretariat(life):
    life.active()
    directory.suspend_person(
        person=life.row.person,
        statement=None,
        **life.acting(life.region.person("", "secretariat")),
    )
    shown = stopped.reinstatement_of(life.one.actor, life.row.person, now=life.now)
    assert (shown["suspended_by"], shown["reason"]) == (None, "")


@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
def test_a_stop_while_one_hand_has_reinstated_voids_it(life, half, stop, signed):
    stop(life.two, signed=signed, reason="key-exposed")
    assert kinds() == ["directory.stop.repeated"]
    assert (
        stopped.reinstatement_of(life.coordinator.actor, life.row.person, now=life.now)["first"]
        is None
    )
    code = refused(life.reinstate, life.one, countersigned(half, life.one))
    assert code == ("payload-changed" if signed else "first-hand-void")
    assert life.stage == "suspended"


def test_it_is_begun_anew_with_what_was_said_last_and_lifts_both_in_browsers(life, half, stop):
    worse = stop(life.two, reason="key-exposed")
    statement = life.reinstatement(life.coordinator)
    assert stopped.revocation_of(life.person) == worse.digest
    life.reinstate(life.coordinator, statement)
    life.reinstate(life.one, countersigned(statement, life.one))
    assert life.stage == "active"
    assert queries.chain().person(str(life.row.person), now=life.now)


def test_a_stop_by_whoever_began_to_reinstate_takes_that_back(life, half, stop):
    stop(life.coordinator, signed=False, reason="misuse")
    assert refused(life.reinstate, life.one, countersigned(half, life.one)) == "first-hand-void"


def test_another_person_s_statement_is_kept_once_though_nobody_has_begun(life, stop):
    life.active()
    stop(life.coordinator, reason="misuse")
    second = stop(life.two, reason="misuse")
    assert stopped.revocation_of(life.person) == second.digest
    stop(life.two, reason="misuse")
    stop(life.coordinator, reason="misuse")
    assert kinds() == ["directory.stop.repeated"]
    assert SignedStatement.objects.filter(type="revocation").count() == 2


def test_a_hand_that_was_voided_counts_no_more_after_its_time_either(life, half, stop):
    stop(life.two, signed=False)
    life.now += timedelta(hours=1)
    assert refused(life.reinstate, life.one, countersigned(half, life.one)) == "first-hand-void"
