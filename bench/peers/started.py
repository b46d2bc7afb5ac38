"""Starting other people's servers: a command, a line that says it listens, an end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

START_SECONDS = 90


class Program:
    """One process whose output goes to a file."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        output: Path,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        user: Mapping[str, object] | None = None,
    ) -> None:
        self._output = output
        with output.open("ab") as out:
            self._process = subprocess.Popen(
                list(map(str, command)),
                env=dict(environment) if environment is not None else None,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **(user or {}),  # type: ignore[call-overload]
            )

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def said(self) -> str:
        """Return what it printed."""
        return self._output.read_text(errors="replace")

    def listening(self, port: int, *, word: str = "") -> None:
        """
        Wait until it listens, and has said a word.

        :raises RuntimeError: with its output, if it does not.
        """
        deadline = time.monotonic() + START_SECONDS
        while word not in self.said() or not _answers(port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{self._process.args}:\n{self.said()[-3000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask it to stop; after 15 seconds kill it and what it started."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait(10)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
