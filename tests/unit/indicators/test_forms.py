"""An event of a form to come is not read by guesses, wherever in it that lies."""

from __future__ import annotations

import pytest

from casehub.indicators import figures, lives
from tests.unit.indicators.logged import OVER, request

SENT = (4, "transmit", ())


def reckoned(events, state="SV"):
    return figures.figures(events, quarter="2026-Q3", state=state, known=lives.KINDS, now=OVER)


class TestAFormToCome:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("deadline", "soon"),
            ("deadline", {"day": "2026-08-01"}),
            ("measures", [["bank_records"]]),
            ("overridden", [{"rule": "A"}]),
            ("urgency", ["urgent"]),
            ("requested", ["MX", "US"]),
        ],
    )
    def test_of_what_is_attested_is_said_to_be_one(self, name, value):
        events = request("a", SENT, (9, "execute"), urgency="urgent")
        events[1]["payload"][name] = value
        with pytest.raises(figures.Unread):
            reckoned(events)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("deadline", "soon"),
            ("measures", [["bank_records"]]),
            ("urgency", ["urgent"]),
            ("requested", ["MX", "US"]),
        ],
    )
    def test_of_what_was_sent_is_said_to_be_one_to_whom_it_was_sent_to(self, name, value):
        events = request("a", SENT, (9, "execute"), urgency="urgent")
        events[2]["payload"][name] = value
        with pytest.raises(figures.Unread):
            reckoned(events, state="MX")

    @pytest.mark.parametrize(
        ("name", "value"),
        [("on", "9th"), ("step", ["execute"]), ("said", [{"codes": "R01"}])],
    )
    def test_of_a_move_is_said_to_be_one(self, name, value):
        events = request("a", SENT, (9, "refuse", ("codes:R01",)))
        events[-1]["payload"][name] = value
        with pytest.raises(figures.Unread):
            reckoned(events)
