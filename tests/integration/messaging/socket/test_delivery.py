"""What comes out of a socket: answers, entries, news, marks and heads."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer
from django.db import DatabaseError, InterfaceError

from casehub.accounts.models import Session
from casehub.cases import notify as cases_notify
from casehub.cases import services as cases
from messaging import batching, consumers, notify, queries, switchboard
from messaging.models import Entry, Leaf, ReadMark
from tests.integration.messaging.socket.conftest import Tab, in_database, ticket_of

pytestmark = pytest.mark.django_db(transaction=True)


class TestPosting:
    async def test_is_answered_and_handed_to_every_reader(self, ana, boris, thread, opened):
        mine, theirs = await opened(ana), await opened(boris)
        id_ = await mine.post(thread, text=b"sealed")
        # The answer and the entry come each their own way, in either order.
        told = [await mine.hear("accepted", "entries") for _ in range(2)]
        own = {frame["type"]: frame for frame in told}
        accepted = own["accepted"]
        assert (accepted["id"], accepted["seq"], accepted["thread"]) == (id_, 1, str(thread))
        for frame in (own["entries"], await theirs.hear("entries")):
            (entry,) = frame["entries"]
            assert (frame["thread"], entry["seq"], entry["id"]) == (str(thread), 1, id_)
            assert entry["chain"] == accepted["chain"]

    async def test_is_answered_after_the_commit(self, ana, thread, opened):
        tab = await opened(ana)
        await tab.post(thread)
        await tab.hear("accepted")
        assert await Entry.objects.acount() == 1  # seen over another connection

    async def test_is_not_accepted_when_the_commit_fails(self, ana, thread, opened, monkeypatch):
        def failing(**_):
            raise DatabaseError("disk full")

        monkeypatch.setattr(batching, "accept_messages", failing)
        tab = await opened(ana)
        id_ = await tab.post(thread)
        refused = await tab.hear("refused", "accepted")
        assert (refused["type"], refused["id"], refused["code"]) == ("refused", id_, "try-again")

    async def test_keeps_the_order_in_which_one_socket_sent(self, ana, boris, thread, opened):
        mine, theirs = await opened(ana), await opened(boris)
        sent = [await mine.post(thread) for _ in range(30)]
        heard: list[str] = []
        while len(heard) < len(sent):
            heard += [entry["id"] for entry in (await theirs.hear("entries"))["entries"]]
        assert heard == sent

    async def test_is_refused_in_the_words_of_the_readers_language(self, ana, thread, opened):
        tab = await opened(ana)
        id_ = await tab.post(thread, epoch=4)
        refused = await tab.hear("refused")
        assert (refused["id"], refused["code"]) == (id_, "stale-epoch")
        assert refused["params"] == {"epoch": 0, "head": 0}
        assert refused["message"].isascii()

    async def test_limits_how_many_wait_at_once(self, ana, thread, opened, monkeypatch):
        monkeypatch.setattr(consumers, "IN_FLIGHT", 0)
        tab = await opened(ana)
        await tab.post(thread)
        assert (await tab.hear("refused"))["code"] == "too-many"


class TestRemoval:
    async def test_while_the_socket_is_open_says_left_and_nothing_more(
        self, region, ana, boris, thread, opened, now
    ):
        mine, theirs = await opened(ana), await opened(boris)
        await mine.post(thread)
        await theirs.hear("entries")
        await in_database(cases.remove_reader)(
            circle=thread, person=boris.id, actor=ana.actor, now=now
        )
        assert (await theirs.hear("left"))["thread"] == str(thread)
        await Leaf.objects.filter(device_id=boris.device).adelete()
        await mine.post(thread, text=b"not for Boris")
        await mine.hear("accepted")
        assert "entries" not in await theirs.kinds_until_silence()

    async def test_closes_the_thread_to_what_the_removed_person_sends(
        self, ana, boris, thread, opened, now
    ):
        theirs = await opened(boris)
        await in_database(cases.remove_reader)(
            circle=thread, person=boris.id, actor=ana.actor, now=now
        )
        await theirs.post(thread)
        assert (await theirs.hear("refused"))["code"] == "not-found"
        for kind in ("ack", "read", "unread"):
            await theirs.say(type=kind, thread=thread, seq=1)
            assert (await theirs.hear("refused"))["code"] == "not-found"

    async def test_holds_even_if_the_doorbell_is_lost(
        self, ana, boris, thread, opened, now, monkeypatch
    ):
        mine, theirs = await opened(ana), await opened(boris)
        monkeypatch.setattr("casehub.cases.notify.people_changed", lambda *_: None)
        await in_database(cases.remove_reader)(
            circle=thread, person=boris.id, actor=ana.actor, now=now
        )
        await Leaf.objects.filter(device_id=boris.device).adelete()
        await mine.post(thread)
        assert (await theirs.hear("left", "entries"))["type"] == "left"


class TestJoining:
    async def test_a_thread_while_the_socket_is_open_brings_its_messages(
        self, region, ana, boris, opened, now
    ):
        case = await in_database(region.case)(ana, boris)
        mine, theirs = await opened(ana), await opened(boris)
        thread = await in_database(cases.open_thread)(
            case=case, client_id=uuid4(), people=[boris.id], actor=ana.actor, now=now
        )
        for tab in (mine, theirs):
            assert (await tab.hear("joined"))["thread"] is None
        await in_database(region.group)(thread, ana, boris)
        await mine.post(thread)
        assert (await theirs.hear("entries"))["thread"] == str(thread)

    async def test_gives_no_seat_to_a_socket_that_left_meanwhile(self, region, ana, thread):
        tab = Tab(await in_database(region.session)(ana), await ticket_of(ana))
        await tab.open()
        await tab.hear("hello")
        board, _ = consumers.desk()
        async with board._lock:
            leaving = asyncio.create_task(tab.wire.disconnect())
            await asyncio.sleep(0.1)
            telling = asyncio.create_task(board._reseat(ana.person))
            await asyncio.sleep(0.1)
        await asyncio.gather(leaving, telling)
        assert not any(board._readers.values())


class TestMarks:
    async def test_of_reading_reach_ones_own_other_sockets_only(self, ana, boris, thread, opened):
        mine, other, theirs = await opened(ana), await opened(ana), await opened(boris)
        await mine.post(thread)
        await mine.hear("accepted")
        await mine.say(type="read", thread=thread, seq=1)
        assert await other.hear("read") == {"type": "read", "thread": str(thread), "seq": 1}
        assert "read" not in await theirs.kinds_until_silence()

    async def test_do_not_displace_each_other_nor_news_of_a_case(
        self, region, ana, boris, thread, opened
    ):
        threads = [thread, await in_database(region.thread)(ana, boris)]
        tab, layer = await opened(ana), get_channel_layer()
        for one in threads:
            await ReadMark.objects.acreate(group_id=one, person_id=ana.person, seq=1)
        bell = {"type": "doorbell", "person": ana.person}
        marks = [bell | {"signal": {"type": "marks", "thread": str(one)}} for one in threads]
        for event in (marks[0], bell, marks[1]):
            await layer.group_send(f"person.{ana.person}", event)
        assert sorted(await tab.kinds_until_silence()) == ["joined", "read", "read"]

    async def test_are_told_as_they_stand_whatever_the_doorbell_says(
        self, ana, boris, thread, opened
    ):
        tab, layer = await opened(ana), get_channel_layer()
        await ReadMark.objects.acreate(group_id=thread, person_id=ana.person, seq=3, unread=2)
        told = {"type": "marks", "thread": str(thread), "seq": 99, "unread": 0}
        event = {"type": "doorbell", "person": ana.person, "signal": told}
        await layer.group_send(f"person.{ana.person}", event)
        said = await tab.hear("read", "unread")
        assert said == {"type": "unread", "thread": str(thread), "seq": 2}


class TestAForgedDoorbell:
    """Whoever holds the layer can ring any; what is there to be told, the database says."""

    FORGED = [
        {"person": "ANA", "signal": {"type": "entries", "thread": "THREAD", "entries": []}},
        {"person": "ANA", "signal": {"type": "left", "thread": "THREAD"}},
        {"person": "ANA", "signal": {"type": "read", "thread": "THREAD", "seq": 99}},
        {"person": "ANA", "signal": ["no", "signal"]},
        {"person": "ANA", "signal": {"type": "marks", "thread": "THREAD"}},
        {"person": "nobody"},
        {"thread": "no thread"},
        {"thread": 7},
        {"typing": "THREAD", "by": "no person"},
        {"session": {}},
        {},
    ]

    @pytest.mark.parametrize("forged", FORGED)
    async def test_tells_nobody_anything_and_holds_up_nobody(
        self, ana, boris, thread, opened, forged, caplog
    ):
        mine, theirs = await opened(ana), await opened(boris)
        text = json.dumps(forged).replace("ANA", ana.person).replace("THREAD", str(thread))
        groups = [f"person.{ana.person}", f"thread.{thread}"]
        for group in groups:
            await get_channel_layer().group_send(group, {"type": "doorbell"} | json.loads(text))
        await theirs.post(thread)
        assert (await mine.hear("entries"))["entries"][0]["seq"] == 1
        assert await mine.kinds_until_silence() == []
        assert "stumbled" not in caplog.text

    async def test_ends_no_session_that_goes_on(self, ana, thread, opened):
        tab, layer = await opened(ana), get_channel_layer()
        session = await Session.objects.aget(account=ana.account)
        event = {"type": "session.ended", "session": str(session.id)}
        await layer.group_send(f"account.{ana.account}", event)
        await tab.say(type="ping")
        assert "pong" in await tab.kinds_until_silence()


class TestWhatFails:
    async def test_bytes_that_are_no_event_hold_up_no_doorbell(
        self, ana, boris, thread, opened, monkeypatch
    ):
        """Whoever holds the layer's password can put there what no layer has written."""
        mine, theirs = await opened(ana), await opened(boris)
        layer = consumers.desk()[0]._layer
        receive, bent = layer.receive, [ValueError, TypeError] * 50

        async def receiving(channel):
            if bent:
                raise bent.pop()
            return await receive(channel)

        monkeypatch.setattr(layer, "receive", receiving)
        for _ in range(2):  # the first is heard by whoever waits already
            await mine.post(thread)
            await theirs.hear("entries")
        assert bent == []

    async def test_a_look_that_the_database_has_no_answer_for_is_told_when_it_has(
        self, ana, thread, opened, monkeypatch
    ):
        tab, failed, news_of = await opened(ana), [], queries.news_of

        def once(after):
            if not failed:
                failed.append(after)
                raise InterfaceError
            return news_of(after)

        monkeypatch.setattr(queries, "news_of", once)
        await in_database(cases_notify.roster_stale)([thread])
        assert (await tab.hear("look"))["thread"] == str(thread)
        assert failed


class TestHeartbeat:
    async def test_tells_the_heads_of_ones_own_threads(
        self, region, ana, boris, thread, opened, monkeypatch
    ):
        assert switchboard.HEARTBEAT == 15
        monkeypatch.setattr(switchboard, "HEARTBEAT", 0.05)
        await in_database(region.thread)(boris)
        tab = await opened(ana)
        assert (await tab.hear("heads"))["heads"] == {str(thread): 0}

    async def test_delivers_what_a_lost_doorbell_did_not(
        self, ana, boris, thread, opened, monkeypatch
    ):
        monkeypatch.setattr(switchboard, "HEARTBEAT", 0.05)
        monkeypatch.setattr(notify, "ring", lambda *_: None)
        mine, theirs = await opened(ana), await opened(boris)
        await mine.post(thread)
        assert (await theirs.hear("entries"))["entries"][0]["seq"] == 1

    async def test_seats_whom_a_lost_doorbell_did_not(
        self, region, ana, boris, opened, monkeypatch
    ):
        monkeypatch.setattr(switchboard, "HEARTBEAT", 0.05)
        theirs = await opened(boris)
        thread = await in_database(region.thread)(ana, boris)  # rings for nobody
        assert (await theirs.hear("joined"))["thread"] is None
        mine = await opened(ana)
        await mine.post(thread)
        assert (await theirs.hear("entries"))["thread"] == str(thread)

    async def test_seats_nobody_who_has_a_seat(self, ana, boris, thread, opened, monkeypatch):
        monkeypatch.setattr(switchboard, "HEARTBEAT", 0.05)
        theirs = await opened(boris)
        told = [(await theirs.hear("heads", "joined"))["type"] for _ in range(4)]
        assert told == ["heads"] * 4
