"""What the log alone tells of a request: exported, checked, and told again in words."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from tests.headless import PROGRAM
from tests.servers.casehub_server import CaseHub

STILL = 1.0  # seconds without a new entry, after which all that was done is signed
SIGNED = 30  # seconds that signing may take


def stories_of(casehub: CaseHub, folder: Path) -> dict[str, list[str]]:
    """Return the lines of each request's story by its id, from the logs of all years."""
    files = [_exported(casehub, log, folder) for log in _when_signed(casehub)]
    chosen = [part for file in files for part in ("--bundle", str(file))]
    told = subprocess.run(
        ["node", PROGRAM, *chosen, "--story", "all", "--language", "es"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout.splitlines()
    assert all(json.loads(one)["holds"] for one in told[: len(files)])
    stories: dict[str, list[str]] = {}
    request = ""
    for line in told[len(files) :]:
        if not line.startswith(" "):
            request = line.removeprefix("Solicitud ").partition(":")[0]
        stories.setdefault(request, []).append(line.strip())
    return stories


def tells(story: Sequence[str], *words: str) -> None:
    """Find the words in a story, one after the other, each in a line of its own."""
    lines = iter(story)
    for one in words:
        assert any(one in line for line in lines), (one, story)


def _when_signed(casehub: CaseHub) -> list[str]:
    """Return the names of the logs of acts, a year's each, once nothing waits to be signed."""
    until, before = time.monotonic() + SIGNED, None
    while (now := _sizes(casehub)) != before:
        assert time.monotonic() < until, "what is done is not signed"
        before = now
        time.sleep(STILL)
    return sorted(now)


def _sizes(casehub: CaseHub) -> dict[str, int]:
    said = httpx.get(f"{casehub.url}/api/log").raise_for_status().json()
    return {one["name"]: one["size"] for one in said if one["name"].startswith("acts-")}


def _exported(casehub: CaseHub, log: str, folder: Path) -> Path:
    file = folder / f"{log}.zip"
    ahead = casehub.processes[0].ahead
    command = ("audit", "export", str(file), "--log", log, "--by", "operator")
    casehub.place.manage(*command, ahead=ahead)
    return file
