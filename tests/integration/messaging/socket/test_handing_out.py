"""New entries are read once for everybody, in one trip to the database a page."""

from __future__ import annotations

from uuid import uuid4

import pytest

from messaging import consumers, notify, queries
from messaging.queries import News

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch):
    """After which entry news were asked for, each time."""
    asked, real = [], queries.news_after

    def asking(thread, after):
        asked.append(after)
        return real(thread, after)

    monkeypatch.setattr(queries, "news_after", asking)
    return asked


async def test_a_message_costs_one_question_for_a_whole_room(ana, boris, thread, opened, asked):
    mine, theirs = await opened(ana), await opened(boris)
    await mine.post(thread)
    await theirs.hear("entries")
    await mine.hear("entries")
    assert asked == [0]


async def test_many_come_page_by_page_and_in_order(ana, boris, thread, opened, asked, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(notify, "ring", lambda *_: None)
    mine, theirs = await opened(ana), await opened(boris)
    for _ in range(5):
        await mine.post(thread)
        await mine.hear("accepted")
    board, _ = consumers.desk()
    await board._hand_out(thread)
    pages = [(await theirs.hear("entries"))["entries"] for _ in range(3)]
    assert [[entry["seq"] for entry in page] for page in pages] == [[1, 2], [3, 4], [5]]
    assert asked == [0, 2, 4]


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
    await board._hand_out(thread)
    assert [(await theirs.hear("entries"))["entries"][0]["seq"] for _ in range(2)] == [1, 2]


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

    def joined_meanwhile(thread, after):
        board._readers[thread].add(new)
        return News([{"seq": 1}], more=False, audience={"here"})

    monkeypatch.setattr(queries, "news_after", joined_meanwhile)
    await board._hand_out(thread)
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
