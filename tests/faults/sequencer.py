"""
A sequencer that kills itself: `python -m tests.faults.sequencer STEP TIMES`.

It records a few events first. With TIMES 0 it does its work and ends.
"""

from __future__ import annotations

import os
import signal
import sys

import django
from django.db import transaction
from django.utils import timezone


def main(step: str, times: int) -> None:
    """Work, and at the `times`-th passing of the step die as in a crash."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    django.setup()
    from audit import services  # noqa: PLC0415 - models need the app registry
    from audit.events import ActRefused  # noqa: PLC0415
    from audit.sequencing import Sequencer  # noqa: PLC0415
    from casehub.directory.events import OfficeEntered  # noqa: PLC0415

    events = [
        ActRefused(states=("SV",), act="a", code="c", target="t"),
        OfficeEntered(states=("SV",), office="o"),
    ]
    clock = timezone.now  # noqa: TID251 - a process of its own reads the clock
    with transaction.atomic():
        services.record_many(events, actors=["ana"] * len(events), at=clock())
    left = times

    def passing(name: str) -> None:
        nonlocal left
        left -= name == step
        if name == step and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sequencer = Sequencer(clock=clock, passing=passing)
    sequencer.tick()
    sequencer.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
