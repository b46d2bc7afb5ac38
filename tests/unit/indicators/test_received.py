"""What a State was sent, from its own part of the log, which begins with the transmission."""

from __future__ import annotations

from itertools import chain

from casehub.indicators import lives
from tests.unit.indicators.logged import BEGUN, DAY, request
from tests.unit.indicators.test_figures import SENT, counted, days, figures


class TestAnEventOfOthers:
    def sent(self, story):
        """Return what each State has as sent by itself, and as received; the region once."""

        def whole(code, state):
            found = figures(story, state=state)["counts"]
            return next((row["whole"] for row in found if row["code"] == code), None)

        codes = ("urgent", "received:urgent")
        return {state: tuple(whole(code, state) for code in codes) for state in ("SV", "MX", "")}

    def test_is_not_read_for_a_state_whose_life_begins_with_what_it_was_sent(self):
        """What Mexico was sent began with events of El Salvador alone."""
        story = list(chain.from_iterable(request(f"r{n}", SENT, (9, "execute")) for n in range(6)))
        assert self.sent(story) == {"SV": (6, 0), "MX": (0, 6), "": (6, None)}

    def test_that_sent_something_said_nothing_of_it_in_older_forms(self):
        story = list(chain.from_iterable(request(f"r{n}", SENT, (9, "execute")) for n in range(6)))
        for one in story:
            if one["kind"] == lives.MOVED:
                for name in ("requested", "measures", "urgency", "deadline"):
                    one["payload"].pop(name)
        assert self.sent(story) == {"SV": (6, 0), "MX": (0, 0), "": (6, None)}

    def test_of_an_older_form_begins_no_life_by_being_sent_anew(self):
        """What came back before its life could be read would else count as right."""
        again = [(6, "return", ("codes:D05",)), (20, "transmit", ()), (25, "execute")]
        story = list(chain.from_iterable(request(f"r{n}", SENT, *again) for n in range(6)))
        for one in story:
            if one["kind"] == lives.MOVED and one["payload"]["on"] < "2026-07-20":
                one["payload"].pop("requested", None)
        abroad = [one for one in story if "MX" in one["states"]]
        assert self.sent(abroad)["MX"] == (0, 0)
        assert "right" not in counted(abroad, state="MX").get("received:first-time-right", {})

    def test_is_no_transmission_of_what_had_come_back(self):
        """The life of what is sent anew began when it was sent first."""
        again = [(6, "return", ("codes:D05",)), (20, "transmit", ()), (25, "execute")]
        story = request("a", SENT, *again)
        abroad = [one for one in story if "MX" in one["states"]]
        found = counted(abroad, state="MX")
        assert found["received:urgent"] == {"ordinary": 1}
        assert found["received:first-time-right"] == {"returned": 1}
        assert days(abroad, state="MX")["received:execution"][""] == [5]

    def test_is_missed_in_no_row_that_both_states_can_know(self):
        """What the one has of what it sent, the other has of what it received."""
        last = (BEGUN + 9 * DAY).date().isoformat()
        off = ("codes:P01", "due:2026-08-01")
        stories = [
            request("a", SENT, (6, "acknowledge"), (9, "execute"), urgency="urgent", deadline=last),
            request("b", SENT, (6, "return", ("codes:D05",)), measures=["a", "b"]),
            request("c", SENT, (6, "refuse", ("codes:R05",))),
            request("d", SENT, (6, "postpone", off), (16, "resume")),
            request("e", SENT, (5, "ask-information"), (6, "give-information"), (9, "execute")),
        ]
        abroad = [one for one in chain.from_iterable(stories) if "MX" in one["states"]]
        for both in (counted, days):
            own, theirs = both(*stories), both(abroad, state="MX")
            shared = [code for code in theirs if code.startswith("received:")]
            assert shared
            for code in shared:
                assert theirs[code] == own[code.removeprefix("received:")]
