"""What is counted for somebody: what waits for them, as far as the server knows it already."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from casehub.cases import services as cases
from casehub.cases.models import Joining
from casehub.custody.models import Export
from casehub.designations import services as designations
from casehub.designations.queries import standing
from casehub.digests import queries
from casehub.digests.letters import Counts
from casehub.directory import services as directory
from casehub.directory.models import Notice, Person
from messaging import markers
from messaging.models import Entry, Leaf
from tests.integration.custody.made import export
from tests.integration.designations.conftest import life
from tests.integration.digests.conftest import write
from tests.integration.notes.made import note_to

__all__ = ["life"]


@pytest.fixture
def counted(now):
    """Return `of(who, at)`: the counts."""

    def of(who, at=None):
        return queries.counts_for(Person.objects.get(id=who.person), at or now)

    return of


class TestMessages:
    def test_are_those_that_others_wrote_after_ones_mark(self, ana, boris, thread, counted, now):
        for _ in range(3):
            write(thread, boris, at=now)
        write(thread, ana, at=now)
        assert counted(ana) == Counts(messages=3)
        assert counted(boris) == Counts(messages=1)
        markers.mark_read(actor=ana.actor, thread=thread, seq=2)
        assert counted(ana) == Counts(messages=1)
        markers.mark_read(actor=ana.actor, thread=thread, seq=4)
        assert not counted(ana)

    def test_are_counted_again_where_the_thread_is_kept_as_unread(
        self, ana, boris, thread, counted, now
    ):
        for _ in range(3):
            write(thread, boris, at=now)
        markers.mark_read(actor=ana.actor, thread=thread, seq=3)
        markers.keep_unread(actor=ana.actor, thread=thread, seq=2)
        assert counted(ana) == Counts(messages=2)

    def test_are_counted_as_urgent_too_if_their_author_says_so(
        self, ana, boris, thread, counted, now
    ):
        write(thread, boris, at=now, urgent=True)
        write(thread, boris, at=now)
        assert counted(ana) == Counts(messages=2, urgent=1)

    def test_that_were_withdrawn_are_none_and_acts_on_them_neither(
        self, ana, boris, thread, counted, now
    ):
        write(thread, boris, at=now)
        write(thread, boris, at=now)
        write(thread, boris, at=now, act="withdraw", about=1)
        assert counted(ana) == Counts(messages=1)

    def test_of_before_ones_devices_could_read_are_none(self, ana, boris, thread, counted, now):
        write(thread, boris, at=now)
        Leaf.objects.filter(device_id=ana.device).update(since_epoch=1)
        assert not counted(ana)

    def test_of_a_thread_that_one_reads_no_more_are_none(
        self, region, ana, boris, thread, counted, now
    ):
        write(thread, boris, at=now)
        region.end(ana, suspended_at=now)
        assert not counted(ana)

    def test_are_not_fetched_to_be_counted(
        self, ana, boris, thread, counted, now, django_assert_max_num_queries
    ):
        for _ in range(30):
            write(thread, boris, at=now)
        assert Entry.objects.count() == 30
        with django_assert_max_num_queries(25):
            counted(ana)


class TestNotices:
    @pytest.fixture
    def told(self, region, now):
        """All States are told of two things of GT."""
        region.seat("GT")
        for _ in range(2):
            act = region.event(Notice)
            directory.give(kind=Notice.Kind.UNCONFIRMED, state="GT", act=act, now=now)

    def test_are_those_of_other_states_that_ones_own_did_not_acknowledge(
        self, region, told, ana, counted, now
    ):
        assert counted(ana) == Counts(notices=2, deadlines=2)
        newest = Notice.objects.order_by("-number")[0]
        directory.acknowledge_notice(notice=newest.id, actor=ana.actor, now=now)
        assert counted(ana) == Counts(notices=1, deadlines=1)

    def test_are_none_to_the_state_they_are_about(self, region, told, counted):
        assert not counted(region.seat("GT").coordinator)

    def test_are_none_to_a_ministry_which_acknowledges_nothing(self, region, told, counted):
        assert not counted(region.seat("SV").ministry[0])


class TestHands:
    def test_are_the_notes_whose_receipt_waits(self, region, ana, boris, counted):
        note_to(region, boris, ana)
        assert counted(ana) == Counts(hands=1)
        assert not counted(boris)

    def test_are_the_exports_for_a_court_that_want_ones_consent_or_may_be_made(
        self, region, ana, thread, counted, now
    ):
        one, other = (region.person("SV", "coordinator") for _ in range(2))
        foreign = region.person("GT", "coordinator")
        asked = export(region, ana, thread, foreign=True)
        assert [counted(who) for who in (ana, foreign)] == [Counts(), Counts()]
        assert counted(one) == counted(other) == Counts(hands=1, deadlines=1)
        assert not counted(one, now + timedelta(hours=72))
        rows = Export.objects.filter(id=asked)
        rows.update(consented_at=now, consenter=one.person)
        assert [counted(who) for who in (one, other)] == [Counts(), Counts()]
        assert counted(ana) == Counts(hands=1, deadlines=1)
        region.end(one, suspended_at=now)  # whose hand counts no more
        rows.update(consented_at=None, consenter=None, refused_at=now)
        assert [counted(who) for who in (ana, other)] == [Counts(), Counts()]

    def test_are_no_exports_that_one_asked_for_oneself_as_a_coordinator(
        self, region, boris, thread, counted
    ):
        coordinator = region.person("SV", "coordinator")
        export(region, coordinator, thread, foreign=True)
        assert not counted(coordinator)

    @pytest.fixture
    def proposed(self, region, ana, now):
        """Ana proposes to open a case of SV to GT."""
        case = region.case(ana)
        region.seat("GT")
        region.session(ana)
        cases.propose_state(
            case=case, client_id=uuid4(), state="GT", urgent=False, actor=ana.actor, now=now
        )
        return Joining.objects.get()

    def test_are_the_proposals_that_ask_for_ones_own(self, region, proposed, ana, counted):
        mine, theirs = region.seat("SV").coordinator, region.seat("GT").coordinator
        assert [counted(one).hands for one in (mine, theirs, ana)] == [1, 0, 0]
        region.consented(proposed)
        assert [counted(one).hands for one in (mine, theirs, ana)] == [0, 1, 0]

    def test_have_a_deadline_once_a_week_is_left_of_their_term(self, region, proposed, counted):
        coordinator = region.seat("SV").coordinator
        week = proposed.lapses_at - timedelta(days=7)
        assert counted(coordinator, week - timedelta(seconds=1)).deadlines == 0
        assert counted(coordinator, week).deadlines == 1
        assert not counted(coordinator, proposed.lapses_at)

    def test_are_the_designations_that_want_ones_own(self, life, counted):
        life.nominated()
        seat = life.region.seat("SV")
        officers, coordinator = seat.ministry, seat.coordinator
        assert [counted(one, life.now).hands for one in officers] == [1, 1]
        assert not counted(coordinator, life.now)
        assert counted(officers[0], life.now).deadlines == 1

    def test_are_the_quarterly_word_on_the_directory_from_two_weeks_before_it_is_due(
        self, life, counted
    ):
        coordinator, officer = life.coordinator, life.region.seat("SV").ministry[0]
        due_at = standing.due_of("SV")
        before = due_at - timedelta(days=14)
        assert not counted(coordinator, before - timedelta(seconds=1))
        assert counted(coordinator, before) == Counts(hands=1)
        assert counted(coordinator, due_at - timedelta(days=7)) == Counts(hands=1, deadlines=1)
        assert counted(coordinator, due_at + timedelta(days=1)) == Counts(hands=1, deadlines=1)
        assert not counted(officer, due_at)

    def test_are_that_word_no_more_once_it_is_given(self, life, counted):
        life.now = standing.due_of("SV")
        _, digest = standing.list_of("SV", life.now)
        designations.confirm_standing(digest=digest, **life.acting(life.coordinator))
        assert not counted(life.coordinator, life.now)
