"""Rooms share case files, none of which has too many people."""

from __future__ import annotations

from bench.peers.population import filed
from casehub.cases.policies import MOST_PEOPLE


def test_rooms_keep_their_order_and_fill_case_files():
    assert filed([5, 5, 100, 10, 100]) == [[5, 5, 100, 10], [100]]


def test_a_room_of_many_has_a_file_of_its_own():
    assert filed([100, 100]) == [[100], [100]]
    assert filed([]) == []


def test_no_file_has_more_people_than_one_may_have():
    files = filed([5] * 4 + [10] * 20 + [100] + [2])
    assert all(sum(rooms) <= MOST_PEOPLE for rooms in files)
    assert [size for rooms in files for size in rooms] == [5] * 4 + [10] * 20 + [100] + [2]
