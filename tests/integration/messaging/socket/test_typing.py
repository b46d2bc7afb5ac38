"""That somebody writes in a thread: passed on to its readers, and nowhere else."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError

from casehub.cases import services as cases
from casehub.core import rates
from messaging import consumers, notify, queries
from messaging.models import Entry
from messaging.switchboard import Switchboard
from tests.factories import Region
from tests.integration.messaging.socket.conftest import in_database, present

pytestmark = pytest.mark.django_db(transaction=True)


class Elsewhere:
    """A socket at another process's switchboard."""

    def __init__(self, who) -> None:
        self.person, self.account, self.session = who.person, who.account, who.session
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def push(self, frame: str) -> None:
        await self.heard.put(json.loads(frame))

    async def drop(self, code: int) -> None:
        await self.heard.put({"type": "dropped", "code": code})


@pytest.fixture
async def beside():
    """A switchboard of its own, as each further process of the web has one."""
    board = Switchboard(present)
    yield board
    for task in board._tasks:
        task.cancel()
    board.ask.end()


def typing_by(who, thread):
    return {"type": "typing", "thread": str(thread), "person": who.person}


class TestTyping:
    async def test_is_told_to_the_other_readers_and_to_no_socket_of_ones_own(
        self, ana, boris, thread, opened
    ):
        mine, other, theirs = await opened(ana), await opened(ana), await opened(boris)
        await mine.say(type="typing", thread=thread)
        assert await theirs.hear("typing") == typing_by(ana, thread)
        for tab in (mine, other):
            assert await tab.kinds_until_silence() == []

    async def test_is_told_to_nobody_else(self, region, ana, boris, thread, opened):
        outsider = await in_database(region.equipped)("SV")
        await in_database(region.thread)(ana, outsider)
        mine, theirs, outside = await opened(ana), await opened(boris), await opened(outsider)
        await mine.say(type="typing", thread=thread)
        await theirs.hear("typing")
        assert await outside.kinds_until_silence() == []

    async def test_is_told_by_another_process_too(self, region, ana, boris, thread, opened, beside):
        await in_database(Region(present()).session)(boris)
        theirs = Elsewhere(boris)
        await beside.join(theirs)
        mine = await opened(ana)
        await mine.say(type="typing", thread=thread)
        async with asyncio.timeout(5):
            assert await theirs.heard.get() == typing_by(ana, thread)

    async def test_is_not_told_to_whoever_was_taken_out_just_now(
        self, ana, boris, thread, opened, now, monkeypatch
    ):
        mine, theirs = await opened(ana), await opened(boris)
        monkeypatch.setattr("casehub.cases.notify.people_changed", lambda *_: None)
        await in_database(cases.remove_reader)(
            circle=thread, person=boris.id, actor=ana.actor, now=now
        )
        await mine.say(type="typing", thread=thread)
        assert await theirs.kinds_until_silence() == []

    async def test_is_not_told_of_whoever_was_taken_out_meanwhile(
        self, ana, boris, thread, opened, now, monkeypatch
    ):
        mine, theirs = await opened(ana), await opened(boris)
        monkeypatch.setattr("casehub.cases.notify.people_changed", lambda *_: None)
        await in_database(cases.remove_reader)(
            circle=thread, person=boris.id, actor=ana.actor, now=now
        )
        await in_database(notify.typing)(boris.person, thread)  # it was on its way
        assert await mine.kinds_until_silence() == []
        await theirs.say(type="typing", thread=thread)
        assert (await theirs.hear("refused"))["code"] == "not-found"

    async def test_in_a_thread_that_nobody_began_is_as_in_one_that_is_not_there(
        self, region, ana, boris, opened, now
    ):
        case = await in_database(region.case)(ana, boris)
        unstarted = await in_database(cases.open_thread)(
            case=case, client_id=uuid4(), people=[boris.id], actor=ana.actor, now=now
        )
        tab = await opened(ana)
        answers = []
        for thread in (unstarted, uuid4()):
            await tab.say(type="typing", thread=thread)
            answers.append(await tab.hear("refused", "typing"))
        assert answers[0] == answers[1]
        assert answers[0]["code"] == "not-found"

    @pytest.mark.parametrize("end", ["valid_until", "suspended_at"])
    async def test_ends_with_ones_office_also_where_the_socket_is_open(
        self, region, ana, boris, thread, opened, end
    ):
        mine, theirs = await opened(ana), await opened(boris)
        await in_database(region.end)(ana, **{end: present()})
        await mine.say(type="typing", thread=thread)
        assert await theirs.kinds_until_silence() == []

    async def test_does_not_displace_what_was_said(self, ana, boris, thread, opened):
        mine, theirs = await opened(ana), await opened(boris)
        await mine.say(type="typing", thread=thread)
        await mine.post(thread)
        heard = [(await theirs.hear("entries", "typing"))["type"] for _ in range(2)]
        assert sorted(heard) == ["entries", "typing"]

    async def test_that_cannot_be_passed_on_holds_back_nothing_else(
        self, ana, boris, thread, opened, monkeypatch
    ):
        mine, theirs = await opened(ana), await opened(boris)
        board, _ = consumers.desk()
        real, failed = queries.audience, []

        def failing_once(thread):
            if not failed:
                failed.append(thread)
                raise DatabaseError("out of reach")
            return real(thread)

        monkeypatch.setattr(queries, "audience", failing_once)
        board._typing = {thread: {ana.person}}
        await mine.post(thread)
        assert (await theirs.hear("entries", "typing"))["type"] == "entries"
        assert failed == [thread]

    async def test_leaves_nothing_behind(self, ana, boris, thread, opened):
        mine, theirs = await opened(ana), await opened(boris)
        await mine.say(type="typing", thread=thread)
        await theirs.hear("typing")
        assert await Entry.objects.acount() == 0
        again = await opened(boris)
        assert again.hello["heads"] == {str(thread): 0}


class TestHowOften:
    async def test_a_person_is_passed_on_once_in_three_seconds_in_each_thread(
        self, region, ana, boris, thread, opened
    ):
        other = await in_database(region.thread)(ana, boris)
        mine, theirs = await opened(ana), await opened(boris)
        for where in (thread, other, thread, other):
            await mine.say(type="typing", thread=where)
        heard = {(await theirs.hear("typing"))["thread"] for _ in range(2)}
        assert heard == {str(thread), str(other)}
        assert await theirs.kinds_until_silence() == []
        assert rates.RATES["typing-passed"] == rates.Rate(burst=1, per_minute=20)

    async def test_too_many_are_refused_and_take_nothing_from_other_signals(
        self, ana, thread, opened, monkeypatch
    ):
        monkeypatch.setitem(rates.RATES, "typing", rates.Rate(burst=1, per_minute=0))
        tab = await opened(ana)
        for _ in range(2):
            await tab.say(type="typing", thread=thread)
        assert (await tab.hear("refused"))["code"] == "too-many"
        await tab.say(type="read", thread=thread, seq=0)
        await tab.say(type="ping")
        heard = [(await tab.hear("read", "pong", "refused"))["type"] for _ in range(2)]
        assert sorted(heard) == ["pong", "read"]
