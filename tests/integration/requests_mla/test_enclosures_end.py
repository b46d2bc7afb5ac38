"""Files of letters: what a stop ends, what a legal hold keeps, and what the clock destroys."""

from __future__ import annotations

import errno
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import storages

from casehub.accounts.models import Session
from casehub.core import piecestore
from casehub.core.errors import NotVisible, Refused
from casehub.designations import services as designations
from casehub.designations.queries.stopped import NOT_SIGNED
from casehub.directory import services as directory
from casehub.directory.models import Person
from casehub.directory.statements import as_wire, make
from messaging import services as attachments
from messaging import sweeping as delivery
from requests_mla import limits, queries, services, sweeping
from requests_mla.models import Enclosure, Proposal
from tests.factories import stamp
from tests.integration.cases.keepings import hold_on
from tests.integration.designations.lives import countersigned
from tests.integration.messaging import uploaded
from tests.integration.requests_mla.enclosed import begin, lying, opened, put, whole
from tests.integration.requests_mla.moving import USUAL
from tests.integration.requests_mla.writing import wrote

pytestmark = pytest.mark.django_db
OVER = limits.UPLOAD_LASTS


@pytest.fixture
def sent(led):
    return led("authorise", "transmit")


def suspend(region, who, now):
    by = region.seat(who.state).coordinator
    directory.suspend_person(person=who.id, actor=by.actor, now=now)


def stop_state(region, who, now):
    by = region.seat(who.state).coordinator
    directory.stop_state(code=who.state, actor=by.actor, now=now)


def reinstate(region, who, now):
    first, second = region.seat(who.state).coordinator, region.seat(who.state).ministry[0]
    fields = {"serial": str(uuid4()), "issued": stamp(now), "state": who.state}
    fields |= {"person": who.person, "revokes": NOT_SIGNED}
    said = as_wire(make("reinstatement", fields, [first.key]))
    for by, statement in ((first, said), (second, countersigned(said, second))):
        region.session(by, now=now)
        designations.reinstate(person=who.id, statement=statement, actor=by.actor, now=now)


def lift_state(region, who, now):
    directory.lift_unconfirmed(now=now)


LIFTS = {suspend: reinstate, stop_state: lift_state}


def is_stopped(who):
    found = Person.objects.select_related("state").get(id=who.id)
    return found.stopped or found.state.stopped_at is not None


def ended(enclosure):
    return Enclosure.objects.get(id=enclosure).removed_at


@pytest.mark.parametrize("stop", LIFTS)
class TestAStop:
    def test_ends_what_its_person_uploads_and_keeps_what_is_whole(
        self, region, sent, mario, sofia, stop
    ):
        going, kept, others = begin(sent, mario), whole(sent, mario), begin(sent, sofia)
        stop(region, mario, sent.now)
        assert [ended(one) for one in (going, kept, others)] == [sent.now, None, None]
        with pytest.raises(NotVisible):
            put(sent, mario, going)

    def test_that_comes_first_lets_no_upload_begin(self, region, sent, mario, stop):
        stop(region, mario, sent.now)
        with pytest.raises(NotVisible):
            begin(sent, mario)  # as whoever was let in at the door a moment before

    def test_lets_its_person_fetch_nothing_until_it_is_lifted_and_they_open_it_anew(
        self, region, sent, mario, sofia, stop
    ):
        made = whole(sent, mario)
        wrote(sent, mario, sofia, enclosures=[made])
        opened(sent, sofia, made)
        later = sent.now + timedelta(hours=1)
        stop(region, sofia, later)
        with pytest.raises(Refused, match="attachment-not-opened"):
            queries.piece_digest_for(sofia.actor, made, 0, later)
        anew = later + timedelta(hours=1)
        assert is_stopped(sofia)
        LIFTS[stop](region, sofia, anew)
        assert not is_stopped(sofia)
        with pytest.raises(Refused, match="attachment-not-opened"):
            queries.piece_digest_for(sofia.actor, made, 0, anew)
        opened(sent, sofia, made, now=anew)
        queries.piece_digest_for(sofia.actor, made, 0, anew)


def test_a_stop_of_a_device_ends_what_its_person_uploads(region, sent, ana):
    going = begin(sent, ana)
    directory.revoke_device(device=ana.device, actor=ana.actor, now=sent.now)
    assert ended(going) == sent.now


class TestAHold:
    def test_lets_no_whole_file_be_taken_back(self, sent, mario, bea, case):
        made, going = whole(sent, mario), begin(sent, mario)
        hold_on(bea, case, now=sent.now)
        with pytest.raises(Refused, match="case-held"):
            services.remove_enclosure(enclosure=made, actor=mario.actor, now=sent.now)
        services.remove_enclosure(enclosure=going, actor=mario.actor, now=sent.now)

    def test_keeps_whole_files_from_the_clock(self, sent, mario, bea, case):
        made, going = whole(sent, mario), begin(sent, mario)
        hold_on(bea, case, now=sent.now)
        sweeping.sweep_files(sent.now + OVER)
        assert (ended(made), ended(going)) == (None, sent.now + OVER)


class TestTheRoundOfTheClock:
    def test_lets_what_cannot_be_destroyed_keep_nothing_else_waiting(
        self, sent, mario, monkeypatch
    ):
        monkeypatch.setattr(limits, "SWEEP_MOST", 1)
        stuck = begin(sent, mario)
        other = begin(sent, mario, now=sent.now + timedelta(minutes=1))
        for one in (stuck, other):
            services.remove_enclosure(enclosure=one, actor=mario.actor, now=sent.now)
        real, tried = piecestore.destroy, []

        def destroy(kept, enclosure):
            tried.append(enclosure)
            if enclosure == stuck and len(tried) < 4:
                raise OSError
            real(kept, enclosure)

        monkeypatch.setattr(piecestore, "destroy", destroy)
        for minutes in range(3):
            sweeping.sweep_files(sent.now + timedelta(minutes=minutes))
        assert tried == [stuck, other]
        for hours in (1, 2, 3):
            sweeping.sweep_files(sent.now + timedelta(hours=hours))
        assert tried == [stuck, other, stuck, stuck]
        assert set(Enclosure.objects.values_list("swept", flat=True)) == {True}

    def test_waits_for_no_other_file_where_the_store_is_away(self, sent, mario, monkeypatch):
        for _ in range(2):
            made = begin(sent, mario)
            services.remove_enclosure(enclosure=made, actor=mario.actor, now=sent.now)
        tried = []

        def away(*asked):
            tried.append(asked)
            raise TimeoutError(errno.ETIMEDOUT, "no")

        monkeypatch.setattr(piecestore, "destroy", away)
        for round_ in (1, 2):  # the next one tries again
            sweeping.sweep_files(sent.now)
            assert len(tried) == round_


class TestAnIdThatIsAnothersFile:
    """Whoever reads a letter is told the ids of its files; at the other door they name nothing."""

    def test_drawn_anew_for_a_thread_has_nothing_of_it_destroyed(
        self, region, sent, mario, sofia, ana, bea
    ):
        made = whole(sent, mario)
        wrote(sent, mario, sofia, enclosures=[made])
        thread = region.thread(ana, bea)
        uploaded.begin(region, ana, thread, attachment=made)
        uploaded.put(region, ana, made)
        attachments.remove_attachment(attachment=made, actor=ana.actor, now=region.now)
        assert delivery.sweep(region.now) == 1
        assert len(lying(made)) == 1

    def test_of_a_thread_drawn_anew_for_a_letter_has_nothing_of_it_destroyed(
        self, region, sent, mario, ana, bea
    ):
        thread = region.thread(ana, bea)
        made = uploaded.begin(region, ana, thread)
        uploaded.put(region, ana, made)
        begin(sent, mario, enclosure=made)
        put(sent, mario, made)
        services.remove_enclosure(enclosure=made, actor=mario.actor, now=sent.now)
        assert sweeping.sweep_files(sent.now) == 1
        _, names = storages["attachments"].listdir(str(made))
        assert len(names) == 1


class TestFilesBesideAProposal:
    @pytest.fixture
    def proposed(self, led, mario):
        ready = led("authorise", "transmit", "acknowledge", "begin")
        ready.kept = (whole(ready, mario), begin(ready, mario))
        at = ready.now + OVER - timedelta(hours=1)
        Session.objects.update(verified_at=at)
        made = ready.signed(mario, "execute", at=at, **USUAL["execute"])
        ready.propose(mario.actor, made, at=at)
        return ready

    def swept(self, proposed, now):
        sweeping.sweep_files(now)
        return [ended(one) is not None for one in proposed.kept]

    def test_wait_as_long_after_its_end_as_others_do_at_all(self, proposed):
        lapses = Proposal.objects.get().lapses_at
        assert self.swept(proposed, proposed.now + OVER) == [False, True]
        assert self.swept(proposed, lapses + OVER - timedelta(seconds=1)) == [False, True]
        assert self.swept(proposed, lapses + OVER) == [True, True]

    def test_wait_from_when_it_was_decided(self, proposed, nadia):
        at = proposed.now + OVER
        proposed.decline(nadia, "not-done", at=at)
        assert self.swept(proposed, at + OVER - timedelta(seconds=1)) == [False, True]
        assert self.swept(proposed, at + OVER) == [True, True]

    def test_of_somebody_else_wait_no_longer(self, proposed, sofia):
        other = whole(proposed, sofia)
        sweeping.sweep_files(proposed.now + OVER)
        assert ended(other) is not None
