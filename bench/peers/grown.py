"""
A log that is already long, for the curves: `python -m bench.peers.grown ENTRIES`.

Filled as for `make bench-audit`, in a migrated place in which nobody is yet.
"""

from __future__ import annotations

import os
import sys


def main(entries: int) -> None:
    """Grow it, and leave it signed."""
    # As there: with what the log is compared to, and without a pool that processes would share.
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.audit.settings"
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()

    from bench.audit.million import Growing  # noqa: PLC0415

    growing = Growing()
    growing.grow(entries, entries)
    growing.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
