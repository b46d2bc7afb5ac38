"""Why not, around a draft."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from casehub.core import roles
from casehub.core.actor import Actor
from casehub.directory.functions import FUNCTIONS, SIGNATORY

from .. import limits, states
from ..codes import (
    AT_ALL_HOURS,
    BY_AGREEMENT,
    BY_DEADLINE,
    CLOSES_MEASURES,
    IN_TIME_ON,
    NOT_ANSWERED,
    PRESERVES,
    TAKEN_BACK,
    URGENT,
    Said,
)
from ..states import Act, Arrow, Side, Stage, Step, arrow_of, arrows_at, leaving, may_become

MAY_READ = frozenset(roles.row_of("requests.request.read").who)
MAY_SET_ASIDE = frozenset(roles.row_of("requests.attestation.make").exception)
TURN = timedelta(minutes=5)  # how long an editing turn lasts without renewal


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is to read a draft: in the case, of the requesting State, in force as whom."""

    in_case: bool
    own_state: bool
    in_force: bool
    already: bool = False


def why_not_enter(candidate: Candidate) -> str | None:
    """
    Return why a person may not read a draft, or None.

    Who is in the case is known to everybody in it, so another State's member gets a plain answer;
    somebody outside it answers like nobody.
    """
    if not candidate.in_case:
        return "not-found"
    if not candidate.own_state:
        return "draft-own-state"
    if not candidate.in_force:
        return "person-unknown"
    return "already-in" if candidate.already else None


def why_not_shut_out(*, person: str, drafter: str, present: bool) -> str | None:
    """Return why a reader may not be shut out of a draft, or None: whoever began it stays."""
    if not present:
        return "not-found"
    return "drafter-stays" if person == drafter else None


def why_not_edit(stage: Stage) -> str | None:
    """Return why a request takes no further version, or None: saving one makes it a draft."""
    return None if may_become(stage, Stage.DRAFT) else "stage-closed"


def why_not_to(requested_state: str, *, was: str, sent: bool) -> str | None:
    """
    Return why a version may not name this requested State, or None.

    A request that was sent stays between its two States: both know what was done to it.
    """
    return "request-was-sent" if sent and requested_state != was else None


def why_not_write(*, actor: Actor, holder: str | None, stage: Stage) -> str | None:
    """Return why `actor` may not save a version, or None; `holder` has the turn now, if anybody."""
    if holder is None:
        return why_not_edit(stage) or "turn-needed"
    return why_not_edit(stage) or (None if holder == actor.id else "turn-taken")


def why_not_attest(stage: Stage) -> str | None:
    """
    Return why nothing more is attested of a request, ready or not, or None.

    What was sent was sent on what was signed before: a later word would only look like part of it.
    """
    return None if may_become(stage, Stage.READY) else "stage-closed"


def stage_attested(stage: Stage, *, ready: bool) -> Stage:
    """Return where a request stands whose version somebody screened, and maybe called ready."""
    if ready:
        return Stage.READY
    return Stage.SELF_CHECK if stage is Stage.DRAFT else stage


def why_not_admit(stage: Stage) -> str | None:
    """
    Return why nobody more is let into a draft, or None: once it is sent, it is nobody's to write.

    Whoever comes in is given the key of its newest version, and nobody could take it back.
    """
    return why_not_edit(stage)


def why_not_set_aside(actor: Actor, *, blocking: bool) -> str | None:
    """
    Return why `actor` may not call a request ready that leaves rules aside, or None.

    Anybody who drafts may give a reason against a rule; that one which blocks stays unmet is
    answered for by the head of the office, the national coordinator (ROLES 2).
    """
    if blocking and not MAY_SET_ASIDE & actor.roles:
        return "exception-coordinator"
    return None


def why_not_by_law_of(law_date: str, *, today: date) -> str | None:
    """
    Return why what was screened by the law of a day (`YYYY-MM-DD`) cannot become ready, or None.

    A request that is ready is about to be sent: what it was measured by must be law still, and must
    be law already.
    """
    day = date.fromisoformat(law_date)
    if day > today + limits.LAW_AHEAD:
        return "law-date-ahead"
    return "law-date-old" if day < today - limits.LAW_AGE else None


def why_not_keep(*, size: int, of_day: int, of_request: int) -> str | None:
    """
    Return why the server does not keep `size` bytes more of one person's versions, or None.

    `of_day` is what it keeps of theirs of the last 24 hours, `of_request` what of this request.
    """
    if of_request + size > limits.SHARE_BYTES:
        return "version-share-full"
    return "version-day-full" if of_day + size > limits.DAY_BYTES else None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the rulebook knows: all that disclosed facts and overrides may name."""

    states: Collection[str]
    measures: Collection[str]
    instruments: Collection[str]
    urgency: Collection[str]
    overridable: Collection[str]


def flaws_of(
    disclosed: Mapping[str, Any], *, known: Vocabulary, requesting_state: str
) -> list[str]:
    """
    Return the places in disclosed facts that name what the rulebook does not know.

    An empty text is a question not answered yet, None one whose answer is marked unknown.
    """

    def unknown(field: str, among: Collection[str]) -> Iterable[str]:
        named = enumerate(disclosed[field])
        return (f"{field}.{index}" for index, one in named if one and one not in among)

    flaws: list[str] = []
    if disclosed["requesting_state"] != requesting_state:
        flaws.append("requesting_state")
    asked = disclosed["requested_state"]
    if asked and (asked not in known.states or asked == requesting_state):
        flaws.append("requested_state")
    flaws += unknown("measures", known.measures)
    flaws += unknown("instruments", known.instruments)
    if disclosed["urgency"] and disclosed["urgency"] not in known.urgency:
        flaws.append("urgency")
    return flaws


def not_overridable(overridden: Iterable[str], *, known: Vocabulary) -> list[str]:
    """Return the places in a list of overridden rules that name none which may be overridden."""
    return [
        f"overridden.{index}"
        for index, rule in enumerate(overridden)
        if rule not in known.overridable
    ]


CENTRAL = frozenset(states.CENTRAL)
TOLD = frozenset({*states.COORDINATION, *states.CENTRAL})
"""Who of both States is told of a request that is with the central authorities (ROLES 3)."""
FOUR_EYES = frozenset({Act.AUTHORISE, Act.ASK_CHANGES})
"""Acts about what one wrote, which are never one's own."""


@dataclass(frozen=True, slots=True)
class Party:
    """
    What somebody is to a request: of which side, in which roles; whether they wrote in it.

    `stands_in`: the requested State has nobody here who speaks for it, so that what it did is
    recorded by the requesting State's central authority, with proof. `files`: all who draft it
    are gone for good, so that they as its State's coordinator close what is over.
    """

    side: Side
    roles: frozenset[str]
    wrote: bool = False
    stands_in: bool = False
    files: bool = False


def roles_on(held: Collection[str], *, reads: bool) -> frozenset[str]:
    """
    Return in which roles, and functions, somebody acts on a request.

    On what they do not read, as no drafter, and so not as its signatory.
    """
    return frozenset(held) if reads else frozenset(held) - MAY_READ - set(FUNCTIONS)


def arrow_for(party: Party, act: Act, stage: Stage, steps: Sequence[Step]) -> Arrow | None:
    """Return along which arrow somebody does an act, for their State or standing in; or None."""
    roles = (
        party.roles | set(states.COORDINATION) if party.files and act is Act.CLOSE else party.roles
    )
    own = arrow_of(act, stage, side=party.side, roles=roles, steps=steps)
    if own is not None or not party.stands_in:
        return own
    return arrow_of(act, stage, side=Side.REQUESTED, roles=party.roles, steps=steps)


def why_not_move(party: Party, act: Act, stage: Stage, steps: Sequence[Step]) -> str | None:
    """
    Return why somebody may not do an act at a stage, or None.

    `move-not-here`: nobody may there; `move-not-yours`: somebody else does; `signatory-needed`:
    of those who read it, whoever's designation says so; `own-request`: they wrote what it is about.
    """
    if act not in {one.act for one in leaving(stage, steps)}:
        return "move-not-here"
    arrow = arrow_for(party, act, stage, steps)
    if arrow is None:
        signed = {role for one in leaving(stage, steps) if one.act is act for role in one.who}
        asks = party.side is Side.REQUESTING and not party.roles.isdisjoint(MAY_READ)
        return "signatory-needed" if asks and SIGNATORY in signed else "move-not-yours"
    # What is authorised stands by two: whoever wrote it withdraws it in no other office of theirs.
    own = act in FOUR_EYES or (act is Act.WITHDRAW and stage is Stage.AUTHORISED)
    return "own-request" if own and party.wrote else None


def is_central(arrow: Arrow, held: Collection[str]) -> bool:
    """Say whether somebody in these roles goes along an arrow as a central authority."""
    return not CENTRAL.isdisjoint(arrow.who) and not CENTRAL.isdisjoint(held)


def may_do(party: Party, stage: Stage, steps: Sequence[Step]) -> list[str]:
    """Return which acts somebody may do now, in the order of the table."""
    acts = dict.fromkeys(one.act for one in leaving(stage, steps))
    return [one.value for one in acts if why_not_move(party, one, stage, steps) is None]


def why_not_proven(arrow: Arrow, party: Party, *, proof: str) -> str | None:
    """Return why what the other State did is not recorded so, or None: it takes proof."""
    stood_in = arrow.side is not party.side
    if stood_in and not proof:
        return "proof-needed"
    return "proof-not-asked" if proof and not stood_in else None


def why_not_send(requested_state: str) -> str | None:
    """Return why a request can go nowhere, or None: it names the State that it asks."""
    return None if requested_state else "addressee-needed"


def why_not_expire(said: Said, *, deadline: str | None, on: date, today: date) -> str | None:
    """
    Return why a request has not expired, or None: the day that this rests on has come.

    On the day of a deadline (its own, and no other) and on the last of a limitation it is still in
    time: both are over by a step `on` a later one, `today` having begun in both States. A
    proceeding ended on a day of which the step can be.
    """
    if said.lapsed == BY_DEADLINE and said.rests_on != deadline:
        return "deadline-ahead"
    rests_on = date.fromisoformat(said.rests_on)
    over = rests_on < min(on, today) if said.lapsed in IN_TIME_ON else rests_on <= on
    return None if over else "deadline-ahead"


def unconfirmed_since(moves: Sequence[tuple[str, str, datetime]]) -> datetime | None:
    """
    Return since when a request that left by word or INTERPOL waits to be confirmed in writing.

    `moves` are act, channel and moment of each, oldest first (UNTOC 18(14): forthwith).
    """
    waits: datetime | None = None
    for act, channel, at in moves:
        if act == Act.TRANSMIT:
            waits = at if channel in BY_AGREEMENT else None
        elif act == Act.CONFIRM:
            waits = None
    return waits


def why_not_confirm(moves: Sequence[tuple[str, str, datetime]]) -> str | None:
    """Return why nothing is confirmed in writing, or None: something waits to be (`moves`: so)."""
    return None if unconfirmed_since(moves) else "move-not-here"


def why_not_by(
    channel: str, *, agreed: bool, urgency: str | None, measures: Collection[Any]
) -> str | None:
    """
    Return why a request may not leave by a channel, or None.

    By word or INTERPOL only in urgent circumstances, where both States agree (UNTOC 18(13), (14));
    by the points of contact at all hours only what is preserved before anything is asked for.
    """
    if channel in BY_AGREEMENT and (urgency not in URGENT or not agreed):
        return "channel-urgent"
    if channel == AT_ALL_HOURS and not (measures and set(measures) <= PRESERVES):
        return "channel-preservation"
    return None


def why_not_measures(
    act: Act, said: Collection[int], *, closed: Collection[int], measures: int
) -> str | None:
    """
    Return why these measures are not what `act` answers or refuses, or None.

    A part leaves at least one open, and each measure is closed once; an execution answers all that
    were left. What refuses all that were left is no refusal in part.
    """
    if act not in CLOSES_MEASURES:
        return None
    left = set(range(measures)) - set(closed)
    fits = set(said) == left if act is Act.EXECUTE else set(said) < left
    return None if fits else "measures-differ"


WAITS, WAITS_URGENT = 5, 1
"""Working days of the requested State that an answer may take, and where it is urgent."""
ANSWERED_BY = {
    "favourable": Act.FAVOUR,
    "with_changes": Act.SUGGEST_CHANGES,
    "unlikely": Act.SUGGEST_CHANGES,
}


def why_not_consult(stage: Stage, *, requested_state: str) -> str | None:
    """Return why a request is not put to a focal point, or None: as it stands, it was screened."""
    if not arrows_at(Act.CONSULT, stage):
        return "consultation-stage"
    return why_not_send(requested_state)


def why_not_answer(*, own: str, state: str, outcome: str, stage: Stage) -> str | None:
    """Return why somebody of `own` does not answer what `state` was asked, or None."""
    if own != state:
        return "consultation-not-yours"
    return "consultation-over" if outcome or not arrows_at(Act.FAVOUR, stage) else None


def outcome_unanswered(*, due: datetime, now: datetime) -> str:
    """Return what comes of a consultation that whoever asked ends: silence is no consent."""
    return NOT_ANSWERED if now >= due else TAKEN_BACK


CARRIES = CENTRAL
"""Who writes and reads letters besides those who draft: what is typed there is theirs to carry."""


def reads_letters(held: Collection[str], *, drafts: bool, sent: bool) -> bool:
    """Say whether somebody who sees a request reads what is written about it, once it was sent."""
    return sent and (drafts or bool(CARRIES & set(held)))


def reads_home_letters(
    held: Collection[str], *, side: Side, drafts: bool, authorised: bool
) -> bool:
    """
    Say whether somebody who sees a request reads what its own State writes about it to itself.

    From the authorisation on: before it nobody but those who draft is told of a request, and they
    have its circle.
    """
    return authorised and side is Side.REQUESTING and (drafts or not CARRIES.isdisjoint(held))
