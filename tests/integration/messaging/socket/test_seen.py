"""That a person writes keeps their session, at the cost of one statement in half a minute."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from casehub.accounts import services, sockets
from casehub.accounts.models import Session
from tests.integration.messaging.socket.conftest import in_database

pytestmark = pytest.mark.django_db(transaction=True)

LONG = timedelta(minutes=5)
HALF = timedelta(seconds=30)


def seen_at(who):
    return Session.objects.get(id=who.session).last_seen_at


async def put_back(who, at) -> None:
    await in_database(Session.objects.filter(id=who.session).update)(last_seen_at=at)


@pytest.fixture
def asked(monkeypatch):
    """Every question whether a note is to be written."""
    asked, real = [], services.touch
    monkeypatch.setattr(services, "touch", lambda **given: asked.append(given) or real(**given))
    return asked


class TestWriting:
    async def test_keeps_the_session(self, ana, thread, opened, now):
        tab = await opened(ana)
        await put_back(ana, now - LONG)
        await tab.post(thread)
        await tab.hear("accepted")
        await tab.post(thread)
        await tab.hear("accepted")
        async with asyncio.timeout(5):  # the note follows what was accepted, and waits for nobody
            while await in_database(seen_at)(ana) < now:
                pass

    async def test_asks_the_database_once_for_many_messages(self, ana, thread, opened, now, asked):
        tab = await opened(ana)
        await put_back(ana, now - LONG)
        for _ in range(8):
            await tab.post(thread)
            await tab.hear("accepted")
        await tab.post(thread)
        await tab.hear("accepted")
        assert len(asked) == 1


class TestANote:
    async def test_is_due_again_after_half_a_minute(self, ana, thread, opened, now):
        await opened(ana)
        await put_back(ana, now - LONG)
        seen = sockets.Seen(ana.session)
        assert seen.begin(now)
        assert not seen.begin(now)  # one is under way
        await in_database(seen.note)(now=now)
        assert not seen.begin(now + HALF - timedelta(milliseconds=1))
        assert seen.begin(now + HALF)
        assert await in_database(seen_at)(ana) == now

    async def test_that_wrote_nothing_puts_off_no_other(self, ana, thread, opened, now):
        """Else a session that was noted 29 s ago would end 59 s early, and not 30."""
        await opened(ana)
        await put_back(ana, now - HALF + timedelta(seconds=1))
        seen = sockets.Seen(ana.session)
        assert seen.begin(now)
        await in_database(seen.note)(now=now)
        assert seen.begin(now + timedelta(seconds=1))
        await in_database(seen.note)(now=now + timedelta(seconds=1))
        assert await in_database(seen_at)(ana) == now + timedelta(seconds=1)
        assert not seen.begin(now + timedelta(seconds=2))
