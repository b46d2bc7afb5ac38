"""
The full region while parts of it are struck: after each trial everything is looked at.

`make faults` tries many more of them, for as long as one likes (docs/reliability.md).
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.excuses import ORPHANED
from tests.faults.fault import Fault
from tests.faults.faults import FAULTS
from tests.faults.ground import Exposed, Ground, begun, keep_logs
from tests.faults.strikes import dying
from tests.faults.trial import Trial, kept
from tests.servers.casehub_server import PROJECT
from tests.servers.configurations import Configuration
from tests.servers.dying import POINTS
from tests.servers.regions import Begun

ACCOUNTS = ["sv.enlace1", "mx.enlace1", "gt.enlace1", "us.enlace1"]
#  Struck one after the other while traffic goes on; looked at once, when all are over.
DEATHS = ("web-killed", "sequencer-killed", "web-killed", "web-killed", "sequencer-killed")
CUTS = ("backends-ended", "redis-cut", "line-cut", "redis-killed", "postgres-stopped")

LOGS = PROJECT / "var" / "log" / "faults"


class Copied(Exposed, Begun):
    """Such a region over a place that was migrated and seeded already."""

    def _run_once(self, name: str) -> None:
        if name != "migrate":  # the place has it behind it; test_full_region.py runs it once more
            super()._run_once(name)


EVERY_POINT = Fault(
    "every-point",
    "a web process dies at each point that is named",
    lambda ground, _: dying.die_at(ground, [(point, 1) for point in POINTS]),
    ORPHANED,
    around=dying.with_points,
)


def several(*names: str) -> Fault:
    """Return one fault that is several, one after the other."""
    faults = [FAULTS[name] for name in names]

    def strike(ground: Ground, chance: random.Random) -> float:
        return max(one.strike(ground, chance) for one in faults)

    says = tuple(words for one in faults for words in one.says)
    return Fault(f"{names[0]}-and-more", ", ".join(names), strike, says)


def assert_well(done: Trial) -> None:
    """See that everything held, of something that was written."""
    assert done.violations == (), f"seed {done.seed}"
    assert done.messages > 0


@pytest.fixture(scope="module")
def ground(configuration: Configuration) -> Iterator[Ground]:
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


@pytest.mark.timeout(600)
@pytest.mark.faults
@pytest.mark.parametrize("configuration", ["full"], indirect=True, scope="session")
class TestTheRegion:
    @pytest.mark.parametrize("names", [DEATHS, CUTS], ids=["deaths", "cuts"])
    def test_holds_what_it_promises_after_every_fault(
        self, ground: Ground, names: tuple[str, ...]
    ) -> None:
        seed = random.SystemRandom().randrange(2**31)
        assert_well(kept(ground, several(*names), seed, LOGS))

    def test_holds_it_wherever_a_web_process_dies(self, ground: Ground) -> None:
        seed = random.SystemRandom().randrange(2**31)
        assert_well(kept(ground, EVERY_POINT, seed, LOGS))
