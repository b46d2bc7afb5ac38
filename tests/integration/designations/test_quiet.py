"""Whoever does not sign in is warned, suspended, warned and removed, by the clock, each once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from casehub.accounts.models import Session
from casehub.cases import services as cases
from casehub.core.errors import DomainError, Refused
from casehub.core.run import one_writer
from casehub.designations import services
from casehub.designations.models import QuietStep
from casehub.designations.queries import quiet, reading, standing
from casehub.designations.sweeping import sweep
from casehub.directory import queries as directory
from casehub.directory import services as stopping
from casehub.directory.models import Device, Notice, Person, State, Stop
from messaging.models import Welcome
from tests.integration.designations.lives import DAY, countersigned
from tests.integration.leaning import misleading_rows

WARNED = "designations.quiet.warned"


@pytest.fixture
def quiet_one(life):
    """Somebody active, of whom the tests say when they signed in; all others do every day."""
    life.active()
    return life


def pass_days(life, *days: int) -> None:
    """Let the clock stand at each of these days after the person's last sign-in, and sweep."""
    began = quiet.since(life.person)
    for day in days:
        life.now = began + day * DAY
        sweep(life.now)


def steps(life) -> list[str]:
    rows = QuietStep.objects.filter(person=life.row.person).order_by("at")
    return [row.step for row in rows]


def sign_in(life) -> None:
    life.region.session(life.someone, now=life.now)


class TestSomebodyWhoDoesNotSignIn:
    def test_is_warned_14_and_3_days_before_they_are_suspended(self, quiet_one):
        pass_days(quiet_one, 45, 46, 47, 56, 57, 58, 59)
        assert steps(quiet_one) == ["suspended-14", "suspended-3"]
        assert quiet_one.person.suspended_at is None

    def test_is_found_in_as_many_questions_whoever_else_is_silent(
        self, quiet_one, django_assert_num_queries
    ):
        """The round asks this every minute, of the whole region."""
        later = quiet_one.now + 46 * DAY
        with CaptureQueriesContext(connection) as asked:
            one = quiet.silent(later)
        for _ in range(20):
            quiet_one.region.person("SV")
        with django_assert_num_queries(len(asked)):
            many = quiet.silent(later)
        assert len(many) == len(one) + 20
        assert len(asked) <= 6

    def test_is_suspended_after_60_days_by_nobody_for_a_reason_of_the_clocks_own(self, quiet_one):
        device = quiet_one.region.device(quiet_one.someone)
        pass_days(quiet_one, 46, 57, 60)
        stop = Stop.objects.get(person=quiet_one.row.person)
        assert (stop.kind, stop.by, stop.reason) == ("suspended", None, "unused")
        assert quiet_one.stage == "suspended"
        assert Device.objects.get(id=device).revoked_at == quiet_one.now
        notice = Notice.objects.get(kind="suspended", person=quiet_one.row.person)
        assert notice.audit_event_id == stop.audit_event_id

    def test_leaves_no_row_that_leans_on_another_acts_event(self, quiet_one):
        before = AuditEvent.objects.order_by("-id").values_list("id", flat=True)[0]
        pass_days(quiet_one, 46, 57, 60, 76, 87, 90)
        assert misleading_rows(before) == []

    def test_is_warned_again_and_removed_after_90(self, quiet_one):
        pass_days(quiet_one, 46, 57, 60, 76, 87, 89)
        assert quiet_one.stage == "suspended"
        pass_days(quiet_one, 90, 91)
        assert steps(quiet_one)[3:] == ["removed-14", "removed-3", "removed"]
        assert quiet_one.stage == "removed"
        assert Notice.objects.filter(kind="removed", person=quiet_one.row.person).count() == 1

    def test_is_not_stopped_without_a_warning_though_the_server_stood_still(self, quiet_one):
        pass_days(quiet_one, 150)
        assert steps(quiet_one) == ["suspended-14"]
        pass_days(quiet_one, 161, 163)
        assert quiet_one.person.suspended_at is None
        pass_days(quiet_one, 164)
        assert quiet_one.stage == "suspended"

    def test_who_signs_in_after_a_warning_begins_anew(self, quiet_one):
        pass_days(quiet_one, 46, 57)
        sign_in(quiet_one)
        pass_days(quiet_one, 1, 3, 45)
        assert steps(quiet_one) == ["suspended-14", "suspended-3"]
        pass_days(quiet_one, 46)
        assert steps(quiet_one)[2:] == ["suspended-14"]

    def test_is_shown_to_those_who_look_after_the_designations(self, quiet_one):
        pass_days(quiet_one, 46)
        rows = reading.designations_for(quiet_one.coordinator.actor, now=quiet_one.now)
        (shown,) = [row["quiet"] for row in rows if row["person"] == quiet_one.row.person]
        assert shown["becomes"] == "suspended"
        assert shown["at"] == quiet_one.now + 14 * DAY
        sign_in(quiet_one)
        shown = reading.read_designation(
            quiet_one.one.actor, quiet_one.designation, now=quiet_one.now
        )
        assert shown["quiet"] is None

    def test_is_told_why_when_they_show_their_proof(self, quiet_one):
        pass_days(quiet_one, 46, 57, 60)
        assert directory.why_nobody(str(quiet_one.person.account_id)) == "access-unused"

    def test_reads_on_their_own_page_what_was_said(self, quiet_one):
        pass_days(quiet_one, 46, 57)
        sign_in(quiet_one)
        said = quiet.reminders_of(quiet_one.someone.actor, now=quiet_one.now)["said"]
        assert [(one["becomes"], one["days"]) for one in said] == [
            ("suspended", 3),
            ("suspended", 14),
        ]
        others = quiet.reminders_of(quiet_one.one.actor, now=quiet_one.now)
        assert others["said"] == []

    def test_reads_there_since_when_they_are_back(self, quiet_one):
        pass_days(quiet_one, 46)
        said = quiet.reminders_of(quiet_one.someone.actor, now=quiet_one.now)["said"]
        assert [one["back_at"] for one in said] == [None]
        pass_days(quiet_one, 57)
        sign_in(quiet_one)
        back = quiet_one.now
        quiet_one.now += DAY
        sign_in(quiet_one)
        said = quiet.reminders_of(quiet_one.someone.actor, now=quiet_one.now)["said"]
        assert [one["back_at"] for one in said] == [back, back]

    def test_comes_back_by_two_hands_and_has_sixty_days_again(self, quiet_one):
        pass_days(quiet_one, 46)
        quiet_one.acting(quiet_one.coordinator)  # who is not suspended then: their hand is to count
        pass_days(quiet_one, 57, 60)
        statement = quiet_one.reinstatement(quiet_one.coordinator)
        quiet_one.reinstate(quiet_one.coordinator, statement)
        assert quiet_one.stage == "suspended"
        quiet_one.reinstate(quiet_one.one, countersigned(statement, quiet_one.one))
        assert quiet_one.stage == "active"
        sweep(quiet_one.now + 30 * DAY)
        assert quiet_one.stage == "active"

    def test_is_left_alone_when_a_person_has_suspended_them(self, quiet_one):
        stopping.suspend_person(
            person=quiet_one.row.person, **quiet_one.acting(quiet_one.coordinator)
        )
        pass_days(quiet_one, 46, 57, 60, 90, 120)
        assert steps(quiet_one) == []
        assert quiet_one.stage == "suspended"

    def test_is_not_held_to_it_while_their_state_is_stopped(self, quiet_one):
        State.objects.filter(code="SV").update(stopped_at=quiet_one.now)
        pass_days(quiet_one, 46, 60, 90)
        assert steps(quiet_one) == []

    def test_is_no_officer_of_a_ministry_for_they_let_the_others_in_again(self, quiet_one):
        pass_days(quiet_one, 46, 57, 60)
        officers = {quiet_one.one.id, quiet_one.two.id}
        assert not QuietStep.objects.filter(person__in=officers).exists()
        assert QuietStep.objects.filter(person=quiet_one.coordinator.id).exists()

    def test_is_stopped_for_that_reason_by_no_person(self, quiet_one):
        with pytest.raises(Refused, match="bad-frame"):
            stopping.suspend_person(
                person=quiet_one.row.person,
                reason="unused",
                **quiet_one.acting(quiet_one.coordinator),
            )

    def test_leaves_an_event_for_each_warning_whose_actor_is_nobody(self, quiet_one):
        pass_days(quiet_one, 46, 57)
        rows = AuditEvent.objects.filter(kind=WARNED, subject=str(quiet_one.row.person))
        assert rows.count() == 2
        assert set(rows.values_list("actor", flat=True)) == {""}


class TestTheWeekOfReading:
    @pytest.fixture
    def expired(self, quiet_one, clock):
        quiet_one.region.device(quiet_one.someone)
        quiet_one.now = quiet_one.row.until
        clock.move_to(quiet_one.now)
        sweep(quiet_one.now)
        return quiet_one

    def acting(self, life):
        account = str(life.person.account_id)
        return directory.actor_behind(account=account, session="", device=None)

    def test_begins_when_a_term_is_over(self, expired):
        assert self.acting(expired).reads_until == expired.now + 7 * DAY
        assert not expired.person.in_force(expired.now)
        assert expired.person.reads(expired.now)

    def test_is_shown_to_coordinator_and_ministry(self, expired):
        for who in (expired.coordinator, expired.one):
            rows = reading.designations_for(who.actor, now=expired.now)
            (row,) = [row for row in rows if row["person"] == expired.row.person]
            assert (row["stage"], row["reads_until"]) == ("expired", expired.now + 7 * DAY)

    def test_ends_with_sessions_and_an_event_once(self, expired, clock):
        expired.region.session(expired.someone, now=expired.now + 7 * DAY - DAY / 24)
        expired.now += 7 * DAY
        clock.move_to(expired.now)
        assert self.acting(expired) is None
        sweep(expired.now)
        sweep(expired.now)
        ended = AuditEvent.objects.filter(kind="designations.reading.ended")
        assert ended.count() == 1
        assert not Session.objects.filter(account=expired.person.account_id, ended_at=None).exists()
        assert directory.why_nobody(str(expired.person.account_id)) == "access-expired"

    def test_ends_with_what_waits_for_their_devices_and_their_leaves(
        self, quiet_one, clock, monkeypatch
    ):
        reader, region = quiet_one.someone, quiet_one.region
        region.device(reader)
        thread = region.thread(region.equipped("SV"), reader)
        kept = {"group_id": thread, "seq": 1, "chain": b"", "body": b"", "act": 0}
        Welcome.objects.create(device_id=reader.device, **kept)
        quiet_one.now = quiet_one.row.until + 7 * DAY
        clock.move_to(quiet_one.now)
        rung = []
        monkeypatch.setattr(
            "casehub.cases.notify.ring", lambda group, event: rung.append((group, event))
        )
        sweep(quiet_one.now - 7 * DAY)
        assert Welcome.objects.exists()
        sweep(quiet_one.now)
        assert not Welcome.objects.exists()
        assert (f"thread.{thread}", True) in [(group, one.get("look")) for group, one in rung]

    def test_does_not_end_for_whoever_was_prolonged_meanwhile(self, expired, clock):
        Person.objects.filter(id=expired.row.person).update(valid_until=expired.now + 90 * DAY)
        expired.now += 7 * DAY
        sweep(expired.now)
        assert not AuditEvent.objects.filter(kind="designations.reading.ended").exists()

    def test_is_nobodys_who_was_stopped(self, expired):
        expired.suspend()
        assert self.acting(expired) is None
        assert not expired.person.reads(expired.now)

    def test_is_nobodys_who_has_no_cases(self, life, clock):
        life.active(roles=["central-authority"])
        life.now = life.row.until
        clock.move_to(life.now)
        assert self.acting(life) is None

    def test_lifts_no_stop_of_their_state(self, expired):
        Person.objects.filter(id=expired.row.person).update(roles="coordinator")
        State.objects.filter(code="SV").update(stopped_at=expired.now)
        assert self.acting(expired) is None


@pytest.mark.django_db(transaction=True)
class TestTwoProcessesAtOnce:
    def test_say_each_warning_once_and_stop_once(self, region):
        people = [region.person("SV") for _ in range(3)]
        for day in (46, 57, 60):
            at = region.now + day * DAY
            barrier = threading.Barrier(4)

            def go_round(at=at, barrier=barrier):
                barrier.wait()
                sweep(at)
                connection.close()

            rounds = [threading.Thread(target=go_round) for _ in range(4)]
            for one in rounds:
                one.start()
            for one in rounds:
                one.join()
            sweep(at)
        for one in people:
            of_one = QuietStep.objects.filter(person=one.id).values_list("step", flat=True)
            assert sorted(of_one) == ["suspended", "suspended-14", "suspended-3"]
            assert Stop.objects.filter(person=one.id).count() == 1
            warned = AuditEvent.objects.filter(kind=WARNED, subject=one.person)
            assert warned.count() == 2

    def test_have_one_turn_a_minute_between_them(self, db, now):
        turns: list[bool] = []
        barrier = threading.Barrier(4)

        def ask():
            barrier.wait()
            with one_writer():
                turns.append(services.take_turn(now=now))
            connection.close()

        asking = [threading.Thread(target=ask) for _ in range(4)]
        for one in asking:
            one.start()
        for one in asking:
            one.join()
        assert turns.count(True) == 1
        assert not services.take_turn(now=now + timedelta(seconds=49))
        assert services.take_turn(now=now + timedelta(seconds=60))

    def test_are_not_kept_from_their_turn_by_a_clock_that_ran_ahead(self, db, now):
        assert services.take_turn(now=now + timedelta(days=3))
        assert services.take_turn(now=now)


class TestAStateThatDoesNotConfirmItsDirectory:
    def open_case(self, life, *states, by=None):
        who = by or life.region.person("SV")
        return cases.open_case(
            client_id=life.region.person("SV").id, states=states, actor=who.actor, now=life.now
        )

    @pytest.fixture
    def late(self, life):
        life.region.seat("MX")
        life.now += (92 + 30) * DAY
        return life

    def test_opens_no_case_with_others_after_thirty_days_more(self, late):
        with pytest.raises(DomainError, match="directory-unconfirmed"):
            self.open_case(late, "SV", "MX")

    def test_may_until_then(self, late):
        late.now -= timedelta(seconds=1)
        self.open_case(late, "SV", "MX")

    def test_opens_cases_of_its_own(self, late):
        self.open_case(late, "SV")

    def test_may_again_once_it_is_confirmed_but_not_with_another_that_is_not(self, late):
        _, digest = standing.list_of("SV", late.now)
        services.confirm_standing(digest=digest, **late.acting(late.coordinator))
        with pytest.raises(DomainError, match="state-unconfirmed"):
            self.open_case(late, "SV", "MX")
