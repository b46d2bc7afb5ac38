"""
Sessions of the demo's people: `python -m tests.faults.strikes.minted COUNT BUSY...` prints keys.

A sign-in each would take half a second of a core and the rate of a network: what is tried here is
what comes after it. Each session has its event, as one that was signed in.
"""

from __future__ import annotations

import json
import os
import sys

PROGRAM = "tests.faults.strikes.minted"


def main(count: int, busy: set[str]) -> None:
    """Open so many sessions, in turn of everybody but who is busy otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
    )
    from django.utils import timezone  # noqa: PLC0415

    from casehub.directory.models import Person  # noqa: PLC0415
    from tests.factories import Region, Someone  # noqa: PLC0415

    region = Region(timezone.now())  # noqa: TID251 - a process of its own reads the clock
    rows = Person.objects.exclude(account__username__in=busy).exclude(state=None)
    found = [
        Someone(
            str(one.id), str(one.account_id), str(one.state_id), frozenset(one.roles.split(",")),
            Ed25519PrivateKey.generate(),
        )
        for one in rows.order_by("account__username")
    ]  # fmt: skip
    print(json.dumps([region.session(found[n % len(found)]) for n in range(count)]))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), set(sys.argv[2:]))
