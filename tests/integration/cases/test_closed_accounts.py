"""Somebody closes their account: they leave every case, and the others learn of it at once."""

from __future__ import annotations

import pytest

from casehub.accounts import services as accounts
from casehub.cases import notify, queries


@pytest.fixture
def closes(region, acting):
    """Have somebody close their account, freshly signed in."""

    def close(who):
        region.session(who)
        acting(accounts.close_account, who)

    return close


class TestWhoeverClosedTheirAccount:
    def test_reads_no_circle_any_more(self, region, ana, boris, closes):
        thread = region.thread(ana, boris)
        closes(boris)
        assert queries.readers_of([thread])[thread] == {ana.id}

    def test_is_among_the_people_of_no_case(self, region, ana, boris, closes):
        case = region.case(ana, boris)
        region.thread(ana, boris, case=case)
        closes(boris)
        shape = queries.shape_for(ana.actor, case, now=region.now)
        assert [place["id"] for place in shape["people"]] == [ana.id]
        assert [thread["people"] for thread in shape["threads"]] == [[ana.id]]

    def test_is_missed_by_everyone_in_their_cases_and_by_nobody_else(
        self, region, ana, boris, carla, closes, monkeypatch
    ):
        told = []
        thread = region.thread(ana, boris)
        region.thread(ana, carla)
        title = queries.circle_for(ana.actor, thread).case.circles.exclude(id=thread).get().id
        monkeypatch.setattr(
            notify,
            "people_changed",
            lambda people, circles: told.append((set(people), set(circles))),
        )
        closes(boris)
        assert told == [({ana.id}, {thread, title})]
