"""The tasks by name: setup, run, region, secrets, test, check, fix, reset, witness, benches."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from functools import partial

from tools import checks, setup, witness
from tools.region import edge, secrets
from tools.steps import ROOT, Stop, say, step

LAST_PORT = 65535


def port(task: str = "make run") -> int:
    """
    Return the port to serve on; `task` is what somebody types again with another one.

    :raises Stop: if PORT is none, or somebody else listens there.
    """
    text = os.environ.get("PORT", "") or "8000"
    if not text.isdigit() or not 0 < int(text) <= LAST_PORT:
        raise Stop(f"PORT={text} is not a port: use a number between 1024 and {LAST_PORT}.")
    other = "PORT=8002" if text == "8001" else "PORT=8001"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError as error:
            raise Stop(f"You may not listen on port {text}: try {other} {task}") from error
        except OSError as error:
            raise Stop(f"Port {text} is already in use: try {other} {task}") from error
    return int(text)


def _setup() -> int:
    start = time.monotonic()
    setup.everything(requirements="test")
    say(f"Everything is in place ({time.monotonic() - start:.0f} s). Next: make run")
    return 0


def _run() -> int:
    number = port()  # before the work, not after it
    say("CaseHub: setting up what is missing")
    setup.everything(requirements="base")
    environment = {**os.environ, **setup.demo_environment(), "PORT": str(number)}
    python = str(setup.PYTHON)
    # Not a child: Ctrl-C and SIGTERM reach the server itself.
    os.execve(python, [python, str(ROOT / "manage.py"), "serve"], environment)  # noqa: S606


def _region() -> int:
    port("make region")  # before the work, not after it
    say("CaseHub: setting up what is missing")
    setup.packages("test")
    setup.rulebook()
    setup.front_end()
    python = str(setup.PYTHON)
    os.execv(python, [python, "-m", "tools.region"])  # noqa: S606 - as above


def _reset() -> int:
    if "DATABASE_URL" in os.environ:
        raise Stop("DATABASE_URL is set: make reset deletes files of the demo, not that database.")
    if setup.in_use():
        raise Stop("CaseHub is running on these files: stop it first (Ctrl-C where it runs).")
    gone = setup.forget()
    say(f"Deleted {len(gone)} things in {setup.data_folder()}. The next `make run` begins anew.")
    return 0


def _witness() -> int:
    digest = witness.build()
    say(f"{witness.FILE.relative_to(ROOT)}  SHA-256 {digest}")
    return 0


def _bench(module: str, *, beside: str = "") -> int:
    setup.packages("test")
    if beside:
        setup.python_packages(beside)
    python = str(setup.PYTHON)
    os.execv(python, [python, "-m", module])  # noqa: S606 - as above


def _with_region(module: str) -> int:
    """Run what begins the full region, nginx among it, with real clients."""
    setup.packages("test")
    setup.rulebook()
    setup.front_end_for_tests()
    if not edge.find():
        step("nginx", edge.install)
    python = str(setup.PYTHON)
    os.execv(python, [python, "-m", module])  # noqa: S606 - as above


TASKS: dict[str, Callable[[], int]] = {
    "setup": _setup,
    "run": _run,
    "region": _region,
    "secrets": secrets.make_for_containers,
    "test": checks.test,
    "check": checks.check,
    "fix": checks.fix,
    "reset": _reset,
    "witness": _witness,
    "bench-client": partial(_bench, "bench.client"),
    "bench-audit": partial(_bench, "bench.audit", beside="bench"),
    "bench-costs": partial(_bench, "bench.costs"),
    "bench-cutoff": partial(_bench, "bench.cutoff"),
    "bench-files": partial(_bench, "bench.files"),
    "bench-foreign": partial(_bench, "bench.foreign"),
    "bench-oversight": partial(_bench, "bench.oversight"),
    "bench-peers": partial(_bench, "bench.peers", beside="bench"),
    "bench-recovery": partial(_bench, "bench.recovery"),
    "bench-screening": partial(_bench, "bench.screening"),
    "bench-search": partial(_bench, "bench.search"),
    "bench-soak": partial(_with_region, "bench.soak"),
    "faults": partial(_with_region, "bench.faults"),
    "load-audit": partial(_bench, "bench.load_audit"),
}


def run(name: str) -> int:
    """Run a task and return its exit code; a `Stop` becomes one line."""
    # Images of machines often forbid compiled files. Here hundreds of processes start, each of
    # which would compile all that it imports again: half of the time that a server starts in.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        return TASKS[name]()
    except Stop as reason:
        say(str(reason), to_error=True)
        return 1
    except KeyboardInterrupt:
        return 130
