"""How long somebody stays signed in, by the roles that they have (ROLES 2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casehub.accounts import queries, services
from casehub.accounts.models import Account, Session, SignIn
from casehub.core import roles

ROLES = {
    "liaison": "SV",
    "coordinator": "SV",
    "ministry": "SV",
    "central-authority": "SV",
    "national-auditor": "SV",
    "regional-auditor": "",
    "secretariat": "",
}
SECOND = timedelta(seconds=1)


@pytest.fixture
def sign_in(region, now):
    def act(role):
        someone = region.person(ROLES[role], role)
        session, _ = services.open_session(now=now)
        key = services.complete_sign_in(
            session=session,
            account=Account.objects.get(id=someone.account),
            method="passkey",
            actor=someone.actor,
            now=now,
        )
        return key, session

    return act


@pytest.mark.parametrize("role", ROLES)
class TestASessionOf:
    def test_ends_when_nothing_was_done_for_as_long_as_its_role_may_be_idle(
        self, sign_in, now, role
    ):
        key, _ = sign_in(role)
        idle = roles.sessions()[role].idle
        assert queries.live_session(key, now + idle - SECOND) is not None
        assert queries.live_session(key, now + idle) is None

    def test_ends_whatever_is_done_when_its_role_s_hours_are_over(self, sign_in, now, role):
        key, session = sign_in(role)
        whole = roles.sessions()[role].whole
        Session.objects.filter(id=session).update(last_seen_at=now + whole - SECOND)
        assert queries.live_session(key, now + whole - SECOND) is not None
        assert queries.live_session(key, now + whole) is None

    def test_is_ended_by_the_clock_with_why(self, sign_in, now, role, recorded):
        _, session = sign_in(role)
        idle = roles.sessions()[role].idle
        with recorded():
            assert services.end_expired_sessions(now=now + idle - SECOND) == 0
        with recorded("accounts.session.ended"):
            assert services.end_expired_sessions(now=now + idle) == 1
        assert SignIn.objects.get(session=session).end_reason == "idle"


def test_the_page_is_told_its_own_limit(sign_in, now):
    key, _ = sign_in("ministry")
    live = queries.live_session(key, now)
    assert live is not None
    assert (live.idle_seconds, live.ends_at - now) == (600, timedelta(hours=4))
