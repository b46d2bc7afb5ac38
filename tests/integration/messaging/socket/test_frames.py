"""What a client may say: six commands, exactly, and not too often."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest

from casehub.core import rates
from messaging import consumers, schemas
from tests.integration.messaging.socket.conftest import in_database, present

pytestmark = pytest.mark.django_db(transaction=True)


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

    async def test_wait_for_nothing_that_somebody_reads_in_the_database(self, ana, opened):
        tab, over = await opened(ana), threading.Event()
        reading = asyncio.ensure_future(in_database(over.wait)(20))
        try:
            await tab.say(type="ping")
            await tab.hear("pong")
            assert not reading.done()
        finally:
            over.set()
            await reading

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
        rates.refusals.count("too-many", present() - timedelta(minutes=2))
        for _ in range(consumers.BAD_FRAMES + 2):
            await tab.say(type="ping")
        assert (await tab.hear("refused"))["code"] == "too-many"
        assert await tab.closing() == 4429

    async def test_that_would_fill_the_disk_are_refused_whatever_their_number(
        self, ana, thread, opened, monkeypatch
    ):
        monkeypatch.setitem(rates.RATES, "kept", rates.Rate(burst=3, per_minute=0))
        tab = await opened(ana)
        await tab.post(thread)
        assert (await tab.hear("accepted", "refused"))["type"] == "accepted"
        await tab.post(thread, text=b"x" * 4096)
        assert (await tab.hear("refused"))["code"] == "too-many"
        await tab.post(thread)
        assert (await tab.hear("accepted", "refused"))["type"] == "accepted"

    def test_have_a_machine_readable_schema(self):
        assert len(schemas.socket_schema()["oneOf"]) == 6
