"""
The product with its rates raised: `python -m bench.peers.raised serve`.

They are asked of every frame as ever; only nobody reaches them. What is measured is what the server
carries, and people who each keep to 20 messages a second would not find that out.
"""

from __future__ import annotations

import os
import sys

import django
from django.core.management import execute_from_command_line

EVERY_MINUTE = 10**9


def raise_rates() -> None:
    """Let everybody do as much as they like."""
    from casehub.core import rates  # noqa: PLC0415 - Django comes first

    for kind in rates.RATES:
        rates.RATES[kind] = rates.Rate(burst=EVERY_MINUTE, per_minute=EVERY_MINUTE)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    if os.environ.get("CASEHUB_DEMO") != "1":
        raise SystemExit("only a demo's rates are raised")
    django.setup()
    raise_rates()
    execute_from_command_line(["manage.py", *sys.argv[1:]])
