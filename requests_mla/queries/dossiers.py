"""
Reading dossiers: what both States know of a request, and what was done to it.

Who drafts it knows of it from the start; the central authority and the coordination of the
requesting State once it is authorised, those of the requested State once it is transmitted. To
everybody else there is none. The requested State sees the version that was sent to it last: what
was sent back is written anew by the other one alone (`states.told_abroad`), and stays its own even
when it is given up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from casehub.cases import queries as cases
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.core.frames import to_b64u
from casehub.directory import queries as directory
from casehub.directory.models import Device
from casehub.directory.statements import ChainBroken

from .. import codes, policies, states
from ..codes import BOTH, HOME, Audience
from ..models import Attestation, Move, Request, Version
from ..statements import SECOND_FORM, disclosed_digest
from ..states import Act, Side, Stage, Step
from .consultations import consultations_of
from .drafts import device_of, readers_of
from .proposals import second_shape, seconding_shape

Shape = dict[str, Any]
_PARTED = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as one of its two States sees it: where it stands, and which moves it is told."""

    stage: Stage
    version: int
    digest: str
    disclosed: dict[str, Any]
    moves: tuple[Move, ...]

    @property
    def number(self) -> int:
        """That of the move that comes next."""
        return self.moves[-1].number + 1 if self.moves else 1


def _visible(actor: Actor) -> QuerySet[Request]:
    mine = Q(circle__in=cases.circles_of(actor.id))
    if not actor.roles_in_office & policies.TOLD:
        return Request.objects.filter(mine)
    done = Move.objects.filter(request=OuterRef("pk"))
    home = Q(requesting_state=actor.state) & Q(Exists(done.filter(act=states.KNOWN_AT_HOME)))
    abroad = Q(requested_state=actor.state) & Q(Exists(done.filter(act=states.KNOWN_ABROAD)))
    return Request.objects.filter(mine | home | abroad)


def dossier_for(actor: Actor, request: UUID, *, lock: bool = False) -> Request:
    """
    Return a request to which `actor` is a party, with `lock` held until the transaction ends.

    :raises NotVisible: if there is none such, or they are not told of it: one answer for both.
    """
    found = _visible(actor).filter(id=request).first()
    if found is None:
        raise NotVisible
    if not lock:
        return found
    cases.hold([found.circle_id])
    rows = Request.objects.filter(id=request)
    if connection.vendor != "sqlite":
        rows = rows.select_for_update()
    held = rows.get()
    # Asked again: who was shut out while this waited is no party any more.
    if not _visible(actor).filter(id=request).exists():
        raise NotVisible
    return held


def moves_of(request: Request) -> list[Move]:
    """Return what was done to a request, oldest first."""
    rows = request.moves.select_related("person", "proposal__decider")
    return list(rows.order_by("number"))


def seen_by(side: Side, request: Request, moves: Sequence[Move]) -> Seen:
    """Return a request with all its `moves` as a State on this side of it sees it."""
    told, stage = _told(side, moves), stage_seen_by(side, request, moves)
    if told is None:
        digest = digest_of_version(request)
        return Seen(stage, request.version, digest, request.disclosed, tuple(moves))
    sent = _sent_last(told)
    return Seen(stage, sent.version, sent.digest, _facts_of(request, sent.version), told)


def stage_seen_by(side: Side, request: Request, moves: Sequence[Move]) -> Stage:
    """Return where a request with all its `moves` stands, as a State on this side of it sees it."""
    told = _told(side, moves)
    return Stage(request.stage if told is None else told[-1].after)


def _told(side: Side, moves: Sequence[Move]) -> tuple[Move, ...] | None:
    """Return the moves that a State is told of; None for whoever sees the request as it is."""
    if side is Side.REQUESTING:
        return None
    # Whoever sees it before it was sent anywhere reads the draft.
    return tuple(moves[place] for place in states.told_abroad([m.act for m in moves])) or None


def _sent_last(told: Sequence[Move]) -> Move:
    """
    Return the move by which a request was sent last to the State that is told of these.

    Not the last of all: a withdrawal of what came back is signed over a version never sent.
    """
    return next(one for one in reversed(told) if one.act == states.KNOWN_ABROAD)


def _facts_of(request: Request, version: int) -> dict[str, Any]:
    """Return the disclosed facts of one of a request's versions."""
    row = request.versions.filter(number=version).values_list("disclosed", flat=True)
    return dict(row.get())


def facts_signed(request: Request, versions: Collection[int]) -> dict[int, str]:
    """Return SHA-256 (hex) of the disclosed facts of these versions, as steps about one sign it."""
    rows = request.versions.filter(number__in=versions).values_list("number", "disclosed")
    return {number: disclosed_digest(facts).hex() for number, facts in rows}


def _with_sent_facts(rows: QuerySet[Request]) -> QuerySet[Request]:
    """Add to requests, as `sent_facts`, what the version disclosed that was sent last."""
    sent = Move.objects.filter(request=OuterRef("request"), act=states.KNOWN_ABROAD)
    newest = sent.order_by("-number").values("version")[:1]
    facts = Version.objects.filter(request=OuterRef("pk"), number=Subquery(newest))
    return rows.annotate(sent_facts=Subquery(facts.values("disclosed")))


def was_sent(request: Request) -> bool:
    """Say whether a request was ever sent to its requested State."""
    return request.moves.filter(act=states.KNOWN_ABROAD).exists()


def was_authorised(request: Request) -> bool:
    """Say whether a request was ever authorised: from then on its central authority knows of it."""
    return request.moves.filter(act=states.KNOWN_AT_HOME).exists()


#  since which act there is somebody to write to, by for whom a letter is
WRITTEN_SINCE: dict[Audience, Act] = {BOTH: states.KNOWN_ABROAD, HOME: states.KNOWN_AT_HOME}


def written_about(rows: QuerySet[Request], audience: Audience) -> QuerySet[Request]:
    """Return those of some requests that have come as far as that letters are written so."""
    since = WRITTEN_SINCE[audience]
    return rows.filter(Exists(Move.objects.filter(request=OuterRef("pk"), act=since)))


def reads_letters(actor: Actor, request: Request, audience: Audience) -> bool:
    """Say whether somebody who sees a request reads what is written about it for an audience."""
    drafts = UUID(actor.id) in readers_of(request)
    held = actor.roles_in_office
    if audience == BOTH:
        return policies.reads_letters(held, drafts=drafts, sent=was_sent(request))
    return policies.reads_home_letters(
        held,
        side=side_of(actor, request),
        drafts=drafts,
        authorised=was_authorised(request),
    )


def side_of(actor: Actor, request: Request) -> Side:
    """Return on which side of a request that they see somebody is."""
    return Side.REQUESTING if actor.state == request.requesting_state else Side.REQUESTED


def steps_of(moves: Iterable[Move]) -> list[Step]:
    """Return moves as the table of stages knows them."""
    return [Step(Act(one.act), Stage(one.before), Stage(one.after)) for one in moves]


def closed_of(moves: Sequence[Move], *, by: Collection[Act]) -> set[int]:
    """Return which measures were closed by such acts since the request was transmitted last."""
    closed: set[int] = set()
    for one in moves:
        if one.act == Act.TRANSMIT:
            closed.clear()
        elif one.act in by:
            closed.update(one.said["measures"])
    return closed


def became(seen: Seen) -> tuple[set[int], set[int]]:
    """Return which measures of the version that is shown were answered, and which refused."""
    about = [one for one in seen.moves if one.version == seen.version]
    answered = closed_of(about, by=codes.ANSWERS_MEASURES)
    if any(one.act == Act.REFUSE for one in about):
        return answered, {*range(len(seen.disclosed["measures"]))} - answered
    return answered, closed_of(about, by={Act.REFUSE_PART})


def party_of(actor: Actor, request: Request) -> policies.Party:
    """Return what somebody is to a request that they see."""
    side = side_of(actor, request)
    reads = UUID(actor.id) in readers_of(request)
    wrote = request.versions.filter(person_id=actor.id).exists()
    coordinates = not actor.roles_in_office.isdisjoint(states.COORDINATION)
    return policies.Party(
        side=side,
        roles=policies.roles_on(actor.roles_in_office | actor.functions_in_office, reads=reads),
        wrote=wrote or str(request.drafter_id) == actor.id,
        stands_in=side is Side.REQUESTING
        and not directory.holders_of(request.requested_state, policies.CENTRAL),
        # Only where nobody can: whoever is suspended may come back and say what it was good for.
        files=side is Side.REQUESTING
        and coordinates
        and not reads
        and not directory.anybody_stays(
            cases.seated_in(request.circle_id), roles=policies.MAY_READ
        ),
    )


def digest_of_version(request: Request) -> str:
    """Return SHA-256 (hex) of the newest version's ciphertext, or nothing before the first."""
    newest = request.versions.filter(number=request.version).values_list("digest", flat=True)
    return newest.first() or ""


def overridden_in(request: Request) -> list[str]:
    """Return the rules that were set aside when the newest version was called ready."""
    rows = Attestation.objects.filter(version__request=request, version__number=request.version)
    newest = rows.filter(ready=True).order_by("-id").values_list("overridden", flat=True)
    return list(newest.first() or [])


def signing_key(actor: Actor, *, central: bool, now: datetime) -> tuple[bytes, Device | None]:
    """
    Return the key by which the actor signs a move, and its device if it is one's.

    Whoever drafts signs as their device; the central authority, which has none, with the identity
    key that the directory's log has vouched for.

    :raises Refused: `device-needed`, or `key-not-in-force`.
    """
    if not central:
        device = device_of(actor)
        return bytes(device.signature_key), device
    try:
        bound = directory.chain().person(actor.id, now=now)
    except ChainBroken:
        raise Refused("key-not-in-force") from None
    if bound.state != actor.state or bound.roles.isdisjoint(policies.CENTRAL):
        raise Refused("key-not-in-force")
    return bound.key, None


def told_at_home(request: Request) -> set[UUID]:
    """Return who of the requesting State is told of what happens to a request: all who see it."""
    told = set(readers_of(request))
    if was_authorised(request):
        told.update(directory.holders_of(request.requesting_state, policies.TOLD))
    return told


def told_of(request: Request, moves: Sequence[Move]) -> set[UUID]:
    """Return who is told of the newest of a request's `moves`: all parties to which it is shown."""
    acts = [one.act for one in moves]
    told = told_at_home(request)
    if len(acts) - 1 in states.told_abroad(acts):
        told.update(directory.holders_of(request.requested_state, policies.TOLD))
    return told


def _move_shape(move: Move, facts: Mapping[int, str]) -> Shape:
    return {
        "number": move.number,
        "act": move.act,
        "before": move.before,
        "after": move.after,
        "person": move.person_id,
        "name": move.person.name,
        "state": move.state,
        "side": move.side,
        "device": move.device_id,
        "key": to_b64u(move.key),
        "at": move.at,
        "on": move.on.isoformat(),
        "issued": move.issued,
        "version": move.version,
        "digest": move.digest,
        "said": move.said,
        "signature": to_b64u(move.signature),
        "form": move.form,
        "disclosed": facts[move.version] if move.form >= SECOND_FORM else "",
        "second": second_shape(move),
    }


def _shape(actor: Actor, request: Request) -> Shape:
    party = party_of(actor, request)
    seen = seen_by(party.side, request, moves_of(request))
    steps = steps_of(seen.moves)
    # What is proposed is about what was sent, which is what is seen there.
    facts = facts_signed(request, {seen.version, *(one.version for one in seen.moves)})
    unconfirmed = policies.unconfirmed_since(
        [(one.act, one.said["channel"], one.at) for one in seen.moves]
    )
    idle = set() if unconfirmed else {Act.CONFIRM}
    answered, refused = became(seen)
    # Of one measure that is left there is no part.
    if len(seen.disclosed["measures"]) - len(answered | refused) < _PARTED:
        idle |= {Act.ANSWER_PART, Act.REFUSE_PART}
    if request.case.closed_at is not None:
        idle = set(Act)
    return {
        "id": request.id,
        "requesting_state": request.requesting_state,
        "requested_state": request.requested_state,
        "stage": seen.stage.value,
        "version": seen.version,
        "digest": seen.digest,
        "disclosed": seen.disclosed,
        "answered": sorted(answered),
        "refused": sorted(refused),
        "unconfirmed_since": unconfirmed,
        "case_closed": request.case.closed_at is not None,
        "contacts": _contacts_of(request) if party.side is Side.REQUESTING else [],
        "number": seen.number,
        "letters": reads_letters(actor, request, BOTH),
        "home_letters": reads_letters(actor, request, HOME),
        "moves": [_move_shape(one, facts) for one in seen.moves],
        "may": [one for one in policies.may_do(party, seen.stage, steps) if one not in idle],
        "next": [
            {
                "act": one.act.value,
                "after": one.after.value,
                "side": one.side.value,
                "who": list(one.who),
            }
            for one in states.leaving(seen.stage, steps)
            if one.act not in idle
        ],
        **seconding_shape(
            actor, request, side=party.side, stage=seen.stage, number=seen.number, facts=facts
        ),
    }


def _contacts_of(request: Request) -> list[Shape]:
    """Return which informal contacts there were: with whom, when, with what outcome; no content."""
    told = ("state", "asked_at", "due", "outcome", "ended_at")
    found = consultations_of([request.id]).get(request.id, [])
    return [{name: one[name] for name in told} for one in found]


def dossier_shape_for(actor: Actor, request: UUID) -> Shape:
    """
    Return one dossier as `actor` may see it.

    :raises NotVisible: if they are not told of it.
    """
    return _shape(actor, dossier_for(actor, request))


def dossiers_for(actor: Actor) -> list[Shape]:
    """Return where every request stands to which `actor` is a party, newest first."""
    rows = _with_sent_facts(_visible(actor)).prefetch_related("moves")
    return [_row(actor, one) for one in rows.order_by("-opened_at", "id").distinct()]


def _row(actor: Actor, request: Any) -> Shape:
    moves = sorted(request.moves.all(), key=lambda one: one.number)
    side = side_of(actor, request)
    told = _told(side, moves)
    shown = moves if told is None else told
    facts = request.disclosed if told is None else request.sent_facts
    return {
        "id": request.id,
        "requesting_state": request.requesting_state,
        "requested_state": request.requested_state,
        "stage": stage_seen_by(side, request, moves).value,
        "version": request.version if told is None else _sent_last(told).version,
        "urgency": facts["urgency"],
        "deadline": facts["deadline"],
        "drafter": request.drafter_id if told is None and side is Side.REQUESTING else None,
        "since": (shown[-1].at if shown else None) or request.saved_at or request.opened_at,
    }
