"""Real `manage.py serve` processes: started, watched, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.region.private import spare_port

PROJECT = Path(__file__).resolve().parent.parent.parent
READY = "CaseHub is ready on"
SIGNS = "The log is being signed"
START_SECONDS = 60


def _python(ahead: timedelta) -> list[str | Path]:
    """Return what begins a command of the project whose clock goes ahead."""
    seconds = int(ahead.total_seconds())
    return [
        sys.executable,
        *(["-m", "tests.servers.ahead", str(seconds)] if seconds else [PROJECT / "manage.py"]),
    ]


@dataclass(frozen=True)
class Place:
    """A prepared database and data folder: what servers run on, not the servers themselves."""

    name: str  # "embedded" or "full"
    data: Path
    settings: dict[str, str] = field(default_factory=dict)  # DATABASE_URL and the like
    # The same database as its tables' owner, and as the one who signs: the web's role cannot
    # do what theirs can. On SQLite there are no roles.
    owner: dict[str, str] = field(default_factory=dict)
    sequencer: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a process that works here."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CASEHUB_", "DJANGO_", "DATABASE_", "REDIS_", "PYTEST_"))
        }
        # Witnesses are started by the tests that are about them. A process that does not end is
        # asked by SIGABRT where it is.
        here = {
            "PYTHONFAULTHANDLER": "1",
            "CASEHUB_DEMO": "1",
            "CASEHUB_DATA": str(self.data),
            "CASEHUB_WITNESSES": "none",
            **self.settings,
        }
        return {**kept, **here, **more}

    def manage(self, *arguments: str, ahead: timedelta = timedelta(), **environment: str) -> str:
        """Run one of the project's commands here, that much later; return what it printed."""
        result = subprocess.run(
            [*_python(ahead), *arguments],
            env=self.environment(**environment),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            message = f"manage.py {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}"
            raise RuntimeError(message)
        return result.stdout


class Process:
    """One server process on one port. Its output goes to a file, which outlives a kill."""

    def __init__(self, place: Place, *, port: int, processes: int = 1, **environment: str) -> None:
        self.place, self.port = place, port
        self.ahead = timedelta()  # of the clock, from the next start on
        self.output_file = place.data / f"serve-{port}.log"
        self._environment = place.environment(
            PORT=str(port), CASEHUB_PROCESSES=str(processes), PYTHONUNBUFFERED="1", **environment
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None
        return self._process.pid

    def output(self) -> str:
        """Return everything it ever printed, over all its lives."""
        return self.output_file.read_text(errors="replace") if self.output_file.exists() else ""

    def start(self) -> Self:
        """
        Start, and return once it says that it listens.

        :raises RuntimeError: with its output, if it ends or stays silent.
        """
        before = len(self.output())
        with self.output_file.open("ab") as output:
            self._process = subprocess.Popen(
                [*_python(self.ahead), "serve"],
                env=self._environment,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS
        while READY not in self.output()[before:]:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                message = f"the server did not start:\n{self.output()[before:]}"
                raise RuntimeError(message)
            time.sleep(0.05)
        return self

    def kill(self) -> None:
        """Kill it at once, as a crash would (SIGKILL)."""
        self._end(signal.SIGKILL, 10)

    def stop(self) -> int | None:
        """
        Ask it to stop (SIGTERM), end it if it does not within 15 seconds; return its exit code.

        :raises RuntimeError: then, with what it printed and where each of its threads was.
        """
        try:
            self._end(signal.SIGTERM, 15)
        except subprocess.TimeoutExpired as late:
            said = max(0, len(self.output()) - 2_000)
            self._end(signal.SIGABRT, 10)
            message = f"the server did not stop:\n{self.output()[said:]}"
            raise RuntimeError(message) from late
        return self._process and self._process.returncode

    def _end(self, number: signal.Signals, seconds: float) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(seconds)


class Sequencer:
    """The process that signs the log of a full place."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """
        Start, and return once it signs.

        :raises RuntimeError: with its output, if it ends or stays silent.
        """
        file = self._place.data / "sequencer.log"
        before = file.stat().st_size if file.exists() else 0
        with file.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, PROJECT / "manage.py", "sequence_audit"],
                env=self._place.environment(**self._place.sequencer),
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS
        while SIGNS not in (said := file.read_bytes()[before:].decode(errors="replace")):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the log is not signed:\n{said}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask it to stop; kill it if it does not within 15 seconds."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)


class CaseHub:
    """
    One or more server processes over one place, and in a full one what signs its log.

    Addressed by `urls`; a person may use any of them, also one after the other.
    """

    def __init__(
        self, place: Place, *, processes: int = 1, signed: bool = True, **environment: str
    ) -> None:
        self.place = place
        self.sequencer = Sequencer(place) if signed and place.name == "full" else None
        self.processes = [
            Process(place, port=spare_port(), processes=processes, **environment)
            for _ in range(processes)
        ]

    @property
    def urls(self) -> list[str]:
        """Where the processes answer."""
        return [process.url for process in self.processes]

    @property
    def url(self) -> str:
        """Where the first process answers."""
        return self.urls[0]

    def go_on_at(self, ahead: timedelta) -> None:
        """
        Stop the servers, and start them with a clock that goes ahead, of an embedded place alone.

        In a full place the process that signs the log has a clock of its own, which would stay.
        """
        assert self.sequencer is None
        for process in self.processes:
            process.stop()
            process.ahead = ahead
            process.start()

    def output(self) -> str:
        """Return what all processes printed."""
        return "".join(process.output() for process in self.processes)

    def __enter__(self) -> Self:
        try:
            if self.sequencer is not None:
                self.sequencer.start()
            for process in self.processes:
                process.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self.processes:
            process.stop()
        if self.sequencer is not None:
            self.sequencer.stop()
