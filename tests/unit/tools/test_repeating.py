"""What the second database is asked again, of all that the first one was asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.repeating import TWICE, Done, chosen, shape

records = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.integers(0, 9)).map(lambda one: f"{one[0]}.py::{one[1]}"),
    st.builds(Done, st.floats(0, 9), st.frozensets(st.integers(0, 9), max_size=4)),
)


def senders(done, number, names):
    return [name for name in names if number in done[name].statements]


class TestWhatIsRepeated:
    @given(records)
    def test_sends_every_statement_twice_where_two_tests_send_it(self, done):
        here = chosen(done, ())
        for number in {number for one in done.values() for number in one.statements}:
            assert len(senders(done, number, here)) >= min(TWICE, len(senders(done, number, done)))

    @given(records)
    def test_has_a_test_of_every_file(self, done):
        files = {name.split("::")[0] for name in done}
        assert {name.split("::")[0] for name in chosen(done, ())} == files

    @given(records, st.sets(st.sampled_from(["a.py::0", "b.py::new"])))
    def test_holds_what_has_to_be_repeated_whether_it_was_seen_or_not(self, done, always):
        assert always <= chosen(done, always)

    @given(records)
    def test_is_the_same_however_the_record_is_ordered(self, done):
        assert chosen(done, ()) == chosen(dict(reversed(done.items())), ())

    def test_leaves_out_what_two_others_have_sent(self):
        done = {f"a.py::{name}": Done(1.0, frozenset({1, 2})) for name in "xyz"}
        assert len(chosen(done, ())) == TWICE

    def test_prefers_one_quick_test_to_a_slow_one(self):
        slow, quick = Done(9.0, frozenset({1})), Done(0.1, frozenset({1}))
        done = {"a.py::slow": slow, "a.py::quick": quick, "a.py::quicker": quick}
        assert chosen(done, ()) == {"a.py::quick", "a.py::quicker"}


class TestTheShapeOfAStatement:
    @pytest.mark.parametrize(
        ("one", "another"),
        [
            ("IN (%s)", "IN (%s, %s, %s)"),
            ("VALUES (%s, %s)", "VALUES (%s, %s), (%s, %s)"),
            ("LIMIT 20", "LIMIT 21"),
            ('SAVEPOINT "s1_x1"', 'SAVEPOINT "s2_x9"'),
        ],
    )
    def test_is_one_however_many_are_asked_for(self, one, another):
        assert shape(one) == shape(another)

    @pytest.mark.parametrize(
        ("one", "another"),
        [
            ("a = %s", "b = %s"),
            ("SELECT a", "SELECT a FOR UPDATE"),
            ("ASC LIMIT 1", "DESC LIMIT 1"),
        ],
    )
    def test_is_another_where_another_question_is_asked(self, one, another):
        assert shape(one) != shape(another)
