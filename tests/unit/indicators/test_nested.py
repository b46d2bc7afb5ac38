"""Rows of which one lies within another: what one leaves of the other is a number like any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casehub.indicators import figures, lives
from tests.unit.indicators.logged import OVER, request

SENT = (4, "transmit", ("channel:paper", "language:es"))
LAST = "2026-08-01"
BOTH = ["bank_records", "search"]
FEW = set(range(1, 5))


@dataclass(frozen=True)
class Life:
    """A request that was ready and transmitted in the quarter, and perhaps ended in it."""

    urgency: str
    due: bool
    measure: str
    aside: bool
    asked: bool
    end: str
    of: str
    to: str

    def events(self, name):
        early = self.measure == "preserve_data"
        asked = [(6, "ask-information"), (7, "give-information")] * self.asked
        return request(
            name,
            (3 if early else 4, *SENT[1:]),
            *asked,
            *[(9, self.end, ("measures:0", "measures:1"))] * bool(self.end),
            of=self.of,
            to=self.to,
            urgency=self.urgency,
            deadline=LAST if self.due else "",
            measures=BOTH if self.measure == "several" else [self.measure],
            aside=["A"] * self.aside,
            case="K",
        )

    @property
    def in_time(self):
        if not (self.due and self.urgency):
            return "none"
        return "met" if self.end == "execute" else "missed"


KIND = st.builds(
    Life,
    urgency=st.sampled_from(["", "urgent"]),
    due=st.booleans(),
    measure=st.sampled_from(["bank_records", "content_data", "preserve_data", "several"]),
    aside=st.booleans(),
    asked=st.booleans(),
    end=st.sampled_from(["", "execute", "execute", "refuse", "return"]),
    of=st.sampled_from(["SV", "SV", "GT"]),
    to=st.sampled_from(["MX", "HN"]),
)
ALIKE = st.tuples(KIND, st.integers(1, 14)).map(lambda one: [one[0]] * one[1])
KINDS = st.lists(ALIKE, min_size=2, max_size=5).map(lambda found: list(chain.from_iterable(found)))


def told(stories, state):
    """Return the cells and sums of counts, and the groups of times, by row."""
    found = figures.figures(
        chain.from_iterable(stories), quarter="2026-Q3", state=state, known=lives.KINDS, now=OVER
    )
    cells = {row["code"]: row["cells"] for row in found["counts"]}
    wholes = {row["code"]: row["whole"] for row in found["counts"]}
    return cells, wholes, {row["code"]: row["groups"] for row in found["times"]}


class Known(NamedTuple):
    """Numbers of which one, less the others, counts these lives; None: one of them is not told."""

    numbers: list[int | None]
    about: Callable[[Life], bool]


class Page:
    """
    What the page of a State or of the region says of lives.

    Of a State: of those that it asked, or of those that it `received`, which are others.
    """

    def __init__(self, found, state, *, received=False):
        self.received = received
        self.lives = [one for one in found if state in ("", one.to if received else one.of)]
        #  a State knows its own, and somebody knows of none
        self.readers = [""] if state else ["", "SV", "MX", "GT", "HN"]
        stories = (one.events(f"r{number}") for number, one in enumerate(found))
        rows = told(stories, state)
        if received:
            rows = ({code.removeprefix("received:"): row for code, row in of.items()
                     if code.startswith("received:")} for of in rows)  # fmt: skip
        self.cells, self.wholes, self.times = rows

    def sum_of(self, *codes):
        """Return how many lives rows of one whole divide, as any of them says."""
        for code in codes:
            counts = self.cells.get(code, {"": None}).values()
            if None not in counts:
                return sum(counts)
        return self.wholes[codes[0]]

    def group(self, code, name=""):
        """Return how many lives a group of times has, or all of them together."""
        groups = {one["name"]: one["count"] for one in self.times[code]}
        rest = [count for other, count in groups.items() if other]
        if name or groups[""] is not None or None in rest:
            return groups.get(name, 0)
        return sum(rest)

    def of_one_row(self, code, whole, within, cell_of):
        """Yield each cell that is told, and what they leave of all."""
        shown = {name: count for name, count in self.cells[code].items() if count is not None}
        for name, count in shown.items():
            yield Known([count], lambda o, name=name: within(o) and cell_of(o) == name)
        yield Known([whole, *shown.values()], lambda o: within(o) and cell_of(o) not in shown)

    def known(self):
        """Yield what can be reckoned from a row, or from two about the same moment."""
        kept = {one.to for one in self.lives if one.measure == "preserve_data"}

        def data(one):
            if one.measure in ("bank_records", "several"):
                return "other"
            #  to ask for it to be kept is no request for data
            if one.measure == "preserve_data":
                return "other"
            return "preserved" if one.to in kept else "not-preserved"

        sent, through = (
            self.sum_of("urgent", "corridors", "preserved"),
            self.sum_of("asked", "deadlines"),
        )
        yield from self.of_one_row("urgent", sent, is_any, lambda o: o.urgency or "ordinary")
        yield from self.of_one_row("asked", through, is_over, lambda o: str(int(o.asked)))
        yield from self.of_one_row("deadlines", through, is_over, lambda o: o.in_time)
        yield from self.of_what_is_over(through)
        if self.received:  # neither the case nor what was set aside is known there
            return
        yield from self.of_one_row("preserved", sent, is_any, data)
        aside = self.cells["set-aside"].get("A", 0)
        yield Known([self.group("drafting"), aside], lambda o: not o.aside)
        reached = {one.measure for one in self.lives if one.aside}
        for measure in reached if len(reached) == 1 else ():
            of_it = self.group("drafting", measure)
            yield Known(
                [of_it, aside], lambda o, measure=measure: o.measure == measure and not o.aside
            )

    def of_what_is_over(self, through):
        """Yield what rows leave of each other about what was executed, and what came back."""
        executed, met = self.group("execution"), self.cells["deadlines"]["met"]
        yield Known([through, executed], lambda o: is_over(o) and o.end != "execute")
        yield Known([executed, met], lambda o: o.end == "execute" and o.in_time != "met")
        parts = self.group("execution-parts", "search")

        def in_parts(one):
            return one.measure == "several" and one.end == "execute"

        yield Known([parts], in_parts)
        yield Known([through, parts], lambda o: is_over(o) and not in_parts(o))
        yield Known([executed, parts], lambda o: o.end == "execute" and not in_parts(o))
        if all(in_parts(o) for o in self.lives if o.in_time == "met"):
            yield Known([parts, met], lambda o: in_parts(o) and o.in_time != "met")
        right = self.cells["first-time-right"]["right"]
        yield Known([self.cells["asked"]["0"], right], lambda o: o.end == "return" and not o.asked)

    def left(self, about):
        """Return how many of these lives there are, to each reader besides their own."""
        found = [one for one in self.lives if about(one)]
        return {sum(reader not in (one.of, one.to) for one in found) for reader in self.readers}

    def leaves_nobody_a_few(self):
        """Say so of whatever can be reckoned."""
        for numbers, about in self.known():
            if None not in numbers:
                assert not FEW & self.left(about)


def is_any(_):
    return True


def is_over(one):
    return bool(one.end)


def life(measure="bank_records", *, end="execute", aside=False, **changes):
    usual = {"urgency": "", "due": False, "asked": False, "of": "SV", "to": "MX"} | changes
    return Life(measure=measure, end=end, aside=aside, **usual)


class TestRowsThatLieWithinOneAnother:
    @settings(deadline=None)
    @given(kinds=KINDS, state=st.sampled_from(["SV", ""]))
    def test_leave_nobody_a_number_from_one_to_four(self, kinds, state):
        """Whoever subtracts what is told, and a State its own lives as well."""
        page = Page(kinds, state)
        page.leaves_nobody_a_few()

    @settings(deadline=None)
    @given(kinds=KINDS, state=st.sampled_from(["MX", "HN"]))
    def test_leave_nobody_a_few_of_what_a_state_received(self, kinds, state):
        page = Page(kinds, state, received=True)
        page.leaves_nobody_a_few()

    def test_tell_of_what_was_received_what_there_is_enough_of(self):
        """What hides them all would pass the sentence above."""
        found = [*[life()] * 14, *[life(urgency="urgent")] * 6, *[life(to="HN")] * 9]
        page = Page(found, "MX", received=True)
        assert page.cells["urgent"] == {"urgent": 6, "ordinary": 14}
        assert page.group("execution") == 20

    def test_leave_no_state_the_one_life_of_others(self):
        """Forty were sent, as their urgency adds up to; all but one of those hidden are its own."""
        found = [
            *[life("preserve_data", urgency="urgent", to="MX")] * 20,
            *[life("content_data", of="SV", to="MX", urgency="urgent")] * 5,
            *[life("content_data", of="SV", to="HN")] * 10,
            *[life("content_data", of="GT", to="HN")] * 1,
            *[life("bank_records", of="GT", to="HN")] * 24,
        ]
        page = Page(found, "")
        assert page.sum_of("urgent") is not None
        page.leaves_nobody_a_few()

    def test_tell_no_rule_that_all_but_two_of_its_measure_set_aside(self):
        """How many bank records were asked for, the time that their drafts took tells."""
        found = [
            *[life(aside=True)] * 6,
            *[life()] * 2,
            *[life("content_data")] * 8,
        ]
        page = Page(found, "SV")
        assert page.group("drafting", "bank_records") == 8
        assert page.cells["set-aside"] == {"A": None}

    def test_tell_how_long_and_not_how_many_where_two_were_refused(self):
        found = [*[life()] * 14, *[life(end="refuse")] * 2]
        page = Page(found, "SV")
        assert page.sum_of("asked") == 16
        assert page.group("execution") is None
        everyone, *groups = page.times["execution"]
        assert everyone == {"name": "", "count": None, "median": 5 * 86_400, "ninth": 5 * 86_400}
        assert {(one["count"], one["median"]) for one in groups} == {(None, None)}
        assert page.group("execution-corridors") is None

    def test_tell_no_time_that_would_tell_how_many(self):
        """Of eleven ten have a 90th percentile, and nine have none."""
        found = [*[life()] * 10, *[life(end="refuse")]]
        everyone, *_ = Page(found, "SV").times["execution"]
        assert (everyone["count"], everyone["ninth"]) == (None, None)

    def test_tell_how_many_were_executed_where_all_or_enough_others_were(self):
        for others in (0, 5):
            found = [*[life()] * 10, *[life(end="refuse")] * others]
            assert Page(found, "SV").group("execution") == 10

    def test_tell_no_measure_of_several_that_two_others_were_executed_beside(self):
        found = [*[life("several")] * 9, *[life()] * 2]
        assert Page(found, "SV").group("execution") == 11
        assert Page(found, "SV").group("execution-parts", "search") is None
        enough = [*[life("several")] * 9, *[life()] * 5]
        assert Page(enough, "SV").group("execution-parts", "search") == 9

    def test_tell_no_two_that_came_back_unasked(self):
        found = [
            *[life()] * 10,
            *[life(end="return")] * 2,
            *[life(asked=True)] * 6,
        ]
        page = Page(found, "SV")
        assert None in (page.cells["asked"]["0"], page.cells["first-time-right"]["right"])

    @pytest.mark.parametrize("state", ["SV", ""])
    def test_are_not_told_where_they_leave_two(self, state):
        stories = [
            request(
                f"r{number}",
                SENT,
                (9, "execute"),
                urgency="urgent" if number < 10 else "",
                deadline="2026-08-01",
                measures=["content_data" if number < 10 else "bank_records"],
                aside=["A"] * (number < 10),
                to=("MX", "GT")[number % 2],
            )
            for number in range(12)
        ]
        cells, wholes, _ = told(stories, state)
        assert cells["set-aside"]["A"] is None
        assert None in (wholes["urgent"], cells["preserved"]["not-preserved"])
        assert None in (wholes["asked"], cells["deadlines"]["met"])

    def test_are_told_where_what_is_left_is_enough(self):
        """What hides them all would pass the sentence above."""
        stories = [
            request(
                f"r{number}",
                SENT,
                (9, "execute"),
                urgency="urgent" if number < 6 else "",
                deadline="2026-08-01",
                measures=["content_data" if number < 6 else "bank_records"],
                aside=["A"] * (number < 6),
            )
            for number in range(12)
        ]
        cells, wholes, times = told(stories, "SV")
        assert (times["drafting"][0]["count"], cells["set-aside"]) == (12, {"A": 6})
        assert (wholes["urgent"], cells["preserved"]["not-preserved"]) == (12, 6)
        assert cells["deadlines"] == {"met": 6, "missed": 0, "none": 6}
