"""Conditions, the parts one after the other, and what came of the goals."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

import psycopg

from tests.servers.casehub_server import PROJECT, Place
from tools.region.postgres import Postgres

from . import figures

PARTS = ("acts", "million", "cosigned")
SIZES = {"SECONDS": 3, "ROUNDS": 2, "ENTRIES": 1_000_000, "WATCH": 60}
SHOWN = ("fsync", "synchronous_commit", "wal_sync_method", "full_page_writes", "shared_buffers")


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    found = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()


def _conditions(postgres: Postgres, database: str) -> None:
    url = f"host={postgres.folder} dbname={database}"
    with psycopg.connect(url) as connection:
        ((version,),) = connection.execute("SELECT version()").fetchall()
        values = [
            f"{name}={connection.execute(f'SHOW {name}').fetchall()[0][0]}"  # type: ignore[call-overload] - names of ours
            for name in SHOWN
        ]
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    packages = ", ".join(f"{n} {metadata.version(n)}" for n in ("django-auditlog", "pymerkle"))
    print(f"{_processor()}, {os.cpu_count()} cores, {platform.platform()}")
    print(f"load before {load}; Python {platform.python_version()}", end=", ")
    print(f"Django {metadata.version('django')}")
    print(f"{version.split(' on ')[0]}: {', '.join(values)}")
    print(f"beside it: {packages}")
    sizes = ", ".join(f"{name}={figures.setting(name, usual):g}" for name, usual in SIZES.items())
    print(f"sizes: {sizes}")


def _part(name: str, postgres: Postgres, goals: Path) -> bool:
    print(f"\n== {name}  (load {os.getloadavg()[0]:.1f})", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="casehub-bench-") as folder:
        place = Place("full", Path(folder), {"DATABASE_URL": postgres.url(postgres.create())})
        environment = place.environment(
            DJANGO_SETTINGS_MODULE="bench.audit.settings", **{figures.GOALS: str(goals)}
        )
        command = [sys.executable, "-m", f"bench.audit.{name}"]
        done = subprocess.run(command, env=environment, cwd=PROJECT, check=False)
    print(f"   ({time.monotonic() - began:.0f} s)", flush=True)
    return done.returncode == 0


def main(parts: list[str]) -> int:
    """Run the parts; 0 if all ended and every goal is met."""
    unknown = set(parts) - set(PARTS)
    if unknown:
        print(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
        return 2
    with tempfile.TemporaryDirectory(prefix="casehub-bench-") as folder:
        goals = Path(folder) / "goals"
        with Postgres(durable=True) as postgres:
            _conditions(postgres, postgres.create())
            ended = [_part(name, postgres, goals) for name in parts or PARTS]
        found = figures.told(goals)
    print(f"\n== goals  (load after {os.getloadavg()[0]:.1f})")
    for goal in found:
        print(goal)
    return int(not all(ended) or not all(goal.met for goal in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
