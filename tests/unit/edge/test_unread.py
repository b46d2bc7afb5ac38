from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.edge import limits
from casehub.edge.limits import MIB, answer_seconds, reading_seconds
from casehub.edge.unread import Unread, let_go

LARGE = limits.UNREAD_BYTES // 4


class Line:
    """A connection of which something is unread."""

    def __init__(self, name):
        self.name, self.was_cut = name, False

    def cut(self):
        self.was_cut = True


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def unread(clock):
    return Unread(clock)


@pytest.fixture
def line():
    return Line("a line")


def lines(number):
    return [Line(str(one)) for one in range(number)]


def cut(found):
    return [one.name for one in found if one.was_cut]


class TestBytesThatNobodyReads:
    def test_are_counted_until_the_line_took_them(self, unread, line):
        unread.add(line, "a", 10)
        unread.add(line, "a", 5)
        assert unread.total == 15
        unread.forget(line)
        assert (unread.total, line.was_cut) == (0, False)

    def test_cost_nobody_their_line_as_long_as_there_is_room(self, unread):
        found = lines(4)
        for one in found:
            unread.add(one, "a", LARGE)
        assert cut(found) == []

    def test_beyond_the_room_cost_who_waits_longest_of_the_network_that_has_most(self, unread):
        first, *found = lines(5)
        unread.add(first, "other", LARGE)
        for one in found:
            unread.add(one, "most", LARGE)
        assert cut([first, *found]) == ["1"]
        assert unread.total == 4 * LARGE

    def test_cost_as_many_lines_as_it_takes(self, unread):
        small, large = lines(10), Line("large")
        for one in small:
            unread.add(one, "a", LARGE // 10)
        unread.add(large, "a", 4 * LARGE - LARGE // 2)
        assert cut([*small, large]) == ["0", "1", "2", "3", "4"]

    def test_cost_a_line_that_is_too_much_by_itself(self, unread, line):
        unread.add(line, "a", 4 * LARGE + 1)
        assert (line.was_cut, unread.total) == (True, 0)

    def test_leave_no_trace_of_a_network(self, unread, line):
        unread.add(line, "a", 1)
        unread.forget(line)
        assert not unread._by_network

    def test_belong_to_the_network_that_first_left_them_lying(self, unread, line):
        unread.add(line, "a", 1)
        unread.add(line, "b", 1)
        assert unread._by_network == {"a": 2}

    def test_of_a_line_that_took_everything_are_none(self, unread, line):
        unread.forget(line)
        assert unread.total == 0

    @given(
        st.lists(
            st.tuples(
                st.integers(0, 9), st.sampled_from("abc"), st.integers(-1, limits.UNREAD_BYTES)
            )
        )
    )
    def test_are_never_more_than_the_room_and_always_the_sum_of_what_lies(self, acts):
        unread, found = Unread(Clock()), lines(10)
        for which, network, size in acts:
            if size < 0:
                unread.forget(found[which])
            else:
                unread.add(found[which], network, size)
            sizes = [behind.size for behind in unread._behind.values()]
            assert unread.total == sum(sizes) == unread._by_network.total()
            assert unread.total <= limits.UNREAD_BYTES


class TestALineThatIsBehind:
    def test_is_left_alone_as_long_as_what_lies_takes_to_be_read(self, unread, line, clock):
        unread.add(line, "a", MIB)
        clock.now += reading_seconds(MIB)
        unread.look()
        assert not line.was_cut

    def test_is_cut_after_that_and_counts_no_more(self, unread, line, clock):
        unread.add(line, "a", MIB)
        clock.now += reading_seconds(MIB) + 0.1
        unread.look()
        assert (line.was_cut, unread.total) == (True, 0)

    def test_has_longer_for_more(self, unread, line, clock):
        unread.add(line, "a", MIB)
        clock.now += reading_seconds(MIB)
        unread.add(line, "a", MIB)
        clock.now += 1
        unread.look()
        assert not line.was_cut

    def test_begins_anew_once_it_took_everything(self, unread, line, clock):
        unread.add(line, "a", MIB)
        clock.now += reading_seconds(MIB)
        unread.forget(line)
        unread.add(line, "a", MIB)
        clock.now += 1
        unread.look()
        assert not line.was_cut


class TestSeconds:
    @pytest.mark.parametrize(("size", "more"), [(0, 0), (MIB, 8), (8 * MIB, 64)])
    def test_rise_with_what_is_to_be_read(self, size, more):
        assert reading_seconds(size) == limits.IDLE_SECONDS + more
        assert answer_seconds(size) == limits.ANSWER_SECONDS + more


def test_a_connection_that_is_let_go_keeps_nothing_that_it_did_not_send():
    class Transport:
        dataBuffer, offset = b"unsent", 3  # noqa: N815 - Twisted's names
        _tempDataBuffer, _tempDataLen = [b"more"], 4  # noqa: N815
        aborted = False

        def abortConnection(self):  # noqa: N802
            self.aborted = True

    one = Transport()
    let_go(one)
    assert one.aborted
    assert (one.dataBuffer, one.offset, one._tempDataBuffer, one._tempDataLen) == (b"", 0, [], 0)
