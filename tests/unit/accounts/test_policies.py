from __future__ import annotations

from datetime import timedelta

import pytest

from casehub.accounts import policies

#  started  seen   why over, with 900 s idle and 43 200 s at most
OVER = [
    (0, 0, None),
    (899, 899, None),
    (900, 900, "idle"),
    (43_199, 0, None),
    (43_200, 0, "absolute"),
    (43_200, 43_200, "absolute"),
]
#  method           allowed               why not
FACTORS = [
    ("passkey", {"passkey"}, None),
    ("passkey", {"totp"}, "factor-not-allowed"),
    ("totp", {"totp"}, None),
    ("totp", {"passkey"}, "factor-not-allowed"),
    ("recovery-code", {"totp", "passkey"}, None),
    ("recovery-code", {"passkey"}, "factor-not-allowed"),
]


class TestWhyOver:
    @pytest.mark.parametrize(("started", "seen", "expected"), OVER)
    def test_table(self, now, started, seen, expected):
        answer = policies.why_over(
            now=now,
            started_at=now - timedelta(seconds=started),
            last_seen_at=now - timedelta(seconds=seen),
            idle_seconds=900,
            absolute_seconds=43_200,
        )
        assert answer == expected


class TestWhyNotFactor:
    @pytest.mark.parametrize(("method", "allowed", "expected"), FACTORS)
    def test_table(self, method, allowed, expected):
        assert policies.why_not_factor(method, frozenset(allowed)) == expected


class TestWhyNotChangeFactors:
    @pytest.mark.parametrize(
        ("seconds", "expected"), [(None, "step-up-needed"), (300, None), (301, "step-up-needed")]
    )
    def test_table(self, now, seconds, expected):
        verified = None if seconds is None else now - timedelta(seconds=seconds)
        answer = policies.why_not_change_factors(verified_at=verified, now=now, fresh_seconds=300)
        assert answer == expected


class TestWhyNotRemove:
    @pytest.mark.parametrize(("left", "expected"), [((), "last-factor"), (("totp",), None)])
    def test_table(self, left, expected):
        assert policies.why_not_remove(left) == expected


class TestWhyNotTakeProof:
    @pytest.mark.parametrize(
        ("opened", "held", "expected"),
        [("a", "a", None), ("a", "b", "kit-proof-other"), ("", "", "kit-proof-other")],
    )
    def test_table(self, opened, held, expected):
        assert policies.why_not_take_proof(opened=opened, held=held) == expected
