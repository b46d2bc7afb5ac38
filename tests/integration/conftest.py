"""A clock that stands still, and a region in which people come to be as a test names them."""

from __future__ import annotations

import pytest
import time_machine

from audit import services as log
from casehub.core import doorbell
from casehub.core.rates import buckets, refusals
from casehub.oversight import watching
from requests_mla import screening
from tests.factories import Region
from tests.integration.requests_mla.rulebook import SMALL


@pytest.fixture(autouse=True)
def _fresh_rates():
    buckets.clear()
    doorbell.try_again()
    refusals._counts.clear()
    log.look_again()
    watching.look_again()


@pytest.fixture
def clock(now):
    """Time stands at `now` and moves when told to."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def region(db, clock, now):
    """States and people at `now`; the clock stands there too."""
    return Region(now)


@pytest.fixture
def small_rulebook(monkeypatch):
    """Have the server use a rulebook of five rules."""
    monkeypatch.setattr(screening, "rulebook", lambda: SMALL)
    screening.vocabulary.cache_clear()
    yield SMALL
    screening.vocabulary.cache_clear()
