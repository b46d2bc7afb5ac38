"""Whose turn it is with a designation: a table, as ui/designations/waiting.test.ts has it."""

from __future__ import annotations

import pytest

from casehub.designations.policies import wants_hand

LIAISON = {
    "stage": "draft",
    "held": ["liaison"],
    "drafts": "coordinator",
    "own": False,
    "signed": False,
    "reminded": False,
}
COORDINATOR = LIAISON | {"held": ["coordinator"], "drafts": "ministry"}

#  designation, and the roles that it waits for
TURNS = [
    (LIAISON, "coordinator"),
    (LIAISON | {"stage": "consulted"}, "coordinator"),
    (LIAISON | {"stage": "nominated"}, "ministry"),
    (LIAISON | {"stage": "ministry-1"}, "ministry"),
    (LIAISON | {"stage": "ministry-1", "signed": True}, ""),
    (LIAISON | {"stage": "approved"}, "coordinator"),
    (LIAISON | {"stage": "ceremony"}, "coordinator"),
    (LIAISON | {"stage": "active"}, ""),
    (LIAISON | {"stage": "active", "reminded": True}, "coordinator"),
    (LIAISON | {"stage": "suspended"}, "coordinator ministry"),
    (LIAISON | {"stage": "expired"}, ""),
    (LIAISON | {"stage": "removed"}, ""),
    (LIAISON | {"own": True}, ""),
    (COORDINATOR, "ministry"),
    (COORDINATOR | {"stage": "approved"}, "ministry"),
    (COORDINATOR | {"stage": "active", "reminded": True}, "ministry"),
]


@pytest.mark.parametrize(("designation", "roles"), TURNS)
@pytest.mark.parametrize("reader", ["liaison", "coordinator", "ministry", "national-auditor"])
def test_waits_for_whoever_is_to_do_the_next_thing(designation, roles, reader):
    assert wants_hand(**designation, reader={reader}) == (reader in roles.split())
