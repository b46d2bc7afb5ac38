"""Arrivals are fixed before the run: a slow server is not asked less."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bench.peers.arrivals import Room, schedule

ROOMS = [Room(4, 10), Room(5, 10), Room(6, 10)]


def test_as_many_as_the_rate_says_within_the_time():
    found = schedule(ROOMS, per_second=20, seconds=8, seed=1)
    assert len(found) == 160
    assert found[-1].at == pytest.approx(8)
    assert all(one.at < other.at for one, other in pairwise(found))


def test_a_seed_gives_the_same_ones_and_another_gives_others():
    one, again, other = (schedule(ROOMS, per_second=5, seconds=4, seed=s) for s in (1, 1, 2))
    assert one == again
    assert one != other


def test_they_know_nothing_of_each_other():
    """Some gaps are far shorter than the mean and some far longer: queues come to be."""
    times = [one.at for one in schedule(ROOMS, per_second=50, seconds=20, seed=3)]
    gaps = sorted(b - a for a, b in pairwise(times))
    assert gaps[len(gaps) // 10] < 0.02 * 0.2
    assert gaps[-len(gaps) // 10] > 0.02 * 2


def test_every_room_and_member_has_its_turn():
    found = schedule(ROOMS, per_second=100, seconds=20, seed=4)
    assert {(one.room, one.member) for one in found} == {
        (r, m) for r in (4, 5, 6) for m in range(10)
    }


def test_a_rate_too_small_for_the_time_gives_one_message():
    assert len(schedule(ROOMS, per_second=0.01, seconds=2, seed=5)) == 1
