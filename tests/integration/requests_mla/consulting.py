"""A consultation, for tests that need one to be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from casehub.cases import circles
from casehub.cases.models import Case, Circle
from requests_mla import queries, services
from requests_mla.models import Consultation, Request
from requests_mla.states import Stage
from tests.factories import Region, Someone
from tests.integration.requests_mla.made import request_of

#  acts, and the body that each wants
BODIES = {
    "requests.consultation.ask": lambda o: {
        "client_id": str(uuid4()),
        "version": 1,
        "digest": "0" * 64,
        "people": [o.person],
        "questions": ["offence"],
    },
    "requests.consultation.answer": lambda _: {"answer": str(uuid4()), "outcome": "favourable"},
    "requests.consultation.end": lambda _: {"consultation": str(uuid4())},
}


@dataclass
class Put:
    """A consultation that was put to people of a State, and its circle."""

    consultation: str = field(default_factory=lambda: str(uuid4()))
    circle: UUID = field(default_factory=uuid4)


def ask(request: UUID, by: Someone, *people: Someone, now: datetime, **changes: Any) -> UUID:
    """Ask people informally about a request as it is; what is given differs from the usual."""
    row = Request.objects.get(id=request)
    usual = {
        "request_id": request,
        "client_id": uuid4(),
        "version": row.version,
        "digest": queries.digest_of_version(row),
        "people": [one.id for one in people],
        "questions": ["offence"],
    }
    return services.ask_consultation(actor=by.actor, now=now, **(usual | changes))


def answer(asked: UUID, by: Someone, *, now: datetime, outcome: str = "favourable") -> None:
    """Answer what one was asked, with this outcome."""
    services.answer_consultation(
        consultation=asked, answer=uuid4(), outcome=outcome, actor=by.actor, now=now
    )


def put_to(region: Region, *people: Someone) -> Put:
    """Have somebody of GT ask these people about a request."""
    asker, colleague = region.equipped("GT"), region.equipped("GT")
    case = region.case(asker, colleague)
    request = request_of(region, asker, colleague, case=case)
    return waiting_on(region, request, asker, *people)


@transaction.atomic
def waiting_on(region: Region, request: UUID, asker: Someone, *people: Someone) -> Put:
    """Keep that people were asked about a request, which waits for their answer."""
    rows = Request.objects.filter(id=request)
    rows.update(requested_state=people[0].state, stage=Stage.INFORMAL_CONSULTATION.value)
    found, client, circle = rows.get(), uuid4(), uuid4()
    act = region.event(Circle)
    placed = circles.place(
        circle=circle,
        case=Case.objects.get(id=found.case_id),
        kind=Circle.Kind.NOTE,
        opener=asker.id,
        people=[asker.id, *(one.id for one in people)],
        client_id=client,
        request_digest="",
        act=act,
        now=region.now,
    )
    made = Consultation.objects.create(
        request=found,
        circle=placed,
        version=1,
        digest="0" * 64,
        asker_id=asker.id,
        state=people[0].state,
        questions=["offence"],
        urgent=False,
        asked_at=region.now,
        due=region.now + timedelta(days=7),
        client_id=client,
        request_digest="",
        audit_event_id=region.event(Consultation),
    )
    return Put(str(made.id), circle)
