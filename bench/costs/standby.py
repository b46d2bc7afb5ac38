"""
A standby takes over while messages are written, and each that was acknowledged is looked for.

The standby dies first, then messages are written for some seconds, then the primary dies, and the
standby is promoted with what it has. So whatever was acknowledged in between is lost, unless
nothing was: with `synchronous_standby_names` an acknowledgement waits for the standby. The same
trial without it shows that one can lose here.
"""

from __future__ import annotations

import getpass
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, Self

import psycopg

from tests.servers.casehub_server import PROJECT, Place
from tools.region.postgres import Postgres

from .asking import name_of, told

BEFORE = 20  # messages that are acknowledged before the standby dies
AWAY = 3.0  # seconds from then until the primary dies
PATIENCE = 120.0  # seconds


class Standby(Postgres):
    """A second server that follows a first one, until it takes over."""

    def __init__(self, primary: Postgres) -> None:
        super().__init__(durable=True)
        self._primary = primary

    def __enter__(self) -> Self:
        self._run(
            "pg_basebackup", "-h", self._primary.folder, "-U", getpass.getuser(),
            "-D", self._data, "-R", "-X", "stream", "-c", "fast",
        )  # fmt: skip
        self.start()
        return self

    def promote(self) -> None:
        """Let it take over."""
        self._run("pg_ctl", "-D", self._data, "-w", "promote")


class Writer:
    """A process that posts one message after the other, and tells of each acknowledgement."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.thread = ""
        self.acknowledged: list[str] = []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.costs.steps", "write"],
            env=self._place.environment(DJANGO_SETTINGS_MODULE="tests.settings"),
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it tells of each message that it cannot store
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(PATIENCE)

    def _read(self) -> None:
        for line in self._process.stdout or ():
            if self.thread:
                self.acknowledged.append(line.strip())
            else:
                self.thread = line.strip()

    def hear(self, count: int) -> None:
        """
        Wait until so many were acknowledged.

        :raises TimeoutError: if they are not.
        """
        deadline = time.monotonic() + PATIENCE
        while len(self.acknowledged) < count:
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise TimeoutError(f"{len(self.acknowledged)} of {count} messages in {PATIENCE} s")
            time.sleep(0.05)


def _wait_for(primary: Postgres, *, standbys: str) -> None:
    """Let a primary wait for these; after its copy was made, which would wait for another else."""
    with psycopg.connect(f"host={primary.folder} dbname=postgres", autocommit=True) as owner:
        owner.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{standbys}'".encode())
        owner.execute("SELECT pg_reload_conf()")


def taken_over(primary: Postgres, place: Place, *, waited_for: bool) -> Iterator[tuple[str, Any]]:
    """Lose a standby, then the primary; tell what was acknowledged and what of it is missing."""
    trial = "a standby that is waited for" if waited_for else "a standby that only follows"
    with Standby(primary) as standby:
        _wait_for(primary, standbys="*" if waited_for else "")
        there = Place("full", place.data, {"DATABASE_URL": standby.url(name_of(place))})
        with Writer(place) as writer:
            writer.hear(BEFORE)
            asked = told(there, "read", writer.thread)
            standby.kill()
            before = len(writer.acknowledged)
            time.sleep(AWAY)
            primary.kill()
        file = place.data / "acknowledged"
        file.write_text("\n".join(writer.acknowledged), encoding="utf-8")
        standby.start()
        standby.promote()
        found = told(there, "after", writer.thread, str(file))
        primary.start()  # so that its folder goes as it came
    for name, answer in asked.items():
        yield f"{trial} is asked: {name}", answer
    yield f"{trial}: acknowledged before it died", before
    yield f"{trial}: acknowledged in the {AWAY:.0f} s after", len(writer.acknowledged) - before
    yield f"{trial} took over: of these missing", found["missing"]
    yield f"{trial} took over: signed and verified", found["whole"]
