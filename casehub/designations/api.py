"""The routes of designations, of enrolment, and of what a State confirms."""

from __future__ import annotations

from typing import Any, Protocol, cast
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token, rotate_token
from ninja import Router

from casehub.accounts import queries as accounts
from casehub.accounts import schemas as account_schemas
from casehub.accounts.sessions import SessionStore
from casehub.core.actor import Actor
from casehub.core.frames import from_b64u
from casehub.core.http import actor_of, call, clock, door

from . import enrolling, schemas, services
from .queries import enrolling as enrolments
from .queries import quiet, reading, standing, stopped

router = Router()
ONE = "/designations/{uuid:designation}"
KEY, SIGNATURE = 32, 64  # bytes


class Asked(Protocol):
    """What the middleware put on the request."""

    session: SessionStore
    live: accounts.LiveSession | None
    actor: Actor | None


def _shown(request: HttpRequest, designation: UUID) -> dict[str, Any]:
    return reading.read_designation(actor_of(request), designation, now=clock())


def _said(body: schemas.DraftIn) -> services.Draft:
    return services.Draft(**body.model_dump(exclude={"rekey"}))


@router.get("/designations", response=list[schemas.DesignationRow], **door("designations.list"))
def list_designations(request: HttpRequest) -> list[dict[str, Any]]:
    """List the designations of the caller's State."""
    return reading.designations_for(actor_of(request), now=clock())


@router.get(ONE, response=schemas.DesignationOut, **door("designations.designation.read"))
def read_designation(request: HttpRequest, designation: UUID) -> dict[str, Any]:
    """Read one of them."""
    return _shown(request, designation)


@router.post(
    "/designations", response=schemas.DesignationOut, **door("designations.designation.draft")
)
def draft(request: HttpRequest, body: schemas.DraftIn) -> dict[str, Any]:
    """Draft a designation."""
    return _shown(request, call(request, services.draft_designation, said=_said(body)))


@router.put(ONE, response=schemas.DesignationOut, **door("designations.designation.change"))
def change(request: HttpRequest, designation: UUID, body: schemas.DraftIn) -> dict[str, Any]:
    """Change a draft; what was signed over it is void."""
    call(
        request,
        services.change_designation,
        target=str(designation),
        designation=designation,
        said=_said(body),
    )
    return _shown(request, designation)


@router.post(
    f"{ONE}/consultations",
    response=schemas.DesignationOut,
    **door("designations.consultation.ask"),
)
def ask(request: HttpRequest, designation: UUID, body: schemas.ConsultationIn) -> dict[str, Any]:
    """Note that an agency was asked."""
    call(
        request,
        services.ask_consultation,
        target=str(designation),
        designation=designation,
        agency=body.agency,
    )
    return _shown(request, designation)


@router.post(
    f"{ONE}/consultations/{{uuid:consultation}}/answer",
    response=schemas.DesignationOut,
    **door("designations.consultation.answer"),
)
def answer(
    request: HttpRequest, designation: UUID, consultation: UUID, body: schemas.AnswerIn
) -> dict[str, Any]:
    """Enter what an agency answered."""
    call(
        request,
        services.answer_consultation,
        target=str(consultation),
        designation=designation,
        consultation=consultation,
        **body.model_dump(),
    )
    return _shown(request, designation)


@router.post(
    f"{ONE}/consultations/{{uuid:consultation}}/withdraw",
    response=schemas.DesignationOut,
    **door("designations.consultation.withdraw"),
)
def withdraw(request: HttpRequest, designation: UUID, consultation: UUID) -> dict[str, Any]:
    """Take back a question that was noted in error."""
    call(
        request,
        services.withdraw_consultation,
        target=str(consultation),
        designation=designation,
        consultation=consultation,
    )
    return _shown(request, designation)


@router.post(
    f"{ONE}/consulted",
    response=schemas.DesignationOut,
    **door("designations.designation.consulted"),
)
def consulted(request: HttpRequest, designation: UUID) -> dict[str, Any]:
    """Close the consultation."""
    call(request, services.close_consultation, target=str(designation), designation=designation)
    return _shown(request, designation)


@router.post(
    f"{ONE}/nominate", response=schemas.DesignationOut, **door("designations.designation.nominate")
)
def nominate(request: HttpRequest, designation: UUID, body: schemas.SignedIn) -> dict[str, Any]:
    """Nominate, by a statement's body with the caller's signature."""
    call(
        request,
        services.nominate,
        target=str(designation),
        designation=designation,
        statement=body.statement.model_dump(),
    )
    return _shown(request, designation)


@router.post(
    f"{ONE}/approve", response=schemas.DesignationOut, **door("designations.designation.approve")
)
def approve(request: HttpRequest, designation: UUID, body: schemas.ApprovalIn) -> dict[str, Any]:
    """Put the caller's hand under exactly the body that they saw."""
    call(
        request,
        services.approve,
        target=str(designation),
        designation=designation,
        digest=body.digest,
        key=from_b64u(body.key, most=KEY),
        signature=from_b64u(body.signature, most=SIGNATURE),
    )
    return _shown(request, designation)


@router.post(
    f"{ONE}/reject", response=schemas.DesignationOut, **door("designations.designation.reject")
)
def reject(request: HttpRequest, designation: UUID, body: schemas.RejectionIn) -> dict[str, Any]:
    """Reject it for good."""
    call(
        request,
        services.reject_designation,
        target=str(designation),
        designation=designation,
        reason=body.reason,
    )
    return _shown(request, designation)


@router.post(
    f"{ONE}/renew", response=schemas.DesignationOut, **door("designations.designation.renew")
)
def renew(request: HttpRequest, designation: UUID, body: schemas.RenewIn) -> dict[str, Any]:
    """Begin a new term of the same person; the answer is the new designation."""
    new = call(
        request,
        services.renew_designation,
        target=str(designation),
        designation=designation,
        said=_said(body),
        rekey=body.rekey,
    )
    return _shown(request, new)


@router.post(
    f"{ONE}/enrolment-code", response=schemas.EnrolmentCodeOut, **door("designations.code.make")
)
def make_code(request: HttpRequest, designation: UUID) -> dict[str, Any]:
    """Make a one-time code; it is in this answer and in no other."""
    code, until = call(
        request, services.make_code, target=str(designation), designation=designation
    )
    return {"code": code, "until": until}


@router.post(
    f"{ONE}/binding", response=schemas.DesignationOut, **door("designations.designation.bind")
)
def bind(request: HttpRequest, designation: UUID, body: schemas.SignedIn) -> dict[str, Any]:
    """Vouch for the person's key, by a binding with the caller's signature."""
    call(
        request,
        services.bind,
        target=str(designation),
        designation=designation,
        statement=body.statement.model_dump(),
    )
    return _shown(request, designation)


@router.post(
    "/enrolment/begin", response=schemas.InvitationOut, **door("designations.enrolment.begin")
)
def begin_enrolment(request: HttpRequest, body: schemas.EnrolmentIn) -> dict[str, Any]:
    """Show a code; learn what it is for, and get a challenge to make a passkey with."""
    asked = cast("Asked", request)
    invitation, options, key = enrolling.begin(code=body.code, now=clock())
    asked.session.adopt(key)
    return invitation | {"options": options}


@router.post(
    "/enrolment/finish",
    response=account_schemas.SessionOut,
    **door("designations.enrolment.finish"),
)
def finish_enrolment(request: HttpRequest, body: schemas.EnrolledIn) -> dict[str, Any]:
    """Use the code up with the passkey that the browser made; the session is full then."""
    asked = cast("Asked", request)
    key = enrolling.finish(
        code=body.code,
        name=body.name,
        credential=body.credential,
        live=asked.live,
        now=clock(),
    )
    asked.session.adopt(key)
    rotate_token(request)
    asked.live = accounts.live_session(key, clock())
    asked.actor = accounts.actor_of(asked.live)
    get_token(request)  # sets the CSRF cookie that the next POST needs
    return accounts.session_state(asked.live, asked.actor, clock())


@router.get("/enrolment", response=schemas.EnrolmentOut, **door("designations.enrolment.read"))
def read_enrolment(request: HttpRequest) -> dict[str, Any]:
    """Read how far the caller's own enrolment has come."""
    return enrolments.enrolment_of(actor_of(request))


@router.get("/reminders", response=schemas.RemindersOut, **door("designations.reminders.list"))
def list_reminders(request: HttpRequest) -> dict[str, Any]:
    """List what the clock has said of the caller's own access."""
    return quiet.reminders_of(actor_of(request), now=clock())


@router.post("/enrolment/key", response=schemas.EnrolmentOut, **door("designations.key.offer"))
def offer_key(request: HttpRequest, body: schemas.KeyIn) -> dict[str, Any]:
    """Offer the caller's identity key, with the proof that they hold it."""
    call(
        request,
        services.offer_key,
        key=from_b64u(body.key, most=KEY),
        proof=from_b64u(body.proof, most=SIGNATURE),
    )
    return enrolments.enrolment_of(actor_of(request))


@router.get(
    "/people/{uuid:person}/reinstate",
    response=schemas.ReinstatementOut,
    **door("designations.reinstatement.read"),
)
def read_reinstatement(request: HttpRequest, person: UUID) -> dict[str, Any]:
    """Read what a reinstatement has to say, and whether a first hand is under it."""
    return stopped.reinstatement_of(actor_of(request), person, now=clock())


@router.post(
    "/people/{uuid:person}/reinstate",
    response=schemas.ReinstatementOut,
    **door("designations.person.reinstate"),
)
def reinstate(request: HttpRequest, person: UUID, body: schemas.SignedIn) -> dict[str, Any]:
    """Put the caller's hand under a reinstatement: a coordinator's first, then an officer's."""
    call(
        request,
        services.reinstate,
        target=str(person),
        person=person,
        statement=body.statement.model_dump(),
    )
    return stopped.reinstatement_of(actor_of(request), person, now=clock())


@router.get(
    "/standing", response=schemas.DirectoryStandingOut, **door("designations.standing.read")
)
def read_standing(request: HttpRequest) -> dict[str, Any]:
    """Read the list that the caller's State confirms each quarter."""
    return standing.standing_of(actor_of(request), now=clock())


@router.post(
    "/standing", response=schemas.DirectoryStandingOut, **door("designations.standing.confirm")
)
def confirm_standing(request: HttpRequest, body: schemas.StandingIn) -> dict[str, Any]:
    """Confirm that the list is still true."""
    call(request, services.confirm_standing, digest=body.digest)
    return standing.standing_of(actor_of(request), now=clock())
