"""A road within this machine on which packets come late, get lost, overtake and come twice."""

from __future__ import annotations

import fcntl
import heapq
import itertools
import os
import random
import select
import shutil
import struct
import subprocess
import threading
import time
from pathlib import Path
from typing import Self

from tests.servers.volume import Unavailable

DELAY, VARIES = 0.15, 0.05  # seconds of each way: 300 ms there and back, give or take 100
LOST, OVERTAKES, DOUBLED = 0.05, 0.25, 0.01
LARGEST = 2**16
_DOOR = Path("/dev/net/tun")
_SET, _KIND = 0x400454CA, 0x1001  # TUNSETIFF; packets of IP, without a header of the device's
_ROADS = 200


class BadPackets:
    """
    Two addresses: what is sent to `far` is delivered at `near`, as if it came from `far`.

    Whoever connects to a port of `far` finds who listens on it at `near`, and the kernel's own TCP
    goes over the road, both ways. The program in between sees each packet (it swaps the two
    addresses, which leaves every checksum right), and is honest until `spoil` is called.

    :raises Unavailable: if no such device can be made here.
    """

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._bad = False
        self._due: list[tuple[float, int, bytes]] = []
        self._order = itertools.count()
        self.passed = self.lost = self.overtook = self.doubled = 0  # while it was bad
        self.near = self.far = ""

    def __enter__(self) -> Self:
        program = shutil.which("ip")
        if program is None or not os.access(_DOOR, os.R_OK | os.W_OK):
            raise Unavailable("no road for packets can be made here")
        self._device = os.open(_DOOR, os.O_RDWR)
        try:
            self._lay(program)
        except BaseException:
            os.close(self._device)
            raise
        self._over, self._end = os.pipe()
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._end)
        self._thread.join(10)
        os.close(self._over)
        os.close(self._device)  # and with it the road is gone

    def _lay(self, program: str) -> None:
        number = next(n for n in range(_ROADS) if not Path(f"/sys/class/net/chbad{n}").exists())
        name, self.near, self.far = f"chbad{number}", f"198.18.{number}.1", f"198.18.{number}.2"
        asked = struct.pack("16sH22x", name.encode(), _KIND)
        try:
            fcntl.ioctl(self._device, _SET, asked)
            for words in (
                f"addr add {self.near} peer {self.far} dev {name}",
                f"link set {name} up",
            ):
                subprocess.run([program, *words.split()], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Unavailable(f"no road for packets can be made here: {error}") from error

    def spoil(self) -> None:
        """Be bad from now on."""
        self._bad = True

    def mend(self) -> None:
        """Be honest again, from what is sent next."""
        self._bad = False

    def _carry(self) -> None:
        while True:
            wait = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
            ready, _, _ = select.select([self._device, self._over], [], [], wait)
            if self._over in ready:
                return
            if self._device in ready:
                self._take(os.read(self._device, LARGEST))
            while self._due and self._due[0][0] <= time.monotonic():
                os.write(self._device, heapq.heappop(self._due)[2])

    def _take(self, packet: bytes) -> None:
        if packet[0] >> 4 != 4:  # of IPv6 there are the kernel's own questions
            return
        turned = packet[:12] + packet[16:20] + packet[12:16] + packet[20:]
        at = time.monotonic()
        if self._bad:
            self.passed += 1
            if self._chance.random() < LOST:
                self.lost += 1
                return
            if self._chance.random() < OVERTAKES:
                self.overtook += bool(self._due)
            else:
                at += self._chance.uniform(DELAY - VARIES, DELAY + VARIES)
            if self._chance.random() < DOUBLED:
                self.doubled += 1
                self._put(at, turned)
        self._put(at, turned)

    def _put(self, at: float, packet: bytes) -> None:
        heapq.heappush(self._due, (at, next(self._order), packet))
