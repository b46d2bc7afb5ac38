"""A real `manage.py sequence_audit`, which signs the log in the full configuration."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from .casehub_server import PROJECT, Place


class Sequencing:
    """Signs on entry, ends on exit; can be killed and started again."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._process: subprocess.Popen[str] | None = None

    @property
    def output_file(self) -> Path:
        """What it printed, over all its lives."""
        return self._place.data / "sequence_audit.log"

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> Self:
        """
        Start, and return once it has read the log.

        :raises RuntimeError: with its output, if it does not sign.
        """
        with self.output_file.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, PROJECT / "manage.py", "sequence_audit"],
                env=self._place.environment(PYTHONUNBUFFERED="1"),
                cwd=PROJECT,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )
        assert self._process.stdout is not None
        if "is being signed" not in self._process.stdout.readline():
            self.kill()
            raise RuntimeError(self.output_file.read_text())
        return self

    def kill(self) -> None:
        """Kill it at once, as a crash would (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop; it signs what was recorded first."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.communicate(timeout=30)
            self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
