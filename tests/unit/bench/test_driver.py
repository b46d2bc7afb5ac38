"""How much is kept on its way while the most is looked for."""

from __future__ import annotations

import pytest

from bench.peers.arrivals import Room
from bench.peers.driver import EACH, Load, flying
from messaging.consumers import IN_FLIGHT


def load(rooms: int, members: int) -> Load:
    return Load("one", tuple(Room(number, members) for number in range(rooms)), 20)


@pytest.mark.parametrize(
    ("rooms", "members", "pace", "expected"),
    [
        (20, 10, 1, 200),
        (1, 2, 1, 64),  # no line has more than its own share
        (20, 10, 0.1, 20),
        (1, 100, 0.1, 20),
        (200, 2, 0.1, 200),  # every room has one
    ],
)
def test_is_so_much(rooms, members, pace, expected):
    assert flying(pace, load(rooms, members), rooms * members) == expected


def test_the_product_refuses_none_of_it():
    assert EACH < IN_FLIGHT
