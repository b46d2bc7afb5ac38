"""Callers who mean no good, each from an address of their own on this machine's loopback."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import httpx

from tests.faults.excuses import AWAY
from tests.faults.fault import Fault
from tests.faults.ground import Ground, Missed
from tests.opening import post

SLOW, BIG, GUESSERS = 200, 8, 20
BODY = 300 * 2**20
DOOR = 64 * 2**10  # what the edge takes at most doors (deploy/nginx)
BEYOND = 2**20  # more than that nobody is let send before a refusal
PIECE = b"\0" * 2**16
WAITED = 20.0  # seconds for an answer
REFUSED = "refused"
SECONDS = 12.0  # longer than the edge waits for a header
PAUSE = 1.0  # seconds between two letters
CUT = 10.0  # seconds more in which all are cut off, on a busy machine too
STORM = 6.0


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
    poured: list[str] = []
    together(BIG, lambda number: poured.append(_poured(_line(ground, number))))
    if not any(poured):
        raise Missed("no large body was begun to be taken")
    ground.noticed += [one for one in poured if one not in {"", REFUSED}]
    return time.monotonic()


def _poured(line: socket.socket) -> str:
    """
    Send a large body; return what became of it: REFUSED, "" if nothing was taken, or what is wrong.

    Whoever is answered 413 within so much, or is cut off, was refused. They go on all the same:
    the edge throws away what comes after its answer, so that it is read, and hangs up soon.
    """
    taken, answer = 0, b""
    head = f"POST /api/cases HTTP/1.1\r\nHost: localhost\r\nContent-Length: {BODY}\r\n\r\n"
    with line:
        line.settimeout(WAITED)
        try:
            line.sendall(head.encode())
            while taken < BODY:
                if taken >= DOOR + BEYOND and not answer:
                    answer = line.recv(2**12) or b"hung up"
                line.sendall(PIECE)
                taken += len(PIECE)
        except TimeoutError:
            if not answer:
                return f"a large body was neither refused nor cut off after {taken} bytes"
        except OSError:  # cut off, before an answer or after it
            pass
        if taken and answer and not answer.startswith((b"HTTP/1.1 413 ", b"hung up")):
            return f"a large body was answered with {answer[:30]!r}"
        if not _ended(line, time.monotonic() + CUT):
            return "who sent a large body was not cut off"
    return REFUSED if taken else ""


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


FAULTS = (
    Fault("slow-callers", f"{SLOW} connections send a header letter by letter for 12 s", slow),
    Fault(
        "big-bodies",
        f"{BIG} strangers send 300 MiB each; each is refused or cut off within a MiB beyond what"
        " the edge takes",
        big,
    ),
    Fault(
        "guessing",
        f"{GUESSERS} addresses try passwords for 6 s, as fast as they are answered",
        guessing,
        (AWAY,),
    ),
)
