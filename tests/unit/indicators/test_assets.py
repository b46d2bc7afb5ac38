"""What closings say of assets, by bands of value."""

from __future__ import annotations

from itertools import chain

from tests.unit.indicators.logged import request
from tests.unit.indicators.test_figures import SENT, VALUED, counted, figures


class TestAssets:
    def test_are_counted_by_bands_of_what_was_closed(self):
        end = (9, "execute")
        found = counted(
            request("a", SENT, end, (12, "close", ("codes:useful", "assets:frozen-2"))),
            request("b", SENT, end, (12, "close", ("assets:frozen-2", "assets:returned-1"))),
            request("c", SENT, end, (12, "close", ("codes:useful",))),
            request("d", SENT, end, (100, "close", ("assets:frozen-4",))),
        )
        assert {name: found[name] for name in VALUED} == {
            "assets-traced": {},
            "assets-frozen": {"2": 2},
            "assets-confiscated": {},
            "assets-returned": {"1": 1},
        }

    def test_of_fewer_than_five_are_not_told(self):
        said = ("codes:useful", "assets:frozen-2")
        for count, told in ((4, None), (5, 5)):
            stories = [
                request(f"r{n}", SENT, (9, "execute"), (12, "close", said)) for n in range(count)
            ]
            found = figures(list(chain.from_iterable(stories)), state="SV")
            (row,) = (one for one in found["counts"] if one["code"] == "assets-frozen")
            assert (row["cells"]["2"], row["whole"]) == (told, told)
