"""Of what is done again and again: how often, and whoever was hardly struck says so."""

from __future__ import annotations

import random
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from tests.faults.faults import FAULTS
from tests.faults.ground import Missed
from tests.faults.strikes import storms


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def renewed(monkeypatch):
    """Which processes were renewed, where each takes so many seconds; and when it was over."""
    clock = Clock()
    monkeypatch.setattr(storms, "time", clock)
    monkeypatch.setattr(storms, "looking", lambda _: nullcontext())

    def struck(takes: float) -> tuple[list[str], float]:
        stopped: list[str] = []
        again = SimpleNamespace(again=lambda _: clock.sleep(takes))
        ground: Any = SimpleNamespace(stop=stopped.append, region=again)
        ended = FAULTS["renewed-again"].strike(ground, random.Random(1))
        return stopped, ended - 1000.0

    return struck


def test_each_is_renewed_in_turn_every_ten_seconds_for_five_minutes(renewed):
    stopped, lasted = renewed(4.0)
    assert stopped == ["web-1", "web-2"] * 15
    assert lasted == storms.LASTS


def test_one_that_takes_longer_has_the_edge_forgive_it_before_the_next(renewed):
    stopped, lasted = renewed(9.0)
    assert len(stopped) == 25
    assert lasted == 25 * (9.0 + storms.FORGIVEN)


def test_few_have_missed(renewed):
    with pytest.raises(Missed, match="only 7 were renewed"):
        renewed(45.0)
