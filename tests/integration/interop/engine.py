"""Our TypeScript engine, run by Node and spoken to in lines of JSON."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

DRIVER = Path(__file__).parents[3] / "frontend" / "tests" / "interop" / "driver.mjs"


class EngineRefused(Exception):
    """The engine would not: `reason` is its kebab-case code."""

    def __init__(self, reason: str, cause: str) -> None:
        super().__init__(f"{reason}: {cause}")
        self.reason = reason


class Engine:
    """One Node process with any number of clients, of which those in `identities` are believed."""

    def __init__(self, identities: Iterable[str]) -> None:
        self._process = subprocess.Popen(
            ["node", "--no-warnings", str(DRIVER), *identities],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, op: str, client: str, **fields: object) -> dict[str, Any]:
        """Do one operation; bytes go and come as base64url."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"op": op, "client": client, **fields}) + "\n")
        stdin.flush()
        line = stdout.readline()
        assert line, "the engine's process has ended"
        answer: dict[str, Any] = json.loads(line)
        if "refused" in answer:
            raise EngineRefused(answer["refused"], answer["cause"])
        assert "error" not in answer, answer["error"]
        return answer

    def close(self) -> None:
        """End the process and wait for it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


def to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
