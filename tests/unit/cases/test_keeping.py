"""Why not, of how long a case is kept: one table a policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.cases import limits, policies, rules
from casehub.core.actor import Actor

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CODES = sorted(rules.classes())


def actor(state: str = "SV") -> Actor:
    return Actor(
        id="ana", account="", state=state, roles=frozenset({"liaison"}), office="", session=""
    )


class TestDeletion:
    def test_has_no_date_while_a_case_is_open(self):
        assert rules.delete_at("long", closed_at=None, not_before=NOW) is None

    @given(code=st.sampled_from(CODES), closed=st.datetimes(timezones=st.just(UTC)))
    def test_never_comes_before_the_years_of_the_class(self, code, closed):
        closed = closed.replace(year=min(closed.year, 9000))
        due = rules.delete_at(code, closed_at=closed, not_before=None)
        assert due is not None
        assert due - closed >= rules.classes()[code].years * timedelta(days=365)

    @given(code=st.sampled_from(CODES), days=st.integers(-9000, 9000))
    def test_never_comes_before_what_was_promised(self, code, days):
        promised = NOW + timedelta(days=days)
        due = rules.delete_at(code, closed_at=NOW, not_before=promised)
        assert due is not None
        assert due >= promised

    #  due since, held, a State away, why not
    TABLE = [
        (timedelta(0), False, False, None),
        (SECOND, False, False, None),
        (-SECOND, False, False, "deletion-not-due"),
        (None, False, False, "deletion-not-due"),
        (SECOND, True, False, "case-held"),
        (SECOND, True, True, "case-held"),
        (SECOND, False, True, "state-stopped"),
    ]

    @pytest.mark.parametrize(("since", "held", "away", "why"), TABLE)
    def test_waits_for_its_day_and_for_whoever_could_hold_it(self, since, held, away, why):
        due = None if since is None else NOW - since
        assert policies.why_not_erase(due=due, held=held, away=away, now=NOW) == why


class TestAnotherClass:
    #  the actor's State, asked, was, deleted, shorter, why not
    TABLE = [
        ("SV", "long", "case-file", False, False, None),
        ("SV", "consultation", "case-file", False, False, "retention-shorter"),
        ("SV", "consultation", "case-file", False, True, None),
        ("SV", "long", "case-file", False, True, "retention-longer"),
        ("SV", "case-file", "case-file", False, False, "retention-same"),
        ("SV", "long", "case-file", True, False, "case-erased"),
        ("SV", "for-ever", "case-file", False, False, "retention-unknown"),
        ("MX", "long", "case-file", False, False, "joining-not-yours"),
    ]

    @pytest.mark.parametrize(("state", "code", "was", "erased", "shorter", "why"), TABLE)
    def test_table(self, state, code, was, erased, shorter, why):
        said = {"owner": "SV", "code": code, "was": was, "erased": erased, "shorter": shorter}
        assert policies.why_not_reclass(actor=actor(state), **said) == why


class TestASecondHand:
    #  pending, own, stopped, stands, seen, why not
    TABLE = [
        (True, False, False, True, "d", None),
        (True, True, False, True, "d", "second-own"),
        (True, False, True, True, "d", "second-hand-stopped"),
        (True, False, False, False, "d", "second-over"),
        (False, False, False, True, "d", "second-over"),
        (True, False, False, True, "e", "second-changed"),
    ]

    @pytest.mark.parametrize(("pending", "own", "stopped", "stands", "seen", "why"), TABLE)
    def test_table(self, pending, own, stopped, stands, seen, why):
        said = {"pending": pending, "own": own, "stopped": stopped, "stands": stands}
        assert policies.why_not_second(**said, digest="d", seen=seen) == why

    def test_is_awaited_for_three_days(self):
        until = NOW + limits.SECOND_HAND
        assert policies.is_pending(NOW, now=until - SECOND)
        assert not policies.is_pending(NOW, now=until)
        assert not policies.is_pending(None, now=NOW)

    def test_is_given_under_what_browsers_show(self):
        """The same values stand in frontend/src/effects/retention/digests.test.ts."""
        lift = policies.lift_digest(
            hold="h",
            reference="SV-2026-0001",
            state="SV",
            ground="court-order",
            at=NOW,
            asker="p",
            asked=NOW + SECOND,
        )
        shorter = policies.shortening_digest(
            case="c",
            reference="SV-2026-0001",
            was="long",
            retention="case-file",
            proposer="p",
            at=NOW,
        )
        assert (lift, shorter) == (LIFT, SHORTER)


LIFT = "37b5677087e558cdad52b42bcf4aaf47c72dd957a2095d347d127548b2c639ef"
SHORTER = "87b8b8b0676c476892d81c6db41f786aca4542338ac0aec5372221be4fef6966"
