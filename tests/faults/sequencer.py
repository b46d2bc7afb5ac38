"""
Sequencers that die when told to: `python -m tests.faults.sequencer`, one JSON line a life.

Each line is a `Life`; each is lived by a process of its own, forked so that Django is loaded once.
When it is over, a line says how it ended: 0, or minus the signal, or 1 after an exception.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from tests.servers.casehub_server import PROJECT, Place

AT = "at the step"
LONGEST = 20.0  # seconds that a life asks witnesses


@dataclass(frozen=True)
class Life:
    """
    Record `acts`, and as many changes of the directory; integrate, sign, publish.

    At the `times`-th passing of `step` it dies as in a crash; with `waits` it says so instead and
    goes on when told to. `year` is where the sequencer's clock stands, as years from now. `keys` is
    what is done before about the keys of which log, as a person types it.
    """

    step: str = ""
    times: int = 1
    acts: int = 1
    year: int = 0
    waits: bool = False
    keys: str = ""


class Lives:
    """Lives one after the other at a place; a life's ending is returned."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def __enter__(self) -> Self:
        self._errors = (self._place.data / "sequencer.stderr").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.sequencer"],
            env=self._place.environment(**self._place.owner),  # it records and sequences
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            bufsize=1,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()
        self._errors.close()

    def errors(self) -> str:
        """Return what they complained of."""
        return (self._place.data / "sequencer.stderr").read_text()

    def begin(self, life: Life) -> None:
        """Begin one, and return where it waits."""
        self._say(json.dumps(asdict(life)))
        assert self._hear() == AT, self.errors()

    def end(self) -> int:
        """Let the one that waits go on to its end."""
        self._say("go on")
        return int(self._hear())

    def live(self, life: Life) -> int:
        """Live one from its beginning to its end."""
        self._say(json.dumps(asdict(life)))
        return int(self._hear())

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def _die_at(life: Life) -> Any:
    left = [life.times]

    def passing(name: str) -> None:
        left[0] -= name == life.step
        if name != life.step or left[0] != 0:
            return
        if not life.waits:
            os.kill(os.getpid(), signal.SIGKILL)
        print(AT, flush=True)  # noqa: T201 - heard by `Lives`
        os.read(0, 64)

    return passing


def _live(life: Life) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - it reads the settings
    from django.db import transaction  # noqa: PLC0415 - models need the app registry
    from django.utils import timezone  # noqa: PLC0415

    from audit import services, witnesses  # noqa: PLC0415
    from audit.events import ActRefused  # noqa: PLC0415
    from audit.models import Log  # noqa: PLC0415
    from audit.queries import trees  # noqa: PLC0415
    from audit.sequencing import Sequencer  # noqa: PLC0415
    from audit.witnessing import Witnessing  # noqa: PLC0415
    from casehub.directory.events import OfficeEntered  # noqa: PLC0415

    def now() -> datetime:
        return timezone.now()  # noqa: TID251 - a process of its own reads the clock

    def there() -> datetime:
        at = now()
        leap = (at.month, at.day) == (2, 29)  # which the other year may not have
        return at.replace(year=at.year + life.year, day=28 if leap and life.year else at.day)

    events = [
        *(ActRefused(states=("SV",), act="a", code="c", target="t") for _ in range(life.acts)),
        *(OfficeEntered(states=("SV",), office="o") for _ in range(life.acts)),
    ]
    with transaction.atomic():
        services.record_many(events, actors=["ana"] * len(events), at=there())
    if life.keys:
        call_command("audit", *life.keys.split(), "--by", "operator", stdout=sys.stderr)
    passing, policy = _die_at(life), witnesses.configured()
    sequencer = Sequencer(clock=there, passing=passing, policy=policy)
    sequencer.tick()
    if policy is not None:
        asking = Witnessing(policy, now, passing=passing)
        until = now() + timedelta(seconds=LONGEST)
        while any(trees.published_size(log) < log.size for log in Log.objects.all()):
            if now() > until:
                raise TimeoutError("no quorum came")
            asking.round()
        asking.close()
    sequencer.close()


def main() -> None:
    """Live as told."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    while line := _line():
        child = os.fork()
        if child == 0:
            try:
                _live(replace(Life(), **json.loads(line)))
            except BaseException:  # noqa: BLE001 - its end is what is wanted to be known
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - heard by `Lives`


def _line() -> str:
    """Read one line and no more: what follows it is a child's."""
    read = bytearray()
    while (byte := os.read(0, 1)) not in {b"", b"\n"}:
        read += byte
    return read.decode()


if __name__ == "__main__":
    main()
