"""Who gets a socket, and when it closes."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError

from casehub.accounts import services as accounts
from casehub.accounts import sockets
from casehub.accounts.models import Session, SocketTicket
from casehub.cases import queries as cases
from casehub.core import rates
from messaging import consumers, queries, switchboard
from messaging.consumers import NOT_NOW
from tests.integration.messaging.socket.conftest import ORIGIN, Tab, in_database, present, ticket_of

pytestmark = pytest.mark.django_db(transaction=True)


class TestOpening:
    async def test_needs_a_fresh_ticket_of_ones_own_full_session_and_our_origin(self, region, ana):
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
        await SocketTicket.objects.aupdate(expires_at=present() - timedelta(seconds=1))
        assert await Tab(cookie, ticket).open() == (False, 4401)

    async def test_is_refused_on_a_password_alone(self, region, ana):
        cookie = await in_database(region.session)(ana, level="password")
        row = await Session.objects.aget(account_id=ana.account)
        ana.session = str(row.id)
        assert await Tab(cookie, await ticket_of(ana)).open() == (False, 4401)

    @pytest.mark.parametrize(("change", "ago"), [("suspended_at", 0), ("valid_until", 7)])
    async def test_is_refused_to_a_person_who_is_not_in_force(self, region, ana, change, ago):
        cookie, ticket = await in_database(region.session)(ana), await ticket_of(ana)
        await in_database(region.end)(ana, **{change: present() - timedelta(days=ago)})
        assert await Tab(cookie, ticket).open() == (False, 4401)

    async def test_is_refused_over_the_rate_of_a_person(self, region, ana, monkeypatch):
        monkeypatch.setitem(rates.RATES, "socket", rates.Rate(burst=0, per_minute=0))
        cookie = await in_database(region.session)(ana)
        assert await Tab(cookie, await ticket_of(ana)).open() == (False, 4429)

    async def test_is_refused_to_strangers_over_their_network_s_rate_but_not_to_who_has_a_ticket(
        self, region, ana, monkeypatch
    ):
        monkeypatch.setitem(rates.RATES, "socket", rates.Rate(burst=1, per_minute=0))
        cookie = await in_database(region.session)(ana)
        assert [await Tab(None).open() for _ in range(2)] == [(False, 4401), (False, 4429)]
        assert (await Tab(cookie, await ticket_of(ana)).open())[0]

    async def test_is_counted_once_for_every_refusal(self, db, monkeypatch):
        monkeypatch.setitem(rates.RATES, "socket", rates.Rate(burst=1, per_minute=0))
        for _ in range(3):
            await Tab(None).open()
        counted = {code: n for (code, _), n in rates.refusals._counts.items()}
        assert counted == {"sign-in-needed": 1, "too-many": 2}


class TestWithoutADatabase:
    """Nothing is wrong with the socket: browsers come back by themselves."""

    async def test_nobody_is_let_in_and_no_error_is_one_of_the_server_s(
        self, region, ana, monkeypatch
    ):
        cookie, ticket = await in_database(region.session)(ana), await ticket_of(ana)
        monkeypatch.setattr(sockets, "admit", gone)
        assert await Tab(cookie, ticket).open() == (False, NOT_NOW)

    async def test_that_is_tried_by_strangers_costs_their_network_what_a_refusal_does(
        self, db, monkeypatch
    ):
        monkeypatch.setitem(rates.RATES, "socket", rates.Rate(burst=1, per_minute=0))
        monkeypatch.setattr(sockets, "admit", gone)
        assert [await Tab(None).open() for _ in range(2)] == [(False, NOT_NOW), (False, 4429)]

    @pytest.mark.parametrize(
        ("where", "read"),
        [(cases, "circles_of_each"), (queries, "heads_of"), (queries, "standings_of")],
    )
    async def test_that_went_while_this_was_read_a_socket_is_closed_and_leaves_nothing_behind(
        self, region, ana, thread, monkeypatch, where, read
    ):
        cookie, ticket = await in_database(region.session)(ana), await ticket_of(ana)
        monkeypatch.setattr(where, read, gone)
        tab = Tab(cookie, ticket)
        assert (await tab.open())[0]
        assert await tab.closing() == NOT_NOW
        await tab.wire.disconnect()
        desk = consumers.desk()[0]
        assert not any((desk._seats, desk._readers, desk._persons, desk._groups, desk._unheard))

    async def test_what_was_accepted_is_and_its_sender_s_use_is_noted_with_the_next(
        self, ana, thread, opened, monkeypatch
    ):
        tab = await opened(ana)
        with monkeypatch.context() as patched:
            patched.setattr(accounts, "touch", gone)
            await tab.post(thread)
            await tab.hear("accepted")
        noted, touch = [], accounts.touch
        monkeypatch.setattr(accounts, "touch", lambda **told: noted.append(told) or touch(**told))
        await tab.post(thread)
        await tab.hear("accepted")
        await tab.kinds_until_silence()
        assert noted


def gone(*_: object, **__: object) -> None:
    raise OperationalError


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


class TestSessionEnd:
    async def test_closes_its_sockets_at_once_and_no_others(self, region, ana, boris, opened):
        mine, theirs = await opened(ana), await opened(boris)
        await in_database(accounts.end_session)(
            session=ana.session, reason="signed-out", actor=None, now=present()
        )
        assert await mine.closing() == 4401
        await theirs.say(type="ping")
        assert (await theirs.hear("pong", "close"))["type"] == "pong"

    @pytest.mark.parametrize("why", ["ended", "suspended"])
    async def test_is_found_out_without_a_doorbell(self, region, ana, opened, monkeypatch, why):
        monkeypatch.setattr(switchboard, "SWEEP", 0.05)
        tab = await opened(ana)
        if why == "ended":
            await Session.objects.filter(id=ana.session).aupdate(ended_at=present())
        else:
            await in_database(region.end)(ana, suspended_at=present())
        assert await tab.closing() == 4401

    async def test_is_found_out_by_looks_that_each_take_too_long(self, ana, opened, monkeypatch):
        monkeypatch.setattr(switchboard, "SWEEP", 0.05)
        monkeypatch.setattr(switchboard, "LOOK", 0.1)
        alive = switchboard.alive

        def slow(*asked):
            time.sleep(0.4)
            return alive(*asked)

        monkeypatch.setattr(switchboard, "alive", slow)
        tab = await opened(ana)
        await Session.objects.filter(id=ana.session).aupdate(ended_at=present())
        assert await tab.closing() == 4401

    async def test_is_found_out_after_looks_that_waited_too_long(
        self, region, ana, opened, monkeypatch
    ):
        """The database is away: a look that is given up ends itself, and not all that follow."""
        monkeypatch.setattr(switchboard, "SWEEP", 0.05)
        monkeypatch.setattr(switchboard, "LOOK", 0.1)
        away, looks, alive = threading.Event(), [], switchboard.alive
        told: asyncio.Queue[str] = asyncio.Queue()
        stumbled: list[str] = []

        def look(*asked):
            looks.append(asked)
            away.wait(10)
            return alive(*asked)

        monkeypatch.setattr(switchboard, "alive", look)
        monkeypatch.setattr(switchboard.log, "warning", lambda said, *_: told.put_nowait(said))
        monkeypatch.setattr(switchboard.log, "exception", lambda _, name: stumbled.append(name))
        tab = await opened(ana)
        try:
            async with asyncio.timeout(10):
                for _ in range(3):
                    assert "took longer than" in await told.get()
        finally:
            away.set()
        assert stumbled == []
        assert len(looks) == 2  # no more than its threads; whatever came later waited for one
        await Session.objects.filter(id=ana.session).aupdate(ended_at=present())
        assert await tab.closing() == 4401
