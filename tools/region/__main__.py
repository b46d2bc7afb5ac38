"""`make region`: the region of compose.yaml on this machine, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading

from tools import setup, tasks
from tools.region import edge
from tools.region.region import Region
from tools.steps import Stop, say, step

WORDS = """
The region runs on {url}
  Open it, pick a person, sign in; the page shows how, the current code included.
  All people are fictional. Behind the edge: two web processes, PostgreSQL, Redis,
  what signs the log and three witnesses; what each says lies in {log}.
  Ctrl-C ends everything; the next start goes on with it, `make reset` begins anew."""


def _watch(region: Region, told: threading.Event) -> None:
    """
    Wait until somebody ends it.

    :raises Stop: if one of the processes ends by itself.
    """
    while not told.wait(1):
        if (one := region.processes.ended()) is not None:
            raise Stop(f"{one.name} ended by itself ({one.log}):\n{one.said()}")


def main() -> int:
    """Start everything, and end it again."""
    port = tasks.port("make region")
    if not edge.find():
        step("nginx", edge.install)
    home = setup.data_folder() / "region"
    home.mkdir(parents=True, exist_ok=True)
    held = setup.hold(home)
    if held is None:
        raise Stop(f"A region runs on {home} already: stop it first (Ctrl-C where it runs).")
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: told.set())
    say("CaseHub: starting a region")
    region = Region(home, port=port, tls=bool(os.environ.get("TLS")), told=say)
    with held, region:
        say(WORDS.format(url=region.url, log=home / "log"))
        _watch(region, told)
        say("Ending")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stop as reason:
        say(str(reason), to_error=True)
        sys.exit(1)
