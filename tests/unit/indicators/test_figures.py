"""Each indicator by lives of requests told in a line, from events alone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from casehub.indicators import figures as telling
from casehub.indicators import lives, reckoning
from casehub.indicators.figures import said_by
from casehub.indicators.reckoning import reckon
from casehub.indicators.turns import Quarter
from tests.repo.conftest import ROOT
from tests.unit.indicators.logged import BEGUN, DAY, OVER, event, note, request

QUARTER = "2026-Q3"
SENT = (4, "transmit", ("channel:paper", "language:es"))
#  rows of what other States asked: of what both States know
VALUED = ("assets-traced", "assets-frozen", "assets-confiscated", "assets-returned")
RECEIVED = (
    *VALUED,
    *("acknowledgement", "acknowledgement-corridors", "asked", "corridors", "deadlines"),
    *("execution", "execution-corridors", "execution-parts", "first-time-right"),
    *("non-liability", "postponement", "refusals", "refusals-in-part", "returns", "urgent"),
)
SPAN = Quarter(datetime(2026, 7, 1, tzinfo=UTC), OVER, "SV", OVER)


def figures(events, *, quarter=QUARTER, state, known=lives.KINDS):
    """Return what is told where the log holds acts of all these kinds."""
    return telling.figures(events, quarter=quarter, state=state, known=known, now=OVER)


def counted(*stories, state="SV", now=OVER):
    """Return how many lives each cell has, before anything is hidden, by row."""
    told = lives.read(map(said_by, chain.from_iterable(stories)))
    parts, _ = reckon(told, Quarter(SPAN.since, SPAN.until, state, now))
    rows = {row.code: {name: len(found) for name, found in row.cells.items()} for row in parts}
    return {code: {name: n for name, n in row.items() if n} for code, row in rows.items()}


def days(*stories, state="SV"):
    """Return the times of each row in days, by group."""
    told = lives.read(map(said_by, chain.from_iterable(stories)))
    _, times = reckon(told, Quarter(SPAN.since, SPAN.until, state, OVER))
    return {
        row.code: {
            name: [seconds / 86_400 for seconds, _ in found] for name, found in row.groups.items()
        }
        for row in times
    }


class TestFirstTimeRight:
    def test_counts_what_was_executed_without_a_question(self):
        assert counted(request("a", SENT, (9, "execute")))["first-time-right"] == {"right": 1}

    def test_counts_what_was_answered_in_part_as_right_for_nothing_can_come_back(self):
        assert counted(request("a", SENT, (9, "answer-part")))["first-time-right"] == {"right": 1}

    def test_counts_a_question_before_the_execution(self):
        story = request("a", SENT, (6, "ask-information"), (7, "give-information"), (9, "execute"))
        assert counted(story)["first-time-right"] == {"asked": 1}

    def test_counts_a_return_even_if_the_second_try_succeeds(self):
        again = (20, "transmit", ()), (30, "execute")
        story = request("a", SENT, (6, "return", ("codes:D05",)), *again)
        assert counted(story)["first-time-right"] == {"returned": 1}

    def test_leaves_open_what_is_still_under_way(self):
        assert counted(request("a", SENT, (6, "acknowledge")))["first-time-right"] == {}

    def test_belongs_to_the_quarter_in_which_it_is_settled(self):
        assert counted(request("a", SENT, (100, "execute")))["first-time-right"] == {}


class TestCodes:
    def test_of_returns_are_counted_each(self):
        story = request("a", SENT, (6, "return", ("codes:D01", "codes:D05")))
        assert counted(story)["returns"] == {"D01": 1, "D05": 1}

    def test_that_come_again_are_one_life(self):
        """Five of them would be told, and would be one request."""
        back, again = (6, "return", ("codes:D05",)), (8, "transmit", ())
        story = request("a", SENT, *[back, again] * 5)
        assert counted(story)["returns"] == {"D05": 1}

    def test_of_refusals_are_counted_each(self):
        story = request("a", SENT, (6, "refuse", ("codes:R05", "consulted")))
        assert counted(story)["refusals"] == {"R05": 1}


class TestQuestions:
    def test_are_counted_by_request_once_it_is_over(self):
        ask, give = (5, "ask-information"), (6, "give-information")
        found = counted(
            request("a", SENT, ask, give, ask, give, (9, "execute")),
            request("b", SENT, (9, "refuse", ("codes:R01",))),
            request("c", SENT, ask),
        )
        assert found["asked"] == {"2": 1, "0": 1}

    def test_that_came_often_share_a_cell(self):
        ask, give = (5, "ask-information"), (6, "give-information")
        story = request("a", SENT, *[ask, give] * 4, (9, "execute"))
        assert counted(story)["asked"] == {"3": 1}


class TestUrgency:
    def test_is_a_share_of_what_was_sent(self):
        found = counted(
            request("a", SENT, urgency="urgent"),
            request("b", SENT, urgency="danger_to_life"),
            request("c", SENT, urgency="normal"),
            request("d", urgency="urgent"),
        )
        assert found["urgent"] == {"urgent": 2, "ordinary": 1}

    def test_is_met_by_an_execution_on_its_last_day(self):
        last = (BEGUN + 9 * DAY).date().isoformat()
        found = counted(
            request("a", SENT, (9, "execute"), urgency="urgent", deadline=last),
            request("b", SENT, (10, "execute"), urgency="urgent", deadline=last),
            request("c", SENT, (8, "refuse"), urgency="urgent", deadline=last),
            request("d", SENT, (9, "execute"), urgency="urgent"),
        )
        assert found["deadlines"] == {"met": 1, "missed": 2, "none": 1}


class TestPreservation:
    def test_counts_where_it_was_asked_for_before_in_the_same_case(self):
        data = {"measures": ["content_data"], "case": "K"}
        keep = request("p", (1, "transmit"), measures=["preserve_data"], case="K", ready=0)
        found = counted(keep, request("a", SENT, **data))["preserved"]
        assert found == {"preserved": 1, "other": 1}

    def test_counts_neither_a_later_one_nor_one_of_another_case_or_state(self):
        data = {"measures": ["content_data"], "case": "K"}
        kept = {"measures": ["preserve_data"], "ready": 0}
        found = counted(
            request("p", (8, "transmit"), case="K", **kept),
            request("q", (1, "transmit"), case="L", **kept),
            request("r", (1, "transmit"), case="K", to="US", **kept),
            request("a", SENT, **data),
        )
        assert found["preserved"] == {"not-preserved": 1, "other": 3}

    def test_is_asked_of_every_measure_about_data_that_the_rulebook_has(self):
        measures = Path(ROOT) / "requests_mla" / "rulebook" / "measures"
        known = [YAML(typ="safe").load(path) for path in sorted(measures.glob("*.yaml"))]
        digital = {one["id"] for one in known if one["group"] == "digital"}
        assert digital == reckoning.DIGITAL | {reckoning.PRESERVE}


class TestTimes:
    def test_of_acknowledgement_and_execution_run_from_the_transmission(self):
        found = days(request("a", SENT, (7, "acknowledge"), (14, "execute")))
        assert found["acknowledgement"] == {"": [3], "bank_records": [3]}
        assert found["execution"] == {"": [10], "bank_records": [10]}

    def test_are_those_on_which_it_was_done_not_on_which_it_was_written_down(self):
        found = days(request("a", SENT, (7, "acknowledge", (), 5)))
        assert found["acknowledgement"][""] == [3]

    def test_of_what_came_back_run_from_when_it_was_last_sent(self):
        again = (20, "transmit", ()), (25, "execute")
        found = days(request("a", SENT, (6, "return", ("codes:D01",)), *again))
        assert found["execution"][""] == [5]

    def test_of_several_measures_are_a_group_of_their_own(self):
        story = request("a", SENT, (14, "execute"), measures=["a", "b"])
        assert set(days(story)["execution"]) == {"", "several"}

    def test_of_each_of_several_measures_run_until_it_was_answered(self):
        several = ["search", "bank_records", "search"]
        found = days(
            request("a", SENT, (9, "answer-part", ("measures:0", "measures:1")),
                    (14, "execute", ("measures:2",)), measures=several),
            request("b", SENT, (8, "execute", ("measures:0",)), measures=["search"]),
        )  # fmt: skip
        #  of a kind that stands there twice when the last of them was
        assert found["execution-parts"] == {"bank_records": [5], "search": [10]}
        assert found["execution"] == {"": [10, 4], "several": [10], "search": [4]}

    def test_of_parts_are_of_the_quarter_in_which_they_were_answered(self):
        parts = (9, "answer-part", ("measures:0",)), (100, "execute", ("measures:1",))
        found = days(request("a", SENT, *parts, measures=["search", "bank_records"]))
        assert found["execution-parts"] == {"search": [5]}

    def test_of_parts_follow_what_was_sent_last(self):
        """What came back may ask for other measures when it is sent anew."""
        again = (20, "transmit", ()), (25, "execute", ("measures:1",))
        story = request("a", SENT, (6, "return", ("codes:D01",)), *again, measures=["a", "b"])
        story[4]["payload"]["measures"] = ["b", "c"]
        assert days(story)["execution-parts"] == {"c": [5]}

    def test_of_drafting_run_until_it_is_ready_first(self):
        assert days(request("a", ready=2))["drafting"][""] == [2]

    def test_of_postponements_run_until_it_goes_on_or_ends(self):
        off = ("codes:P01", "due:2026-08-01")
        found = days(
            request("a", SENT, (6, "postpone", off), (16, "resume"), (20, "postpone", off)),
            request("b", SENT, (6, "postpone", off), (9, "refuse")),
        )
        assert found["postponement"][""] == [10, 3]

    def test_of_postponements_are_one_of_each_request(self):
        off = ("codes:P01", "due:2026-08-01")
        twice = [(6, "postpone", off), (16, "resume"), (20, "postpone", off), (22, "resume")]
        assert days(request("a", SENT, *twice))["postponement"][""] == [12]

    def test_of_what_is_put_off_once_more_while_it_is_put_off_are_counted_once(self):
        off = ("codes:P01", "due:2026-08-01")
        longer = [(6, "postpone", off), (16, "postpone", off), (26, "resume")]
        assert days(request("a", SENT, *longer))["postponement"][""] == [20]

    def test_of_what_disclosed_no_measure_are_a_group_too(self):
        """Left out, they would be what the others leave of the sum."""
        found = days(request("a", SENT, (7, "acknowledge"), measures=()))
        assert found["acknowledgement"] == {"": [3], "none": [3]}


class TestTheTwoViews:
    STORY = request("a", SENT, (7, "acknowledge"), (9, "execute"))

    def test_a_state_sees_corridors(self):
        assert counted(self.STORY)["corridors"] == {"SV-MX": 1}
        assert days(self.STORY)["execution-corridors"] == {"": [5], "SV-MX": [5]}

    def test_the_region_sees_none(self):
        assert "corridors" not in counted(self.STORY, state="")
        assert not [code for code in days(self.STORY, state="") if "corridor" in code]

    def test_the_requested_state_counts_what_was_sent_to_it(self):
        found = counted(self.STORY, state="MX")
        assert found["received:first-time-right"] == {"right": 1}
        assert found["received:corridors"] == {"SV-MX": 1}
        assert found["first-time-right"] == {}

    def test_no_state_counts_as_received_what_it_sent(self):
        found = counted(self.STORY, request("b", SENT, of="GT", to="SV"))
        assert (found["urgent"], found["received:urgent"]) == ({"ordinary": 1}, {"ordinary": 1})

    def test_the_region_counts_it_once(self):
        assert not [code for code in counted(self.STORY, state="") if code.startswith("received:")]

    def test_no_state_counts_what_concerns_others(self):
        assert counted(self.STORY, state="US")["first-time-right"] == {}

    def test_the_requested_state_counts_nothing_before_it_was_sent(self):
        story = request("a", aside=["A"])
        assert counted(story)["set-aside"] == {"A": 1}
        assert counted(story, state="MX")["set-aside"] == {}


class TestNotes:
    def test_are_counted_when_something_was_said_of_them(self):
        spring = BEGUN - 60 * DAY
        found = counted(
            note("n", [("sent", spring), ("acknowledged", BEGUN), ("led", BEGUN + DAY)]),
            note("m", [("sent", BEGUN), ("used", BEGUN + 100 * DAY)]),
        )
        assert found["notes"] == {"acknowledged": 1, "led": 1, "sent": 1}

    def test_of_the_region_tell_nothing_that_its_statistics_hide_in_a_month(self):
        """Eleven in July and two in August: who reads July's would know August's by the sum."""
        sent = [*[BEGUN] * 11, *[BEGUN + 40 * DAY] * 2]
        notes = [
            note(f"n{n}", [("sent", at)], of="SV" if n % 2 else "GT") for n, at in enumerate(sent)
        ]
        events = list(chain.from_iterable(notes))

        def told(state):
            found = figures(events, quarter=QUARTER, state=state)["counts"]
            return next(row for row in found if row["code"] == "notes")["cells"]["sent"]

        assert told("") is None
        assert told("MX") == 13


class TestTheDirectory:
    OLD = datetime(2025, 1, 1, tzinfo=UTC)

    def entered(self, person, at, state="SV"):
        return [event("directory.person.entered", at, [state], person=person, roles=["liaison"])]

    def confirmed(self, at, state="SV"):
        said = {"state": state, "digest": "", "count": 1}
        return [event("designations.standing.confirmed", at, [state], **said)]

    def test_is_fresh_for_180_days_after_its_state_confirmed_it(self):
        edge = SPAN.until - timedelta(days=180)
        old = self.entered("p", self.OLD)
        assert counted(old, self.confirmed(edge))["directory"] == {"fresh": 1}
        late = self.confirmed(edge - timedelta(seconds=1))
        assert counted(old, late)["directory"] == {"stale": 1}

    def test_is_fresh_where_somebody_was_just_entered(self):
        assert counted(self.entered("p", BEGUN))["directory"] == {"fresh": 1}

    def test_is_not_confirmed_by_another_state(self):
        old = self.entered("p", self.OLD)
        assert counted(old, self.confirmed(BEGUN, "MX"))["directory"] == {"stale": 1}

    def test_leaves_out_whoever_had_left(self):
        left = [event("directory.person.removed", BEGUN, ["SV"], person="p")]
        assert counted(self.entered("p", self.OLD), left)["directory"] == {}


class TestRowsThatNothingIsRecordedFor:
    NOW = frozenset(lives.KINDS) - {lives.MOVED}

    def test_are_named_and_have_no_numbers(self):
        """A zero would say that nothing was sent."""
        found = figures(request("a", aside=["A"]), state="SV", known=self.NOW)
        counts, times = ([row["code"] for row in found[name]] for name in ("counts", "times"))
        assert counts == ["set-aside", "protection", "consultations", "notes", "directory"]
        assert times == ["drafting", "first-answer", "first-answer-corridors"]
        assert set(found["unrecorded"]) == {
            "after-consulting",
            *("acknowledgement", "acknowledgement-corridors", "asked", "corridors", "deadlines"),
            *("execution", "execution-corridors", "execution-parts", "first-time-right"),
            *("non-liability", "postponement", "preserved", "returns", "urgent"),
            *("refusals", "refusals-in-part", *VALUED),
            *(f"received:{code}" for code in RECEIVED),
        }

    def test_are_none_once_their_acts_are_in_the_log(self):
        assert figures(request("a"), state="SV")["unrecorded"] == []


class TestTheSameEvents:
    STORIES = list(
        chain.from_iterable(
            request(f"r{number}", SENT, (6 + number, "acknowledge"), (9 + number, "execute"))
            for number in range(12)
        )
    )

    def test_give_the_same_figures_in_any_order(self):
        mixed = self.STORIES[:]
        random.Random(1).shuffle(mixed)
        assert figures(mixed, quarter=QUARTER, state="SV") == figures(
            self.STORIES, quarter=QUARTER, state="SV"
        )

    def test_give_the_same_figures_of_a_quarter_whatever_came_after_it(self):
        later = request("z", begun=BEGUN + 120 * DAY, aside=["A"])
        assert figures([*self.STORIES, *later], quarter=QUARTER, state="SV") == figures(
            self.STORIES, quarter=QUARTER, state="SV"
        )

    def test_are_all_there_is_of_older_forms_too(self):
        older = request("a", SENT, (9, "execute"))
        for one in older:
            for name in ("requested", "measures", "urgency", "deadline"):
                one["payload"].pop(name, None)
        found = figures(older, quarter=QUARTER, state="SV")
        assert {row["code"] for row in found["counts"]} >= {"first-time-right", "notes"}

    def test_give_medians_from_five_on_and_percentiles_from_ten(self):
        (execution,) = (
            row
            for row in figures(self.STORIES, quarter=QUARTER, state="SV")["times"]
            if row["code"] == "execution"
        )
        assert execution["groups"][0] == {
            "name": "",
            "count": 12,
            "median": int(10.5 * 86_400),
            "ninth": 358 * 3_600,  # 14.9 days
        }

    @pytest.mark.parametrize("state", ["SV", ""])
    def test_of_four_lives_tell_no_number(self, state):
        few = list(chain.from_iterable(request(f"r{n}", SENT, (9, "execute")) for n in range(4)))
        found = figures(few, quarter=QUARTER, state=state)
        assert all(not count for row in found["counts"] for count in row["cells"].values())
        assert all(not row["whole"] for row in found["counts"])
        assert all(
            not g["count"] and g["median"] is None for r in found["times"] for g in r["groups"]
        )
