from __future__ import annotations

import pytest

from casehub.edge import limits
from casehub.edge.bodies import LargeBodies

SHARE = limits.NETWORK_BODIES_BYTES
NETWORKS = limits.BODIES_BYTES // SHARE


@pytest.fixture
def bodies():
    return LargeBodies()


class TestLargeBodies:
    def test_of_one_network_have_its_share_and_no_more(self, bodies):
        assert bodies.take("a", SHARE)
        assert not bodies.take("a", 1)
        assert bodies.take("b", SHARE)

    def test_of_all_networks_are_bounded_together(self, bodies):
        assert all(bodies.take(str(n), SHARE) for n in range(NETWORKS))
        assert not bodies.take("late", 1)
        assert bodies.take("late", 0)

    def test_give_room_again_when_they_go(self, bodies):
        assert bodies.take("a", SHARE)
        bodies.give_back("a", SHARE)
        assert bodies.take("a", SHARE)

    def test_leave_no_trace_of_a_network(self, bodies):
        bodies.take("a", 10)
        bodies.give_back("a", 10)
        assert not bodies._by_network

    def test_which_are_small_leave_no_trace_either(self, bodies):
        assert all(bodies.take(str(n), 0) for n in range(1000))
        assert not bodies._by_network

    def test_that_find_no_room_leave_no_trace(self, bodies):
        assert not bodies.take("a", SHARE + 1)
        assert not bodies._by_network

    def test_of_which_nothing_counted_leave_no_trace_when_they_go(self, bodies):
        bodies.give_back("a", 0)
        assert not bodies._by_network
