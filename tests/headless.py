"""Drive the headless client: JSON lines in and out, one process a person."""

from __future__ import annotations

import itertools
import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROGRAM = (
    Path(__file__).resolve().parent.parent / "frontend" / "headless" / "dist" / "casehub-client.mjs"
)
Told = dict[str, Any]
ANSWER_SECONDS = 60


class Refused(RuntimeError):
    """The client answered a command with a refusal: its stable code, where it has one."""

    def __init__(self, do: str, answer: Told) -> None:
        super().__init__(f"{do}: {answer}")
        self.code = answer.get("code")


class Headless:
    """One running client; `events` keeps everything it said of its own accord, `heard` when."""

    def __init__(self, profile: Path, url: str) -> None:
        self.profile, self.url = profile, url
        self.events: list[Told] = []
        self.heard: list[float] = []  # for each event, by the monotonic clock
        self._refs = itertools.count(1)
        self._answers: dict[int, queue.Queue[Told]] = {}
        self._told = threading.Condition()
        self.errors = profile.with_suffix(".stderr")

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            ["node", str(PROGRAM), "--profile", str(self.profile), "--url", self.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors.open("ab"),
            text=True,
            bufsize=1,
        )
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.start("quit")
            self._process.wait(10)
        except (subprocess.TimeoutExpired, BrokenPipeError, OSError):
            self._process.kill()
            self._process.wait(10)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told: Told = json.loads(line)
            waiting = self._answers.get(told["ref"]) if isinstance(told.get("ref"), int) else None
            if waiting is not None and "event" not in told:
                waiting.put(told)
                continue
            with self._told:
                self.events.append(told)
                self.heard.append(time.monotonic())
                self._told.notify_all()

    def start(self, do: str, **fields: Any) -> int:
        """Give a command and do not wait; return its number."""
        ref = next(self._refs)
        self._answers[ref] = queue.Queue()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, "ref": ref, **fields}) + "\n")
        self._process.stdin.flush()
        return ref

    def do(self, do: str, **fields: Any) -> Told:
        """
        Give a command and return its answer.

        :raises Refused: with the code, if it was refused.
        """
        ref = self.start(do, **fields)
        answer = self._answers[ref].get(timeout=ANSWER_SECONDS)
        if answer.get("ok") is False or "error" in answer:
            raise Refused(do, answer)
        return answer

    def wait_for(self, holds: Callable[[list[Told]], bool], *, seconds: float, what: str) -> None:
        """Wait until `holds` of the events so far, or fail saying `what` did not come."""
        deadline = time.monotonic() + seconds
        with self._told:
            while not holds(self.events):
                left = deadline - time.monotonic()
                if left <= 0:
                    tail = "\n".join(json.dumps(e) for e in self.events[-12:])
                    stderr = self.errors.read_text()[-2000:]
                    message = f"{self.profile.name}: {what} did not come\n{tail}\n{stderr}"
                    raise AssertionError(message)
                self._told.wait(min(left, 0.5))

    def messages(self, thread: str) -> list[Told]:
        """Return the messages of a thread that it told of, in the order told."""
        return [e for e in self.events if e.get("event") == "message" and e["thread"] == thread]


def people_of(client: Headless) -> dict[str, str]:
    """Return the ids of the demo's liaisons by State and number, e.g. `MX1`."""
    counts: dict[str, int] = {}
    found: dict[str, str] = {}
    for person in client.do("list")["people"]:
        if "liaison" in person["roles"]:
            state = person["state"]
            counts[state] = counts.get(state, 0) + 1
            found[f"{state}{counts[state]}"] = person["id"]
    return found
