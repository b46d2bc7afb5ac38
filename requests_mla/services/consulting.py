"""Asking focal points of the requested State informally, and what comes of it: it binds nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

import audit.services
from casehub.calendars import terms
from casehub.cases import circles
from casehub.cases import notify as circle_notify
from casehub.cases import queries as cases
from casehub.cases.models import Circle
from casehub.cases.proposing import require_proof
from casehub.cases.queries.keeping import require_open
from casehub.cases.waiting import fresh_among
from casehub.core.actor import Actor
from casehub.core.errors import Refused, require
from casehub.core.retries import digest_of, require_same
from casehub.directory import queries as directory
from casehub.directory.functions import FOCAL_POINT
from casehub.notes import policies as focal

from .. import codes, notify, policies, queries, screening
from ..errors import NotReady, VersionBehind
from ..events import ConsultationAnswered, ConsultationAsked, ConsultationEnded
from ..models import Consultation, Request
from ..states import Act, Stage, arrows_at


@transaction.atomic
def ask_consultation(
    *,
    request_id: UUID,
    client_id: UUID,
    version: int,
    digest: str,
    people: Sequence[UUID],
    questions: Sequence[str],
    actor: Actor,
    now: datetime,
) -> UUID:
    """
    Make the circle in which `people` of the requested State are asked, and return its id.

    They read nothing of the case or the draft: what they are told is said in the circle. Until when
    they may take their time is counted once, by their State's working days.

    :raises NotVisible: if the actor does not read the draft.
    :raises VersionBehind: if it is not about the newest version.
    :raises NotReady: if a rule blocks on what the server knows.
    :raises Refused: `step-up-needed`; `consultation-stage` unless the version was screened and is
        not being consulted on; `addressee-needed`; `note-nobody` if nobody in force of the
        State is a focal point, `note-person` if one of `people` is not; `person-limited`;
        `case-closed`, `id-reused`.
    """
    chosen, wanted = sorted(set(people)), [one for one in codes.QUESTIONS if one in questions]
    asked = digest_of(request_id, version, digest, *map(str, chosen), *wanted)
    known = Consultation.objects.filter(asker_id=UUID(actor.id), client_id=client_id).first()
    if known:
        require_same(known.request_digest, asked)
        return known.id
    if cases.has_opened(UUID(actor.id), client_id):
        raise Refused("id-reused")
    cases.hold_case(queries.request_for(actor, request_id).case_id)
    found = queries.request_for(actor, request_id, lock=True)
    require_proof(actor, now)
    require_open(found.case)
    state = found.requested_state
    require(policies.why_not_consult(Stage(found.stage), requested_state=state))
    if (version, digest) != (found.version, queries.digest_of_version(found)):
        raise VersionBehind(found.version)
    _require_unblocked(found, now)
    carriers = directory.carriers_of(state, FOCAL_POINT)
    require(focal.why_not_reach(focal=carriers, people=chosen))
    readers = [UUID(actor.id), *chosen]
    waiting = fresh_among(readers, now=now)
    if waiting:
        raise Refused("person-limited", until=max(waiting.values()))
    urgent = found.disclosed["urgency"] in codes.URGENT
    days = policies.WAITS_URGENT if urgent else policies.WAITS
    due = terms.working_days(state=state, since=now, days=days).ends
    consultation, circle = uuid4(), uuid4()
    act = audit.services.record(
        ConsultationAsked(
            states=(found.requesting_state, state),
            consultation=str(consultation),
            request=str(found.id),
            circle=str(circle),
            state=state,
            people=tuple(map(str, chosen)),
            version=version,
            questions=tuple(wanted),
            urgent=urgent,
            due=due.isoformat(),
        ),
        actor=actor.id,
        at=now,
    )
    placed = circles.place(
        circle=circle,
        case=found.case,
        kind=Circle.Kind.NOTE,
        opener=UUID(actor.id),
        people=readers,
        client_id=client_id,
        request_digest=asked,
        act=act,
        now=now,
    )
    Consultation.objects.create(
        id=consultation,
        request=found,
        circle=placed,
        version=version,
        digest=digest,
        asker_id=actor.id,
        state=state,
        questions=wanted,
        urgent=urgent,
        asked_at=now,
        due=due,
        client_id=client_id,
        request_digest=asked,
        audit_event_id=act,
    )
    _lead(found, Act.CONSULT)
    return consultation


def _require_unblocked(request: Request, now: datetime) -> None:
    blocking = screening.blocking(
        request.disclosed,
        overridden=queries.set_aside_in(request),
        today=now.date().isoformat(),
        stage=Stage.INFORMAL_CONSULTATION,
    )
    if blocking:
        raise NotReady(blocking)


@transaction.atomic
def answer_consultation(
    *, consultation: UUID, answer: UUID, outcome: str, actor: Actor, now: datetime
) -> None:
    """
    Answer for one's State, once: the outcome's code; `answer` is the message that says the rest.

    :raises NotVisible: if the actor does not read the consultation.
    :raises Refused: `consultation-not-yours` if their State asked; `consultation-over` if it was
        answered, or whoever asked went on or reads it no more; `case-closed`.
    """
    found = queries.consultation_for(actor, consultation, lock=True)
    if found.answer == answer and str(found.answerer_id) == actor.id:
        require_same(found.outcome, outcome)
        return
    request = found.request
    require_open(request.case)
    stage = Stage(request.stage)
    require(
        policies.why_not_answer(
            own=actor.state, state=found.state, outcome=found.outcome, stage=stage
        )
    )
    if found.asker_id not in cases.readers_of([found.circle_id]).get(found.circle_id, set()):
        raise Refused("consultation-over")
    found.answerer_id, found.answer = UUID(actor.id), answer
    event = ConsultationAnswered(
        states=(request.requesting_state, found.state),
        consultation=str(found.id),
        request=str(request.id),
        outcome=outcome,
        answer=str(answer),
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    _end(found, outcome, act=act, now=now)
    _lead(request, policies.ANSWERED_BY[outcome])


@transaction.atomic
def end_consultation(*, request_id: UUID, consultation: UUID, actor: Actor, now: datetime) -> None:
    """
    Go on without an answer: what was asked is taken back, or was not answered in its time.

    If that one does not wait any more nothing happens, so a retry is answered alike.

    :raises NotVisible: if the actor does not read the draft.
    :raises Refused: `case-closed`.
    """
    found = queries.request_for(actor, request_id, lock=True)
    waiting = queries.open_of(found)
    if waiting is None or waiting.id != consultation:
        return
    require_open(found.case)
    _go_on(found, waiting, actor=actor, now=now)
    _lead(found, Act.END_CONSULTATION)


def end_with(request: Request, *, actor: Actor, now: datetime) -> None:
    """
    End what waits for an answer with its request: part of the move that gives the request up.

    By an event of its own: of that move the State that was asked is not told, and its log would
    say for ever that it owes an answer.
    """
    waiting = queries.open_of(request)
    if waiting is not None:
        _go_on(request, waiting, actor=actor, now=now)


def _go_on(request: Request, waiting: Consultation, *, actor: Actor, now: datetime) -> None:
    outcome = policies.outcome_unanswered(due=waiting.due, now=now)
    event = ConsultationEnded(
        states=(request.requesting_state, waiting.state),
        consultation=str(waiting.id),
        request=str(request.id),
        outcome=outcome,
    )
    act = audit.services.record(event, actor=actor.id, at=now)
    _end(waiting, outcome, act=act, now=now)


def _end(found: Consultation, outcome: str, *, act: int, now: datetime) -> None:
    """Write down what came of a consultation, by the event `act`, and ring for its readers."""
    found.outcome, found.ended_at, found.audit_event_id = outcome, now, act
    found.save()
    readers = cases.readers_of([found.circle_id])
    circle_notify.people_changed(readers.get(found.circle_id, set()), [])


def _lead(request: Request, act: Act) -> None:
    """Move a request along the one arrow of an act, and ring for who reads its draft."""
    (arrow,) = arrows_at(act, Stage(request.stage))
    request.stage = arrow.after.value
    request.save(update_fields=["stage"])
    notify.request_changed(request.id, queries.readers_of(request))
