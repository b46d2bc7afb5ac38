"""Callers who mean no good, each from an address of their own on this machine's loopback."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import httpx

from tests.faults.ground import Ground, Missed
from tests.opening import post

SLOW, BIG, GUESSERS = 200, 8, 20
BODY = 300 * 2**20
SECONDS = 12.0  # longer than the edge waits for a header
PAUSE = 1.0  # seconds between two letters
CUT = 10.0  # seconds more in which all are cut off, on a busy machine too
STORM = 6.0
ASKED = 0.05  # seconds between two questions of somebody who looks


def _address(number: int) -> str:
    return f"127.0.{1 + number // 200}.{1 + number % 200}"


def together(count: int, work: Callable[[int], None], *, seconds: float = 60) -> None:
    """
    Let so many work at once.

    :raises Missed: if one could not begin or did not end: there were fewer than are told of.
    """
    wrong: list[BaseException] = []

    def one(number: int) -> None:
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 - told below, in the thread that waits
            wrong.append(error)

    threads = [threading.Thread(target=one, args=[number], daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    if wrong:
        raise Missed(f"{len(wrong)} of {count} callers failed") from wrong[0]
    if any(thread.is_alive() for thread in threads):
        raise Missed(f"a caller has not come to an end in {seconds:.0f} s")


def _line(ground: Ground, number: int) -> socket.socket:
    """Knock at the edge's own door: it has to see who calls."""
    return socket.create_connection(("127.0.0.1", ground.region.door), 10, (_address(number), 0))


def slow(ground: Ground, _: random.Random) -> float:
    """Two hundred who send a header letter by letter, until they are cut off."""
    lines = [_line(ground, number) for number in range(SLOW)]
    deadline = time.monotonic() + SECONDS
    for line in lines:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    while time.monotonic() < deadline:
        time.sleep(PAUSE)
        for line in lines:
            with suppress(OSError):
                line.sendall(b"a")
    deadline = time.monotonic() + CUT
    left = sum(not _ended(line, deadline) for line in lines)
    for line in lines:
        line.close()
    if left:
        raise Missed(f"{left} of {len(lines)} slow callers were not cut off")
    return time.monotonic()


def _ended(line: socket.socket, deadline: float) -> bool:
    """Return whether the other end closes until then; what it says before is not read."""
    try:
        while (left := deadline - time.monotonic()) > 0:
            line.settimeout(left)
            if not line.recv(2**16):
                return True
    except TimeoutError:
        return False
    except OSError:  # a reset is an end too
        return True
    return False


def big(ground: Ground, _: random.Random) -> float:
    """Eight who send three hundred megabytes each, signed in nowhere, until they are refused."""
    piece, taken = b"\0" * 2**16, []

    def send(number: int) -> None:
        with _line(ground, number) as line, suppress(OSError):
            line.settimeout(20)
            head = f"POST /api/cases HTTP/1.1\r\nHost: localhost\r\nContent-Length: {BODY}\r\n\r\n"
            line.sendall(head.encode())
            for _ in range(BODY // len(piece)):
                line.sendall(piece)
                taken.append(number)

    together(BIG, send)
    if not taken:
        raise Missed("no large body was begun to be taken")
    return time.monotonic()


def guessing(ground: Ground, chance: random.Random) -> float:
    """Twenty who try passwords of one account as fast as they are answered."""
    over = time.monotonic() + STORM
    words = [f"{chance.getrandbits(64):x}" for _ in range(GUESSERS)]
    answered: list[int] = []
    url = ground.region.url
    named = {"Host": url.removeprefix("http://"), "Origin": url}

    def guess(number: int) -> None:
        way = httpx.HTTPTransport(local_address=_address(number))
        door = f"http://127.0.0.1:{ground.region.door}"
        with httpx.Client(base_url=door, transport=way, headers=named, timeout=20) as one:
            while time.monotonic() < over:
                try:
                    if "csrftoken" not in one.cookies:
                        one.get("/")
                    post(one, "/api/sign-in/password", account="pa.enlace1", password=words[number])
                except httpx.HTTPStatusError as refused:
                    answered.append(refused.response.status_code)
                except (httpx.HTTPError, KeyError):
                    pass

    together(GUESSERS, guess)
    if not answered:
        raise Missed("nobody who guesses was answered")
    return time.monotonic()


@contextmanager
def looking(ground: Ground) -> Iterator[None]:
    """Somebody asks all the while for a page and for what the database says: a refusal is told."""
    over = threading.Event()
    refused = ground.traffic.opener.refused
    asked: list[str] = []
    named = {"Host": ground.region.url.removeprefix("http://")}

    def look() -> None:
        way = httpx.HTTPTransport(local_address=_address(0))
        door = f"http://127.0.0.1:{ground.region.door}"
        with httpx.Client(base_url=door, transport=way, headers=named, timeout=20) as one:
            while not over.wait(ASKED):
                for place in ("/", "/api/log"):
                    asked.append(place)
                    try:
                        answer = one.get(place)
                    except httpx.HTTPError as wrong:
                        refused.append(f"{place}: {type(wrong).__name__}")
                    else:
                        if answer.is_error:
                            refused.append(f"{place}: {answer.status_code}")

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(30)
    if thread.is_alive() or not asked:
        raise Missed("nobody looked all the while")
