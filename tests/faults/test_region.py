"""
The full region while parts of it are struck: after each trial everything is looked at.

`make faults` tries many more of them, for as long as one likes (docs/reliability.md).
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.faults.copied import LOGS, copied
from tests.faults.excuses import ORPHANED
from tests.faults.fault import Fault
from tests.faults.faults import FAULTS
from tests.faults.ground import Ground
from tests.faults.strikes import dying
from tests.faults.trial import Trial, kept
from tests.servers.configurations import Configuration
from tests.servers.dying import POINTS

#  Struck one after the other while traffic goes on; looked at once, when all are over.
DEATHS = ("web-killed", "sequencer-killed", "web-killed", "web-killed", "sequencer-killed")
CUTS = ("backends-ended", "redis-cut", "line-cut", "redis-killed", "postgres-stopped")


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
    with copied(configuration) as ground:
        yield ground


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
