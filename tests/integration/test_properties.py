"""
Whatever the people of one State do with cases and with each other, in whatever order.

Another State's case stays unseen; taking something away gives nobody anything; a stop of the whole
State holds until two lift it; and nobody comes to two offices that exclude each other.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from tests.integration.peopled import ABOVE, TAKEN, PeopleOfAState
from tests.integration.scenes import Scene

FEW = settings(
    max_examples=6,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
MORE = settings(FEW, max_examples=5, stateful_step_count=10)


class PeopleWhoLose(PeopleOfAState):
    """The same, once a case has gone its way and much of what they had was taken from them."""

    first = None  # what is taken first, while everybody still has it

    @initialize(
        name=PeopleOfAState.who,
        at=PeopleOfAState.at,
        taken=st.lists(
            st.tuples(PeopleOfAState.who, st.sampled_from(TAKEN), PeopleOfAState.at),
            min_size=2,
            max_size=5,
        ),
    )
    def much_is_taken(self, name, at, taken):
        self.a_case_goes_its_way()
        self.something_is_taken_away(name, self.first, at)
        for one in taken:
            self.something_is_taken_away(*one)


class PeopleOfAStoppedState(PeopleOfAState):
    """The same, two of whom have stopped their State before anything else."""

    @initialize()
    def two_stop_it(self):
        self.somebody_stops_the_state("coordinator", confirm=False)
        self.somebody_stops_the_state("officer", confirm=True)
        assert self.stop().confirmed_at is not None

    @rule(names=st.permutations(ABOVE))
    def two_of_them_lift_it(self, names):
        for name in names[:2]:
            self.lift(name)


@pytest.mark.once  # each of these acts is tried by itself on both
class TestWhateverThePeopleOfAStateDo:
    @pytest.fixture
    def scene(self, region, clock):
        return {"scene": Scene(region), "clock": clock, "seen": set()}

    @pytest.mark.timeout(300)
    @pytest.mark.parametrize("what", TAKEN)
    def test_what_is_taken_from_them_gives_nobody_anything(self, scene, what):
        machine = type("Here", (PeopleWhoLose,), {**scene, "first": what})
        #  By a seed of its own: without one, each kind would be followed by the same draws.
        run_state_machine_as_test(seed(TAKEN.index(what))(machine), settings=MORE)
        assert what in scene["seen"]  # by somebody who had it, and lost by it

    @pytest.mark.timeout(300)
    def test_no_foreign_case_is_seen(self, scene):
        run_state_machine_as_test(type("Here", (PeopleOfAState,), scene), settings=FEW)
        assert {"cases.state.consent", "cases.person.add"} <= scene["seen"]

    @pytest.mark.timeout(300)
    def test_a_stop_of_their_state_holds_until_two_lift_it(self, scene):
        run_state_machine_as_test(type("Here", (PeopleOfAStoppedState,), scene), settings=FEW)
        assert {"stopped", "lifted"} <= scene["seen"]
