"""How far a device has processed and a person has read: only ever forward, without an event."""

from __future__ import annotations

from contextlib import contextmanager
from uuid import uuid4

import pytest

from casehub.core.errors import NotVisible, Refused
from messaging import markers, queries
from messaging.models import Entry


@pytest.fixture
def thread(region, ana, boris, posting):
    thread = region.thread(ana, boris)
    for _ in range(5):
        posting(thread, boris)
    return thread


def standing(who):
    return queries.standings_of({who.person: []})[who.person]


class TestReadMarks:
    #  marks in the order in which they come, and what stands then
    MARKS = [([3], 3), ([3, 5], 5), ([5, 2], 5), ([2, 2], 2), ([99], 5), ([0], 0)]

    @pytest.mark.parametrize(("marks", "expected"), MARKS)
    def test_move_forward_only_and_never_past_the_head(
        self, thread, ana, recorded, marks, expected
    ):
        with recorded():
            for seq in marks:
                markers.mark_read(actor=ana.actor, thread=thread, seq=seq)
        assert standing(ana).reads == {str(thread): expected}

    def test_are_a_persons_own(self, thread, ana, boris):
        markers.mark_read(actor=ana.actor, thread=thread, seq=4)
        assert standing(boris).reads == {}

    def test_hide_the_thread_from_an_outsider(self, region, thread):
        outsider = region.equipped("GT")
        for where in (thread, uuid4()):
            with pytest.raises(NotVisible):
                markers.mark_read(actor=outsider.actor, thread=where, seq=1)


class TestKeepingAThreadUnread:
    def test_lasts_until_it_is_read_again_however_far(self, thread, ana, recorded):
        with recorded():
            markers.mark_read(actor=ana.actor, thread=thread, seq=5)
            markers.keep_unread(actor=ana.actor, thread=thread, seq=3)
        assert standing(ana).unread == {str(thread): 3}
        assert standing(ana).reads == {str(thread): 5}
        markers.mark_read(actor=ana.actor, thread=thread, seq=2)
        assert standing(ana).unread == {}
        assert standing(ana).reads == {str(thread): 5}

    def test_is_a_persons_own(self, thread, ana, boris):
        markers.keep_unread(actor=ana.actor, thread=thread, seq=3)
        assert standing(boris).unread == {}

    def test_hides_the_thread_from_an_outsider(self, region, thread):
        outsider = region.equipped("GT")
        for where in (thread, uuid4()):
            with pytest.raises(NotVisible):
                markers.keep_unread(actor=outsider.actor, thread=where, seq=1)


class TestAcknowledgements:
    def test_are_kept_by_device_and_move_forward_only(self, region, thread, ana):
        first = ana.device
        for seq in (4, 2):
            markers.acknowledge(actor=ana.actor, thread=thread, seq=seq)
        second = region.device(ana)
        markers.acknowledge(actor=ana.actor, thread=thread, seq=1)
        assert queries.cursors_of(first) == {str(thread): 4}
        assert queries.cursors_of(second) == {str(thread): 1}

    def test_are_told_to_the_device_itself(self, thread, ana, boris):
        markers.acknowledge(actor=ana.actor, thread=thread, seq=4)
        assert queries.state_for(ana.actor, thread)["acknowledged"] == 4
        assert queries.state_for(boris.actor, thread)["acknowledged"] == 0

    def test_need_a_device(self, thread, ana):
        ana.device = None
        with pytest.raises(Refused, match="device-needed"):
            markers.acknowledge(actor=ana.actor, thread=thread, seq=1)


class TestAMark:
    @pytest.mark.parametrize("mark", ["acknowledge", "mark_read", "keep_unread"])
    def test_is_noted_in_its_turn_among_those_who_write(self, thread, ana, monkeypatch, mark):
        """On SQLite whoever has none asks again and again with growing pauses (ADR 6)."""
        turns = []

        @contextmanager
        def turn():
            turns.append(mark)
            yield

        monkeypatch.setattr(markers, "one_writer", turn)
        getattr(markers, mark)(actor=ana.actor, thread=thread, seq=1)
        assert len(turns) == 1


class TestLog:
    #  after, limit, and the positions that come
    PAGES = [(0, 200, [1, 2, 3, 4, 5]), (0, 2, [1, 2]), (3, 2, [4, 5]), (5, 9, []), (9, 9, [])]

    @pytest.mark.parametrize(("after", "limit", "expected"), PAGES)
    def test_is_read_in_contiguous_pages(self, thread, ana, after, limit, expected):
        page = queries.log_for(ana.actor, thread, after=after, limit=limit)
        assert [entry["seq"] for entry in page["entries"]] == expected
        assert page["head"] == 5

    def test_ends_a_page_before_it_becomes_too_large(self, thread, ana, monkeypatch):
        monkeypatch.setattr(queries, "PAGE_BYTES", 1)
        page = queries.log_for(ana.actor, thread, after=0, limit=200)
        assert [entry["seq"] for entry in page["entries"]] == [1]

    def test_reads_no_more_than_it_answers(self, thread, ana, monkeypatch):
        """Hundreds of the largest are a hundred times the answer, for each who asks."""
        monkeypatch.setattr(queries, "PAGE_BYTES", 1)
        read, whole = [], Entry.from_db.__func__
        monkeypatch.setattr(
            Entry, "from_db", classmethod(lambda *of: read.append(of) or whole(*of))
        )
        queries.log_for(ana.actor, thread, after=0, limit=200)
        assert len(read) == 1
