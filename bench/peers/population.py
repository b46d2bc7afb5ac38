"""
People of the product, let into rooms before the run: `python -m bench.peers.population 5 5 10`.

As in the fault tests: through factories, in a process of its own, and by no door of the server.
Prints each room's thread and its people's cookies.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tests.servers.casehub_server import PROJECT, Place

STATES = ("SV", "MX", "GT")
MOST = 120  # people of one case file; rooms share one until it is full


@dataclass(frozen=True, slots=True)
class Room:
    """A thread and the cookies of those who read it."""

    thread: UUID
    cookies: tuple[str, ...]


def enter(place: Place, sizes: Sequence[int]) -> list[Room]:
    """Let people in at a migrated place."""
    # Nobody is there to be told: without a layer of processes, entering takes half the time.
    environment = place.environment(**place.owner)
    environment.pop("REDIS_URL", None)
    environment.pop("CASEHUB_PROCESSES", None)
    done = subprocess.run(
        [sys.executable, "-m", "bench.peers.population", *map(str, sizes)],
        env=environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return [Room(UUID(thread), tuple(cookies)) for thread, cookies in told]


def filed(sizes: Sequence[int]) -> list[list[int]]:
    """Return these rooms in their order, case file by case file (pure)."""
    files: list[list[int]] = []
    for size in sizes:
        if not files or sum(files[-1]) + size > MOST:
            files.append([])
        files[-1].append(size)
    return files


def main(sizes: Sequence[int]) -> None:
    """Enter them and print who they are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from tests.factories import Region  # noqa: PLC0415

    region = Region(timezone.now())  # noqa: TID251 - a process of its own reads the clock
    told = []
    for rooms in filed(sizes):
        people = [region.equipped(STATES[n % len(STATES)]) for n in range(sum(rooms))]
        case = region.case(*people)
        for size in rooms:
            mine, people = people[:size], people[size:]
            thread = region.thread(*mine, case=case)
            told.append((str(thread), [region.session(one) for one in mine]))
    print(json.dumps(told))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
