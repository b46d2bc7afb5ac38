"""
Whether the time of an answer tells what is another State's from what there is none of.

`make bench-foreign`: a scratch PostgreSQL holds the region of the permission tests. Every route
that names an object is asked by somebody whose role may use it, in turns for a foreign one and for
none, in an order drawn anew for each pair (SAMPLES=n pairs, by default 200; ACTS=cases for routes
whose act begins so). Timed is what the application does with the request, from its first middleware
to the answer, without the network; whatever it did is undone. The figure is the median of the
pairs' ratios, with the distribution-free interval of 99 % that order statistics give. A route is
told apart if its whole interval lies more than a tenth away from 1. Times mean something only with
the machine and what else it does, so both are printed.
"""

from __future__ import annotations

import json
import math
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import django

from tools.region.postgres import Postgres

if TYPE_CHECKING:
    from tests.integration.doors import Objects, World

SAMPLES = int(os.environ.get("SAMPLES", "200"))
ONLY = os.environ.get("ACTS", "")
WARM = 5  # pairs before the clock counts
Z = 2.576  # of 99 %
APART = 0.1  # of the time


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the median and the ends of its interval of 99 %, from the values' ranks alone."""
    ordered = sorted(values)
    half = Z * math.sqrt(len(ordered)) / 2
    low = max(0, math.floor(len(ordered) / 2 - half))
    high = min(len(ordered) - 1, math.ceil(len(ordered) / 2 + half))
    return statistics.median(ordered), ordered[low], ordered[high]


def _world() -> tuple[World, dict[str, str]]:
    """Return a region and, by role, the cookie of somebody who has it."""
    from django.utils import timezone  # noqa: PLC0415

    from tests.factories import Region  # noqa: PLC0415
    from tests.integration.answers import ROLES  # noqa: PLC0415
    from tests.integration.doors import World, objects_of  # noqa: PLC0415

    region = Region(timezone.now())  # noqa: TID251 - a process of its own reads the clock
    own = objects_of(region, region.equipped("SV"), region.equipped("SV"))
    foreign = objects_of(region, region.equipped("MX"), region.equipped("MX"))
    people = {role: region.person(state, role) for role, state in ROLES.items()}
    return World(region, own, foreign), {r: region.session(one) for r, one in people.items()}


def _asked() -> dict[str, str]:
    """Return the routes at which a foreign object has to answer as none, and who asks there."""
    from tests.integration.answers import HTTP, ROLES, Caller, expected, hidden  # noqa: PLC0415

    found = {}
    for act, row in HTTP.items():
        for role in ROLES:
            if "*" not in row.who and role not in row.who:
                continue
            caller = Caller(roles=frozenset({role}))
            if hidden(act, caller, expected(act, caller, "foreign")):
                found[act] = role
                break
    return {act: role for act, role in found.items() if act.startswith(ONLY)}


def _took(cookie: str, act: str, objects: Objects) -> float:
    """Return how long an answer takes, in ms; what it did is undone."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from casehub.core.rates import buckets  # noqa: PLC0415
    from tests.integration.answers import HTTP  # noqa: PLC0415
    from tests.integration.doors import BODIES  # noqa: PLC0415

    method, path = HTTP[act].door.split(" ")
    body = json.dumps(BODIES[act](objects)).encode() if act in BODIES else b""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    address = path.format(**objects.parts(act))
    buckets.clear()
    with transaction.atomic():
        began = time.perf_counter()
        answer = client.generic(method, address, data=body, content_type="application/json")
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    if answer.status_code < 400:  # noqa: PLR2004 - then it is not this that is measured
        message = f"{act} served {address}"
        raise RuntimeError(message)
    return took * 1000


def _pair(cookie: str, act: str, foreign: Objects) -> tuple[float, float]:
    """Time both, in an order drawn anew, and return the foreign one first."""
    from tests.integration.doors import nothing  # noqa: PLC0415

    places = {"foreign": foreign, "none": nothing()}
    order = random.sample(sorted(places), 2)
    took = {place: _took(cookie, act, places[place]) for place in order}
    return took["foreign"], took["none"]


def _measured(world: World, cookies: dict[str, str]) -> tuple[int, list[str]]:
    """Measure and print each route; return how many there are and which are told apart."""
    asked, apart, ratios = _asked(), [], []
    for act, role in asked.items():
        for _ in range(WARM):
            _pair(cookies[role], act, world.foreign)
        pairs = [_pair(cookies[role], act, world.foreign) for _ in range(SAMPLES)]
        ratio, low, high = interval([foreign / none for foreign, none in pairs])
        took = statistics.median(none for _, none in pairs)
        ratios += [foreign / none for foreign, none in pairs]
        told = low > 1 + APART or high < 1 - APART
        apart += [act] * told
        end = "  told apart" if told else ""
        print(
            f"{act:42}{role:18}{took:7.1f}  {ratio:.3f}  {low:.3f} to {high:.3f}{end}", flush=True
        )
    ratio, low, high = interval(ratios)
    print(f"{'all of them':42}{'':18}{'':7}  {ratio:.3f}  {low:.3f} to {high:.3f}")
    return len(asked), apart


def main() -> int:
    """Measure and print; 1 if a route tells the two apart."""
    print(f"{platform.machine()}, {os.cpu_count()} cores; {SAMPLES} pairs for each route")
    print(f"{'act':42}{'asked by':18}{'[ms]':>7}  ratio  interval of 99 %")
    began = time.process_time()
    with Postgres() as postgres, tempfile.TemporaryDirectory() as data:
        os.environ |= {"DATABASE_URL": postgres.url(postgres.create()), "CASEHUB_DATA": data}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections, transaction  # noqa: PLC0415
        from django.test.utils import setup_test_environment  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        setup_test_environment()
        with transaction.atomic():
            world, cookies = _world()
        routes, apart = _measured(world, cookies)
        connections.close_all()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    spent = time.process_time() - began
    print(f"{routes} routes; {spent:.0f} s of CPU time, load {load:.1f} at the end")
    print("told apart: " + ", ".join(apart) if apart else "none is told apart")
    return int(bool(apart))


if __name__ == "__main__":
    sys.exit(main())
