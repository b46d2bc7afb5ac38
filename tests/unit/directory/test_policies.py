"""How much of the directory whoever looks is told, and why not."""

from __future__ import annotations

from datetime import date

import pytest

from casehub.core.actor import Actor
from casehub.core.roles import ROLES
from casehub.directory import policies


def actor(state, *roles):
    return Actor(
        id="", account="", state=state, roles=frozenset(roles), office="", session="", device=None
    )


#  role: of their own State, of another, of the region's people
TOLD = {
    "liaison": ("own", "card", "card"),
    "coordinator": ("own", "card", "card"),
    "central-authority": ("own", "card", "card"),
    "ministry": ("own", "post", "post"),
    "national-auditor": ("own", "nothing", "nothing"),
    "regional-auditor": ("nothing", "nothing", "nothing"),
    "secretariat": ("nothing", "status", "post"),
}


class TestTold:
    @pytest.mark.parametrize("role", ROLES)
    def test_is_what_the_role_needs_to_know(self, role):
        regional = role in {"regional-auditor", "secretariat"}
        who = actor("" if regional else "SV", role)
        found = [policies.told(who, state) for state in ("MX", "")]
        assert found == list(TOLD[role][1:])
        if not regional:
            assert policies.told(who, "SV") == TOLD[role][0]

    def test_is_nothing_for_nobody(self):
        assert policies.told(actor("", "national-auditor"), "") == "nothing"
        assert policies.told(actor("SV"), "SV") == policies.told(actor("SV"), "MX") == "nothing"

    def test_grows_with_every_role_of_one_person(self):
        assert policies.told(actor("SV", "ministry"), "MX") == "post"
        assert policies.told(actor("SV", "ministry", "liaison"), "MX") == "card"


#  who asks, of which State and roles, on duty, in a shared case: shown
REACHES = [
    (("SV", "liaison"), "SV", "liaison", False, False, True),
    (("SV", "national-auditor"), "SV", "liaison", False, False, True),
    (("SV", "secretariat"), "SV", "liaison", False, False, False),
    (("MX", "liaison"), "SV", "liaison", False, False, False),
    (("MX", "liaison"), "SV", "liaison", False, True, True),
    (("MX", "central-authority"), "SV", "liaison", False, True, True),
    (("MX", "ministry"), "SV", "liaison", False, True, False),
    (("MX", "liaison"), "SV", "coordinator", True, False, False),
    (("MX", "coordinator"), "SV", "coordinator", True, False, True),
    (("MX", "coordinator"), "SV", "coordinator", False, False, False),
    (("MX", "coordinator"), "SV", "liaison", True, False, False),
    (("", "secretariat"), "", "secretariat", True, True, False),
]


class TestReaches:
    @pytest.mark.parametrize(("who", "state", "role", "duty", "shared", "shown"), REACHES)
    def test_ones_own_state_a_shared_case_and_whoever_is_on_duty(
        self, who, state, role, duty, shared, shown
    ):
        roles = frozenset({role})
        found = policies.reaches(actor(*who), state=state, roles=roles, duty=duty, shared=shared)
        assert found is shown


#  zone, days, from, to
HOURS = [
    ("America/Panama", [1], "08:00", "16:00", None),
    ("America/Panama", [1, 2, 7], "00:00", "23:59", None),
    ("America/Atlantis", [1], "08:00", "16:00", "hours-malformed"),
    ("", [1], "08:00", "16:00", "hours-malformed"),
    ("../etc/passwd", [1], "08:00", "16:00", "hours-malformed"),
    ("America/Panama", [], "08:00", "16:00", "hours-malformed"),
    ("America/Panama", [2, 1], "08:00", "16:00", "hours-malformed"),
    ("America/Panama", [1, 1], "08:00", "16:00", "hours-malformed"),
    ("America/Panama", [1], "16:00", "16:00", "hours-malformed"),
    ("America/Panama", [1], "16:00", "08:00", "hours-malformed"),
]


class TestHours:
    @pytest.mark.parametrize(("zone", "days", "opens", "closes", "why"), HOURS)
    def test_are_of_a_known_zone_with_an_end_after_the_beginning(
        self, zone, days, opens, closes, why
    ):
        assert policies.why_not_hours(zone=zone, days=days, opens=opens, closes=closes) == why


class TestCompetence:
    @pytest.mark.parametrize(
        ("known", "already", "why"),
        [
            (True, False, None),
            (False, False, "unknown-instrument"),
            (True, True, "competence-known"),
        ],
    )
    def test_is_of_a_known_instrument_and_begins_once_a_day(self, known, already, why):
        assert policies.why_not_competence(known=known, already=already) == why

    def test_ends_on_its_first_day_or_later(self):
        day = date(2026, 1, 2)
        assert policies.why_not_end(since=day, until=day) is None
        assert policies.why_not_end(since=day, until=date(2026, 1, 1)) == "competence-dates"


class TestOffices:
    def test_are_two_hundred_at_most(self):
        assert policies.why_not_enter_office(count=199) is None
        assert policies.why_not_enter_office(count=200) == "offices-full"

    @pytest.mark.parametrize(
        "telephone", ["", "+503 2200 0000", "+50322000000", "+1 202 555 0100", "+999 010 0002"]
    )
    def test_may_have_a_public_telephone_that_is_dialled_from_anywhere(self, telephone):
        assert policies.why_not_telephone(telephone) is None

    @pytest.mark.parametrize(
        "telephone",
        [
            "2200 0000",
            "00503 2200 0000",
            "+0 2200 0000",
            "+503  2200 0000",
            "+503-2200-0000",
            "+503 2200 0000 ",
            "+503 2200 0000 ext. 4",
            "+503 220",
            "+503 2200 0000 0000 00",
            "+1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6",
            "+\u0661\u0662\u0663 2200 0000",
            "+503\u00a02200 0000",
            "+503 2200 0000\n",
            "llámenos",
        ],
    )
    def test_have_no_telephone_that_is_not(self, telephone):
        assert policies.why_not_telephone(telephone) == "telephone-malformed"
