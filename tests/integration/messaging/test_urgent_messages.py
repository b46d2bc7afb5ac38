"""A message that its author calls urgent: said in clear, so that five a day can be enforced."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit import queries as log
from messaging import services
from messaging.models import Entry, Leaf
from tests.integration.messaging.conftest import code_of, made

ACCEPTED, REFUSED = "messaging.message.accepted", "core.act.refused"
PLAIN = {"thread", "seq", "epoch", "device", "digest"}
FIVE = ["accepted"] * 5


@pytest.fixture
def thread(region, ana, boris):
    return region.thread(ana, boris)


@pytest.fixture
def calling(thread, now):
    """Return `call(by, count)`: post so many urgent messages in one batch, and say what became."""

    def call(by, count=1, *, at=now, into=thread):
        posts = [made(into, by, urgent=True) for _ in range(count)]
        return [code_of(one) for one in services.accept_messages(posts=posts, now=at)]

    return call


class TestAnUrgentMessage:
    def test_is_the_event_of_its_post_and_says_so_there(self, thread, ana, calling, recorded):
        with recorded(ACCEPTED):
            calling(ana)
        (event,) = log.payloads_of(ACCEPTED)
        assert event["payload"]["urgent"] is True
        assert set(event["payload"]) == {*PLAIN, "urgent"}
        assert Entry.objects.get(group_id=thread).urgent

    def test_is_the_only_one_whose_event_speaks_of_it(self, thread, ana, posting):
        posting(thread, ana)
        (event,) = log.payloads_of(ACCEPTED)
        assert set(event["payload"]) == PLAIN

    def test_is_refused_to_whoever_called_five_so_in_a_day(self, ana, calling, recorded):
        with recorded(*[ACCEPTED] * 5, REFUSED):
            assert [calling(ana)[0] for _ in range(6)] == [*FIVE, "message-urgent-many"]
        (refusal,) = log.payloads_of(REFUSED)
        assert refusal["payload"]["code"] == "message-urgent-many"
        assert Entry.objects.count() == 5

    def test_is_counted_within_a_batch_as_one_by_one(self, ana, boris, calling):
        assert calling(ana, 7) == [*FIVE, *["message-urgent-many"] * 2]
        assert calling(boris, 5) == FIVE

    def test_leaves_its_neighbours_alone_when_it_is_refused(self, thread, ana, calling, now):
        calling(ana, 5)
        posts = [made(thread, ana, urgent=True), made(thread, ana)]
        answers = services.accept_messages(posts=posts, now=now)
        assert [code_of(one) for one in answers] == ["message-urgent-many", "accepted"]

    def test_is_of_the_person_in_whichever_thread_and_on_whichever_device(
        self, region, thread, ana, boris, calling
    ):
        calling(ana, 3)
        other = region.thread(ana, boris)
        second = region.device(ana)
        Leaf.objects.create(group_id=other, index=9, device_id=second, since_epoch=0)
        assert calling(ana, 3, into=other) == ["accepted", "accepted", "message-urgent-many"]

    def test_counts_for_twenty_four_hours(self, ana, calling, now):
        calling(ana, 5)
        day = timedelta(hours=24)
        assert calling(ana, at=now + day - timedelta(seconds=1)) == ["message-urgent-many"]
        assert calling(ana, 6, at=now + day) == [*FIVE, "message-urgent-many"]

    def test_that_is_tried_again_is_answered_as_the_first_time(self, thread, ana, calling, now):
        post = made(thread, ana, urgent=True)
        (first,) = services.accept_messages(posts=[post], now=now)
        calling(ana, 4)
        assert services.accept_messages(posts=[post], now=now) == [first]

    def test_that_was_refused_goes_under_the_same_id_once_it_is_not_urgent(
        self, thread, ana, calling, now
    ):
        calling(ana, 5)
        post = made(thread, ana, urgent=True)
        (refused,) = services.accept_messages(posts=[post], now=now)
        again = made(thread, ana, id=post.id)
        (answer,) = services.accept_messages(posts=[again], now=now)
        assert [code_of(refused), code_of(answer)] == ["message-urgent-many", "accepted"]
