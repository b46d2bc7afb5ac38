"""Trials as they are written down, one line each, and read again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

#  Of tests/faults, what a trial is made of and judged by.
PARTS = (
    "callers.py", "faults.py", "ground.py", "region.py", "traffic.py", "trial.py", "world/*.py",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One trial, and under which conditions it was made."""

    fault: str
    seed: int
    recovery: float
    longest: float
    messages: int
    seconds: float
    violations: tuple[str, ...]
    at: str = ""
    load: float = 0.0  # average of the last minute, when it ended
    under: dict[str, str] = field(default_factory=dict)


def dumped(line: Line) -> str:
    """Return a trial as its line."""
    return json.dumps(asdict(line), ensure_ascii=False, sort_keys=True) + "\n"


def added(file: Path, line: Line) -> None:
    """Write a trial down, on the disk; half a line that was left by whoever was stopped goes."""
    with file.open("a+b") as out:
        out.seek(0)
        out.truncate(out.read().rfind(b"\n") + 1)
        out.write(dumped(line).encode())
        out.flush()
        os.fsync(out.fileno())


def without(words: Iterable[str], *folders: str) -> tuple[str, ...]:
    """Return what was said with files named as from these folders, the innermost first."""
    told = list(words)
    for folder in folders:
        told = [one.replace(f"{folder}/", "") for one in told]
    return tuple(told)


def loaded(text: str) -> list[Line]:
    """Return all trials; a last line that was cut off in the midst is left out."""
    whole = text[: text.rfind("\n") + 1]
    return [_line(json.loads(one)) for one in whole.splitlines() if one.strip()]


def _line(told: dict[str, Any]) -> Line:
    return Line(**{**told, "violations": tuple(told["violations"])})


def checker(folder: Path) -> str:
    """Return ten digits that name what strikes and judges: they change with any of its text."""
    told = hashlib.sha256()
    for file in sorted(one for part in PARTS for one in folder.glob(part)):
        text = file.read_bytes()
        told.update(f"{file.relative_to(folder).as_posix()} {len(text)}\n".encode() + text)
    return told.hexdigest()[:10]


def by(lines: Iterable[Line], checker: str) -> list[Line]:
    """Return the trials that this checker has judged."""
    return [one for one in lines if one.under.get("checker") == checker]


def of(lines: Iterable[Line], fault: str) -> list[Line]:
    """Return the trials of one fault."""
    return [one for one in lines if one.fault == fault]
