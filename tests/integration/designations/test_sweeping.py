"""What the clock does: each thing once, with its event, and those concerned are told."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from audit.models import AuditEvent
from casehub.core.errors import Refused
from casehub.designations import services
from casehub.designations.models import MissedStanding
from casehub.designations.queries import reading, standing
from casehub.designations.sweeping import sweep
from casehub.directory import services as stopping
from casehub.directory.models import Notice
from tests.integration.designations.lives import DAY, Life

LAPSED = "designations.designation.lapsed"


def lapses():
    return AuditEvent.objects.filter(kind=LAPSED).count()


class TestTheRoundOfTheClock:
    @pytest.mark.parametrize(
        ("stage", "after", "becomes"),
        [
            ("draft", 30 * DAY, "rejected"),
            ("consulted", 30 * DAY, "rejected"),
            ("nominated", timedelta(hours=72), "consulted"),
            # To the end of the tenth working day in El Salvador, six hours behind UTC.
            ("approved", 14 * DAY + timedelta(hours=15), "expired"),
            ("enrolled", timedelta(hours=72), "approved"),
            ("active", 180 * DAY, "expired"),
        ],
    )
    def test_moves_what_nobody_went_on_with_and_leaves_an_event(self, life, stage, after, becomes):
        getattr(life, stage)()
        due_at = life.row.due_at
        assert due_at == life.now + after
        life.now = due_at - timedelta(seconds=1)
        sweep(life.now)
        assert lapses() == 0
        life.now = due_at
        sweep(life.now)
        assert (life.stage, lapses()) == (becomes, 1)
        sweep(life.now)
        assert lapses() == 1

    def test_voids_a_first_hand_that_waited_too_long(self, life):
        life.nominated().approve(life.one)
        life.now += timedelta(hours=72)
        sweep(life.now)
        assert (life.stage, life.row.digest) == ("consulted", "")

    def test_on_the_urgent_path_gives_two_hours(self, life):
        life.nominated(urgent=True, until=life.now + 6 * DAY)
        assert life.row.due_at == life.now + timedelta(hours=2)

    def test_tells_all_when_a_term_is_over(self, life):
        life.active()
        life.now += 180 * DAY
        sweep(life.now)
        assert Notice.objects.filter(kind="expired", person=life.row.person).count() == 1

    def test_tells_nothing_of_the_end_of_somebody_who_was_removed(self, life):
        life.active()
        stopping.remove_person(person=life.row.person, **life.acting(life.coordinator))
        life.now += 180 * DAY
        sweep(life.now)
        kinds = Notice.objects.filter(person=life.row.person).values_list("kind", flat=True)
        assert set(kinds) == {"announced", "removed"}

    def test_ends_a_ceremony_with_the_term_for_which_it_was(self, life):
        life.enrolled(until=life.now + DAY)
        life.now += DAY
        sweep(life.now)
        assert life.row.stage == "expired"
        assert Notice.objects.filter(kind="expired", person=life.row.person).count() == 1

    def test_is_not_waited_for_by_what_comes_too_late(self, life):
        life.nominated()
        life.now += timedelta(hours=72)
        with pytest.raises(Refused, match="designation-late"):
            life.approve(life.one)

    def test_shows_a_term_as_over_before_it_came_round(self, life):
        life.active()
        life.now += 180 * DAY
        assert life.stage == "expired"
        assert not life.person.in_force(life.now)


class TestReminders:
    @pytest.mark.parametrize(("left", "said"), [(61, None), (60, 60), (31, 60), (30, 30), (7, 7)])
    def test_are_said_sixty_thirty_and_seven_days_before_the_end(self, life, left, said):
        life.active()
        life.now = life.row.until - left * DAY
        sweep(life.now)
        assert life.row.reminded == said
        shown = reading.read_designation(life.one.actor, life.designation, now=life.now)
        assert shown["reminder"] == said

    def test_are_said_once_each(self, life):
        life.active()
        for left in (60, 59, 30, 29, 7, 1):
            life.now = life.row.until - left * DAY
            sweep(life.now)
        assert AuditEvent.objects.filter(kind="designations.expiry.reminded").count() == 3


class TestTheQuarterlyConfirmation:
    def confirm(self, life):
        _, digest = standing.list_of(life.state, life.now)
        return services.confirm_standing(digest=digest, **life.acting(life.coordinator))

    def test_is_of_the_list_that_was_looked_through(self, life):
        _, digest = standing.list_of(life.state, life.now)
        life.region.person("SV")
        with pytest.raises(Refused, match="standing-changed"):
            services.confirm_standing(digest=digest, **life.acting(life.coordinator))

    def test_lists_those_alone_who_act(self, life):
        life.enrolled()
        ended = {name: life.region.person("SV") for name in ("suspended_at", "valid_until")}
        for name, who in ended.items():
            life.region.end(who, **{name: life.now})
        people, _ = standing.list_of("SV", life.now)
        acting = [life.coordinator, life.one, life.two, *life.region.seat("SV").ministry]
        assert {one["id"] for one in people} == {one.person for one in acting}

    def test_is_missed_on_its_own_date_and_no_other(self, life):
        due_at = standing.due_of("SV")
        late = due_at + DAY
        assert not services.miss_standing(state="SV", due_at=due_at - DAY, now=late)
        assert services.miss_standing(state="SV", due_at=due_at, now=late)

    def test_moves_the_date_by_a_quarter(self, life):
        life.now += 10 * DAY
        assert self.confirm(life) == 5
        shown = standing.standing_of(life.coordinator.actor, now=life.now)
        assert shown["due_at"] == life.now + 92 * DAY
        assert not shown["soon"]

    def test_is_announced_two_weeks_before(self, life):
        life.now += 80 * DAY
        assert standing.standing_of(life.coordinator.actor, now=life.now)["soon"]

    def test_when_missed_is_told_to_all_states_once(self, life):
        life.now += 92 * DAY
        assert standing.standing_of(life.coordinator.actor, now=life.now)["overdue"]
        sweep(life.now)
        sweep(life.now)
        assert Notice.objects.filter(kind="unconfirmed", state="SV").count() == 1

    def test_when_missed_again_is_told_again(self, life):
        life.now += 92 * DAY
        sweep(life.now)
        self.confirm(life)
        life.now += 92 * DAY
        sweep(life.now)
        assert Notice.objects.filter(kind="unconfirmed", state="SV").count() == 2


@pytest.mark.django_db(transaction=True)
class TestTwoProcessesAtOnce:
    def test_move_each_thing_once(self, region):
        lives = [Life(region).nominated(name=f"Ana {n}") for n in ("Uno", "Dos", "Tres")]
        at = lives[0].now + 92 * DAY
        barrier = threading.Barrier(4)

        def go_round():
            barrier.wait()
            sweep(at)
            connection.close()

        rounds = [threading.Thread(target=go_round) for _ in range(4)]
        for one in rounds:
            one.start()
        for one in rounds:
            one.join()
        sweep(at)
        moved = AuditEvent.objects.filter(kind=LAPSED).values_list("subject", flat=True)
        assert len(moved) == len(set(moved)) == 3
        assert MissedStanding.objects.count() == 1
        assert Notice.objects.filter(kind="unconfirmed").count() == 1
