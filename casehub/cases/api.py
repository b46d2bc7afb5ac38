"""The routes of case files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from casehub.core.http import actor_of, call, door
from casehub.directory.schemas import CaseChoice, ContactOut

from . import queries, schemas, services
from .queries import keeping

router = Router()
Shape = dict[str, Any]


def _shape(request: HttpRequest, case: UUID) -> Shape:
    return queries.shape_for(actor_of(request), case, now=timezone.now())


@router.get("/cases", response=list[schemas.CaseOut], **door("cases.list"))
def list_cases(request: HttpRequest) -> list[Shape]:
    """List the caller's cases."""
    return queries.cases_for(actor_of(request), now=timezone.now())


@router.post("/cases", response=schemas.CaseOut, **door("cases.case.open"))
def open_case(request: HttpRequest, body: schemas.CaseIn) -> Shape:
    """Open a case file."""
    return _shape(request, call(request, services.open_case, **body.model_dump()))


@router.get("/cases/{uuid:case}", response=schemas.CaseOut, **door("cases.case.read"))
def read_case(request: HttpRequest, case: UUID) -> Shape:
    """Look into a case; the look is logged before the answer leaves."""
    return _shape(request, call(request, services.read_case, target=str(case), case=case))


@router.post("/cases/{uuid:case}/threads", response=schemas.CaseOut, **door("cases.thread.open"))
def open_thread(request: HttpRequest, case: UUID, body: schemas.ThreadIn) -> Shape:
    """Open a thread in a case."""
    call(request, services.open_thread, target=str(case), case=case, **body.model_dump())
    return _shape(request, case)


@router.post("/cases/{uuid:case}/people", response=schemas.CaseOut, **door("cases.person.add"))
def add_person(request: HttpRequest, case: UUID, body: schemas.PersonIn) -> Shape:
    """Let a person into a case."""
    call(request, services.add_person, target=str(case), case=case, **body.model_dump())
    return _shape(request, case)


@router.delete(
    "/cases/{uuid:case}/people/{uuid:person}",
    response=schemas.CaseOut | None,
    **door("cases.person.remove"),
)
def remove_person(request: HttpRequest, case: UUID, person: UUID) -> Shape | None:
    """Shut a person out of a case; whoever leaves it themselves gets null: they see it no more."""
    call(request, services.remove_person, target=str(case), case=case, person=person)
    return None if str(person) == actor_of(request).id else _shape(request, case)


@router.post("/cases/{uuid:case}/joinings", response=schemas.CaseOut, **door("cases.state.propose"))
def propose_state(request: HttpRequest, case: UUID, body: schemas.JoiningIn) -> Shape:
    """Propose to open a case to one more State."""
    call(request, services.propose_state, target=str(case), case=case, **body.model_dump())
    return _shape(request, case)


@router.get("/joinings", response=list[schemas.JoiningOut], **door("cases.joinings.list"))
def list_joinings(request: HttpRequest) -> list[Shape]:
    """List what waits for the caller's State: its coordination's consent, its acceptance."""
    return queries.joinings_for(actor_of(request), now=timezone.now())


def _joining(request: HttpRequest, service: Any, joining: UUID, **said: Any) -> Shape:
    call(request, service, target=str(joining), joining=joining, **said)
    return queries.joining_shape(joining, now=timezone.now())


@router.post(
    "/joinings/{uuid:joining}/consent",
    response=schemas.JoiningOut,
    **door("cases.state.consent"),
)
def consent_to_joining(request: HttpRequest, joining: UUID, body: schemas.JoiningHand) -> Shape:
    """Consent, for the State that owns the case."""
    return _joining(request, services.consent_to_joining, joining, **body.model_dump())


@router.post(
    "/joinings/{uuid:joining}/accept", response=schemas.JoiningOut, **door("cases.state.accept")
)
def accept_joining(request: HttpRequest, joining: UUID, body: schemas.JoiningHand) -> Shape:
    """Accept, for the State that is asked."""
    return _joining(request, services.accept_joining, joining, **body.model_dump())


@router.post(
    "/joinings/{uuid:joining}/refuse", response=schemas.JoiningOut, **door("cases.state.refuse")
)
def refuse_joining(request: HttpRequest, joining: UUID, body: schemas.JoiningNo) -> Shape:
    """Refuse, for either of the two States."""
    return _joining(request, services.refuse_joining, joining, **body.model_dump())


@router.post(
    "/joinings/{uuid:joining}/withdraw", response=schemas.CaseOut, **door("cases.state.withdraw")
)
def withdraw_joining(request: HttpRequest, joining: UUID) -> Shape:
    """Take a proposal back."""
    case = call(request, services.withdraw_joining, target=str(joining), joining=joining)
    return _shape(request, case)


@router.post(
    "/joinings/{uuid:joining}/object", response=schemas.CaseOut, **door("cases.state.object")
)
def object_to_joining(request: HttpRequest, joining: UUID, body: schemas.JoiningNo) -> Shape:
    """Object, for a State that is in the case."""
    case = call(
        request,
        services.object_to_joining,
        target=str(joining),
        joining=joining,
        **body.model_dump(),
    )
    return _shape(request, case)


@router.post("/circles/{uuid:circle}/people", response=schemas.CaseOut, **door("cases.reader.add"))
def add_reader(request: HttpRequest, circle: UUID, body: schemas.ReaderIn) -> Shape:
    """Let a person of the case into a thread."""
    case = call(
        request, services.add_reader, target=str(circle), circle=circle, **body.model_dump()
    )
    return _shape(request, case)


@router.delete(
    "/circles/{uuid:circle}/people/{uuid:person}",
    response=schemas.CaseOut,
    **door("cases.reader.remove"),
)
def remove_reader(request: HttpRequest, circle: UUID, person: UUID) -> Shape:
    """Shut a person out of a thread."""
    case = call(request, services.remove_reader, target=str(circle), circle=circle, person=person)
    return _shape(request, case)


@router.post(
    "/directory/people/{uuid:person}/contact/open",
    response=ContactOut,
    **door("directory.contact.open"),
)
def open_contact(request: HttpRequest, person: UUID, body: CaseChoice) -> Shape:
    """Be shown how somebody is reached; it is logged before the answer leaves."""
    return call(
        request, services.open_contact, target=str(person), person=person, **body.model_dump()
    )


def _kept(request: HttpRequest) -> Shape:
    return keeping.keeping_for(actor_of(request), now=timezone.now())


@router.get("/retention", response=schemas.RetentionOut, **door("cases.retention.list"))
def list_retention(request: HttpRequest, *, office: bool = False) -> Shape:
    """Say how long the caller's cases are kept, who holds them, and what was deleted."""
    return keeping.keeping_for(actor_of(request), office=office, now=timezone.now())


@router.post("/cases/{uuid:case}/close", response=schemas.RetentionOut, **door("cases.case.close"))
def close_case(request: HttpRequest, case: UUID) -> Shape:
    """Close a case: its period begins."""
    call(request, services.close_case, target=str(case), case=case)
    return _kept(request)


@router.post(
    "/cases/{uuid:case}/reopen", response=schemas.RetentionOut, **door("cases.case.reopen")
)
def reopen_case(request: HttpRequest, case: UUID) -> Shape:
    """Go on with a closed case."""
    call(request, services.reopen_case, target=str(case), case=case)
    return _kept(request)


@router.put(
    "/cases/{uuid:case}/retention",
    response=schemas.RetentionOut,
    **door("cases.retention.change"),
)
def keep_longer(request: HttpRequest, case: UUID, body: schemas.RetentionIn) -> Shape:
    """Give a case a class that keeps it longer."""
    call(request, services.keep_longer, target=str(case), case=case, **body.model_dump())
    return _kept(request)


@router.post(
    "/cases/{uuid:case}/shortenings",
    response=schemas.RetentionOut,
    **door("cases.retention.propose"),
)
def propose_shorter(request: HttpRequest, case: UUID, body: schemas.ShorteningIn) -> Shape:
    """Propose to keep a case less long."""
    call(request, services.propose_shorter, target=str(case), case=case, **body.model_dump())
    return _kept(request)


@router.post(
    "/shortenings/{uuid:shortening}/agree",
    response=schemas.RetentionOut,
    **door("cases.retention.agree"),
)
def agree_to_shorter(request: HttpRequest, shortening: UUID, body: schemas.SecondHand) -> Shape:
    """Agree to that, as the State's auditor."""
    call(
        request,
        services.agree_to_shorter,
        target=str(shortening),
        shortening=shortening,
        **body.model_dump(),
    )
    return _kept(request)


@router.post(
    "/shortenings/{uuid:shortening}/refuse",
    response=schemas.RetentionOut,
    **door("cases.retention.refuse"),
)
def refuse_shorter(request: HttpRequest, shortening: UUID) -> Shape:
    """Refuse that, or take it back."""
    call(request, services.refuse_shorter, target=str(shortening), shortening=shortening)
    return _kept(request)


@router.post("/cases/{uuid:case}/holds", response=schemas.RetentionOut, **door("cases.hold.place"))
def place_hold(request: HttpRequest, case: UUID, body: schemas.HoldIn) -> Shape:
    """Set a legal hold on a case."""
    call(request, services.place_hold, target=str(case), case=case, **body.model_dump())
    return _kept(request)


@router.post(
    "/circles/{uuid:circle}/holds",
    response=schemas.RetentionOut,
    **door("cases.hold.place-on-note"),
)
def hold_note(request: HttpRequest, circle: UUID, body: schemas.HoldIn) -> Shape:
    """Set a legal hold on a note that one's State was sent."""
    call(request, services.hold_note, target=str(circle), circle=circle, **body.model_dump())
    return _kept(request)


@router.post(
    "/holds/{uuid:hold}/lift", response=schemas.RetentionOut, **door("cases.hold.ask-lift")
)
def ask_lift(request: HttpRequest, hold: UUID) -> Shape:
    """Say first that a hold may be lifted."""
    call(request, services.ask_lift, target=str(hold), hold=hold)
    return _kept(request)


@router.post(
    "/holds/{uuid:hold}/lift/agree",
    response=schemas.RetentionOut,
    **door("cases.hold.agree-lift"),
)
def agree_to_lift(request: HttpRequest, hold: UUID, body: schemas.SecondHand) -> Shape:
    """Say second that a hold may be lifted."""
    call(request, services.agree_to_lift, target=str(hold), hold=hold, **body.model_dump())
    return _kept(request)


@router.post(
    "/holds/{uuid:hold}/lift/refuse",
    response=schemas.RetentionOut,
    **door("cases.hold.refuse-lift"),
)
def refuse_lift(request: HttpRequest, hold: UUID) -> Shape:
    """Say no to lifting a hold."""
    call(request, services.refuse_lift, target=str(hold), hold=hold)
    return _kept(request)
