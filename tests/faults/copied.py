"""A region over a place that was migrated and seeded already, with clients in it."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.faults import FAULTS
from tests.faults.ground import Exposed, Ground, begun, keep_logs
from tests.faults.trial import kept
from tests.servers.casehub_server import PROJECT
from tests.servers.configurations import Configuration
from tests.servers.regions import Begun

ACCOUNTS = ["sv.enlace1", "mx.enlace1", "gt.enlace1", "us.enlace1"]
LOGS = PROJECT / "var" / "log" / "faults"


class Copied(Exposed, Begun):
    """Such a region."""

    def _run_once(self, name: str) -> None:
        if name != "migrate":  # the place has it behind it; test_full_region.py runs it once more
            super()._run_once(name)


@contextmanager
def copied(configuration: Configuration) -> Iterator[Ground]:
    """Begin one, see what is usual, and end it; what was said is kept if anything goes wrong."""
    seed = random.SystemRandom().randrange(2**31)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it with a failure
    home = Path(tempfile.mkdtemp(prefix="ch-faults-"))
    home.chmod(0o755)
    place = configuration.fresh()
    try:
        with begun(
            home, seed, region=lambda home: Copied(home, place=place, tls=False), accounts=ACCOUNTS
        ) as ground:
            assert kept(ground, FAULTS["nothing"], seed, LOGS).violations == ()
            ground.learn()
            yield ground
    except Exception:
        keep_logs(home, LOGS / f"region-{seed}")
        raise
    finally:
        shutil.rmtree(home, ignore_errors=True)
