"""Steps with visible progress: what is going on, how long it took, one clear line if it failed."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "var" / "log"
TAIL = 20  # lines of output shown of a failed command

# What package managers say when they reach nobody.
_NO_NETWORK = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET)\b|name resolution|dns error|"
    r"failed to lookup address|[Cc]onnection refused|Network is unreachable|NewConnectionError|"
    r"tcp connect error|error sending request|Could not resolve|Temporary failure resolving"
)
_DOWNLOADERS = ("uv", "pip", "npm", "apt-get")
_printing = threading.Lock()
Stages = deque[Callable[[], object]]


class Stop(Exception):
    """The task cannot go on; the message is what the person reads."""


def say(line: str, *, to_error: bool = False) -> None:
    """Print one line, whole, from any thread."""
    with _printing:
        print(line, file=sys.stderr if to_error else sys.stdout, flush=True)


def step(title: str, work: Callable[[], object]) -> None:
    """
    Do one piece of work, saying when it starts and how long it took.

    :raises Stop: whatever the work stops with.
    """
    say(f"  ..  {title}")
    start = time.monotonic()
    work()
    say(f"  ok  {title}  {time.monotonic() - start:.1f} s")


def together(*lanes: Callable[[], object]) -> None:
    """
    Run lanes at the same time.

    :raises Stop: the first failure, once all lanes have ended.
    """
    with ThreadPoolExecutor(len(lanes)) as pool:
        for future in [pool.submit(lane) for lane in lanes]:
            future.result()


def one_by_one(stages: Stages) -> None:
    """Do the stages that nobody has begun yet, each in its turn; several lanes may share them."""
    while stages:
        try:
            stage = stages.popleft()
        except IndexError:  # another lane was quicker
            return
        stage()


def execute(
    name: str,
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    heard: Callable[[str], object] | None = None,
) -> tuple[int, str]:
    """
    Run a command and return its exit code and output, which also goes to var/log/NAME.log.

    `heard` is told each line as it comes: who ends a long run half-way still knows what failed.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    with log.open("w", encoding="utf-8") as output:
        output.write("$ " + shlex.join(map(str, command)) + "\n")
        output.flush()
        try:
            running = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env={**os.environ, "NO_COLOR": "1", **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            )
        except FileNotFoundError as error:
            raise Stop(f"{error.filename} is not installed.") from error
        with running:
            for line in running.stdout or ():
                output.write(line)
                output.flush()
                if heard is not None:
                    heard(line)
    return running.returncode, log.read_text(encoding="utf-8", errors="replace")


def must(
    name: str,
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> None:
    """
    Run a command that has to succeed.

    :raises Stop: if it does not, saying whether it was the network.
    """
    code, output = execute(name, command, cwd=cwd, env=env)
    if code == 0:
        return
    if _downloads(command) and _NO_NETWORK.search(output):
        raise Stop(f"No network: the download failed. Details: var/log/{name}.log")
    tail = "\n".join(f"      {line}" for line in output.splitlines()[-TAIL:])
    raise Stop(f"{command_name(command)} failed (var/log/{name}.log):\n{tail}")


def _downloads(command: Sequence[str | Path]) -> bool:
    """Return whether a command fetches from elsewhere: only then may the network be blamed."""
    words = [Path(part).name for part in command[:3]]
    return any(word in _DOWNLOADERS for word in words)


def command_name(command: Sequence[str | Path]) -> str:
    """Return a command's first two words, without its folder."""
    return " ".join([Path(command[0]).name, *map(str, command[1:2])])


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    """Return a hash over files (folders: all files in them, by name) and strings."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                total.update(f"{file.relative_to(ROOT)}\0{content}\n".encode())
    for text in more:
        total.update(text.encode() + b"\0")
    return total.hexdigest()


# What tools made, and what is nobody's text.
_MADE = {".venv", "var", "dist", "node_modules", "artefacts", "__pycache__", "secrets"}


def contents(root: Path = ROOT) -> dict[str, str]:
    """Return every file of the project by its path, with a hash of what is in it."""
    found = {}
    for folder, inside, files in os.walk(root):
        inside[:] = [name for name in inside if name not in _MADE and not name.startswith(".")]
        for name in files:
            path = Path(folder, name)
            if path.is_file():  # a link may lead nowhere
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                found[path.relative_to(root).as_posix()] = digest
    return found


def unless_done(stamp: Path, mark: str, title: str, work: Callable[[], object]) -> None:
    """
    Do a step, unless `stamp` says that it was done for exactly this `mark`.

    The stamp lies inside what the step makes, so that deleting the one deletes the other.
    """
    if stamp.exists() and stamp.read_text(encoding="utf-8") == mark:
        return
    stamp.unlink(missing_ok=True)
    step(title, work)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark, encoding="utf-8")
