"""Why not, in a case file: one table a policy."""

from __future__ import annotations

import pytest

from casehub.cases import policies
from casehub.core.actor import Actor

ALL = {"SV", "MX", "GT"}


def actor(who: str, state: str) -> Actor:
    return Actor(
        id=who, account="", state=state, roles=frozenset({"liaison"}), office="", session=""
    )


class TestWhyNotOpen:
    #  the opener's State, the case's States, why not
    TABLE = [
        ("SV", {"SV"}, None),
        ("SV", {"SV", "MX"}, None),
        ("SV", {"MX"}, "own-state-missing"),
        ("SV", {"SV", "ZZ"}, "unknown-state"),
        ("SV", {"ZZ"}, "unknown-state"),
        ("SV", set(), "own-state-missing"),
        ("", {"SV"}, "own-state-missing"),
    ]

    @pytest.mark.parametrize(("state", "states", "why"), TABLE)
    def test_table(self, state, states, why):
        answer = policies.why_not_open(
            actor=actor("ana", state), states=frozenset(states), known=ALL
        )
        assert answer == why


class TestWhyNotAdd:
    #  known  State in  already  people  why not
    TABLE = [
        (True, True, False, 1, None),
        (True, True, False, 149, None),
        (True, True, False, 150, "case-full"),
        (True, True, True, 1, "already-in"),
        (True, True, True, 150, "already-in"),
        (True, False, False, 1, "state-not-in-case"),
        (False, False, False, 1, "person-unknown"),
        (False, True, True, 150, "person-unknown"),
    ]

    @pytest.mark.parametrize(("known", "state_in", "already", "count", "why"), TABLE)
    def test_table(self, known, state_in, already, count, why):
        answer = policies.why_not_add(
            candidate_known=known, state_in=state_in, already=already, count=count
        )
        assert answer == why


class TestWhyNotRemove:
    #  who (State)      whom (State)      there   why not; the case is Ana's, of SV
    TABLE = [
        ("ana", "SV", "boris", "MX", True, None),
        ("ana", "SV", "carla", "SV", True, None),
        ("carla", "SV", "dora", "SV", True, None),
        ("carla", "SV", "carla", "SV", True, None),
        ("boris", "MX", "boris", "MX", True, None),
        ("boris", "MX", "carla", "SV", True, "not-yours-to-remove"),
        ("carla", "SV", "boris", "MX", True, "not-yours-to-remove"),
        ("ana", "SV", "ana", "SV", True, "owner-stays"),
        ("carla", "SV", "ana", "SV", True, "owner-stays"),
        ("boris", "MX", "ana", "SV", True, "owner-stays"),
        ("ana", "SV", "boris", "MX", False, "not-found"),
        ("boris", "MX", "zoe", "MX", False, "not-found"),
    ]

    @pytest.mark.parametrize(("who", "state", "whom", "their_state", "present", "why"), TABLE)
    def test_table(self, who, state, whom, their_state, present, why):
        answer = policies.why_not_remove(
            actor=actor(who, state),
            owner="ana",
            person=whom,
            person_state=their_state,
            present=present,
        )
        assert answer == why
