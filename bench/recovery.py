"""
How long a region is away whose host is lost: `make bench-recovery`.

The demo's region, on SQLite and on PostgreSQL (ONLY=embedded or full for one): backed up, its
folder deleted (in PostgreSQL nobody reads its database again), then restored into an empty place
from the file and what an operator keeps apart, granted, started and asked for its log and its first
page. Nobody is waited for who types, and the key files are cheap ones: a real one takes some
seconds more to open. Seconds mean something only with the machine and what else it does, so both
are printed. The goal on this data is three minutes.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casehub.backups import recipients
from tests.integration.backups.conftest import (
    CHEAP,
    PHRASES,
    Backups,
    serve_until_signed,
)
from tests.servers.casehub_server import CaseHub
from tests.servers.fixtures import CONFIGURATIONS

GOAL = 180.0  # seconds
TOOK: dict[str, float] = {}


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long something took, and keep it."""
    start = time.monotonic()
    yield
    TOOK[what] = time.monotonic() - start
    print(f"  {what:<44} {TOOK[what]:7.1f} s", flush=True)


def keys_in(home: Path) -> dict[str, Path]:
    """Make the key files of two States."""
    found = {}
    for state, words in PHRASES.items():
        found[state] = home / f"{state}.key"
        text = recipients.make(state, passphrases=[words], cost=CHEAP)
        found[state].write_text(text, encoding="utf-8")
    lines = [str(recipients.of_file(file.read_text("utf-8"))[0]) for file in found.values()]
    (home / "recipients").write_text("\n".join(lines), encoding="utf-8")
    return found


def recovered(name: str, home: Path) -> float:
    """Lose a region and bring it back; return the seconds that the steps took since."""
    with CONFIGURATIONS[name]() as configuration:
        backups = Backups(configuration, home, home / "recipients", keys_in(home))
        lost = configuration.fresh()
        serve_until_signed(lost)
        file = home / "region.backup"
        with timed("backup"):
            backups.make(lost, file)
        print(f"  the file has {file.stat().st_size / 2**20:.1f} MiB")
        place = backups.empty(lost)
        shutil.rmtree(lost.data)
        TOOK.clear()
        with timed("restore, the whole log verified"):
            restored = backups.restore(place, file)
        if restored.code:
            raise SystemExit(restored.error)
        print("".join(f"    {line}\n" for line in restored.out.splitlines()), end="")
        with timed("grants"):
            backups.grant(place)
        with timed("start, first page, published log"), CaseHub(place) as casehub:
            for path in ("", "/api/log"):
                address = casehub.url + path  # of our own server
                with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
                    answer.read()
    return sum(TOOK.values())


def main() -> int:
    """Do it for each configuration; end with 1 if one takes longer than it may."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(
        f"{platform.machine()}, {cores} cores, load {load:.1f}, Python {platform.python_version()}"
    )
    late = False
    for name in [os.environ["ONLY"]] if os.environ.get("ONLY") else list(CONFIGURATIONS):
        print(name)
        with tempfile.TemporaryDirectory(prefix="casehub-recovery-") as home:
            total = recovered(name, Path(home))
        print(f"  from the restore to the first answer: {total:.1f} s (goal {GOAL:.0f} s)")
        late = late or total > GOAL
    print(f"load {os.getloadavg()[0]:.1f} at the end")
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
