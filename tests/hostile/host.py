"""A host that lies, between real clients and a real server."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

PROGRAM = Path(__file__).resolve().parents[2] / "frontend" / "hostile" / "dist" / "hostile-host.mjs"
SECONDS = 30


class HostileHost:
    """The program of frontend/hostile: honest until it is told which lie to tell, and to whom."""

    def __init__(self, *, upstream: str, port: int) -> None:
        self._upstream, self._port = upstream, port
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self.did: list[str] = []
        self.failures: list[str] = []  # lies that could not be told: such a test says nothing

    @property
    def url(self) -> str:
        """Where clients are sent."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            ["node", str(PROGRAM), "--upstream", self._upstream, "--port", str(self._port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        threading.Thread(target=self._read, daemon=True).start()
        assert "port" in self._lines.get(timeout=SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait(10)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told: dict[str, Any] = json.loads(line)
            if "did" in told:
                self.did.append(told["did"])
            elif "failure" in told:
                self.failures.append(told["failure"])
            else:
                self._lines.put(told)

    def _tell(self, **fields: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(fields) + "\n")
        answer = self._lines.get(timeout=SECONDS)
        assert "ready" in answer, answer

    def attack(self, name: str, *, thread: str, victims: Sequence[str], person: str) -> None:
        """Begin a lie towards `victims`; `person` is in whose name."""
        self.did.clear()
        self._tell(attack=name, thread=thread, victims=list(victims), person=person)

    def chaos(self, seeds: Mapping[str, int], *, victims: Sequence[str]) -> None:
        """Begin to lose, double, delay and invent what passes; of each thread by its seed."""
        self.did.clear()
        self._tell(attack="chaos", thread="", victims=list(victims), person="", seeds=dict(seeds))

    def show(self, upstream: str) -> None:
        """Show everybody a second server in place of the first, and say that it is well."""
        self.did.clear()
        self._tell(attack="second-log", thread="", victims=[], person="", upstream=upstream)

    def ring(self, person: str, frame: str, thread: str | None = None) -> None:
        """Ring a doorbell at somebody's, so that they look at once."""
        self._tell(ring=person, type=frame, thread=thread)

    def calm(self) -> None:
        """Be honest from now on."""
        self._tell(calm=True)
