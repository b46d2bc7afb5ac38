"""What every request asks for, before it asks for anything."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casehub.accounts import queries


@pytest.fixture
def who(region):
    return region.person("SV", "liaison")


def test_a_session_takes_one_statement_with_all_that_it_tells(region, who, now):
    key = region.session(who)
    with CaptureQueriesContext(connection) as asked:
        live = queries.live_session(key, now)
    assert live is not None
    assert live.level == "full"
    assert len(asked) == 1


@pytest.mark.parametrize(("state", "role"), [("SV", "liaison"), ("", "regional-auditor")])
def test_so_does_who_acts_in_it(region, state, role, now):
    live = queries.live_session(region.session(region.person(state, role)), now)
    with CaptureQueriesContext(connection) as asked:
        actor = queries.actor_of(live)
    assert actor is not None
    assert (actor.state, actor.roles, actor.office != "") == (state, {role}, True)
    assert len(asked) == 1
