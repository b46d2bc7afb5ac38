"""Ways to strike a process: kill it, let it stand still, take it away for a while."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

from tests.faults.fault import Strike
from tests.faults.ground import WEBS, Ground, Missed


def killed(name: str) -> Strike:
    """Return how one is killed and started again."""

    def strike(ground: Ground, chance: random.Random) -> float:
        victim = chance.choice(WEBS) if name == "web" else name
        at = ground.kill(victim)
        ground.region.again(victim)
        return at

    return strike


def state(process: subprocess.Popen[bytes]) -> str:
    """Return the letter of what a process does now: T if it was stopped by a signal."""
    stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8")
    return stat.rpartition(")")[2].split()[0]


def paused(names: tuple[str, ...], seconds: tuple[float, float]) -> Strike:
    """Return how one of these stands still for so long."""

    def strike(ground: Ground, chance: random.Random) -> float:
        process = ground.alive(chance.choice(names)).process
        process.send_signal(signal.SIGSTOP)
        try:
            time.sleep(chance.uniform(*seconds))
            if state(process) != "T":
                raise Missed("it did not stand still to the end")
        finally:
            process.send_signal(signal.SIGCONT)
        return time.monotonic()

    return strike


def away(name: str, ending: signal.Signals, seconds: tuple[float, float]) -> Strike:
    """Return how one ends by a signal and is back after so long."""

    def strike(ground: Ground, chance: random.Random) -> float:
        running = ground.alive(name)
        running.process.send_signal(ending)
        running.process.wait(15)
        time.sleep(chance.uniform(*seconds))
        ground.region.again(name)
        return time.monotonic()

    return strike
