"""Answers that nobody reads fill no memory, and whoever reads slowly gets all of theirs."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

import httpx
import pytest

from casehub.edge import limits
from casehub.edge.limits import MIB
from tests.servers.bare_edge import LONG

HASTY = 4  # seconds that `hasty_edge` waits for a reader, and one more for each MiB
LOOK = 3  # and until the server looks
READERS = 60  # who read nothing: of 8 MiB each that would be 480 MiB
ROOM = limits.UNREAD_BYTES + 96 * MIB  # what Python and the kernel take beside what is counted
SMALL_WINDOW = 64 * 1024


def ask(edge, path: str, network: int = 0) -> socket.socket:
    line = edge.connect(network)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW)
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return line


def ended(line: socket.socket, within: float) -> bool:
    """Return whether the server lets go of a line before what was asked for is here."""
    line.settimeout(within)
    found = 0
    try:
        while piece := line.recv(MIB):
            found += len(piece)
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return found < LONG["/large"]


def until(holds, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


class TestAnAnswerThatNobodyReads:
    @pytest.mark.parametrize("path", ["/large", "/stream"])
    def test_fills_no_memory_however_many_ask_and_others_are_answered(self, own_edge, path):
        httpx.get(own_edge.url + path, timeout=30)
        before = own_edge.memory()
        with ExitStack() as lines:
            peak = 0
            for number in range(READERS):
                lines.enter_context(ask(own_edge, path, 10 + number % 5))
                time.sleep(0.05)
                peak = max(peak, own_edge.memory() - before)
            assert httpx.get(own_edge.url + "/a", timeout=10).status_code == 200
            peak = max(peak, own_edge.memory() - before)
            assert peak < ROOM, peak / MIB
        assert until(lambda: own_edge.memory() - before < ROOM // 2, 30)

    @pytest.mark.parametrize("path", ["/large", "/stream"])
    def test_costs_its_line_after_a_while(self, hasty_edge, path):
        with ask(hasty_edge, path) as line:
            time.sleep(HASTY + LONG["/large"] / MIB + LOOK)
            assert ended(line, 5)


class TestAnAnswerThatIsReadSlowly:
    @pytest.mark.parametrize("path", ["/large", "/stream"])
    def test_arrives_whole(self, hasty_edge, path):
        """Slower than the line lets, faster than the server waits for; longer than either alone."""
        with ask(hasty_edge, path) as line:
            line.settimeout(10)
            found, since = b"", time.monotonic()
            while len(found) < LONG[path]:
                piece = line.recv(256 * 1024)
                assert piece, "the line was cut"
                found += piece
                behind = len(found) / (1.5 * MIB) - (time.monotonic() - since)
                time.sleep(max(0.0, behind))
        assert time.monotonic() - since > 4

    def test_and_is_made_by_pieces_is_made_no_faster_than_it_is_read(self, own_edge):
        with ask(own_edge, "/stream"):
            time.sleep(2)
            made = own_edge.output.read_text().count("piece\n")
            time.sleep(1)
            assert made == own_edge.output.read_text().count("piece\n")
        assert made * MIB < LONG["/stream"]
        assert until(lambda: "given up\n" in own_edge.output.read_text(), 10)
