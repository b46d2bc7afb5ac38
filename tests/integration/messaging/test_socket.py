"""The socket from outside: who gets in, what comes out, and when it closes."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from casehub.accounts import services as accounts
from casehub.accounts.models import Session, SocketTicket
from casehub.asgi import application
from casehub.cases import services as cases
from casehub.core import rates
from casehub.core.frames import to_b64u
from casehub.directory.models import Person
from messaging import batching, consumers, notify, schemas, switchboard
from messaging.models import Entry, Leaf
from tests.factories import Region, private_message

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = settings.ORIGINS[0]
in_database = database_sync_to_async


@pytest.fixture
def now():
    """The present: sockets, heartbeats and sweeps live in real time."""
    return timezone.now()


@pytest.fixture
def region(db, now):
    return Region(now)


def _disconnect() -> None:
    connection.close()  # the calling thread's own


@pytest.fixture(autouse=True)
async def _closing():
    """Stop the process's switchboard and writer when a test ends."""
    yield
    for board, batcher in consumers._loops.values():
        for task in [*board._tasks, *([batcher._task] if batcher._task else [])]:
            task.cancel()
        batcher._thread.submit(_disconnect).result()
        batcher._thread.shutdown()
    consumers._loops.clear()
    await in_database(_disconnect)()


class Tab:
    """A browser's open socket."""

    def __init__(self, cookie: str | None, *tickets: str, origin: str | None = ORIGIN) -> None:
        headers = [(b"accept-language", b"en")]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        if cookie is not None:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
        protocols = ["casehub.1", *(f"ticket.{ticket}" for ticket in tickets)]
        self.wire = WebsocketCommunicator(application, "/socket", headers, protocols)

    async def open(self) -> tuple[bool, Any]:
        return await self.wire.connect(timeout=5)

    async def say(self, **frame: Any) -> None:
        await self.wire.send_to(text_data=json.dumps(frame, default=str))

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """Return the next frame of these kinds; others are passed over."""
        async with asyncio.timeout(5):
            while True:
                frame = json.loads(await self.wire.receive_from(timeout=5))
                if frame["type"] in kinds:
                    return frame

    async def kinds_until_silence(self) -> list[str]:
        """Return the kinds of all frames that come until nothing does for a third of a second."""
        kinds = []
        while not await self.wire.receive_nothing(timeout=0.3):
            kinds.append(json.loads(await self.wire.receive_from())["type"])
        return kinds

    async def closing(self) -> int:
        """Return the code with which the server closes."""
        async with asyncio.timeout(5):
            while True:
                event = await self.wire.receive_output(timeout=5)
                if event["type"] == "websocket.close":
                    return event["code"]

    async def post(self, thread, *, epoch=0, text=b"opaque", id=None):  # noqa: A002
        id_ = id or uuid4()
        body = private_message(thread, epoch=epoch, id=id_, ciphertext=text)
        await self.say(type="post", thread=thread, epoch=epoch, id=id_, body=to_b64u(body))
        return str(id_)


@pytest.fixture
async def opened():
    """Return `opened(someone)`: a socket that has said hello; all are closed at the end."""
    tabs: list[Tab] = []

    async def open_(who) -> Tab:
        cookie = await in_database(Region(timezone.now()).session)(who)
        tab = Tab(cookie, await ticket_of(who))
        connected, protocol = await tab.open()
        assert (connected, protocol) == (True, "casehub.1")
        tab.hello = await tab.hear("hello")
        tabs.append(tab)
        return tab

    yield open_
    for tab in tabs:
        await tab.wire.disconnect()


async def ticket_of(who) -> str:
    issue = in_database(accounts.issue_ticket)
    ticket, _ = await issue(actor=who.actor, now=timezone.now())
    return ticket


@pytest.fixture
def thread(region, ana, boris):
    return region.thread(ana, boris)


class TestOpening:
    async def test_needs_a_fresh_ticket_of_ones_own_full_session_and_our_origin(
        self, region, ana
    ):
        cookie = await in_database(region.session)(ana)
        assert await Tab(cookie, await ticket_of(ana)).open() == (True, "casehub.1")

    async def test_uses_the_ticket_up(self, region, ana):
        cookie, ticket = await in_database(region.session)(ana), await ticket_of(ana)
        assert (await Tab(cookie, ticket).open())[0]
        assert await Tab(cookie, ticket).open() == (False, 4401)

    async def test_is_refused_with_anothers_ticket_or_cookie(self, region, ana, boris):
        cookie, theirs = [await in_database(region.session)(who) for who in (ana, boris)]
        assert await Tab(cookie, await ticket_of(boris)).open() == (False, 4401)
        assert await Tab(theirs, await ticket_of(ana)).open() == (False, 4401)

    async def test_is_refused_with_the_ticket_of_ones_own_other_session(self, region, ana):
        old = await in_database(region.session)(ana)
        await in_database(region.session)(ana)
        assert await Tab(old, await ticket_of(ana)).open() == (False, 4401)

    #  how many tickets, the origin, and the code of the refusal
    REFUSED = [
        (0, ORIGIN, 4401),
        (2, ORIGIN, 4401),
        (1, None, 4403),
        (1, "https://casehub.example", 4403),
        (1, ORIGIN + "0", 4403),
        (1, ORIGIN.upper(), 4403),
        (1, "null", 4403),
    ]

    @pytest.mark.parametrize(("tickets", "origin", "code"), REFUSED)
    async def test_is_refused(self, region, ana, tickets, origin, code):
        cookie = await in_database(region.session)(ana)
        offered = [await ticket_of(ana) for _ in range(tickets)]
        assert await Tab(cookie, *offered, origin=origin).open() == (False, code)

    async def test_is_refused_without_a_cookie(self, region, ana):
        await in_database(region.session)(ana)
        assert await Tab(None, await ticket_of(ana)).open() == (False, 4401)

    async def test_is_refused_with_a_ticket_that_is_over(self, region, ana):
        cookie, ticket = await in_database(region.session)(ana), await ticket_of(ana)
        await SocketTicket.objects.aupdate(expires_at=timezone.now() - timedelta(seconds=1))
        assert await Tab(cookie, ticket).open() == (False, 4401)

    async def test_is_refused_on_a_password_alone(self, region, ana):
        cookie = await in_database(region.session)(ana, level="password")
        row = await Session.objects.aget(account_id=ana.account)
        ana.session = str(row.id)
        assert await Tab(cookie, await ticket_of(ana)).open() == (False, 4401)

    @pytest.mark.parametrize("change", ["suspended_at", "valid_until"])
    async def test_is_refused_to_a_person_who_is_not_in_force(self, region, ana, change):
        cookie, ticket = await in_database(region.session)(ana), await ticket_of(ana)
        await Person.objects.filter(id=ana.person).aupdate(**{change: timezone.now()})
        assert await Tab(cookie, ticket).open() == (False, 4401)

    async def test_is_refused_over_the_rate_of_a_network(self, region, ana, monkeypatch):
        monkeypatch.setitem(rates.RATES, "socket", rates.Rate(burst=0, per_minute=0))
        cookie = await in_database(region.session)(ana)
        assert await Tab(cookie, await ticket_of(ana)).open() == (False, 4429)


class TestHello:
    async def test_tells_the_heads_and_the_marks_of_ones_own_threads(
        self, region, ana, boris, thread, opened
    ):
        await in_database(region.thread)(boris)
        tab = await opened(ana)
        assert tab.hello["heads"] == {str(thread): 0}
        assert tab.hello["reads"] == {}
        await tab.post(thread)
        await tab.hear("accepted")
        again = await opened(ana)
        assert again.hello["heads"] == {str(thread): 1}


class TestPosting:
    async def test_is_answered_and_handed_to_every_reader(self, ana, boris, thread, opened):
        mine, theirs = await opened(ana), await opened(boris)
        id_ = await mine.post(thread, text=b"sealed")
        accepted = await mine.hear("accepted")
        assert (accepted["id"], accepted["seq"], accepted["thread"]) == (id_, 1, str(thread))
        for tab in (mine, theirs):
            frame = await tab.hear("entries")
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


class TestFrames:
    THREAD = str(uuid4())
    POST = {"type": "post", "thread": THREAD, "epoch": 0, "id": THREAD, "body": "AA"}
    #  what a client sends that is no command
    BAD = {
        "nothing": " ",
        "not JSON": "{",
        "a list": "[]",
        "no type": "{}",
        "an unknown type": '{"type":"shout"}',
        "a method's name": '{"type":"disconnect"}',
        "an unknown field": '{"type":"ping","loud":true}',
        "a twin key": '{"type":"ping","type":"ping"}',
        "a thread that is none": json.dumps(POST | {"thread": "x"}),
        "a negative epoch": json.dumps(POST | {"epoch": -1}),
        "an epoch beyond 2^53": json.dumps(POST | {"epoch": 2**53}),
        "a body that is not base64url": json.dumps(POST | {"body": "=="}),
        "a frame that is too long": json.dumps(POST | {"body": "A" * 70_000}),
        "too deep": "[" * 40,
    }

    @pytest.mark.parametrize("what", BAD)
    async def test_that_are_no_command_are_refused_and_not_repeated(self, ana, opened, what):
        tab = await opened(ana)
        await tab.wire.send_to(text_data=self.BAD[what])
        refused = await tab.hear("refused")
        assert (refused["id"], refused["code"]) == (None, "bad-frame")
        await tab.say(type="ping")
        assert await tab.hear("pong") == {"type": "pong"}

    async def test_of_bytes_are_refused(self, ana, opened):
        tab = await opened(ana)
        await tab.wire.send_to(bytes_data=b'{"type":"ping"}')
        assert (await tab.hear("refused"))["code"] == "bad-frame"

    async def test_that_are_bad_again_and_again_close_the_socket(self, ana, opened):
        tab = await opened(ana)
        for _ in range(consumers.BAD_FRAMES + 1):
            await tab.say(type="shout")
        assert await tab.closing() == 4429

    async def test_over_the_rate_are_refused_and_then_close_the_socket(
        self, ana, opened, monkeypatch
    ):
        monkeypatch.setitem(rates.RATES, "signal", rates.Rate(burst=1, per_minute=0))
        tab = await opened(ana)
        # Refusals of an earlier minute wait to be written; no frame may stumble over that.
        rates.refusals.count("too-many", timezone.now() - timedelta(minutes=2))
        for _ in range(consumers.BAD_FRAMES + 2):
            await tab.say(type="ping")
        assert (await tab.hear("refused"))["code"] == "too-many"
        assert await tab.closing() == 4429

    def test_have_a_machine_readable_schema(self):
        assert len(schemas.socket_schema()["oneOf"]) == 4


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
        for kind in ("ack", "read"):
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


class TestMarks:
    async def test_of_reading_reach_ones_own_other_sockets_only(
        self, ana, boris, thread, opened
    ):
        mine, other, theirs = await opened(ana), await opened(ana), await opened(boris)
        await mine.post(thread)
        await mine.hear("accepted")
        await mine.say(type="read", thread=thread, seq=1)
        assert await other.hear("read") == {"type": "read", "thread": str(thread), "seq": 1}
        assert "read" not in await theirs.kinds_until_silence()

    async def test_do_not_displace_each_other_nor_news_of_a_case(
        self, region, ana, thread, opened
    ):
        tab, layer = await opened(ana), get_channel_layer()
        other = uuid4()
        bell = {"type": "doorbell", "person": ana.person}
        marks = [bell | {"read": {"thread": str(t), "seq": 1}} for t in (thread, other)]
        for event in (marks[0], bell, marks[1]):
            await layer.group_send(f"person.{ana.person}", event)
        assert sorted(await tab.kinds_until_silence()) == ["joined", "read", "read"]


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


class TestSessionEnd:
    async def test_closes_its_sockets_at_once_and_no_others(self, region, ana, boris, opened):
        mine, theirs = await opened(ana), await opened(boris)
        await in_database(accounts.end_session)(
            session=ana.session, reason="signed-out", actor=None, now=timezone.now()
        )
        assert await mine.closing() == 4401
        await theirs.say(type="ping")
        assert (await theirs.hear("pong", "close"))["type"] == "pong"

    @pytest.mark.parametrize("why", ["ended", "suspended"])
    async def test_is_found_out_without_a_doorbell(self, ana, opened, monkeypatch, why):
        monkeypatch.setattr(switchboard, "SWEEP", 0.05)
        tab = await opened(ana)
        if why == "ended":
            await Session.objects.filter(id=ana.session).aupdate(ended_at=timezone.now())
        else:
            await Person.objects.filter(id=ana.person).aupdate(suspended_at=timezone.now())
        assert await tab.closing() == 4401
