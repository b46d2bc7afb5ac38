"""Those who come together, as after an outage, are seated together."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from casehub.cases import queries as cases
from messaging import consumers, markers, queries, seating
from messaging.consumers import NOT_NOW
from tests.integration.messaging.socket.conftest import Tab, in_database, ticket_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch):
    """Of whom the circles were asked, each time."""
    asked, real = [], cases.circles_of_each

    def asking(persons):
        asked.append(set(persons))
        return real(persons)

    monkeypatch.setattr(cases, "circles_of_each", asking)
    return asked


async def coming(*people):
    """Return sockets that are let in and wait for a seat: whoever holds the lock keeps them so."""
    tabs = []
    for who in people:
        cookie = await in_database(who.region.session)(who.someone)
        tabs.append(Tab(cookie, await ticket_of(who.someone)))
        assert (await tabs[-1].open())[0]
    await waiting(len(people))
    return tabs


async def until(holds):
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)


async def waiting(count):
    await until(lambda: len(consumers.desk()[0]._coming) == count)


class Who:
    """Somebody of a region."""

    def __init__(self, region, someone):
        self.region, self.someone = region, someone


@pytest.fixture
def both(region, ana, boris):
    return Who(region, ana), Who(region, boris)


async def test_in_one_question(ana, boris, both, thread, asked):
    async with consumers.desk()[0]._lock:
        tabs = await coming(*both)
    for tab in tabs:
        assert (await tab.hear("hello"))["heads"] == {str(thread): 0}
        await tab.wire.disconnect()
    assert asked == [{ana.person, boris.person}]


async def test_each_hears_of_their_own_threads_and_marks_alone(
    region, ana, boris, both, thread, opened
):
    alone = await in_database(region.thread)(boris)
    writer = await opened(boris)
    for where in (thread, alone):
        await writer.post(where)
        await writer.hear("accepted")
    await in_database(markers.mark_read)(actor=ana.actor, thread=thread, seq=1)
    await in_database(markers.keep_unread)(actor=boris.actor, thread=alone, seq=1)
    async with consumers.desk()[0]._lock:
        tabs = await coming(*both)
    mine, theirs = [await tab.hear("hello") for tab in tabs]
    for tab in tabs:
        await tab.wire.disconnect()
    assert mine["heads"] == {str(thread): 1}
    assert (mine["reads"], mine["unread"]) == ({str(thread): 1}, {})
    assert theirs["heads"] == {str(thread): 1, str(alone): 1}
    assert theirs["unread"] == {str(alone): 1}


async def test_more_than_one_question_takes_are_seated_by_several(both, thread, asked, monkeypatch):
    monkeypatch.setattr("messaging.seating.AT_ONCE", 1)
    async with consumers.desk()[0]._lock:
        tabs = await coming(*both)
    for tab in tabs:
        await tab.hear("hello")
        await tab.wire.disconnect()
    assert [len(persons) for persons in asked] == [1, 1]


async def test_whoever_goes_meanwhile_takes_nobodys_seat_and_leaves_nothing(
    ana, boris, both, thread, asked
):
    board = consumers.desk()[0]
    async with board._lock:
        gone, stays = await coming(*both)
        leaving = asyncio.create_task(gone.wire.disconnect())
        await waiting(1)
    await stays.hear("hello")
    await leaving
    assert asked == [{boris.person}]
    assert {one.person for one in board._readers[thread]} == {boris.person}
    await stays.wire.disconnect()


async def test_whom_the_first_to_wait_leaves_behind_is_seated_all_the_same(both, thread, asked):
    board = consumers.desk()[0]
    real, held = board._tune, asyncio.Event()

    async def held_up():
        board._tune = real
        held.set()
        await asyncio.sleep(60)

    async with board._lock:
        gone, stays = await coming(*both)
        board._tune = held_up
    await held.wait()
    leaving = asyncio.create_task(gone.wire.disconnect())
    assert (await stays.hear("hello"))["heads"] == {str(thread): 0}
    await leaving
    await stays.wire.disconnect()


@pytest.mark.parametrize("where", ["coming", "leaving"])
async def test_whom_the_server_gives_up_leaves_nothing_either(region, ana, thread, where):
    """It cancels whoever has not ended some seconds after their line."""
    board = consumers.desk()[0]
    async with board._lock:
        (tab,) = await coming(Who(region, ana))
        if where == "coming":
            tab.wire.future.cancel()
    if where == "leaving":
        await tab.hear("hello")
        async with board._lock:
            await tab.wire.send_input({"type": "websocket.disconnect", "code": 1001})
            await until(lambda: board._leaving)
            tab.wire.future.cancel()
    with suppress(asyncio.CancelledError):
        await tab.wire.future
    await until(lambda: not board._leaving)
    assert not any((board._coming, board._seats, board._readers, board._persons, board._groups))


async def test_without_a_database_each_is_told_to_come_again_and_nothing_is_left(
    both, thread, monkeypatch
):
    def gone(_):
        raise OperationalError("out of reach")

    monkeypatch.setattr(queries, "standings_of", gone)
    board = consumers.desk()[0]
    async with board._lock:
        tabs = await coming(*both)
    for tab in tabs:
        assert await tab.closing() == NOT_NOW
        await tab.wire.disconnect()
    left = (board._coming, board._seats, board._readers, board._persons, board._groups)
    assert not any(left)


def test_how_all_stands_costs_two_statements_whoever_asks(region, ana, boris, thread):
    for people in ([ana], [ana, boris]):
        circles = {one.person: cases.circles_of(one.person) for one in people}
        with CaptureQueriesContext(connection) as told:
            found = queries.standings_of(circles)
        assert len(told) == 2
        assert {one: standing.heads for one, standing in found.items()} == {
            one.person: {str(thread): 0} for one in people
        }


async def test_of_one_person_so_many_have_a_seat_and_the_oldest_gives_up_theirs(
    ana, boris, thread, opened, monkeypatch
):
    """What is written to all is kept for each of them: nobody fills the memory with tabs."""
    monkeypatch.setattr(seating, "MOST", 2)
    other = await opened(boris)
    tabs = [await opened(ana) for _ in range(3)]
    assert await tabs[0].closing() == 4429
    sent = await tabs[2].post(thread)
    for tab in (tabs[1], tabs[2], other):
        assert [one["id"] for one in (await tab.hear("entries"))["entries"]] == [sent]
