"""Whose step a request waits for: who got it into their hands from others, and nobody else."""

from __future__ import annotations

from itertools import product

import pytest

from requests_mla.policies.waiting import STAGES, is_before, step_wanted
from requests_mla.states import SIGNED, Act, Side, Stage

OURS, THEIRS = Side.REQUESTING, Side.REQUESTED
DRAFTS, SIGNS, CENTRAL = ("liaison", "coordinator"), ("signatory",), ("central-authority",)
#  where it stands, and by which signed step: which comes next, of which State, of whom
HANDED = {
    ("needs_changes", None): ("write", OURS, DRAFTS),  # as a focal point suggested
    ("needs_changes", "ask-changes"): ("write", OURS, DRAFTS),
    ("ready", None): ("authorise", OURS, SIGNS),
    ("authorised", "authorise"): ("transmit", OURS, CENTRAL),
    ("transmitted", "transmit"): ("acknowledge", THEIRS, CENTRAL),
    ("information_requested", "ask-information"): ("give-information", OURS, CENTRAL),
    ("information_requested", "resume"): ("give-information", OURS, CENTRAL),
    ("acknowledged", "give-information"): ("begin", THEIRS, CENTRAL),
    ("in_execution", "give-information"): ("execute", THEIRS, CENTRAL),
    ("returned", "return"): ("write", OURS, DRAFTS),
    ("executed", "execute"): ("close", OURS, DRAFTS),
    ("refused", "refuse"): ("close", OURS, DRAFTS),
}


def test_it_is_theirs_to_whom_another_step_handed_it_and_nobody_s_elsewhere():
    found = {}
    for stage, by in product(Stage, [None, *SIGNED]):
        turn = step_wanted(stage, by)
        if turn is not None:
            found[stage.value, by and by.value] = (turn.act.value, turn.side, turn.who)
    assert found == HANDED
    assert {stage.value for stage in STAGES} == {stage for stage, _ in HANDED}


@pytest.mark.parametrize(
    ("side", "roles", "wrote", "theirs"),
    [
        (OURS, {"coordinator", "signatory"}, False, True),
        (OURS, {"liaison", "signatory"}, False, True),
        (OURS, {"coordinator", "signatory"}, True, False),
        (OURS, {"coordinator", "focal-point"}, False, False),
        (OURS, {"liaison"}, False, False),
        (OURS, {"central-authority"}, False, False),
        (THEIRS, {"coordinator", "signatory"}, False, False),
    ],
)
def test_what_is_ready_is_before_a_signatory_who_did_not_write_it(side, roles, wrote, theirs):
    turn = step_wanted(Stage.READY, None)
    assert is_before(turn, side=side, roles=roles, wrote=wrote) is theirs


def test_what_came_back_is_before_whoever_wrote_it_too():
    turn = step_wanted(Stage.RETURNED, Act.RETURN)
    assert is_before(turn, side=OURS, roles={"liaison"}, wrote=True)
