"""Many people whose lines end at once, and who all come back."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Self

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from tests.faults.excuses import ORPHANED
from tests.faults.fault import Fault
from tests.faults.ground import ACCOUNTS, OPENER, WEBS, Ground, Missed
from tests.faults.strikes.minted import PROGRAM
from tests.servers.casehub_server import PROJECT

COUNT = 60  # 500 come back without a refusal; two cores take half a minute for them
FIGURE = 10.0  # seconds in which all have what they missed
LAST = 60.0  # seconds after which nobody is waited for
FIRST, MOST = 0.5, 15.0  # seconds of a page's pauses (frontend/src/state/connection.ts)
OFFICES = 50  # addresses that they share
ANSWER = 20.0  # seconds
TOKEN = "t" * 32  # of CSRF: a browser's cookie says it, and a header again
_AT_ONCE = 25  # come in, before anything is struck


class Crowd:
    """People with a session each, and a socket each; `back`, when each had all they missed."""

    def __init__(self, ground: Ground, keys: list[str], chance: random.Random) -> None:
        self._ground, self._keys, self._chance = ground, keys, chance
        self.back: dict[int, float] = {}
        self.failed: Counter[str] = Counter()  # what stood in whose way, how often
        self._open: dict[int, ClientConnection] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: list[asyncio.Task[None]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._begin(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _begin(self) -> None:
        door = asyncio.Semaphore(_AT_ONCE)
        lives = (self._live(number, door) for number in range(len(self._keys)))
        self._tasks = [asyncio.ensure_future(one) for one in lives]

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._abort()
        await asyncio.sleep(0.2)  # until each line knows of it

    def since(self, at: float) -> int:
        """Return how many have come back since then."""
        return sum(one > at for one in self.back.values())

    def wait(self, at: float, seconds: float) -> float:
        """Wait until all have come back since `at`; return how long the last one took, or so."""
        deadline = time.monotonic() + seconds
        while self.since(at) < len(self._keys) and time.monotonic() < deadline:
            time.sleep(0.05)
        whole = self.since(at) == len(self._keys)
        return max(self.back.values()) - at if whole else time.monotonic() - at

    def there(self) -> int:
        """Return how many have a line now."""
        return len(self._open)

    def lose(self) -> int:
        """End every line, as where an aerial falls; return how many there were."""
        count = self.there()
        self._loop.call_soon_threadsafe(self._abort)
        return count

    def lose_one(self, number: int) -> bool:
        """End the line of one, if it is there."""
        line = self._open.get(number)
        if line is not None:
            self._loop.call_soon_threadsafe(line.transport.abort)
        return line is not None

    def _abort(self) -> None:
        for line in list(self._open.values()):
            line.transport.abort()

    # ------------------------------------------------------------------ one of them

    async def _live(self, number: int, door: asyncio.Semaphore) -> None:
        """Be connected; after a loss, come back as a page does."""
        failures, waits = 0, door
        heads = as_browsers(self._ground.region.url, self._keys[number])
        way = httpx.AsyncHTTPTransport(verify=False, local_address=_address(number))  # plain HTTP
        where = f"http://127.0.0.1:{self._ground.region.door}"
        async with httpx.AsyncClient(
            base_url=where, transport=way, headers=heads, timeout=ANSWER, trust_env=False
        ) as asking:
            while True:
                try:
                    async with waits:
                        line = await self._come(number, asking, heads)
                except (OSError, TimeoutError, httpx.HTTPError, WebSocketException) as wrong:
                    failures += 1
                    self.failed[_short(wrong)] += 1
                else:
                    failures, waits = 0, asyncio.Semaphore(1)  # from now on nobody takes turns
                    with suppress(WebSocketException):
                        async for _ in line:
                            pass
                    self._open.pop(number, None)
                most = min(MOST, FIRST * 2**failures)
                await asyncio.sleep(most * (0.5 + self._chance.random() / 2))

    async def _come(
        self, number: int, asking: httpx.AsyncClient, heads: dict[str, str]
    ) -> ClientConnection:
        """Open a socket with a ticket, hear how all stands, and ask for the cases, as a page."""
        answer = self._judged(await asking.post("/api/socket-ticket", json={}))
        ticket = answer.json()["ticket"]
        try:
            line = await connect(
                f"ws://{heads['Host']}/socket",
                host="127.0.0.1",
                port=self._ground.region.door,
                local_addr=(_address(number), 0),
                origin=heads["Origin"],  # type: ignore[arg-type] - a plain string
                additional_headers={"Cookie": heads["Cookie"]},
                subprotocols=["casehub.1", f"ticket.{ticket}"],  # type: ignore[list-item] - as above
                open_timeout=ANSWER,
                ping_interval=None,
                proxy=None,
            )
        except InvalidStatus as refused:
            self._told(refused.response.status_code, refused.response.headers.get("Retry-After"))
            raise
        try:
            await asyncio.wait_for(line.recv(), ANSWER)  # hello: how each of their threads stands
            cases = await asking.get("/api/cases")
            if cases.status_code != HTTPStatus.FORBIDDEN:  # who sees no cases by their role
                self._judged(cases)
        except BaseException:
            line.transport.abort()
            raise
        self._open[number] = line
        self.back[number] = time.monotonic()
        return line

    def _judged(self, answer: httpx.Response) -> httpx.Response:
        if answer.is_error:
            self._told(answer.status_code, answer.headers.get("Retry-After"))
        return answer.raise_for_status()

    def _told(self, status: int, again: str | None) -> None:
        """Notice a server's error, but one that says when to ask again."""
        busy = status == HTTPStatus.SERVICE_UNAVAILABLE and again
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not busy:
            self._ground.noticed.append(f"who came back was answered {status}, Retry-After {again}")


def _short(wrong: Exception) -> str:
    match wrong:
        case httpx.HTTPStatusError():
            return f"{wrong.response.status_code} {wrong.request.url.path}"
        case InvalidStatus():
            return f"{wrong.response.status_code} socket"
        case WebSocketException():
            return str(wrong)[:60]
    return type(wrong).__name__


def as_browsers(url: str, key: str) -> dict[str, str]:
    """Return the headers by which whoever has a session's key comes from a page of the region."""
    return {
        "Host": url.removeprefix("http://"),
        "Origin": url,
        "Cookie": f"casehub={key}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
    }


def _address(number: int) -> str:
    return f"127.0.3.{1 + number % OFFICES}"


def minted(ground: Ground, count: int) -> list[str]:
    """Return the keys of so many sessions, of people who do nothing else here."""
    region = ground.region
    done = subprocess.run(
        [sys.executable, "-m", PROGRAM, str(count), *ACCOUNTS, OPENER],
        env=region.environment(region.services["web"]),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    keys: list[str] = json.loads(done.stdout.splitlines()[-1])
    return keys


@contextmanager
def _there(ground: Ground, chance: random.Random) -> Iterator[Crowd]:
    keys = minted(ground, COUNT)
    with Crowd(ground, keys, random.Random(chance.random())) as crowd:
        crowd.wait(0, LAST)
        if crowd.since(0) < COUNT:
            raise Missed(f"only {crowd.since(0)} of {COUNT} sockets could be opened")
        ground.learn_memory()
        yield crowd


def _return(ground: Ground, _: random.Random) -> float:
    return _lost(ground, "")


def _killed(ground: Ground, chance: random.Random) -> float:
    return _lost(ground, chance.choice(WEBS))


def _lost(ground: Ground, victim: str) -> float:
    """All lose their lines, and one web process its life, if it is one."""
    crowd: Crowd = ground.beside
    at = ground.kill(victim) if victim else time.monotonic()
    if (lost := crowd.lose()) < COUNT // 3:
        raise Missed(f"only {lost} of {COUNT} lines were there to be lost")
    if victim:
        ground.region.again(victim)
    took = crowd.wait(at, LAST)
    back = crowd.since(at)
    if back < COUNT:
        why = ", ".join(f"{one} ({count})" for one, count in crowd.failed.most_common(4))
        ground.noticed.append(f"{back} of {COUNT} have come back after {took:.1f} s: {why}")
    elif took > FIGURE:
        ground.noticed.append(f"the last of {COUNT} was back after {took:.1f} s")
    return at


_ALL_BACK = (
    f"; all are back, with what they missed, within {FIGURE:.0f} s, and nobody is told of an error"
    " of the server but 503 with Retry-After"
)
FAULTS = (
    Fault(
        "sockets-return",
        f"{COUNT} people with a socket each lose their lines at once{_ALL_BACK}",
        _return,
        ORPHANED,
        around=_there,
    ),
    Fault(
        "sockets-return-killed",
        f"the same, and one of two web processes is killed at that moment{_ALL_BACK}",
        _killed,
        ORPHANED,
        around=_there,
    ),
)
