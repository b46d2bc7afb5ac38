"""Steps of a trial, each asked of a process of its own at a place."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.servers.casehub_server import PROJECT, Place


def told(place: Place, step: str, *arguments: str) -> Any:
    """Do one step in a process of its own at a place; return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.costs.steps", step, *arguments],
        env=place.environment(DJANGO_SETTINGS_MODULE="tests.settings"),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def name_of(place: Place) -> str:
    """Return the name of a place's database on its server."""
    return place.settings["DATABASE_URL"].rpartition("/")[2]
