"""Trials as they are written down, one line each, and read again."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

#  Of tests/faults, what every trial is made of and judged by.
PARTS = (
    "excuses.py", "fault.py", "ground.py", "region.py", "traffic.py", "trial.py", "world/*.py",
)  # fmt: skip
STRIKES = "tests.faults.strikes."
LASTS = 10.0  # seconds from which a fault is a long one
ENOUGH, OF_LONG = 60, 5  # trials, of a short one and of a long one


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


@dataclass(frozen=True)
class Names:
    """By which names the present checker goes, and each fault as it strikes now."""

    checker: str
    strikes: Mapping[str, str]  # by fault

    def judged(self, line: Line) -> bool:
        """Return whether a trial was struck and judged by what is there now."""
        now = (self.checker, self.strikes.get(line.fault))
        return (line.under.get("checker"), line.under.get("strike")) == now


def names(folder: Path, faults: Mapping[str, str]) -> Names:
    """Return the names of what lies in `folder` (tests/faults); of each fault, its module."""
    return Names(checker(folder), {one: strike(folder, of) for one, of in faults.items()})


def checker(folder: Path) -> str:
    """Return ten digits that name what judges: they change with any of its text."""
    return _named(folder, {one for part in PARTS for one in folder.glob(part)})


def strike(folder: Path, module: str) -> str:
    """Return ten digits that name what strikes: the module, and those of its folder it imports."""
    found, asked = set[Path](), [module]
    while asked:
        file = folder / "strikes" / f"{asked.pop().removeprefix(STRIKES)}.py"
        if file not in found:
            found.add(file)
            asked += _imported(file)
    return _named(folder, found)


def _imported(file: Path) -> list[str]:
    parsed = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return [
        one.module
        for one in parsed
        if isinstance(one, ast.ImportFrom) and one.module and one.module.startswith(STRIKES)
    ]


def _named(folder: Path, files: Iterable[Path]) -> str:
    told = hashlib.sha256()
    for file in sorted(files):
        text = file.read_bytes()
        told.update(f"{file.relative_to(folder).as_posix()} {len(text)}\n".encode() + text)
    return told.hexdigest()[:10]


def by(lines: Iterable[Line], now: Names) -> list[Line]:
    """Return the trials that were struck and judged by what is there now."""
    return [one for one in lines if now.judged(one)]


def of(lines: Iterable[Line], fault: str) -> list[Line]:
    """Return the trials of one fault."""
    return [one for one in lines if one.fault == fault]


def enough(lines: Iterable[Line], *, lasting: bool = False) -> int:
    """
    Return how many trials of a fault are wanted.

    Five of one that is `lasting` by itself, or whose own kept messages back as long; else sixty.
    """
    longest = [one.longest for one in lines]
    kept_back = longest and statistics.median(longest) > LASTS
    return OF_LONG if lasting or kept_back else ENOUGH


def lasted(lines: Iterable[Line]) -> float:
    """Return the seconds of the longest of these trials that came to its end."""
    return max((one.seconds for one in lines if one.messages), default=0.0)


def reached(
    lines: Sequence[Line], faults: Iterable[str], now: Names, lasting: Collection[str] = ()
) -> dict[str, float]:
    """Return which share of the trials that are wanted of each fault the present checker has."""
    each = {one: of(lines, one) for one in faults}
    return {
        one: len(by(tried, now)) / enough(tried, lasting=one in lasting)
        for one, tried in each.items()
    }
