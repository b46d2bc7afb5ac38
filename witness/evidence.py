"""
Kept proofs and suspicions: what a log signed that does not fit what it signed before.

One folder each: both notes, the request, and a sentence. Whoever offers a checkpoint cannot forge
the log's signature, but can send a wrong proof with it; so a proof that fails is kept as a
suspicion, apart from forks, which the files prove to anybody.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from audit.tlog.checkpoint import Checkpoint

from .saying import say

MOST = 100  # of a kind and log: whoever could fill the disk could stop the witness
FORK = "fork"
SUSPICION = "suspicion"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A checkpoint that its log signed, and that does not extend what was cosigned."""

    kind: str
    why: str
    shown: Checkpoint
    note: str
    cosigned: str
    request: str
    time: int


class Evidence:
    """The folder in which conflicts are kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._full: set[str] = set()

    def keep(self, conflict: Conflict) -> None:
        """Keep a conflict once, and say so; failing to write it changes no answer."""
        shown = conflict.shown
        log = f"{conflict.kind}-{hashlib.sha256(shown.origin.encode()).hexdigest()[:16]}"
        place = self._folder / f"{log}-{shown.size}-{shown.root.hex()[:16]}"
        try:
            if place.exists():
                return
            if len(list(self._folder.glob(f"{log}-*"))) >= MOST:
                if log not in self._full:
                    self._full.add(log)
                    say(f"{shown.origin}: {MOST} times {conflict.kind} kept, no more are")
                return
            _write(place, conflict)
        except OSError as error:
            say(f"{shown.origin}: {conflict.kind} not kept: {error.strerror}; {conflict.why}")
        else:
            say(f"{shown.origin}: {conflict.kind.upper()}: {conflict.why}; kept in {place}")


def _write(place: Path, conflict: Conflict) -> None:
    """Write all files, or none that anybody takes for evidence."""
    files = {
        "shown.txt": conflict.note,
        "request.txt": conflict.request,
        "why.txt": f"{conflict.kind} at {conflict.time} (POSIX seconds): {conflict.why}\n",
    }
    if conflict.cosigned:
        files["cosigned.txt"] = conflict.cosigned
    fresh = place.with_name(f".new-{place.name}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    for name, text in files.items():
        with (fresh / name).open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
    fresh.rename(place)
