"""What came of asking informally, from events alone, and what may be told of it."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casehub.indicators import figures, lives
from tests.unit.indicators.logged import BEGUN, DAY, OVER, consultation, request
from tests.unit.indicators.test_figures import counted, days

SENT = (20, "transmit", ("channel:paper", "language:es"))
SOLVED = (9, "withdraw", ("codes:solved-informally",))
TERM = {"asked": 3, "due": 10}


def told(stories, *, state="SV"):
    """Return the rows that are shown of the quarter, by their code."""
    found = figures.figures(
        chain.from_iterable(stories), quarter="2026-Q3", state=state, known=lives.KINDS, now=OVER
    )
    return {row["code"]: row for row in (*found["counts"], *found["times"])}


def asked_often(number, **said):
    """Return the stories of so many requests that were asked about, one like the other."""
    return [consultation(f"c{at}-{said}", f"r{at}", **TERM | said) for at in range(number)]


class TestAConsultation:
    def test_is_answered_in_time_or_late_or_taken_back(self):
        found = counted(
            consultation("a", "r", **TERM, answered=9),
            consultation("b", "r", **TERM, answered=10),
            consultation("c", "r", **TERM),
            consultation("d", "r", **TERM, ended=12),
            consultation("e", "r", **TERM, ended=5),
            consultation("f", "r", **TERM, ended=12, answered=14),
        )
        assert found["consultations"] == {"in-time": 1, "late": 2, "overdue": 2, "taken-back": 1}

    def test_is_overdue_by_its_term_alone_and_by_no_act(self):
        """Nobody records a silence: until when an answer was expected is said with the question."""
        assert counted(consultation("a", "r", **TERM))["consultations"] == {"overdue": 1}

    @pytest.mark.parametrize(
        ("day", "overdue"), [(9, {}), (10, {"overdue": 1}), (11, {"overdue": 1})]
    )
    def test_is_not_overdue_before_its_term_is_over(self, day, overdue):
        """A running quarter is read while some may still answer in time."""
        now = BEGUN + day * DAY
        assert counted(consultation("a", "r", **TERM), now=now)["consultations"] == overdue

    def test_whose_term_ends_after_the_quarter_is_none_of_it(self):
        late = consultation("a", "r", asked=80, due=100)
        assert counted(late)["consultations"] == {}
        assert counted(late, consultation("b", "r", asked=80, due=100, answered=81))[
            "consultations"
        ] == {"in-time": 1}

    def test_that_is_answered_after_the_quarter_does_not_change_it(self):
        """Its term was over in that quarter, and nobody had answered."""
        late = consultation("a", "r", asked=70, due=80, answered=100)
        assert counted(late)["consultations"] == {"overdue": 1}

    @pytest.mark.parametrize("state", ["SV", "MX", ""])
    def test_is_counted_of_both_states_and_of_the_region(self, state):
        found = counted(consultation("a", "r", **TERM, answered=4), state=state)
        assert found["consultations"] == {"in-time": 1}

    def test_is_not_counted_of_others(self):
        found = counted(consultation("a", "r", **TERM, answered=4), state="GT")
        assert found["consultations"] == {}


class TestTheFirstAnswer:
    def test_took_from_the_question_until_it_came_late_or_not(self):
        found = days(
            request("r", measures=["search"]),
            consultation("a", "r", **TERM, answered=5),
            consultation("b", "r", **TERM, answered=12),
            consultation("c", "s", **TERM, to="GT", answered=4),
        )
        assert found["first-answer"] == {"": [2, 9, 1], "search": [2, 9], "none": [1]}
        assert found["first-answer-corridors"] == {"": [2, 9, 1], "SV-MX": [2, 9], "SV-GT": [1]}

    def test_is_of_no_corridor_in_the_region(self):
        found = days(consultation("a", "r", **TERM, answered=5), state="")
        assert found["first-answer"] == {"": [2], "none": [2]}
        assert "first-answer-corridors" not in found

    def test_is_by_the_measures_of_the_version_that_was_asked_about(self):
        screened = request("r", measures=["search"])[1]
        again = {**screened, "payload": {**screened["payload"], "version": 2, "measures": ["x"]}}
        story = request("r", measures=["search"])
        found = days(story, [again], consultation("a", "r", **TERM, answered=5))
        assert set(found["first-answer"]) == {"", "search"}


class TestWhatCameAfterConsulting:
    def test_is_a_request_or_none_because_it_was_solved_or_given_up(self):
        asked = [consultation(f"c{name}", name, **TERM, answered=5) for name in "abc"]
        found = counted(
            request("a", SENT),
            request("b", SOLVED),
            request("c", (9, "withdraw", ("codes:no-longer-needed",))),
            request("d", SENT),
            request("e", SOLVED),
            *asked,
        )
        assert found["after-consulting"] == {"formal": 1, "solved": 1, "given-up": 1}

    def test_is_one_life_however_often_it_was_asked_about(self):
        twice = [consultation(name, "a", asked=day, due=30, answered=day + 1) for name, day in
                 (("x", 3), ("y", 6))]  # fmt: skip
        assert counted(request("a", SENT), *twice)["after-consulting"] == {"formal": 1}

    def test_is_what_came_after_it_and_not_before(self):
        """Sent, returned, asked about and sent anew."""
        back = (21, "return", ("codes:D01",))
        asked = consultation("x", "a", asked=22, due=30, answered=23)
        assert counted(request("a", SENT, back), asked)["after-consulting"] == {}
        again = request("a", SENT, back, (40, "transmit"))
        assert counted(again, asked)["after-consulting"] == {"formal": 1}

    def test_is_not_known_to_the_state_that_was_asked(self):
        """It hears of what is sent alone, and would take all of them for sent."""
        stories = [request("a", SENT), consultation("x", "a", **TERM)]
        cells = told(stories, state="MX")["after-consulting"]["cells"]
        assert cells == {"formal": 0, "solved": 0, "given-up": 0}


class TestWhatIsToldOfIt:
    def test_is_how_many_and_how_long_where_there_are_enough(self):
        rows = told(asked_often(12, answered=5))
        cells = {"in-time": 12, "late": 0, "overdue": 0, "taken-back": 0}
        assert rows["consultations"]["cells"] == cells
        everyone = {"name": "", "count": 12, "median": 2 * 86_400, "ninth": 2 * 86_400}
        assert rows["first-answer"]["groups"][0] == everyone

    @pytest.mark.parametrize("late", [10, 11])
    def test_is_no_two_that_came_late_beside_those_in_time(self, late):
        """As many were answered as took time: less those in time, that is the late ones."""
        rows = told([*asked_often(20, answered=5), *asked_often(2, answered=late)])
        assert rows["consultations"]["cells"]["late"] is None
        assert rows["consultations"]["cells"]["in-time"] is None
        everyone, *groups = rows["first-answer"]["groups"]
        assert everyone["count"] is None
        assert {one["count"] for one in groups} == {None}
        assert {row["count"] for row in rows["first-answer-corridors"]["groups"]} == {None}

    def test_is_no_two_that_were_not_answered_beside_the_sum(self):
        rows = told([*asked_often(20, answered=5), *asked_often(2)])
        assert (rows["consultations"]["cells"]["in-time"], rows["consultations"]["whole"]) == (
            None,
            22,
        )
        everyone, *_ = rows["first-answer"]["groups"]
        assert everyone["count"] is None
        #  that there are ten at least, two rows say anyhow
        assert (everyone["median"], everyone["ninth"]) == (2 * 86_400, 2 * 86_400)

    def test_is_no_time_where_it_would_tell_how_many(self):
        rows = told([*asked_often(9, answered=5), *asked_often(4)])
        everyone, *_ = rows["first-answer"]["groups"]
        assert (everyone["count"], everyone["ninth"]) == (None, None)

    def test_is_no_two_that_were_sent_without_asking_beside_what_was_sent(self):
        sent = [request(f"r{at}", SENT) for at in range(8)]
        given_up = [request(f"g{at}", SOLVED) for at in range(6)]
        asked = [
            consultation(f"c{name}", name, **TERM, answered=5)
            for name in (*(f"r{at}" for at in range(6)), *(f"g{at}" for at in range(6)))
        ]
        rows = told([*sent, *given_up, *asked])
        assert rows["urgent"]["whole"] == 8
        assert rows["after-consulting"]["cells"]["formal"] is None
        enough = told([*sent, *[request(f"s{at}", SENT) for at in range(3)], *given_up, *asked])
        assert enough["after-consulting"]["cells"] == {"formal": 6, "solved": 6, "given-up": 0}

    def test_is_late_where_enough_were(self):
        rows = told([*asked_often(20, answered=5), *asked_often(6, answered=11)])
        cells = {"in-time": 20, "late": 6, "overdue": 0, "taken-back": 0}
        assert rows["consultations"]["cells"] == cells
        assert rows["first-answer"]["groups"][0]["count"] == 26

    def test_is_no_two_of_terms_before_the_quarter_that_were_answered_in_it(self):
        """As many were answered as took time, less those whose term ended in the quarter."""
        before = asked_often(2, asked=-20, due=-10, answered=1)
        rows = told([*asked_often(20, answered=5), *asked_often(6, answered=11), *before])
        assert rows["consultations"]["cells"]["late"] == 6
        assert rows["first-answer"]["groups"][0]["count"] is None

    def test_is_no_number_by_which_whoever_knows_of_an_earlier_quarter_has_a_hidden_one(self):
        """That one said how many were overdue: perhaps the same six that are answered now."""
        before = asked_often(6, asked=-20, due=-10, answered=1)
        rows = told([*asked_often(20, answered=5), *asked_often(2), *before])
        assert rows["consultations"]["cells"]["in-time"] is None
        everyone, *_ = rows["first-answer"]["groups"]
        assert (everyone["count"], everyone["median"]) == (None, 2 * 86_400)

    @settings(deadline=None)
    @given(
        in_time=st.integers(0, 14),
        late=st.integers(0, 8),
        before=st.integers(0, 8),
        silent=st.integers(0, 8),
        taken_back=st.integers(0, 8),
    )
    def test_leaves_nobody_a_number_from_one_to_four(
        self, in_time, late, before, silent, taken_back
    ):
        """`before`: late for a term that ended before the quarter."""
        rows = told(
            [
                *asked_often(in_time, answered=5),
                *asked_often(late, answered=11),
                *asked_often(before, asked=-20, due=-10, answered=1),
                *asked_often(silent),
                *asked_often(taken_back, ended=4),
            ]
        )
        cells, whole = rows["consultations"]["cells"], rows["consultations"]["whole"]
        few = {1, 2, 3, 4}
        assert not few & set(cells.values())
        shown = [n for n in cells.values() if n is not None]
        if whole is not None:
            assert whole - sum(shown) not in few
        count = rows["first-answer"]["groups"][0]["count"]
        if count is None:
            return
        known = [cells[name] for name in ("in-time", "late") if cells[name] is not None]
        for one in (*known, sum(known)):
            assert count - one not in few
        if whole is not None and not before:
            # whoever knows of no earlier one has both cells together by the number of answers
            others = [cells[name] for name in ("overdue", "taken-back") if cells[name] is not None]
            assert whole - count - sum(others) not in few

    def test_is_nothing_of_the_region_that_leaves_a_state_two_of_others(self):
        own = asked_often(9, answered=5)
        others = [
            consultation(f"o{at}", f"o{at}", **TERM, of="GT", to="HN", answered=5)
            for at in range(2)
        ]
        rows = told([*own, *others], state="")
        assert rows["consultations"]["cells"]["in-time"] is None
        assert rows["first-answer"]["groups"][0]["median"] is None
