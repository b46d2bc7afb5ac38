"""Processes of this machine in the place of containers: started, watched, ended in turn."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.steps import ROOT, TAIL, Stop

STOP_SECONDS = 15  # as compose.yaml's stop_grace_period
START_SECONDS = 60


@dataclass
class Running:
    """One process: its name, where it writes, and the signal that asks it to end."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    ending: signal.Signals = signal.SIGTERM

    def said(self) -> str:
        """Return the end of what it printed."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL:]
        return "\n".join(f"      {line}" for line in lines)

    def stop(self) -> int:
        """Ask it to end; kill it if it does not; return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(self.ending)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.process.wait()


class Processes:
    """All of them, in the order in which they were started."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self.running: list[Running] = []
        self._begun: set[str] = set()

    def start(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        ending: signal.Signals = signal.SIGTERM,
        cwd: Path = ROOT,
        **options: Any,
    ) -> Running:
        """Start one; what it prints goes to a file of its name, after what a life before said."""
        log = self._logs / f"{name}.log"
        with log.open("ab" if name in self._begun else "wb") as output:
            self._begun.add(name)
            if options.get("user"):  # some open by name what they were given open
                shutil.chown(log, options["user"])
            process = subprocess.Popen(
                list(command),
                env=dict(environment),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is told to us alone: we end them in turn
                **options,
            )
        self.running.append(Running(name, process, log, ending))
        return self.running[-1]

    def finish(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> str:
        """
        Run one to its end and return what it printed.

        :raises Stop: with that, if it failed.
        """
        log = self._logs / f"{name}.log"
        with log.open("wb") as output:
            code = subprocess.run(
                list(command),
                env=dict(environment),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        said = log.read_text(encoding="utf-8", errors="replace")
        if code:
            tail = "\n".join(f"      {line}" for line in said.splitlines()[-TAIL:])
            raise Stop(f"{name} failed ({log}):\n{tail}")
        return said

    def wait(self, one: Running, ready: Callable[[], bool], what: str) -> None:
        """
        Wait until it is ready.

        :raises Stop: with what it said, if it ends or takes too long.
        """
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if one.process.poll() is not None or time.monotonic() > deadline:
                raise Stop(f"{one.name} {what} ({one.log}):\n{one.said()}")
            time.sleep(0.05)

    def ended(self) -> Running | None:
        """Return one that has ended by itself, if any has."""
        return next((one for one in self.running if one.process.poll() is not None), None)

    def stop(self) -> None:
        """End all, the last one first."""
        while self.running:
            self.running.pop().stop()
