"""When a log is in order, when it is to be watched, when it is not to be relied on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casehub.oversight.judging import Standing, judge

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def ago(**parts):
    return NOW - timedelta(**parts)


FINE = {
    "published_at": ago(seconds=4),
    "cosigned": 3,
    "needed": 2,
    "known": 3,
    "disputed": False,
    "waiting_for": None,
    "behind_for": None,
    "heard": (("CA", ago(seconds=4), ""), ("MX", ago(seconds=4), ""), ("SV", ago(seconds=4), "")),
}


def heard(**changes):
    """Return the witnesses, some of them otherwise."""
    found = {name: (name, ago(seconds=4), "") for name in ("CA", "MX", "SV")}
    found |= {name: (name, *rest) for name, rest in changes.items()}
    return tuple(found.values())


class TestALog:
    def test_is_in_order_when_all_is_as_it_should_be(self):
        verdict = judge(Standing(**FINE), own="SV", now=NOW)
        assert (verdict.level, verdict.reasons) == ("ok", ())

    @pytest.mark.parametrize(
        ("changes", "level", "reasons"),
        [
            ({"disputed": True}, "red", ("disputed",)),
            ({"behind_for": timedelta(minutes=10, seconds=1)}, "red", ("below-quorum",)),
            ({"behind_for": timedelta(minutes=10)}, "ok", ()),
            ({"published_at": ago(minutes=71)}, "red", ("not-repeated",)),
            ({"published_at": ago(minutes=70)}, "ok", ()),
            ({"published_at": None}, "amber", ("nothing-published",)),
            ({"waiting_for": timedelta(seconds=61)}, "amber", ("waits",)),
            ({"waiting_for": timedelta(seconds=60)}, "ok", ()),
            ({"known": 0, "needed": 0, "cosigned": 0, "heard": ()}, "amber", ("no-witnesses",)),
            ({"heard": heard(SV=(ago(minutes=71), ""))}, "amber", ("own-witness-missing",)),
            ({"heard": heard(SV=(None, "silent"))}, "amber", ("own-witness-missing",)),
            ({"heard": heard(CA=(ago(seconds=4), "clock"))}, "note", ("witness-missing",)),
            ({"heard": heard(SV=(ago(minutes=70), "silent"))}, "note", ("witness-missing",)),
            (
                {
                    "disputed": True,
                    "waiting_for": timedelta(hours=1),
                    "heard": heard(CA=(None, "")),
                },
                "red",
                ("disputed", "waits", "witness-missing"),
            ),
        ],
    )
    def test_is_judged_by_its_gravest_fault(self, changes, level, reasons):
        verdict = judge(Standing(**{**FINE, **changes}), own="SV", now=NOW)
        assert (verdict.level, verdict.reasons) == (level, reasons)

    def test_whose_witnesses_do_not_reach_the_quorum_is_never_called_intact(self):
        two = {"heard": heard(CA=(ago(seconds=90), "silent"), MX=(ago(seconds=90), "silent"))}
        fresh = judge(Standing(**{**FINE, **two}), own="SV", now=NOW)
        assert (fresh.level, fresh.reasons) == ("amber", ("quorum-missing",))
        old = judge(Standing(**{**FINE, **two, "behind_for": timedelta(hours=1)}), own="", now=NOW)
        assert (old.level, old.reasons) == ("red", ("below-quorum", "quorum-missing"))

    def test_says_with_the_quorum_whether_the_own_witness_is_among_the_missing(self):
        gone = {"heard": heard(CA=(None, ""), SV=(ago(hours=2), "silent"))}
        verdict = judge(Standing(**{**FINE, **gone}), own="SV", now=NOW)
        assert verdict.reasons == ("quorum-missing", "own-witness-missing")

    def test_without_witnesses_is_not_expected_to_be_repeated(self):
        alone = {"known": 0, "needed": 0, "cosigned": 0, "heard": (), "published_at": ago(days=2)}
        verdict = judge(Standing(**{**FINE, **alone}), own="SV", now=NOW)
        assert verdict.reasons == ("no-witnesses",)
