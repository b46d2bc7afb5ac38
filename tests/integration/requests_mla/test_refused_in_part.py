"""What became of each measure of a request of which a part was refused."""

from __future__ import annotations

import pytest

from requests_mla import queries
from tests.integration.requests_mla.moving import USUAL

pytestmark = pytest.mark.django_db
SENT = ("authorise", "transmit")
MEASURES = {"measures": ["bank_records", "bank_records"]}


@pytest.fixture
def became(ready, people):
    """Return `became(name)`: which measures are answered and which refused, as they see it."""

    def tell(name):
        shape = queries.dossier_shape_for(people[name].actor, ready.request)
        return shape["answered"], shape["refused"]

    return tell


class TestAMeasure:
    def test_is_refused_where_it_was_named(self, led, became):
        led(*SENT, "acknowledge", "refuse-part")
        assert {name: became(name) for name in ("drafter", "home", "abroad")} == dict.fromkeys(
            ("drafter", "home", "abroad"), ([], [0])
        )

    def test_is_refused_with_all_that_was_left(self, led, became):
        led(*SENT, "acknowledge", "begin", "answer-part")
        assert became("drafter") == ([0], [])
        led("refuse")
        assert became("drafter") == became("abroad") == ([0], [1])
        led("close")
        assert became("drafter") == ([0], [1])

    def test_is_not_refused_by_what_is_given_up(self, led, became):
        led(*SENT, "acknowledge", "refuse-part", "withdraw")
        assert became("drafter") == ([], [0])

    def test_is_open_again_in_what_is_written_anew(
        self, led, became, ready, draft, people, ana, bea
    ):
        """What came back is as it was sent until somebody writes on it; then nothing is closed."""
        led(*SENT, "acknowledge", "refuse-part", "return")
        assert became("drafter") == became("abroad") == ([], [0])
        draft.take(ana)
        draft.save(ana, disclosed=MEASURES)
        assert became("drafter") == became("home") == ([], [])
        assert became("abroad") == ([], [0])
        draft.attest(ana, ready=True)
        led("authorise")
        assert became("home") == ([], [])
        led("transmit", "acknowledge", "begin", "execute")
        assert (ready.stage, became("drafter"), became("abroad")) == (
            "executed",
            ([0, 1], []),
            ([0, 1], []),
        )
        assert [one.act for one in queries.moves_of(ready.row)][3:5] == ["refuse-part", "return"]
        assert USUAL["refuse-part"]["measures"] == (0,)
