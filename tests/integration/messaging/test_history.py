"""Giving earlier messages to whoever came later: to whom, of what, and what the log keeps of it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from audit import queries as log
from audit.models import AuditEvent
from casehub.core import roles
from messaging import services
from messaging.models import Entry, Leaf
from messaging.services import Post
from tests.framed import grant_data, private_message
from tests.integration.leaning import misleading_rows
from tests.integration.messaging.conftest import code_of

GIVEN = "messaging.history.given"


@pytest.fixture
def thread(region, ana, boris, posting):
    """A thread of three messages, in which Ana and Boris are."""
    thread = region.thread(ana, boris)
    for _ in range(3):
        posting(thread, ana)
    return thread


@pytest.fixture
def giving(now):
    """Return `give(thread, by, to, ...)`: accept one grant and return its answer."""

    def give(thread, by, to, **what):
        message = uuid4()
        aad = grant_data(message, to=UUID(str(to)), **what)
        body = private_message(thread, id=message, ciphertext=b"sealed", aad=aad)
        post = Post(by.actor, thread, 0, message, body)
        return services.accept_messages(posts=[post], now=now)[0]

    return give


class TestEarlierMessages:
    def test_are_given_by_any_reader_to_another(self, thread, ana, boris, giving):
        answer = giving(thread, boris, ana.id, first=1, last=3, count=2)
        assert code_of(answer) == "accepted"
        entry = Entry.objects.get(seq=answer.seq)
        assert (entry.act, entry.about) == ("give-history", 0)

    def test_leave_to_whom_of_which_entries_and_how_many_and_nothing_that_is_said(
        self, thread, ana, boris, giving, recorded
    ):
        with recorded(GIVEN):
            giving(thread, ana, boris.id, first=1, last=3, count=2)
        (event,) = log.payloads_of(GIVEN)
        payload = event["payload"]
        fields = {"thread", "seq", "to", "first", "last", "count", "epoch", "device", "digest"}
        assert set(payload) == fields
        assert [payload[name] for name in ("to", "first", "last", "count")] == [
            boris.person,
            1,
            3,
            2,
        ]
        assert "sealed" not in str(event)

    def test_leave_the_event_that_the_table_names_under_their_entry(
        self, thread, ana, boris, giving
    ):
        giving(thread, ana, boris.id)
        newest = AuditEvent.objects.latest("id")
        assert newest.kind == GIVEN == roles.table()["messaging.history.give"].event
        assert misleading_rows(newest.id - 1) == []

    @pytest.mark.parametrize(
        "what",
        [
            {"first": 1, "last": 4},
            {"first": 3, "last": 2},
            {"first": 2, "last": 3, "count": 3},
        ],
    )
    def test_are_of_the_thread_and_no_more_than_it_has(self, thread, ana, boris, giving, what):
        assert code_of(giving(thread, ana, boris.id, **what)) == "history-range"

    def test_go_to_nobody_who_does_not_read_the_thread(self, region, thread, ana, giving):
        stranger = region.equipped("GT")
        assert code_of(giving(thread, ana, stranger.id)) == "history-not-reader"
        assert code_of(giving(thread, ana, uuid4())) == "history-not-reader"

    def test_go_to_nobody_who_has_no_device_in_its_group(self, thread, ana, boris, giving):
        Leaf.objects.filter(group_id=thread, device_id=boris.device).delete()
        assert code_of(giving(thread, ana, boris.id)) == "history-not-reader"

    def test_of_a_thread_of_others_are_not_there(self, region, thread, ana, giving):
        stranger = region.equipped("GT")
        assert code_of(giving(thread, stranger, ana.id)) == "not-found"

    def test_are_no_message_that_something_could_be_done_to(
        self, thread, ana, boris, giving, posting
    ):
        given = giving(thread, ana, boris.id)
        assert code_of(posting(thread, boris, act="pin", about=given.seq)) == "message-unknown"
