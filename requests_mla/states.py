"""
The life of a request: its stages, and by which act of whom one follows another (pure).

One table, `ARROWS`, is read by the policies, the diagram in docs/reference and the tests. The order
of the formal stages is UNTOC article 18: through central authorities (13), confirmed in writing
(14), information asked (16), postponed (25) and refused (21) after both consulted (26), the latter
with reasons (23).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from casehub.directory import functions


class Stage(StrEnum):
    """Where a request stands, from being needed to being filed away."""

    IDEA = "idea"
    DRAFT = "draft"
    SELF_CHECK = "self_check"
    INFORMAL_CONSULTATION = "informal_consultation"
    NEEDS_CHANGES = "needs_changes"
    READY = "ready"
    AUTHORISED = "authorised"
    TRANSMITTED = "transmitted"
    ACKNOWLEDGED = "acknowledged"
    INFORMATION_REQUESTED = "information_requested"
    IN_EXECUTION = "in_execution"
    PARTIALLY_EXECUTED = "partially_executed"
    EXECUTED = "executed"
    POSTPONED = "postponed"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED = "closed"


class Side(StrEnum):
    """For which of the two States an act is done."""

    REQUESTING = "requesting"
    REQUESTED = "requested"


class Act(StrEnum):
    """What moves a request."""

    WRITE = "write"
    CHECK = "check"
    ASK_CHANGES = "ask-changes"
    MAKE_READY = "make-ready"
    CONSULT = "consult"
    FAVOUR = "favour"
    SUGGEST_CHANGES = "suggest-changes"
    END_CONSULTATION = "end-consultation"
    AUTHORISE = "authorise"
    TRANSMIT = "transmit"
    CONFIRM = "confirm"
    ACKNOWLEDGE = "acknowledge"
    ASK_INFORMATION = "ask-information"
    GIVE_INFORMATION = "give-information"
    BEGIN = "begin"
    ANSWER_PART = "answer-part"
    EXECUTE = "execute"
    POSTPONE = "postpone"
    RESUME = "resume"
    RETURN = "return"
    REFUSE_PART = "refuse-part"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Arrow:
    """
    One act of one side that moves a request from `before` to `after`; `who`: roles, or functions.

    Whoever acts as a central authority signs as that. Several arrows of one act leave one stage
    only where it goes on from where it was interrupted.
    """

    act: Act
    before: Stage
    after: Stage
    side: Side
    who: tuple[str, ...]
    when: str = ""
    source: str = ""


PROSECUTORS = ("liaison", "coordinator")
COORDINATION = ("coordinator",)
SIGNATORY, FOCAL_POINT = (functions.SIGNATORY,), (functions.FOCAL_POINT,)
CENTRAL = ("central-authority",)
OURS, THEIRS = Side.REQUESTING, Side.REQUESTED
BY_WHOM = "who drafts it; a coordinator where all who did are gone for good"

#  what is under way with the central authorities of both States
BEING_HANDLED = (
    Stage.ACKNOWLEDGED,
    Stage.INFORMATION_REQUESTED,
    Stage.IN_EXECUTION,
    Stage.PARTIALLY_EXECUTED,
)
UNDER_WAY = (Stage.TRANSMITTED, *BEING_HANDLED, Stage.POSTPONED)
#  what the requesting State has to itself, and what its central authority sends
AT_HOME = (
    Stage.DRAFT,
    Stage.SELF_CHECK,
    Stage.INFORMAL_CONSULTATION,
    Stage.NEEDS_CHANGES,
    Stage.READY,
    Stage.AUTHORISED,
)
WRITTEN_ON = (Stage.IDEA, *AT_HOME[:2], Stage.NEEDS_CHANGES, Stage.READY, Stage.RETURNED)
OVER = (Stage.EXECUTED, Stage.RETURNED, Stage.REFUSED, Stage.WITHDRAWN, Stage.EXPIRED)
#  what another State has to do something about, or the asking one has to say of what use it was
WITH_ANOTHER = (*UNDER_WAY, Stage.EXECUTED)
#  acts after which a request waits, and goes on from where it was
INTERRUPTED_BY = {
    Stage.INFORMATION_REQUESTED: Act.ASK_INFORMATION,
    Stage.POSTPONED: Act.POSTPONE,
}
GOES_ON = frozenset({Act.GIVE_INFORMATION, Act.RESUME})

ARROWS: tuple[Arrow, ...] = (
    *(Arrow(Act.WRITE, one, Stage.DRAFT, OURS, PROSECUTORS) for one in WRITTEN_ON),
    Arrow(Act.CHECK, Stage.DRAFT, Stage.SELF_CHECK, OURS, PROSECUTORS),
    Arrow(
        Act.ASK_CHANGES,
        Stage.SELF_CHECK,
        Stage.NEEDS_CHANGES,
        OURS,
        SIGNATORY,
        "who neither drafts nor wrote it",
    ),
    *(
        Arrow(Act.MAKE_READY, one, Stage.READY, OURS, PROSECUTORS, "no rule blocks unanswered")
        for one in (Stage.DRAFT, Stage.SELF_CHECK)
    ),
    Arrow(
        Act.CONSULT,
        Stage.SELF_CHECK,
        Stage.INFORMAL_CONSULTATION,
        OURS,
        PROSECUTORS,
        "focal points of the requested State are in force",
        "Plan, axis 2(2)",
    ),
    *(
        Arrow(act, Stage.INFORMAL_CONSULTATION, after, THEIRS, FOCAL_POINT, "who were asked")
        for act, after in (
            (Act.FAVOUR, Stage.SELF_CHECK),
            (Act.SUGGEST_CHANGES, Stage.NEEDS_CHANGES),
        )
    ),
    Arrow(
        Act.END_CONSULTATION,
        Stage.INFORMAL_CONSULTATION,
        Stage.SELF_CHECK,
        OURS,
        PROSECUTORS,
        "nobody answered, or it is taken back",
    ),
    Arrow(
        Act.AUTHORISE,
        Stage.READY,
        Stage.AUTHORISED,
        OURS,
        SIGNATORY,
        "who neither drafts nor wrote it",
        "ROLES 4",
    ),
    Arrow(
        Act.TRANSMIT,
        Stage.AUTHORISED,
        Stage.TRANSMITTED,
        OURS,
        CENTRAL,
        "its legal basis is in force for both",
        "UNTOC 18(13)",
    ),
    # What is urgent may be executed before the paper comes.
    *(
        Arrow(Act.CONFIRM, one, one, OURS, CENTRAL, "sent by word or INTERPOL", "UNTOC 18(14)")
        for one in (*UNDER_WAY, Stage.EXECUTED)
    ),
    Arrow(Act.ACKNOWLEDGE, Stage.TRANSMITTED, Stage.ACKNOWLEDGED, THEIRS, CENTRAL),
    *(
        Arrow(
            Act.ASK_INFORMATION,
            one,
            Stage.INFORMATION_REQUESTED,
            THEIRS,
            CENTRAL,
            "",
            "UNTOC 18(16)",
        )
        for one in (Stage.ACKNOWLEDGED, Stage.IN_EXECUTION)
    ),
    *(
        Arrow(
            Act.GIVE_INFORMATION,
            Stage.INFORMATION_REQUESTED,
            one,
            OURS,
            CENTRAL,
            "it was asked there",
        )
        for one in (Stage.ACKNOWLEDGED, Stage.IN_EXECUTION)
    ),
    Arrow(Act.BEGIN, Stage.ACKNOWLEDGED, Stage.IN_EXECUTION, THEIRS, CENTRAL),
    *(
        Arrow(
            Act.ANSWER_PART,
            one,
            Stage.PARTIALLY_EXECUTED,
            THEIRS,
            CENTRAL,
            "another measure is still open",
        )
        for one in (Stage.IN_EXECUTION, Stage.PARTIALLY_EXECUTED)
    ),
    *(
        Arrow(Act.EXECUTE, one, Stage.EXECUTED, THEIRS, CENTRAL, "no measure stays open")
        for one in (Stage.IN_EXECUTION, Stage.PARTIALLY_EXECUTED)
    ),
    *(
        Arrow(Act.POSTPONE, one, Stage.POSTPONED, THEIRS, CENTRAL, "both consulted", "UNTOC 18(25)")
        for one in BEING_HANDLED
    ),
    *(
        Arrow(Act.RESUME, Stage.POSTPONED, one, THEIRS, CENTRAL, "it was postponed there")
        for one in BEING_HANDLED
    ),
    *(
        Arrow(Act.RETURN, one, Stage.RETURNED, THEIRS, CENTRAL, "", "Nassau 26")
        for one in (Stage.ACKNOWLEDGED, Stage.INFORMATION_REQUESTED, Stage.IN_EXECUTION)
    ),
    # Of what is refused in part the rest goes on from where it is.
    *(
        Arrow(act, one, after, THEIRS, CENTRAL, when, "UNTOC 18(23), (26)")
        for one in (*BEING_HANDLED, Stage.POSTPONED)
        for act, after, when in (
            (Act.REFUSE_PART, one, "both consulted; another measure is still open"),
            (Act.REFUSE, Stage.REFUSED, "both consulted"),
        )
    ),
    *(Arrow(Act.WITHDRAW, one, Stage.WITHDRAWN, OURS, PROSECUTORS) for one in AT_HOME[:-1]),
    # What two have made ready to go is not undone by whoever drafts it alone.
    Arrow(
        Act.WITHDRAW,
        Stage.AUTHORISED,
        Stage.WITHDRAWN,
        OURS,
        (*CENTRAL, *SIGNATORY),
        "who neither drafts nor wrote it; a signatory who reads it",
        "ROLES 4",
    ),
    *(
        Arrow(Act.WITHDRAW, one, Stage.WITHDRAWN, OURS, CENTRAL, "", "UNTOC 18(24)")
        for one in UNDER_WAY
    ),
    *(
        Arrow(Act.EXPIRE, one, Stage.EXPIRED, OURS, CENTRAL, "the day that it rests on is over")
        for one in UNDER_WAY
    ),
    *(Arrow(Act.CLOSE, one, Stage.CLOSED, OURS, PROSECUTORS, BY_WHOM) for one in OVER),
)
#  acts by which a request comes back to those who draft it, with what they are to mend
SENDS_BACK = frozenset({Act.ASK_CHANGES, Act.RETURN})
#  acts that are part of writing: saving a version and attesting it
BY_WRITING = frozenset({Act.WRITE, Act.CHECK, Act.MAKE_READY})
#  acts around an informal consultation: what is said in one is signed in its circle
BY_CONSULTING = frozenset({Act.CONSULT, Act.FAVOUR, Act.SUGGEST_CHANGES, Act.END_CONSULTATION})
#  acts that are moves by themselves, each signed
SIGNED = frozenset(arrow.act for arrow in ARROWS) - BY_WRITING - BY_CONSULTING
#  what leads a request on, in the order in which it does; not what ends it early, nor interrupts it
LEADS = (
    *(Act.AUTHORISE, Act.TRANSMIT, Act.ACKNOWLEDGE, Act.GIVE_INFORMATION, Act.RESUME, Act.BEGIN),
    *(Act.EXECUTE, Act.FAVOUR, Act.MAKE_READY, Act.WRITE, Act.CLOSE),
)
#  from which stage on somebody besides its drafters knows of a request
KNOWN_AT_HOME, KNOWN_ABROAD = Act.AUTHORISE, Act.TRANSMIT

NEXT: dict[Stage, frozenset[Stage]] = {
    stage: frozenset(one.after for one in ARROWS if one.before is stage and one.after is not stage)
    for stage in Stage
}


@dataclass(frozen=True, slots=True)
class Step:
    """One act that was done: from where, to where."""

    act: Act
    before: Stage
    after: Stage


def may_become(now: Stage, to: Stage) -> bool:
    """Say whether a request that stands at `now` may stand at `to` next; staying is allowed."""
    return now is to or to in NEXT[now]


def interrupted_at(now: Stage, steps: Sequence[Step]) -> Stage | None:
    """Return where a request that waits was interrupted, by what was done; None if it does not."""
    by = INTERRUPTED_BY.get(now)
    return next((one.before for one in reversed(steps) if one.act is by), None)


def arrow_of(
    act: Act, now: Stage, *, side: Side, roles: Collection[str], steps: Sequence[Step] = ()
) -> Arrow | None:
    """Return the arrow along which somebody with these roles of a side does `act`, or None."""
    goes_on = interrupted_at(now, steps) if act in GOES_ON else None
    return next(
        (
            one
            for one in arrows_at(act, now)
            if one.side is side
            and not set(one.who).isdisjoint(roles)
            and (act not in GOES_ON or one.after is goes_on)
        ),
        None,
    )


def arrows_at(act: Act, now: Stage) -> tuple[Arrow, ...]:
    """Return all arrows of an act that leave a stage; none if it cannot be done there."""
    return tuple(one for one in ARROWS if one.act is act and one.before is now)


def leaving(now: Stage, steps: Sequence[Step] = ()) -> tuple[Arrow, ...]:
    """Return which arrows leave a stage, of signed moves: what may come next, and by whom."""
    goes_on = interrupted_at(now, steps)
    return tuple(
        one
        for one in ARROWS
        if one.before is now
        and one.act in SIGNED
        and (one.act not in GOES_ON or one.after is goes_on)
    )


def told_abroad(acts: Sequence[str]) -> tuple[int, ...]:
    """
    Return which of a request's moves, by place, the requested State is told of.

    None before one sent it. What it sent back is the requesting State's own again: what is written
    and authorised anew is told when it is sent, and its withdrawal or closing when that is done.
    """
    told: list[int] = []
    authorised: list[int] = []
    there = False
    for place, act in enumerate(acts):
        if act == Act.TRANSMIT:
            told += [*authorised, place]
            there = True
        elif there:
            told.append(place)
            there = act != Act.RETURN
        elif act == Act.AUTHORISE:
            authorised = [place]
        elif told and act in {Act.WITHDRAW, Act.CLOSE}:
            told.append(place)
    return tuple(told)


def diagram() -> str:
    """Return the life as a Mermaid state diagram; what keeps a request where it is, is left out."""
    arrows = [
        f"    {one.before.value} --> {one.after.value}: {one.act.value}"
        for one in ARROWS
        if one.before is not one.after
    ]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {Stage.IDEA.value}", *arrows])


def rows() -> list[tuple[str, str, str, str, str, str, str]]:
    """Return the table as rows of words: act, from, to, for which State, who, when, source."""
    return [
        (
            f"`{one.act.value}`",
            one.before.value,
            one.after.value,
            one.side.value,
            ", ".join(one.who),
            one.when or "–",
            one.source or "–",
        )
        for one in ARROWS
    ]
