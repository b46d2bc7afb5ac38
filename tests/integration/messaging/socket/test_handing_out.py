"""New entries are read once for everybody, in one trip to the database a page."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from messaging import consumers, markers, notify, queries
from messaging.queries import News
from tests.integration.messaging.socket.conftest import in_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch):
    """After which entry news were asked for, each time."""
    asked, real = [], queries.news_of

    def asking(after):
        asked.append(after)
        return real(after)

    monkeypatch.setattr(queries, "news_of", asking)
    return asked


async def test_a_message_costs_one_question_for_a_whole_room(ana, boris, thread, opened, asked):
    mine, theirs = await opened(ana), await opened(boris)
    await mine.post(thread)
    await theirs.hear("entries")
    await mine.hear("entries")
    assert asked == [{thread: 0}]


async def test_many_come_page_by_page_and_in_order(ana, boris, thread, opened, asked, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(notify, "ring", lambda *_: None)
    mine, theirs = await opened(ana), await opened(boris)
    for _ in range(5):
        await mine.post(thread)
        await mine.hear("accepted")
    board, _ = consumers.desk()
    await board._hand_out([thread])
    pages = [(await theirs.hear("entries"))["entries"] for _ in range(3)]
    assert [[entry["seq"] for entry in page] for page in pages] == [[1, 2], [3, 4], [5]]
    assert asked == [{thread: 0}, {thread: 2}, {thread: 4}]


async def test_a_page_that_is_full_of_bytes_is_not_the_last(
    ana, boris, thread, opened, monkeypatch
):
    monkeypatch.setattr(queries, "PAGE_BYTES", 1)
    monkeypatch.setattr(notify, "ring", lambda *_: None)
    mine, theirs = await opened(ana), await opened(boris)
    for _ in range(2):
        await mine.post(thread)
        await mine.hear("accepted")
    board, _ = consumers.desk()
    await board._hand_out([thread])
    assert [(await theirs.hear("entries"))["entries"][0]["seq"] for _ in range(2)] == [1, 2]


async def posted(tab, thread, count):
    for _ in range(count):
        await tab.post(thread)
        await tab.hear("accepted")


async def test_what_many_threads_have_costs_one_question_of_two_statements(
    region, ana, boris, opened, asked, monkeypatch
):
    threads = [await in_database(region.thread)(ana, boris) for _ in range(3)]
    monkeypatch.setattr(notify, "ring", lambda *_: None)
    mine, theirs = await opened(ana), await opened(boris)
    for thread in threads:
        await posted(mine, thread, 1)
    board, _ = consumers.desk()
    await board._hand_out(threads)
    assert [(await theirs.hear("entries"))["thread"] for _ in threads] == list(map(str, threads))
    assert asked == [dict.fromkeys(threads, 0)]
    counted = in_database(statements_of)
    assert [await counted(dict.fromkeys(threads[:n], 0)) for n in (1, 3)] == [2, 2]


def statements_of(after):
    with CaptureQueriesContext(connection) as told:
        queries.news_of(after)
    return len(told)


async def test_nobody_waits_behind_a_thread_of_which_a_page_is_not_enough(
    region, ana, boris, opened, asked, monkeypatch
):
    monkeypatch.setattr(queries, "PAGE", 2)
    threads = sorted([await in_database(region.thread)(ana, boris) for _ in range(2)])
    monkeypatch.setattr(notify, "ring", lambda *_: None)
    mine, theirs = await opened(ana), await opened(boris)
    await posted(mine, threads[0], 5)
    await posted(mine, threads[1], 1)
    board, _ = consumers.desk()
    await board._hand_out(threads)
    told = [await theirs.hear("entries") for _ in range(4)]
    assert [(threads.index(UUID(one["thread"])), len(one["entries"])) for one in told] == [
        (0, 2), (1, 1), (0, 2), (0, 1),
    ]  # fmt: skip


async def test_what_the_database_did_not_answer_is_asked_again_without_a_heartbeat(
    ana, boris, thread, opened, monkeypatch
):
    mine, theirs = await opened(ana), await opened(boris)
    real, failed = queries.news_of, []

    def failing_once(after):
        if not failed:
            failed.append(after)
            raise DatabaseError("out of reach")
        return real(after)

    monkeypatch.setattr(queries, "news_of", failing_once)
    await mine.post(thread)
    assert (await theirs.hear("entries"))["entries"][0]["seq"] == 1
    assert failed == [{thread: 0}]


async def test_nobody_waits_behind_another_ones_mark_whose_row_is_held(
    ana, boris, thread, opened, monkeypatch
):
    mine = await opened(ana)
    free, ended = threading.Event(), []
    monkeypatch.setattr(markers, "mark_read", lambda **_: ended.append(free.wait(5)))
    try:
        await mine.say(type="read", thread=thread, seq=0)
        theirs = await opened(boris)
        await theirs.post(thread)
        assert (await theirs.hear("entries"))["entries"][0]["seq"] == 1
        assert not ended
    finally:
        free.set()


class Listening:
    """A socket that keeps what it is told."""

    session = account = ""

    def __init__(self, person):
        self.person, self.told = person, []

    async def push(self, frame):
        self.told.append(frame)


async def test_whoever_sits_down_meanwhile_keeps_the_seat(ana, opened, monkeypatch):
    await opened(ana)
    board, _ = consumers.desk()
    thread, here, new = uuid4(), Listening("here"), Listening("new")
    board._readers[thread].add(here)

    def joined_meanwhile(after):
        board._readers[thread].add(new)
        return {thread: News([{"seq": 1}], more=False, audience={"here"})}

    monkeypatch.setattr(queries, "news_of", joined_meanwhile)
    await board._hand_out([thread])
    assert board._readers.pop(thread) == {here, new}
    assert len(here.told) == 1
    assert new.told == []  # by its head it learns what it lacks


def seats(board):
    return {(socket, thread) for socket, threads in board._seats.items() for thread in threads}


def places(board):
    return {(socket, thread) for thread, sockets in board._readers.items() for socket in sockets}


async def test_whoever_left_leaves_no_seat_behind(ana, boris, thread, opened):
    mine, theirs = await opened(ana), await opened(boris)
    board, _ = consumers.desk()
    assert seats(board) == places(board)
    here = {one.person for one, where in seats(board) if where == thread}
    assert here == {str(ana.id), str(boris.id)}
    await mine.wire.disconnect()
    assert seats(board) == places(board)
    assert {one.person for one in board._seats} == {str(boris.id)}
    await theirs.wire.disconnect()
    assert not board._seats
    assert not board._readers
