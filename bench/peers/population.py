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

STATES = ("SV", "MX", "GT", "HN", "CR", "PA", "NI", "CO", "EC", "DO", "BZ")


@dataclass(frozen=True, slots=True)
class Room:
    """A thread and the cookies of those who read it."""

    thread: UUID
    cookies: tuple[str, ...]


def enter(place: Place, sizes: Sequence[int]) -> list[Room]:
    """Let people in at a migrated place."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.peers.population", *map(str, sizes)],
        env=place.environment(**place.owner),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return [Room(UUID(thread), tuple(cookies)) for thread, cookies in told]


def main(sizes: Sequence[int]) -> None:
    """Enter them and print who they are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from tests.factories import Region  # noqa: PLC0415

    region = Region(timezone.now())  # noqa: TID251 - a process of its own reads the clock
    told = []
    for size in sizes:
        people = [region.equipped(STATES[n % len(STATES)]) for n in range(size)]
        case = region.case(*people)
        thread = region.thread(*people, case=case)
        told.append((str(thread), [region.session(one) for one in people]))
    print(json.dumps(told))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
