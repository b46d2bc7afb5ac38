"""In which thread a request is answered."""

from __future__ import annotations

import asyncio
import json
import threading
from types import SimpleNamespace

import pytest
from asgiref.testing import ApplicationCommunicator
from django.http import HttpResponse, StreamingHttpResponse

from casehub import urls
from casehub.edge import handler
from casehub.edge.handler import Handler, Places
from casehub.edge.unread import BY_PIECES

ID = "3f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab01"
# What waits for something other than the database, and how many of it are at work at once.
NARROW = [
    (f"/api/attachments/{ID}/chunks/0", 3),
    (f"/api/enclosures/{ID}/pieces/12", 3),
    ("/api/sign-in/password", 2),
    ("/api/oversight/logs/audit.example%2F2026/bundle", 1),
]


class Caller(ApplicationCommunicator):
    """Somebody who asks for an address."""

    def __init__(self, application, path="/", language="es"):
        spoken = [(b"accept-language", language.encode())]
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b""}
        super().__init__(application, {"http_version": "1.1", "headers": spoken, **scope})

    async def ask(self):
        await self.send_input({"type": "http.request"})

    async def answer(self):
        start = await self.receive_output(5)
        body = await self.receive_output(5)
        await self.wait(5)
        return start["status"], body["body"].decode()

    async def leave(self):
        await self.send_input({"type": "http.disconnect"})
        await self.wait(5)


@pytest.fixture
def answered():
    """Return a handler whose answers are the names of their threads; "/slow" waits to be let go."""

    class Answered(Handler):
        begun, go_on, worked_in = threading.Event(), threading.Event(), 0
        slow = "/slow"

        def get_response(self, request):
            if request.path == "/wrong":
                raise ValueError("wrong")
            if request.path == self.slow:
                self.worked_in = threading.get_ident()
                self.begun.set()
                self.go_on.wait(5)
            return HttpResponse(f"{threading.get_ident()}")

    here = Answered()
    yield here
    here.go_on.set()
    for thread in here._idle:
        thread.shutdown()


async def told(application, path="/"):
    caller = Caller(application, path)
    await caller.ask()
    return await caller.answer()


async def until(holds):
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def begun(application):
    caller = Caller(application, application.slow)
    await caller.ask()
    assert await asyncio.to_thread(application.begun.wait, 5)
    return caller


def waiting(application, path):
    """Return how many wait in the line of those who ask for `path`."""
    return next(places for which, places in application._narrow if which.fullmatch(path)).waiting


class TestARequest:
    async def test_is_answered_in_the_thread_of_the_one_before(self, answered):
        assert len({await told(answered) for _ in range(5)}) == 1

    async def test_shares_its_thread_with_no_other_meanwhile(self, answered):
        slow = await begun(answered)
        quick = {await told(answered) for _ in range(3)}
        answered.go_on.set()
        assert await slow.answer() not in quick

    async def test_whose_caller_has_gone_keeps_its_thread_until_it_is_over(self, answered):
        slow = await begun(answered)
        leaving = asyncio.ensure_future(slow.leave())
        quick = {await told(answered) for _ in range(3)}
        assert not leaving.done()
        answered.go_on.set()
        await leaving
        assert len(quick) == 1
        assert len(answered._idle) == 2

    async def test_that_is_given_up_gives_its_thread_to_nobody(self, answered):
        slow = await begun(answered)
        slow.stop(exceptions=False)
        await asyncio.sleep(0.1)
        assert answered._idle == []
        assert (await told(answered))[0] == 200

    async def test_that_is_given_up_gives_its_connection_back_once_its_work_is_over(
        self, answered, monkeypatch
    ):
        """A pool counts one that was dropped for ever: sixteen, and there is no database."""
        closed, over = [], threading.Event()

        def close_all():
            closed.append((threading.get_ident(), answered.go_on.is_set()))
            over.set()

        monkeypatch.setattr(handler, "connections", SimpleNamespace(close_all=close_all))
        slow = await begun(answered)
        slow.stop(exceptions=False)
        await asyncio.sleep(0.1)
        assert closed == []
        answered.go_on.set()
        assert await asyncio.to_thread(over.wait, 5)
        assert closed == [(answered.worked_in, True)]

    async def test_whose_thread_is_one_too_many_lets_go_of_its_connection(
        self, answered, monkeypatch
    ):
        """A connection is kept from one request to the next: by no thread that has none."""
        closed, over = [], threading.Event()

        def close_all():
            closed.append(str(threading.get_ident()))
            over.set()

        monkeypatch.setattr(handler, "connections", SimpleNamespace(close_all=close_all))
        monkeypatch.setattr(handler, "IDLE", 0)
        _, thread = await told(answered)
        assert await asyncio.to_thread(over.wait, 5)
        assert closed == [thread]
        assert answered._idle == []

    async def test_that_ends_in_an_error_of_the_handler_takes_no_thread_with_it(self, answered):
        with pytest.raises(ValueError, match="wrong"):
            await told(answered, "/wrong")
        assert answered._idle == []
        assert (await told(answered))[0] == 200


class TestThreads:
    async def test_are_kept_for_the_next_up_to_a_number(self, answered, monkeypatch):
        monkeypatch.setattr(handler, "IDLE", 1)
        slow = await begun(answered)
        await told(answered)
        answered.go_on.set()
        await slow.answer()
        assert len(answered._idle) == 1


class TestHowManyAreAtWork:
    @pytest.fixture
    def one(self, answered, monkeypatch):
        """A handler that lets one request at a time do its work, and the others wait a moment."""
        answered._places = Places(1)
        monkeypatch.setattr(handler, "PATIENCE", 0.2)
        return answered

    async def test_is_what_the_database_has_for_them(self, answered):
        assert answered._places.free._value == handler.HTTP

    async def test_lets_the_next_one_in_when_one_is_over(self, one, monkeypatch):
        monkeypatch.setattr(handler, "PATIENCE", 5)
        slow = await begun(one)
        waits = asyncio.ensure_future(told(one))
        await asyncio.sleep(0.1)
        assert not waits.done()
        one.go_on.set()
        assert (await slow.answer())[0] == (await waits)[0] == 200
        assert one._places.free._value == 1

    async def test_tells_at_once_whom_there_is_no_room_to_wait_for(self, one, monkeypatch):
        monkeypatch.setattr(handler, "PATIENCE", 5)
        monkeypatch.setattr(handler, "LINE", 2)
        await begun(one)
        waiting = [asyncio.ensure_future(told(one)) for _ in range(2)]
        await until(lambda: one._places.waiting == 2)
        assert (await told(one, "/api/cases"))[0] == 503
        one.go_on.set()
        assert [status for status, _ in await asyncio.gather(*waiting)] == [200, 200]
        assert (one._places.free._value, one._places.waiting) == (1, 0)

    @pytest.mark.parametrize(("path", "places"), NARROW)
    async def test_leaves_room_beside_what_waits_for_something_else(self, answered, path, places):
        """For a store of files that hangs, and for who guesses passwords: each takes a core."""
        calls = [Caller(answered, path) for _ in range(places + 1)]
        answered.slow = path
        for call in calls:
            await call.ask()
        await until(lambda: waiting(answered, path) == 1)
        assert answered._places.free._value == handler.HTTP - places
        assert (await told(answered, "/api/cases"))[0] == 200
        answered.go_on.set()
        assert {(await call.answer())[0] for call in calls} == {200}
        assert answered._places.free._value == handler.HTTP

    @pytest.mark.parametrize(("path", "places"), NARROW)
    async def test_keeps_nobody_from_waiting_because_those_are_many(
        self, answered, monkeypatch, path, places
    ):
        monkeypatch.setattr(handler, "LINE", 1)
        answered._places = Places(places)
        calls = [Caller(answered, path) for _ in range(places + 1)]
        answered.slow = path
        for call in calls:
            await call.ask()
        await until(lambda: waiting(answered, path) == 1)
        assert (await told(answered, path))[0] == 503
        other = asyncio.ensure_future(told(answered, "/api/cases"))
        await until(lambda: answered._places.waiting == 1)
        answered.go_on.set()
        assert (await other)[0] == 200

    def test_leaves_two_for_all_else(self):
        assert sum(places for _, places in handler.NARROW) <= handler.HTTP - 2

    @pytest.mark.parametrize("path", ["/static/assets/a.js", "/healthz", "/readyz"])
    async def test_counts_nobody_who_asks_nothing_of_the_database(self, one, path):
        await begun(one)
        assert (await told(one, path))[0] == 200

    @pytest.mark.parametrize("path", ["/readyzz", "/healthz/api", "/statics", "/api/static/"])
    async def test_counts_whoever_has_a_path_like_theirs(self, one, path):
        await begun(one)
        assert (await told(one, path))[0] == 503

    @pytest.mark.parametrize(
        ("language", "words"),
        [("es", "El servidor está ocupado"), ("en-GB", "The server is busy"), ("fr", "occupé")],
    )
    async def test_is_told_to_who_waited_in_vain(self, one, language, words):
        await begun(one)
        caller = Caller(one, "/api/cases", language)
        await caller.ask()
        status, body = await caller.answer()
        assert status == 503
        assert json.loads(body)["code"] == "busy"
        assert words in json.loads(body)["message"]

    async def test_keeps_nobody_from_a_page_that_reads_what_is_on_the_device(
        self, one, settings, tmp_path
    ):
        (tmp_path / "index.html").write_text("<!doctype html>")
        settings.FRONTEND_DIST = tmp_path
        urls._page.cache_clear()
        await begun(one)
        assert await told(one, "/expedientes") == (503, "<!doctype html>")
        urls._page.cache_clear()

    async def test_counts_who_was_given_up_until_their_connection_is_back(self, one, monkeypatch):
        slow = await begun(one)
        slow.stop(exceptions=False)
        await asyncio.sleep(0.1)
        assert one._places.free._value == 0
        monkeypatch.setattr(handler, "PATIENCE", 5)
        one.go_on.set()
        assert (await told(one))[0] == 200
        assert one._places.free._value == 1

    @pytest.mark.parametrize("end", ["leaves", "is given up"])
    async def test_counts_nobody_who_no_longer_waits(self, one, monkeypatch, end):
        monkeypatch.setattr(handler, "PATIENCE", 5)
        slow, caller = await begun(one), Caller(one)
        await caller.ask()
        await asyncio.sleep(0.1)
        if end == "leaves":
            await caller.leave()
        else:
            caller.stop(exceptions=False)
        one.go_on.set()
        await slow.answer()
        assert (await told(one))[0] == 200
        assert one._places.free._value == 1

    async def test_counts_nobody_whose_answer_failed(self, one):
        for _ in range(3):
            with pytest.raises(ValueError, match="wrong"):
                await told(one, "/wrong")
        assert (await told(one))[0] == 200
        assert one._places.free._value == 1


class TestALongAnswer:
    """What is made by pieces waits for its reader; nothing else does, which has a place."""

    @pytest.fixture
    def answering(self):
        class Answering(Handler):
            answer = HttpResponse("whole")

            def get_response(self, request):
                return self.answer

        here = Answering()
        yield here
        for thread in here._idle:
            thread.shutdown()

    async def said(self, here):
        caller = Caller(here)
        await caller.ask()
        found = [await caller.receive_output(5)]
        while found[-1].get("more_body", found[-1]["type"] == "http.response.start"):
            found.append(await caller.receive_output(5))
        await caller.wait(5)
        return [BY_PIECES in one for one in found if one.get("body")]

    async def test_is_read_by_pieces_if_it_is_made_by_pieces(self, answering):
        async def pieces():
            yield b"one"
            yield b"two"

        answering.answer = StreamingHttpResponse(pieces())
        assert await self.said(answering) == [True, True]

    @pytest.mark.parametrize("whole", [HttpResponse("whole"), StreamingHttpResponse([b"a"])])
    @pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
    async def test_is_not_waited_for_if_it_is_whole(self, answering, whole):
        answering.answer = whole
        assert await self.said(answering) == [False]
