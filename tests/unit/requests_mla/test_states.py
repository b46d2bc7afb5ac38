"""Which stage may follow which, by which act of whom: everything else is refused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.core.roles import ROLES
from requests_mla.states import (
    ARROWS,
    BY_CONSULTING,
    GOES_ON,
    NEXT,
    SIGNED,
    Act,
    Arrow,
    Side,
    Stage,
    Step,
    arrow_of,
    arrows_at,
    diagram,
    interrupted_at,
    leaving,
    may_become,
    rows,
    told_abroad,
)

OURS, THEIRS = Side.REQUESTING, Side.REQUESTED
DRAFTS, SIGNS, CENTRAL = ("liaison", "coordinator"), ("signatory",), ("central-authority",)
ASKED = ("focal-point",)
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
    "consult": (("self_check",), "informal_consultation", OURS, DRAFTS),
    "favour": (("informal_consultation",), "self_check", THEIRS, ASKED),
    "suggest-changes": (("informal_consultation",), "needs_changes", THEIRS, ASKED),
    "end-consultation": (("informal_consultation",), "self_check", OURS, DRAFTS),
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
    "refuse-part": ((*HANDLED, "postponed"), "=", THEIRS, CENTRAL),
    "refuse": ((*HANDLED, "postponed"), "refused", THEIRS, CENTRAL),
    "withdraw": (HOME[:-1], "withdrawn", OURS, DRAFTS),
    "withdraw-authorised": (("authorised",), "withdrawn", OURS, (*CENTRAL, *SIGNS)),
    "withdraw-sent": (WAY, "withdrawn", OURS, CENTRAL),
    "expire": (WAY, "expired", OURS, CENTRAL),
    "close": (("executed", "returned", "refused", "withdrawn", "expired"), "closed", OURS, DRAFTS),
}  # fmt: skip
#  stages in which little is left to do, and those that only what was sent reaches
ENDS = {Stage.REFUSED, Stage.WITHDRAWN, Stage.EXPIRED, Stage.CLOSED}
ABROAD = {*map(Stage, WAY), Stage.EXECUTED, Stage.REFUSED, Stage.RETURNED, Stage.EXPIRED}
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
        named = name.removesuffix("-sent").removesuffix("-authorised")
        if named != act.value or now.value not in before:
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
        assert set(Stage) - led_to == {Stage.IDEA}

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
            found = arrow_of(act, now, side=THEIRS, roles={role})
            assert found is None or found.after in {Stage.SELF_CHECK, Stage.NEEDS_CHANGES}

    def test_asking_about_what_was_not_screened_and_answering_what_was_not_asked(self):
        for act, now in product(BY_CONSULTING, Stage):
            here = Stage.SELF_CHECK if act is Act.CONSULT else Stage.INFORMAL_CONSULTATION
            assert bool(arrows_at(act, now)) == (now is here)

    def test_signing_as_a_move_what_is_said_in_a_consultation(self):
        assert BY_CONSULTING.isdisjoint(SIGNED)

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


#  which of the ways that are open is taken at each step; one of few ends what is under way
WALK = st.lists(st.integers(0, 10_000), min_size=20, max_size=40)
RARELY = 40


def ways_from(now: Stage, steps: list[Step]) -> list[Arrow]:
    """Return all arrows that can be gone along: signed moves, and what writing does."""
    writing = [one for one in ARROWS if one.before is now and one.act not in SIGNED]
    return [*writing, *leaving(now, steps)]


def walked(now: Stage, choices: list[int]) -> Iterator[tuple[Stage, list[Step], Arrow]]:
    """Go along possible arrows: where it stood, what was done before, and which one is taken."""
    steps: list[Step] = []
    for choice in choices:
        ways = ways_from(now, steps)
        going_on = [one for one in ways if one.after not in ENDS]
        open_to = ways if choice % RARELY == 0 else going_on or ways
        if not open_to:
            return
        taken = open_to[choice // RARELY % len(open_to)]
        yield now, list(steps), taken
        steps.append(Step(taken.act, now, taken.after))
        now = taken.after


class TestWalks:
    def test_are_long_and_come_everywhere(self):
        """Else what the next ones say would be said of nothing."""
        draw, taken, lengths = Random(41), set(), []
        for _ in range(200):
            walk = list(walked(Stage.IDEA, [draw.randrange(10_000) for _ in range(40)]))
            taken |= {arrow for _, _, arrow in walk}
            lengths.append(len(walk))
        assert median(lengths) >= 20
        assert {one.act for one in taken} == set(Act)
        assert {one.after for one in taken} == {one.after for one in ARROWS}

    @given(WALK)
    def test_follow_a_model_that_keeps_where_it_was_interrupted(self, choices):
        """The model has a stack of what waits, where the table has its history."""
        stack: list[tuple[Act, Stage]] = []
        for now, steps, arrow in walked(Stage.READY, choices):
            assert (interrupted_at(now, steps) is not None) == bool(stack)
            ways = {
                act: arrow_of(act, now, side=side, roles=set(ROLES), steps=steps)
                for act, side in ((Act.GIVE_INFORMATION, OURS), (Act.RESUME, THEIRS))
            }
            for act, way in ways.items():
                waits = bool(stack) and stack[-1][0] is act
                assert (way and way.after) == (stack[-1][1] if waits else None)
            if arrow.act in GOES_ON:
                assert arrow == ways[arrow.act]
                stack.pop()
            elif arrow.act is Act.ASK_INFORMATION:
                stack.append((Act.GIVE_INFORMATION, now))
            elif arrow.act is Act.POSTPONE:
                stack.append((Act.RESUME, now))
            elif arrow.after is not now:
                stack = []

    @given(WALK)
    def test_never_reach_the_requested_state_but_authorised_and_transmitted(self, choices):
        """Since it was written on last: what came back is authorised and sent anew."""
        done: list[Act] = []
        for _, _, arrow in walked(Stage.IDEA, choices):
            informal = arrow.act in BY_CONSULTING  # asked before, and no stage of theirs
            if (arrow.side is THEIRS and not informal) or arrow.after in ABROAD:
                assert done[:1] == [Act.AUTHORISE]
                assert arrow.act is Act.TRANSMIT or done[1:2] == [Act.TRANSMIT]
            if arrow.act in {Act.WRITE, Act.AUTHORISE, Act.RETURN}:
                done = []
            if arrow.act not in {Act.WRITE, Act.RETURN}:
                done.append(arrow.act)
