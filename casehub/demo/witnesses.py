"""
The demo's witnesses: three programs, as three States would run them, on this machine.

They are the real ones (docs/witness.md) and know nothing of CaseHub but the keys of its logs. They
end with the server that started them; what they have seen stays in the data folder. When a log's
key changes, their file of keys is told, as three technicians would by telephone.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connections

from audit import keyring
from audit.queries import keys as log_keys
from audit.tlog.note import Key

STATES = ("CA", "CR", "MX")
QUORUM = 2
_SECONDS = 10  # that one of them has to begin
_EVERY = 2.0  # seconds between looks at whether a key has changed
log = logging.getLogger("casehub.demo")


class _Witness:
    """One of them: its folder, its process."""

    def __init__(self, state: str, logs: Path) -> None:
        self.state = state
        folder: Path = settings.DATA_DIR / "witnesses" / state.lower()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = folder / "key"
        if not key.exists():
            name = f"witness.{state.lower()}.example"
            _say("key", str(key), "--name", name)
        self._key = key
        with (folder / "log").open("a", encoding="utf-8") as log:
            self._process = self._begin(key, folder / "state", logs, log)

    @staticmethod
    def _begin(key: Path, state: Path, logs: Path, log: IO[str]) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own program
            [
                *_PROGRAM,
                *("serve", "--key", str(key), "--state", str(state)),
                *("--logs", str(logs), "--listen", "127.0.0.1:0", "--until-eof"),
            ],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def line(self) -> str:
        """
        Return its line of a policy, once it listens.

        :raises RuntimeError: if it did not begin.
        """
        assert self._process.stdout is not None  # noqa: S101 - a pipe, as asked for
        said = self._process.stdout.readline().strip()
        _, _, url = said.partition("listening on ")
        if not url:
            raise RuntimeError(f"the witness of {self.state} did not start")
        return f"witness {self.state} {_say('vkey', str(self._key))} {url}\n"

    def stop(self) -> None:
        """End it: its input ends."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe, as asked for
        self._process.stdin.close()
        try:
            self._process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


_PROGRAM = (sys.executable, "-m", "witness")


def _say(*arguments: str) -> str:
    asked = [*_PROGRAM, *arguments]
    done = subprocess.run(  # noqa: S603 - our own program
        asked, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def _log_keys(years: Iterable[int]) -> list[Key]:
    origins = {
        origin
        for year in years
        for of_year in (keyring.origins(year), log_keys.origins(year))
        for origin in of_year.values()
    }
    return [keyring.signing_key(origin).public for origin in sorted(origins)]


def _known(years: tuple[int, int]) -> str:
    """Return what the three know: the logs' keys, and which of them were followed by others."""
    said = (one.line() for one in log_keys.rotations())
    return "".join(f"{line}\n" for line in [*_log_keys(years), *said])


def _telephone(logs: Path, years: tuple[int, int], stop: threading.Event) -> None:
    """Tell them of another key as soon as there is one."""
    known = logs.read_text(encoding="utf-8")
    while not stop.wait(_EVERY):
        try:
            now = _known(years)
            if now != known:
                _replace(logs, now)
                known = now
        except (DatabaseError, OSError):
            log.exception("the demo's witnesses could not be told of a key")
    connections.close_all()


def _replace(file: Path, text: str) -> None:
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)


def start(year: int) -> tuple[str, Callable[[], None]]:
    """
    Start the three, write the policy that names them, return what to tell and how to stop them.

    They know the log's keys of this year and the next: a demo may run over midnight.

    :raises RuntimeError: if one of them does not begin.
    """
    years = (year, year + 1)
    keys = _log_keys(years)
    promising = [keyring.promise_key(keyring.origins(one)["acts"]) for one in years]
    folder: Path = settings.DATA_DIR / "witnesses"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    logs = folder / "logs"
    _replace(logs, _known(years))
    with ExitStack() as stack:
        made = []
        for state in STATES:
            made.append(_Witness(state, logs))
            stack.callback(made[-1].stop)
        lines = [one.line() for one in made]
        policy = [
            *(f"log {key}\n" for key in keys),
            *(f"log {key.public}\n" for key in promising if key is not None),
            *lines,
            f"group region {QUORUM} {' '.join(STATES)}\nquorum region\n",
        ]
        _replace(folder / "policy", "".join(policy))
        stop = threading.Event()
        telling = threading.Thread(target=_telephone, args=(logs, years, stop), daemon=True)
        telling.start()
        stack.callback(telling.join)
        stack.callback(stop.set)
        places = ", ".join(f"{line.split()[1]} {line.split()[3]}" for line in lines)
        return f"Witnesses of the log: {places}", stack.pop_all().close
    raise AssertionError
