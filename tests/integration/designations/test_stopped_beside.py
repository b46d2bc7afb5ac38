"""A stop beside an act that restores or binds: it is never written over, and never lost."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from casehub.core.errors import Refused
from casehub.designations.queries import hands, reading, stopped
from casehub.designations.services import binding
from casehub.directory import queries as directory_queries
from casehub.directory import services as directory
from casehub.directory.models import Person, Stop
from casehub.directory.statements import as_wire
from tests.integration.designations.lives import Life, countersigned
from tests.integration.designations.test_binding import much_later, renew
from tests.integration.designations.test_officers import Beginning, beginning, enrolled, ministry

__all__ = ["beginning", "enrolled", "ministry"]

HOUR = timedelta(hours=1)
IN_A_CEREMONY = [(reading, "held"), (directory, "enter_statement")]


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as error:
        act(*args, **kwargs)
    return error.value.code


def renewed(life):
    """Let a life stand before the binding of a renewal."""
    life.active()
    much_later(life)
    renew(life)
    life.nominate()
    life.approve(life.one)
    return life


def half_reinstated(life):
    """Suspend somebody without a signature and let a coordinator sign; return the statement."""
    life.active()
    stop(life, life.row.person)
    statement = life.reinstatement(life.coordinator)
    life.reinstate(life.coordinator, statement)
    return statement


def stop(life, person, how=directory.suspend_person, **more):
    by = life.region.person("SV", "ministry")
    how(person=person, reason="misuse", **more, **life.acting(by))


def meanwhile(monkeypatch, module, name, act):
    """Let `act` be done in the middle of another act: where this function of a module is called."""
    real = getattr(module, name)

    def beside(*args, **kwargs):
        monkeypatch.setattr(module, name, real)
        act()
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, beside)


class TestAStopThatIsThere:
    def test_stays_when_a_binding_is_written(self, life, monkeypatch):
        renewed(life)
        meanwhile(monkeypatch, hands, "require_counts", lambda: stop(life, life.row.person))
        life.bind()
        assert life.person.suspended_at is not None
        assert life.stage == "suspended"
        assert not life.person.in_force(life.now)

    @pytest.mark.parametrize(("module", "name"), IN_A_CEREMONY)
    def test_stays_when_a_ceremony_is_entered(self, enrolled, monkeypatch, module, name):
        def act():
            Person.objects.filter(id=enrolled.person).update(suspended_at=enrolled.now)

        meanwhile(monkeypatch, module, name, act)
        enrolled.enter(enrolled.officer())
        assert Person.objects.get(id=enrolled.person).suspended_at is not None

    def test_of_which_the_person_s_row_says_nothing_is_made_anew(self, life):
        life.active()
        stop(life, life.row.person)
        life.region.end(life.someone, suspended_at=None)
        stop(life, life.row.person)
        assert life.person.suspended_at == life.now
        assert Stop.objects.get(person=life.row.person).ended_at is None

    @pytest.mark.parametrize("column", ["suspended_at", "removed_at"])
    def test_counts_by_either_column(self, life, column):
        life.active()
        life.region.end(life.someone, **{column: life.now})
        assert not life.person.stands(life.now)
        assert not life.person.in_force(life.now)
        assert not directory_queries.reading_persons([str(life.row.person)], life.now)
        assert directory_queries.why_nobody(str(life.person.account_id)).startswith("access-")


@pytest.mark.django_db(transaction=True)
class TestAStopAtTheSameMoment:
    """Two processes, so PostgreSQL's: SQLite lets one write at a time anyway."""

    @pytest.fixture
    def beside(self, transactional_db, monkeypatch):
        if connection.vendor != "postgresql":
            pytest.skip("several processes write on PostgreSQL alone")

        def act(module, name, call, *, how, **arguments):
            """Do `call`; within it let somebody be stopped by another process, and see both end."""

            def go():
                try:
                    how(reason="misuse", **arguments)
                finally:
                    connection.close()

            other = threading.Thread(target=go)

            def start():
                other.start()
                other.join(3)  # it is held back, or is over by then

            meanwhile(monkeypatch, module, name, start)
            call()
            other.join()

        return act

    def test_comes_after_a_binding_and_holds(self, beside, region):
        life = renewed(Life(region))
        by = life.acting(region.person("SV", "ministry")) | {"person": life.row.person}
        beside(hands, "require_counts", life.bind, how=directory.suspend_person, **by)
        assert life.person.suspended_at is not None
        assert life.stage == "suspended"

    def test_comes_after_a_reinstatement_and_holds(self, beside, region):
        life = Life(region)
        again = countersigned(half_reinstated(life), life.one)
        by = life.acting(region.person("SV", "ministry")) | {"person": life.row.person}

        def call():
            life.reinstate(life.one, again)

        beside(binding, "_done", call, how=directory.remove_person, **by)
        assert life.person.suspended_at is not None
        assert life.person.removed_at is not None
        assert life.stage == "removed"

    @pytest.mark.parametrize(("module", "name"), IN_A_CEREMONY)
    def test_beside_a_ceremony_holds(self, beside, region, ministry, clock, now, module, name):
        new = Beginning(ministry, now)
        new.enter_root()
        new.enrol()
        new.offer()
        by = region.person("", "secretariat")
        stopping = {"how": directory.suspend_person, "actor": by.actor, "person": new.person}

        def call():
            new.enter(new.officer())

        beside(module, name, call, now=now, **stopping)
        assert Person.objects.get(id=new.person).suspended_at is not None


class TestTheHandOfSomebodyStopped:
    """Without a signature, so that those who verify the log alone would still count it."""

    def test_is_none_under_a_nomination(self, life):
        life.nominated().approve(life.one)
        stop(life, life.one.id)
        assert refused(life.approve, life.two) == "first-hand-void"
        assert life.stage == "ministry-1"

    def test_is_shown_as_void_and_why(self, life):
        life.nominated().approve(life.one)

        def shown():
            found = reading.read_designation(life.two.actor, life.designation, now=life.now)
            return found["nomination_void"], [one["void"] for one in found["approvals"]]

        assert shown() == (None, [None])
        stop(life, life.one.id)
        assert shown() == (None, ["signer-gone"])
        life.now += timedelta(hours=72)
        assert shown() == ("too-old", ["signer-gone"])

    def test_is_no_matter_of_what_was_completed_before(self, life):
        life.approved()
        stop(life, life.one.id)
        found = reading.read_designation(life.two.actor, life.designation, now=life.now)
        assert [one["void"] for one in found["approvals"]] == [None, None]

    def test_is_no_nomination_either_until_another_coordinator_nominates(self, life):
        life.nominated()
        stop(life, life.coordinator.id)
        assert refused(life.approve, life.one) == "first-hand-void"
        life.coordinator = life.region.person("SV", "coordinator")
        life.nominate()
        life.approve(life.one)
        life.approve(life.two)
        assert life.stage == "approved"

    def test_begins_no_reinstatement_and_another_begins_it_anew(self, life):
        statement = half_reinstated(life)
        stop(life, life.coordinator.id)
        again = countersigned(statement, life.one)
        assert refused(life.reinstate, life.one, again) == "first-hand-void"
        other = life.reinstatement(life.one)
        assert refused(life.reinstate, life.one, other) == "first-hand-void"
        shown = stopped.reinstatement_of(life.one.actor, life.row.person, now=life.now)
        assert shown["first"] is None
        assert (shown["void"]["why"], shown["void"]["signer"]["id"]) == (
            "signer-gone",
            life.coordinator.id,
        )
        life.coordinator = life.region.person("SV", "coordinator")
        statement = life.reinstatement(life.coordinator)
        life.reinstate(life.coordinator, statement)
        life.reinstate(life.one, countersigned(statement, life.one))
        assert life.stage == "active"


class TestTheHandOfSomebodyWhoIsInAgain:
    """Whatever they gave before they were stopped may have been given by another."""

    @staticmethod
    def stopped_for_an_hour(life, person):
        stop(life, person)
        life.now += HOUR
        Person.objects.filter(id=person).update(suspended_at=None)
        directory.end_stops(person=person, now=life.now)

    def test_is_none_under_a_nomination(self, life):
        life.nominated().approve(life.one)
        self.stopped_for_an_hour(life, life.one.id)
        assert refused(life.approve, life.two) == "first-hand-void"
        assert life.stage == "ministry-1"

    def test_is_no_nomination_until_they_nominate_anew(self, life):
        life.nominated()
        self.stopped_for_an_hour(life, life.coordinator.id)
        assert refused(life.approve, life.one) == "first-hand-void"
        life.nominate()
        life.approve(life.one)
        life.approve(life.two)
        assert life.stage == "approved"

    def test_begins_no_reinstatement_until_they_begin_it_anew(self, life):
        statement = half_reinstated(life)
        self.stopped_for_an_hour(life, life.coordinator.id)
        again = countersigned(statement, life.one)
        assert refused(life.reinstate, life.one, again) == "first-hand-void"
        shown = stopped.reinstatement_of(life.one.actor, life.row.person, now=life.now)
        assert shown["first"] is None
        statement = life.reinstatement(life.coordinator)
        life.reinstate(life.coordinator, statement)
        life.reinstate(life.one, countersigned(statement, life.one))
        assert life.stage == "active"


class TestTheStopThatIsLifted:
    def test_is_the_one_that_holds_also_if_an_earlier_one_was_signed(self, life):
        life.active()
        signed = life.region.stopping(life.someone, by=life.coordinator.key)
        directory.suspend_person(
            person=life.row.person, statement=as_wire(signed), **life.acting(life.coordinator)
        )
        self.lift(life, signed.digest)
        stop(life, life.row.person)
        self.lift(life, stopped.NOT_SIGNED)
        again = life.region.stopping(life.someone, by=life.coordinator.key)
        stop(life, life.row.person, statement=None)
        directory.suspend_person(
            person=life.row.person, statement=as_wire(again), **life.acting(life.coordinator)
        )
        self.lift(life, again.digest)
        bound = directory_queries.chain().person(str(life.row.person), now=life.now)
        assert bound is not None

    def lift(self, life, revokes):
        assert stopped.revocation_of(life.person) == revokes
        statement = life.reinstatement(life.coordinator)
        life.reinstate(life.coordinator, statement)
        life.reinstate(life.one, countersigned(statement, life.one))
        assert life.stage == "active"

    def test_is_named_anew_if_it_was_signed_after_the_first_hand(self, life):
        statement = half_reinstated(life)
        signed = life.region.stopping(life.someone, by=life.coordinator.key)
        directory.suspend_person(
            person=life.row.person, statement=as_wire(signed), **life.acting(life.coordinator)
        )
        again = countersigned(statement, life.one)
        assert refused(life.reinstate, life.one, again) == "payload-changed"
