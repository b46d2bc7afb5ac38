"""
Who may do what, generated from roles.yaml.

Every row is tried by every kind of caller on what is their own, on what is of their State and not
theirs, on a foreign one and on none at all: a cell each. What a caller may not see has to be the
same to them as what is not there, up to the number of queries.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from casehub.accounts.models import Session
from casehub.core.http import WITHOUT_COOKIES
from casehub.directory.models import Person, State
from tests.factories import Someone
from tests.integration.answers import (
    HTTP,
    IDLE,
    REFUSED_HERE,
    ROLES,
    TABLE,
    Caller,
    expected,
    hidden,
    kind_of,
)
from tests.integration.doors import World, call, nothing, objects_of
from tests.integration.oversight import made as auditors
from tests.integration.socketry import say

PLACES = ("own", "same", "foreign", "none")
#  callers to whom most doors are shut, whatever their roles, and the role of whom it is tried
SHUT_OUT = {
    "anonymous": "liaison",
    "password": "liaison",
    "idle": "liaison",
    "suspended": "liaison",
    "expired": "liaison",
    "in the week": "liaison",
    "in the week, and coordinates": "coordinator",
    "removed": "liaison",
    "stopped": "liaison",
    "stopped, and may lift it": "coordinator",
}
#  On both databases are tried the two whose door compares moments, or looks at the caller's State
#  beside the caller. The others are turned away by what those of the roles, who are all tried on
#  both, show too: no session, one that is not full, or a column of the person's own row. SQLite
#  alone tries them: each takes hundreds of calls.
ON_BOTH = ("expired", "stopped")
TRIED_WHERE = [
    pytest.param(one, marks=() if one in ON_BOTH else pytest.mark.once) for one in SHUT_OUT
]
TAKEN = ("suspended", "expired", "removed", "stopped")
STALE = timedelta(minutes=6)  # a proof that is too old, in a session that is not
WEEK = timedelta(days=7)  # of reading, after the end of a designation
#  by this name `make test` sums up the cells that were tried, and the seconds they took
TRIED = "cells of the matrix of permissions (wanted within 240 s)"
CELLS = len(TABLE) * len(PLACES) * (len(ROLES) + len(SHUT_OUT))
#  what a person's answer bears of the moment, or of themselves alone
OF_THE_MOMENT = {"Date", "CaseHub-Promise"}


def knock(world: World, who: Someone, cookie: str | None, act: str, objects: Any) -> Any:
    """Try an act, by HTTP or through the socket."""
    if act in HTTP:
        return call(cookie, act, objects)
    return say(who, cookie, act, objects, world.region.now)


def seen(answer: Any) -> tuple[Any, ...]:
    """Return all that an answer tells, and what it cost."""
    headers = {k: v for k, v in answer.headers.items() if k not in OF_THE_MOMENT}
    return answer.status_code, answer.content, headers, answer.queries


def take_from(who: Someone, how: str, now: Any) -> None:
    """Take from a person what lets them act, and leave their session alone."""
    changes: dict[str, dict[str, Any]] = {
        "suspended": {"suspended_at": now},
        "expired": {"valid_until": now - WEEK},
        "in the week": {"valid_until": now - WEEK + timedelta(seconds=1)},
        "in the week, and coordinates": {"valid_until": now},
        "removed": {"suspended_at": now, "removed_at": now},
    }
    if how in changes:
        Person.objects.filter(id=who.person).update(**changes[how])
    elif how.startswith("stopped"):
        State.objects.filter(code=who.state).update(stopped_at=now)


@pytest.fixture
def world(region, small_rulebook):
    owner, stranger = region.equipped("SV"), region.equipped("MX")
    foreign = objects_of(region, stranger, region.equipped("MX"))
    audited = auditors.audited(region, region.person("MX", "national-auditor"))
    return World(
        region,
        own=objects_of(region, owner, region.equipped("SV")),
        foreign=replace(foreign, audited=audited),
    )


@pytest.mark.timeout(400)  # hundreds of calls each, on whatever machine
class TestMatrix:
    @pytest.mark.parametrize("role", ROLES)
    def test_a_role_may_do_what_its_row_says_and_sees_nothing_else(self, world, role, request):
        who = world.region.person(ROLES[role], role)
        places = world.places(who)
        cookie = world.region.session(who)
        tried = self.look(world, who, cookie, Caller(roles=who.roles), places)
        request.node.user_properties.append((TRIED, tried))

    @pytest.mark.parametrize("caller", TRIED_WHERE)
    def test_nobody_without_a_full_session_passes_a_door_that_needs_one(
        self, world, now, caller, request
    ):
        who = world.region.person("SV", SHUT_OUT[caller])
        places = world.places(who)
        cookies = {
            "anonymous": None,
            "password": world.region.session(who, level="password"),
            "idle": world.region.session(who, now=now - timedelta(seconds=settings.IDLE_SECONDS)),
        }
        full = world.region.session(
            who
        )  # the last: a socket's ticket is for the session they are in
        take_from(who, caller, now)
        week = caller.startswith("in the week")
        levels = {"password": "password", "stopped, and may lift it": "full"}
        level = "full" if week else levels.get(caller, "nothing")
        held = who.roles if level == "full" else frozenset()
        stands = Caller(level, held, stopped=level == "full" and not week, week=week)
        # Without a session nobody can have begun the ceremony that this would end.
        begun = caller not in {"anonymous", "idle"}
        odd = {} if begun else {"accounts.passkey.finish": "sign-in-needed"}
        cookie = cookies.get(caller, full)
        tried = self.look(world, who, cookie, stands, places, odd)
        request.node.user_properties.append((TRIED, tried))

    def look(self, world, who, cookie, caller, places, odd=None) -> int:
        """Try every act in every place: what it is answered, that absence is one; how many."""
        wanted = {
            (act, place): (odd or {}).get(act) or expected(act, caller, place)
            for act in TABLE
            for place in places
        }
        found = {(act, at): knock(world, who, cookie, act, places[at]) for act, at in wanted}
        kinds = {cell: kind_of(one) for cell, one in found.items()}
        assert {cell: kinds[cell] for cell in wanted if kinds[cell] != wanted[cell]} == {}
        alike = [act for act in TABLE if hidden(act, caller, wanted[act, "foreign"])]
        pairs = {act: (seen(found[act, "foreign"]), seen(found[act, "none"])) for act in alike}
        told_apart = {act: pair for act, pair in pairs.items() if pair[0] != pair[1]}
        assert told_apart == {}
        return len(found)

    def test_has_three_thousand_cells_and_more(self):
        assert CELLS >= 3000, CELLS

    @pytest.mark.parametrize("role", ROLES)
    def test_of_what_was_served_nothing_is_once_the_role_is_taken_away(self, world, now, role):
        who = world.region.person(ROLES[role], role)
        mine = world.places(who)["own"]
        cookie = world.region.session(who)
        before = {
            act
            for act, row in TABLE.items()
            if row.needs == "full" and expected(act, Caller(roles=who.roles), "own") == "served"
        }
        for how in TAKEN if who.state else TAKEN[:-1]:
            stays = how == "stopped" and role in {"coordinator", "ministry"}
            stands = Caller("full", who.roles, stopped=True) if stays else Caller("nothing")
            with world.for_a_while():
                take_from(who, how, now)
                found = {act: kind_of(knock(world, who, cookie, act, mine)) for act in before}
            wanted = {act: expected(act, stands, "own") for act in before}
            assert found == wanted, how
            still = {act for act in before if found[act] == "served"}
            assert still <= {act for act in before if stays and TABLE[act].stopped}, how

    @pytest.mark.parametrize("role", ["liaison", "coordinator"])
    def test_what_is_served_leaves_the_event_that_its_row_names(self, world, role):
        who = world.region.person("SV", role)
        mine = world.let_in(who)
        cookie = world.region.session(who)
        left = {act: call(cookie, act, mine) for act, row in HTTP.items() if row.event}
        refused = {act: r.json()["code"] for act, r in left.items() if r.status_code >= 400}
        wanted = {act: expected(act, Caller(roles=who.roles), "own") for act in left}
        barred = {act: code for act, code in wanted.items() if code != "served"}
        assert refused == REFUSED_HERE | barred
        done = left.keys() - refused.keys() - IDLE
        missing = {act: left[act].kinds for act in done if HTTP[act].event not in left[act].kinds}
        assert missing == {}


class TestAFreshProof:
    @pytest.mark.timeout(400)
    def test_is_asked_for_by_the_acts_of_which_the_table_says_so(self, world, now):
        asks = set()
        for role in ROLES:
            who = world.region.person(ROLES[role], role)
            mine = world.let_in(who)
            cookie = world.region.session(who)
            Session.objects.filter(id=who.session).update(verified_at=now - STALE)
            tried = {act for act, row in HTTP.items() if _first_of(row) == role}
            answers = {act: call(cookie, act, mine) for act in tried}
            asks |= {act for act, one in answers.items() if code_of(one) == "step-up-needed"}
        assert asks == {act for act, row in HTTP.items() if row.step_up == "always"}


def _first_of(row):
    """Return by whom an act is tried: the first role that may do it."""
    return "liaison" if "*" in row.who or not row.who else row.who[0]


def code_of(answer):
    return answer.json()["code"] if answer.status_code >= 400 else ""


class TestAnAddressWithoutARow:
    def test_is_not_there(self, client, db):
        answer = client.get("/api/nothing")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


class TestCsrf:
    def test_nothing_changes_without_the_token(self, region):
        who = region.equipped("SV", "liaison", "coordinator")
        full, password = region.session(who), region.session(who, level="password")
        for act, row in HTTP.items():
            if row.door.startswith("GET") or act in WITHOUT_COOKIES:
                continue
            cookie = password if row.needs == "password" else full
            answer = call(cookie, act, nothing(), client=Client(enforce_csrf_checks=True))
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), act

    def test_only_what_reads_no_cookie_does_without(self):
        assert {"oversight.cosignature.give"} == WITHOUT_COOKIES
