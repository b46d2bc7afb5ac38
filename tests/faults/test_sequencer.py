"""The sequencer dies in every step: no event is lost or doubled, no signature is taken back."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import Note
from tests.servers.casehub_server import PROJECT, Place
from tests.servers.configurations import Configuration

#  step, and in which passing of it: the log of acts is signed first, then that of the directory
DEATHS = [
    ("integrate", 1),
    ("integrated", 1),
    ("read again", 1),
    ("read again", 2),
    ("anchored", 1),
    ("anchored", 2),
    ("let out", 1),
    ("let out", 2),
]
SECONDS = 90


def sequence(place: Place, step: str, times: int) -> int:
    """Run a sequencer that has something to do; return how it ended."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.sequencer", step, str(times)],
        env=place.environment(),
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        timeout=SECONDS,
        check=False,
    )
    return ended.returncode


def notes(place: Place) -> list[Path]:
    """Return the files of the anchor, that of the acts first."""
    return [f for f in sorted((place.data / "anchor").glob("*.*")) if f.suffix != ".new"]


def anchored(place: Place) -> dict[str, int]:
    """Return what the anchor remembers: size by origin."""
    heads = [Checkpoint.parse(Note.parse(file.read_text()).text) for file in notes(place)]
    return {head.origin: head.size for head in heads}


@pytest.mark.timeout(600)
@pytest.mark.faults
class TestKillingTheSequencer:
    """SIGKILL in each of its steps, one after the other, on one and the same log."""

    def test_leaves_a_log_that_is_whole_and_goes_on(
        self, configuration: Configuration, tmp_path: Path
    ) -> None:
        place = configuration.fresh()
        before: dict[str, int] = {}
        kept: list[str] = []
        for number, (step, times) in enumerate(DEATHS):
            assert sequence(place, step, times) == -signal.SIGKILL
            after = anchored(place)
            assert all(after[origin] >= size for origin, size in before.items())
            before = after
            for file in notes(place):
                copy = tmp_path / f"{number}-{file.name}"
                copy.write_text(file.read_text())
                kept += ["--checkpoint", str(copy)]
        assert sequence(place, "", 0) == 0
        assert len(kept) > len(DEATHS)
        told = place.manage("audit", "verify", *kept)
        assert "every event has its entry; 0 wait for it" in told
        assert told.endswith("The log is whole.\n")
