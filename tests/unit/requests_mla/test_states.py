"""Which stage may follow which, by which act of whom: everything else is refused."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.core.roles import ROLES
from requests_mla.states import (
    ARROWS,
    GOES_ON,
    NEXT,
    SIGNED,
    Act,
    Side,
    Stage,
    Step,
    arrow_of,
    diagram,
    interrupted_at,
    leaving,
    may_become,
    rows,
    told_abroad,
)

OURS, THEIRS = Side.REQUESTING, Side.REQUESTED
DRAFTS, SIGNS, CENTRAL = ("liaison", "coordinator"), ("coordinator",), ("central-authority",)
HANDLED = ("acknowledged", "information_requested", "in_execution", "partially_executed")
WAY = ("transmitted", *HANDLED, "postponed")
HOME = (
    "draft",
    "self_check",
    "informal_consultation",
    "needs_changes",
    "ready",
    "authorised",
)
#  act: from where, to where ("=": where it is, "<": where it was interrupted), which side, who
LIFE = {
    "write": (("idea", *HOME[:2], *HOME[3:5], "returned"), "draft", OURS, DRAFTS),
    "check": (("draft",), "self_check", OURS, DRAFTS),
    "ask-changes": (("self_check",), "needs_changes", OURS, SIGNS),
    "make-ready": (("draft", "self_check"), "ready", OURS, DRAFTS),
    "authorise": (("ready",), "authorised", OURS, SIGNS),
    "transmit": (("authorised",), "transmitted", OURS, CENTRAL),
    "confirm": ((*WAY, "executed"), "=", OURS, CENTRAL),
    "acknowledge": (("transmitted",), "acknowledged", THEIRS, CENTRAL),
    "ask-information": (("acknowledged", "in_execution"), "information_requested", THEIRS, CENTRAL),
    "give-information": (("information_requested",), "<", OURS, CENTRAL),
    "begin": (("acknowledged",), "in_execution", THEIRS, CENTRAL),
    "answer-part": (("in_execution", "partially_executed"), "partially_executed", THEIRS, CENTRAL),
    "execute": (("in_execution", "partially_executed"), "executed", THEIRS, CENTRAL),
    "postpone": (HANDLED, "postponed", THEIRS, CENTRAL),
    "resume": (("postponed",), "<", THEIRS, CENTRAL),
    "return": (HANDLED[:3], "returned", THEIRS, CENTRAL),
    "refuse": ((*HANDLED, "postponed"), "refused", THEIRS, CENTRAL),
    "withdraw": (HOME, "withdrawn", OURS, DRAFTS),
    "withdraw-sent": (WAY, "withdrawn", OURS, CENTRAL),
    "expire": (WAY, "expired", OURS, CENTRAL),
    "close": (("executed", "returned", "refused", "withdrawn", "expired"), "closed", OURS, DRAFTS),
}  # fmt: skip
#  how a request came to wait, where it does
WAITED = {
    Stage.INFORMATION_REQUESTED: Step(
        Act.ASK_INFORMATION, Stage.IN_EXECUTION, Stage.INFORMATION_REQUESTED
    ),
    Stage.POSTPONED: Step(Act.POSTPONE, Stage.PARTIALLY_EXECUTED, Stage.POSTPONED),
}


def expected(act: Act, now: Stage, side: Side, role: str) -> Stage | None:
    """Return where `LIFE` leads, or None where it forbids."""
    for name, (before, after, of, who) in LIFE.items():
        if name.removesuffix("-sent") != act.value or now.value not in before:
            continue
        if side is of and role in who:
            came = WAITED[now].before if after == "<" else now
            return came if after in {"=", "<"} else Stage(after)
    return None


class TestEveryMove:
    @pytest.mark.parametrize("now", Stage)
    @pytest.mark.parametrize("act", Act)
    def test_is_its_own_side_and_roles_alone(self, act, now):
        steps = [WAITED[now]] if now in WAITED else []
        for side, role in product(Side, ROLES):
            found = arrow_of(act, now, side=side, roles={role}, steps=steps)
            assert (found and found.after) == expected(act, now, side, role), (side, role)

    def test_of_somebody_without_a_role_is_none(self):
        for act, now, side in product(Act, Stage, Side):
            assert arrow_of(act, now, side=side, roles=set()) is None

    def test_that_goes_on_needs_to_have_been_interrupted(self):
        for act, now, side in product(GOES_ON, Stage, Side):
            assert arrow_of(act, now, side=side, roles=set(ROLES)) is None


class TestTheTable:
    def test_has_all_acts_and_all_stages_but_the_one_that_nobody_leads_to(self):
        assert {one.act for one in ARROWS} == set(Act)
        led_to = {one.after for one in ARROWS}
        assert set(Stage) - led_to == {Stage.IDEA, Stage.INFORMAL_CONSULTATION}

    def test_has_each_arrow_once(self):
        ways = [(one.act, one.before, one.after, one.side) for one in ARROWS]
        assert len(set(ways)) == len(ways)

    def test_ends_with_what_is_closed(self):
        assert {stage for stage in Stage if not NEXT[stage]} == {Stage.CLOSED}
        assert leaving(Stage.CLOSED) == ()

    @pytest.mark.parametrize("stage", Stage)
    def test_lets_every_stage_stay(self, stage):
        assert may_become(stage, stage)

    def test_prints_every_arrow_that_leads_somewhere_else(self):
        printed = diagram()
        for one in ARROWS:
            line = f"{one.before.value} --> {one.after.value}: {one.act.value}"
            assert (line in printed) == (one.before is not one.after)

    def test_prints_a_row_for_each_arrow(self):
        assert len(rows()) == len(ARROWS)


class TestWhatIsIllegal:
    """The moves that the life of a request forbids by name."""

    def test_from_a_draft_to_transmitted(self):
        assert not may_become(Stage.DRAFT, Stage.TRANSMITTED)

    def test_any_formal_stage_by_a_prosecutor_of_the_requested_state(self):
        for act, now, role in product(Act, Stage, DRAFTS):
            assert arrow_of(act, now, side=THEIRS, roles={role}) is None

    def test_anything_of_what_is_closed(self):
        for act, side in product(Act, Side):
            assert arrow_of(act, Stage.CLOSED, side=side, roles=set(ROLES)) is None

    def test_authorising_by_the_central_authority_and_transmitting_by_prosecutors(self):
        assert arrow_of(Act.AUTHORISE, Stage.READY, side=OURS, roles=set(CENTRAL)) is None
        assert arrow_of(Act.TRANSMIT, Stage.AUTHORISED, side=OURS, roles=set(DRAFTS)) is None


class TestTheRequestedState:
    @pytest.mark.parametrize(
        ("acts", "told"),
        [
            ((), ()),
            (("ask-changes", "authorise"), ()),
            (("ask-changes", "authorise", "transmit"), (1, 2)),
            (("authorise", "withdraw"), ()),
            (("authorise", "transmit", "acknowledge", "withdraw", "close"), (0, 1, 2, 3, 4)),
            (("authorise", "transmit", "return"), (0, 1, 2)),
            (("authorise", "transmit", "return", "ask-changes", "authorise"), (0, 1, 2)),
            (
                ("authorise", "transmit", "return", "ask-changes", "authorise", "transmit"),
                (0, 1, 2, 4, 5),
            ),
            (("authorise", "transmit", "return", "authorise", "withdraw"), (0, 1, 2, 4)),
            (("authorise", "transmit", "return", "close"), (0, 1, 2, 3)),
        ],
    )
    def test_is_told_of_what_is_sent_to_it_and_done_there(self, acts, told):
        assert told_abroad(acts) == told


WALK = st.lists(st.sampled_from(sorted(Act)), max_size=40)


class TestWalks:
    @given(WALK)
    def test_follow_a_model_that_keeps_where_it_was_interrupted(self, acts):
        """The model has a stack of what waits, where the table has its history."""
        now, steps, stack = Stage.READY, [], []
        for act in acts:
            found = next(
                (
                    one
                    for side in Side
                    if (one := arrow_of(act, now, side=side, roles=set(ROLES), steps=steps))
                ),
                None,
            )
            if act in GOES_ON:
                assert (found is not None) == (bool(stack) and stack[-1][0] is act)
            if found is None:
                continue
            if act in GOES_ON:
                assert found.after is stack.pop()[1]
            elif act is Act.ASK_INFORMATION:
                stack.append((Act.GIVE_INFORMATION, now))
            elif act is Act.POSTPONE:
                stack.append((Act.RESUME, now))
            elif found.after is not now:
                stack = []
            steps.append(Step(act, now, found.after))
            now = found.after
            assert (interrupted_at(now, steps) is not None) == bool(stack)

    @given(WALK)
    def test_never_reach_execution_before_transmission_by_the_central_authority(self, acts):
        now, steps = Stage.IDEA, []
        for act in acts:
            ways = [one for one in leaving(now, steps) if one.act is act]
            if act not in SIGNED:
                ways = [one for one in ARROWS if one.act is act and one.before is now]
            if ways:
                steps.append(Step(act, now, ways[0].after))
                now = ways[0].after
            sent = [one for one in steps if one.act is Act.TRANSMIT]
            if now in {Stage.ACKNOWLEDGED, Stage.IN_EXECUTION, Stage.EXECUTED, Stage.REFUSED}:
                assert sent
                assert Act.AUTHORISE in {one.act for one in steps}
