"""What the second database is asked again, of all that the first one was asked."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.repeating import TWICE, Done, Recorder, chosen, read, shape

records = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.integers(0, 9)).map(lambda one: f"{one[0]}.py::{one[1]}"),
    st.builds(Done, st.integers(0, 9), st.frozensets(st.integers(0, 9), max_size=4)),
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
        done = {f"a.py::{name}": Done(2, frozenset({1, 2})) for name in "xyz"}
        assert len(chosen(done, ())) == TWICE

    def test_prefers_a_test_that_sends_little_to_one_that_sends_much(self):
        much, little = Done(900, frozenset({1})), Done(1, frozenset({1}))
        done = {"a.py::much": much, "a.py::little": little, "a.py::less": little}
        assert chosen(done, ()) == {"a.py::little", "a.py::less"}


@pytest.fixture
def ran(tmp_path):
    """Return `ran(*said, ends)`: what is written down of a test that was told this, and ends so."""

    def ran(*said, ends=("passed", "passed", "passed")):
        recorder = Recorder(tmp_path / "statements.json")
        item = SimpleNamespace(nodeid="a.py::test")
        running = recorder.pytest_runtest_protocol(item)
        next(running)
        for sql, error in said:
            with suppress(ValueError):
                recorder.hear(answering(error), sql, (), False, None)
        for when, how in zip(("setup", "call", "teardown"), ends, strict=False):
            one = SimpleNamespace(nodeid=item.nodeid, when=when, passed=how == "passed")
            recorder.pytest_runtest_logreport(one)
        next(running, None)
        recorder.pytest_sessionfinish()
        return read(recorder.file).get(item.nodeid)

    return ran


def answering(error):
    def execute(*_):
        if error:
            raise ValueError(error)

    return execute


class TestWhatIsWrittenDown:
    def test_is_how_much_a_test_sent_and_what(self, ran):
        done = ran(("a = %s", ""), ("a = %s", ""), ("b = %s", ""))
        assert (done.cost, len(done.statements)) == (3, 2)

    def test_tells_a_refusal_from_an_answer_and_from_another_refusal(self, ran):
        reasons = ("", "CHECK failed: one", "CHECK failed: two")
        assert len(ran(*(("a = %s", why) for why in reasons)).statements) == 3

    def test_takes_refusals_of_two_rows_for_one(self, ran):
        assert len(ran(("a", "no row 17 in 'one'"), ("a", "no row 4 in 'two'")).statements) == 1

    @pytest.mark.parametrize(
        "ends",
        [
            ("failed",),
            ("skipped",),
            ("passed", "failed", "passed"),
            ("passed", "skipped", "passed"),
            ("passed", "passed", "failed"),
        ],
    )
    def test_is_nothing_of_a_test_that_did_not_pass_to_its_end(self, ran, ends):
        assert ran(("a", ""), ends=ends) is None


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
