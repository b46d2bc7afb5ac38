"""A line to Redis that ends by silence (ETIMEDOUT) is made anew, and the loop goes on meanwhile."""

from __future__ import annotations

import asyncio
import errno
import ssl
import threading
from contextlib import suppress

import pytest
from redis.asyncio import ConnectionPool
from redis.asyncio import connection as redis

from casehub.core import layer
from tests.servers.tls import Certificate

MOMENT = 5.0  # seconds
PLAIN, TLS, UNIX = "redis", "rediss", "unix"


class Redis:
    """As much of Redis as a layer asks for: subscriptions, and what is published to them."""

    def __init__(self):
        self.lines: list[asyncio.StreamWriter] = []
        self._heard: dict[bytes, set[asyncio.StreamWriter]] = {}

    async def serve(self, reader, writer):
        self.lines.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                asked = [await self._word(reader) for _ in range(await self._number(reader))]
                writer.write(self._answer(writer, *asked))

    @staticmethod
    async def _number(reader):
        return int((await reader.readuntil(b"\r\n"))[1:])

    async def _word(self, reader):
        return (await reader.readexactly(await self._number(reader) + 2))[:-2]

    def _answer(self, writer, act, *words):
        if act == b"HELLO":
            return b"%1\r\n$5\r\nproto\r\n:3\r\n"
        if act == b"SUBSCRIBE":
            for word in words:
                self._heard.setdefault(word, set()).add(writer)
            return b"".join(b">3\r\n$9\r\nsubscribe\r\n" + _word(one) + b":1\r\n" for one in words)
        if act == b"PUBLISH":
            said = b">3\r\n$7\r\nmessage\r\n" + b"".join(map(_word, words))
            for line in self._heard.get(words[0], ()):
                line.write(said)
            return b":1\r\n"
        return b"+OK\r\n"


def _word(word):
    return b"$%d\r\n%b\r\n" % (len(word), word)


class Process:
    """A loop in a thread of its own, as a web process has it, with a layer on the given line."""

    def __init__(self, scheme, folder):
        self.redis, self._loop = Redis(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server, url = self(self._listen(scheme, folder))
        self.layer = layer.OverRedis(url=url, prefix="casehub")

    def __call__(self, call):
        """Await it there, for a moment; a loop that stands still answers nothing."""
        return asyncio.run_coroutine_threadsafe(call, self._loop).result(MOMENT)

    async def _listen(self, scheme, folder):
        if scheme == UNIX:
            path = folder / "socket"
            return await asyncio.start_unix_server(self.redis.serve, path), f"unix://{path}"
        context = None
        if scheme == TLS:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(Certificate(folder).file)
        server = await asyncio.start_server(self.redis.serve, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        trusted = f"?ssl_ca_certs={folder / 'localhost.pem'}" if context else ""
        return server, f"{scheme}://localhost:{port}/0{trusted}"

    async def fall_silent(self):
        """Let the line on which doorbells come fail as the kernel lets it, unanswered."""
        writer = self.heard_by()._writer
        inner = getattr(writer.transport, "_ssl_protocol", None)
        transport = inner._transport if inner else writer.transport
        transport._fatal_error(OSError(errno.ETIMEDOUT, "Connection timed out"))

    def heard_by(self):
        (one,) = self.layer._layers.values()
        return one._shards[0]._pubsub.connection

    def end(self):
        reader = self.heard_by()._reader
        if reader is not None and isinstance(reader.exception(), TimeoutError):
            reader.set_exception(ConnectionResetError())  # so that a loop that stands still goes on
        self(self.layer.flush())
        self._server.close()
        for line in self.redis.lines:
            self._loop.call_soon_threadsafe(line.close)
        self(asyncio.sleep(0.01))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(MOMENT)
        self._loop.close()


@pytest.fixture(params=[PLAIN, TLS, UNIX])
def process(request, tmp_path):
    running = Process(request.param, tmp_path)
    yield running
    running.end()


async def _until_heard(process, channel, word):
    """Ring until it is heard: what is rung while there is no line is lost."""

    async def hear():
        while (await process.layer.receive(channel))["word"] != word:
            pass

    hearing = asyncio.ensure_future(hear())
    while not hearing.done():
        await process.layer.group_send("people", {"type": "doorbell", "word": word})
        await asyncio.wait({hearing}, timeout=0.05)


def test_a_line_that_falls_silent_stops_no_loop_and_is_made_anew(process):
    channel = process(process.layer.new_channel())
    process(process.layer.group_add("people", channel))
    process(_until_heard(process, channel, "before"))
    before = process.heard_by()._reader
    process(process.fall_silent())
    process(asyncio.sleep(0.3))  # longer than one wait for the next doorbell
    process(_until_heard(process, channel, "after"))
    assert process.heard_by()._reader is not before


async def test_that_nothing_came_for_a_while_is_no_failure(tmp_path):
    server = await asyncio.start_unix_server(Redis().serve, tmp_path / "socket")
    pool = ConnectionPool(**layer.host(f"unix://{tmp_path / 'socket'}"))
    line = await pool.get_connection()
    assert await line.read_response(timeout=0.01) is None
    assert line.is_connected
    await pool.aclose()
    server.close()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("redis://casehub:p%40ss@redis:6379/0", redis.Connection),
        ("redis://redis", redis.Connection),
        ("rediss://redis:6380/1?ssl_cert_reqs=none", redis.SSLConnection),
        ("unix:///run/redis?db=2", redis.UnixDomainSocketConnection),
    ],
)
async def test_a_line_is_what_its_address_says(url, kind):
    ours, theirs = ConnectionPool(**layer.host(url)), ConnectionPool.from_url(url)
    assert issubclass(ours.connection_class, kind)
    assert theirs.connection_class is kind
    for pool in (ours, theirs):
        pool.connection_kwargs.pop("himport_registry")
        pool.connection_kwargs.pop("maint_notifications_pool_handler", None)
    assert ours.connection_kwargs.keys() == theirs.connection_kwargs.keys()
    for name in ("host", "port", "db", "username", "password", "path", "ssl_cert_reqs"):
        assert ours.connection_kwargs.get(name) == theirs.connection_kwargs.get(name)
