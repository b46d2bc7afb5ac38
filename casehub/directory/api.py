"""The directory's routes."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from casehub.core.frames import from_b64u
from casehub.core.http import actor_of, call, clock, door

from . import queries, schemas, services

router = Router()


@router.get("/directory/states", response=list[schemas.StateOut], **door("directory.states.list"))
def list_states(request: HttpRequest) -> list[dict[str, Any]]:
    """List the States."""
    del request
    return queries.states()


@router.get("/directory/people", response=list[schemas.CardOut], **door("directory.people.list"))
def list_people(request: HttpRequest) -> list[dict[str, Any]]:
    """List whom the caller is told of, each as far as they are."""
    return queries.people_for(actor_of(request))


@router.get(
    "/directory/figures", response=list[schemas.FigureOut], **door("directory.figures.read")
)
def read_figures(request: HttpRequest) -> list[dict[str, Any]]:
    """Count the people in force, by State."""
    return queries.figures_for(actor_of(request))


@router.post("/directory/prints", response=schemas.Printed, **door("directory.page.print"))
def print_page(request: HttpRequest) -> dict[str, Any]:
    """Print a page of the directory; that is logged before the page is handed to the printer."""
    return {"at": call(request, services.print_page)}


def _card(request: HttpRequest, person: UUID | str) -> dict[str, Any]:
    return queries.opened_card(actor_of(request), person)


@router.post(
    "/directory/people/{uuid:person}/open",
    response=schemas.OpenedCard,
    **door("directory.card.open"),
)
def open_card(request: HttpRequest, person: UUID) -> dict[str, Any]:
    """Look at a person's card; the look is logged before the answer leaves."""
    call(request, services.open_card, target=str(person), person=person)
    return _card(request, person)


@router.put(
    "/directory/people/{uuid:person}/hours",
    response=schemas.OpenedCard,
    **door("directory.hours.change"),
)
def change_hours(request: HttpRequest, person: UUID, body: schemas.HoursIn) -> dict[str, Any]:
    """Say when somebody of one's own State works."""
    call(request, services.change_hours, target=str(person), person=person, **body.model_dump())
    return _card(request, person)


@router.put(
    "/directory/people/{uuid:person}/contact",
    response=schemas.OpenedCard,
    **door("directory.contact.change"),
)
def change_contact(request: HttpRequest, person: UUID, body: schemas.ContactIn) -> dict[str, Any]:
    """Keep how somebody of one's own State is reached."""
    call(request, services.change_contact, target=str(person), person=person, **body.model_dump())
    return _card(request, person)


@router.put("/directory/contact", response=schemas.OpenedCard, **door("directory.contact.give"))
def give_contact(request: HttpRequest, body: schemas.ContactIn) -> dict[str, Any]:
    """Keep how one is reached oneself."""
    me = actor_of(request).id
    call(request, services.change_contact, target=me, person=UUID(me), **body.model_dump())
    return _card(request, me)


@router.get(
    "/directory/offices", response=list[schemas.OfficeCard], **door("directory.offices.list")
)
def list_offices(request: HttpRequest) -> list[dict[str, Any]]:
    """List the offices, and for which instruments they are central authorities."""
    return queries.offices_for(actor_of(request))


@router.post(
    "/directory/offices", response=list[schemas.OfficeCard], **door("directory.office.enter")
)
def enter_office(request: HttpRequest, body: schemas.OfficeIn) -> list[dict[str, Any]]:
    """Enter an office of one's own State."""
    state = actor_of(request).state
    call(request, services.enter_office, state=state, **body.model_dump())
    return list_offices(request)


@router.put(
    "/directory/offices/{uuid:office}",
    response=list[schemas.OfficeCard],
    **door("directory.office.change"),
)
def change_office(
    request: HttpRequest, office: UUID, body: schemas.OfficeIn
) -> list[dict[str, Any]]:
    """Change an office of one's own State."""
    call(request, services.change_office, target=str(office), office=office, **body.model_dump())
    return list_offices(request)


@router.post(
    "/directory/offices/{uuid:office}/competences",
    response=list[schemas.OfficeCard],
    **door("directory.competence.enter"),
)
def enter_competence(
    request: HttpRequest, office: UUID, body: schemas.CompetenceIn
) -> list[dict[str, Any]]:
    """Say for which instrument an office is central authority, from a day on."""
    told = body.model_dump()
    call(request, services.enter_competence, target=str(office), office=office, **told)
    return list_offices(request)


@router.put(
    "/directory/competences/{uuid:competence}",
    response=list[schemas.OfficeCard],
    **door("directory.competence.end"),
)
def end_competence(
    request: HttpRequest, competence: UUID, body: schemas.CompetenceEnd
) -> list[dict[str, Any]]:
    """Say from which day on an office is central authority no longer."""
    call(
        request,
        services.end_competence,
        target=str(competence),
        competence=competence,
        until=body.until,
    )
    return list_offices(request)


@router.get("/directory/log", response=schemas.DirectoryPage, **door("directory.log.read"))
def read_log(
    request: HttpRequest, after: Annotated[int, Query(ge=0, lt=2**53)] = 0
) -> dict[str, Any]:
    """Return what the entries of the directory's log say, from the index `after` on."""
    del request
    return queries.log_page(after)


@router.get("/devices", response=list[schemas.OwnDevice], **door("directory.devices.list"))
def list_devices(request: HttpRequest) -> list[dict[str, Any]]:
    """List the caller's devices."""
    return queries.devices_of(actor_of(request))


@router.post("/devices", response=schemas.DeviceId, **door("directory.device.register"))
def register_device(request: HttpRequest, body: schemas.DeviceIn) -> dict[str, str]:
    """Register a device by its signed statement."""
    statement = body.statement.model_dump()
    return {"device": call(request, services.register_device, statement=statement)}


@router.post("/devices/select", response=schemas.DeviceId, **door("directory.device.select"))
def select_device(request: HttpRequest, body: schemas.DeviceChoice) -> dict[str, str]:
    """Work as one of the caller's own devices."""
    device = str(body.device)
    return {"device": call(request, services.select_device, target=device, device=device)}


def _wire(body: schemas.StopIn | schemas.StateStopIn) -> dict[str, Any] | None:
    return None if body.statement is None else body.statement.model_dump()


@router.get(
    "/people/{person}/devices",
    response=list[schemas.OwnDevice],
    **door("directory.person.devices"),
)
def list_devices_of(request: HttpRequest, person: UUID) -> list[dict[str, Any]]:
    """List the devices of a person whom the caller may stop."""
    return queries.devices_of_person(actor_of(request), person)


@router.post(
    "/people/{person}/suspend", response=schemas.StopOut, **door("directory.person.suspend")
)
def suspend_person(request: HttpRequest, person: UUID, body: schemas.StopIn) -> dict[str, Any]:
    """Stop a person's access at once."""
    stopped = call(
        request,
        services.suspend_person,
        target=str(person),
        person=person,
        reason=body.reason,
        statement=_wire(body),
    )
    return queries.own_stop(stopped.stop, coordinators_left=stopped.coordinators_left)


@router.post("/people/{person}/remove", response=schemas.StopOut, **door("directory.person.remove"))
def remove_person(request: HttpRequest, person: UUID, body: schemas.StopIn) -> dict[str, Any]:
    """End a person's access for good."""
    stopped = call(
        request,
        services.remove_person,
        target=str(person),
        person=person,
        reason=body.reason,
        statement=_wire(body),
    )
    return queries.own_stop(stopped.stop, coordinators_left=stopped.coordinators_left)


@router.delete(
    "/devices/{uuid:device}", response=schemas.StopOut, **door("directory.device.revoke")
)
def revoke_device(request: HttpRequest, device: UUID, body: schemas.StopIn) -> dict[str, Any]:
    """Stop one device."""
    stop = call(
        request,
        services.revoke_device,
        target=str(device),
        device=device,
        reason=body.reason,
        statement=_wire(body),
    )
    return queries.own_stop(stop)


@router.get("/states/{code}/stop", response=schemas.StateOfAccess, **door("directory.state.access"))
def read_state_stop(request: HttpRequest, code: str) -> dict[str, Any]:
    """Say whether access of a State is stopped, and how far that is confirmed."""
    return queries.stop_of_state(actor_of(request), code, now=clock())


@router.post("/states/{code}/stop", response=schemas.StateOfAccess, **door("directory.state.stop"))
def stop_state(request: HttpRequest, code: str, body: schemas.StopIn) -> dict[str, Any]:
    """Stop access of a whole State; for an hour, unless a second person confirms."""
    stop = call(
        request,
        services.stop_state,
        target=code,
        code=code,
        reason=body.reason,
        statement=_wire(body),
    )
    return {"code": code, "stop": queries.state_stop_shape(stop, clock())}


@router.post(
    "/states/{code}/stop/confirm",
    response=schemas.StateOfAccess,
    **door("directory.state.confirm-stop"),
)
def confirm_state_stop(
    request: HttpRequest, code: str, body: schemas.StateStopIn
) -> dict[str, Any]:
    """Stand behind a State's stop as a second person."""
    stop = call(
        request,
        services.confirm_state_stop,
        target=code,
        code=code,
        stop=body.stop,
        statement=_wire(body),
    )
    return {"code": code, "stop": queries.state_stop_shape(stop, clock())}


@router.post("/states/{code}/lift", response=schemas.StateOfAccess, **door("directory.state.lift"))
def lift_state(request: HttpRequest, code: str, body: schemas.StateStopIn) -> dict[str, Any]:
    """Ask that a State's stop be lifted, or be the second who does."""
    lift = call(
        request,
        services.lift_state,
        target=code,
        code=code,
        stop=body.stop,
        statement=_wire(body),
    )
    shown = None if lift.done else queries.state_stop_shape(lift.stop, clock())
    return {"code": code, "stop": shown}


@router.post(
    "/devices/{uuid:device}/renew", response=schemas.DeviceId, **door("directory.device.renew")
)
def renew_device(request: HttpRequest, device: str, body: schemas.DeviceIn) -> dict[str, str]:
    """Let a device of the caller's count for longer."""
    statement = body.statement.model_dump()
    told = {"device": str(device), "statement": statement}
    return {"device": call(request, services.renew_device, target=str(device), **told)}


@router.get(
    "/devices/requests",
    response=list[schemas.DeviceRequestOut],
    **door("directory.device-requests.list"),
)
def list_device_requests(request: HttpRequest) -> list[dict[str, Any]]:
    """List which of the caller's browsers ask to be a device."""
    return queries.device_requests(actor_of(request), clock())


@router.post(
    "/devices/requests",
    response=list[schemas.DeviceRequestOut],
    **door("directory.device.ask"),
)
def ask_for_device(request: HttpRequest, body: schemas.DeviceAskIn) -> list[dict[str, Any]]:
    """Ask the caller's other devices to name this browser."""
    call(
        request,
        services.ask_for_device,
        device=str(body.device),
        signature_key=from_b64u(body.signature_key, most=32),
        history_key=from_b64u(body.history_key, most=32),
    )
    return queries.device_requests(actor_of(request), clock())


@router.post(
    "/devices/requests/{uuid:asked}/name",
    response=list[schemas.DeviceRequestOut],
    **door("directory.device.name"),
)
def name_device(request: HttpRequest, asked: str, body: schemas.DeviceIn) -> list[dict[str, Any]]:
    """Name the browser that asked."""
    told = {"asked": str(asked), "statement": body.statement.model_dump()}
    call(request, services.name_device, target=str(asked), **told)
    return queries.device_requests(actor_of(request), clock())


@router.post(
    "/devices/requests/{uuid:asked}/refuse",
    response=list[schemas.DeviceRequestOut],
    **door("directory.device.refuse"),
)
def refuse_device(request: HttpRequest, asked: str) -> list[dict[str, Any]]:
    """Turn away the browser that asked."""
    call(request, services.refuse_device, target=str(asked), asked=str(asked))
    return queries.device_requests(actor_of(request), clock())


@router.get("/notices", response=list[schemas.StateNoticeOut], **door("directory.notices.list"))
def list_notices(request: HttpRequest, person: UUID | None = None) -> list[dict[str, Any]]:
    """List what all States were told, newest first; of one person, all that concerns them."""
    return queries.notices_for(actor_of(request), now=clock(), person=person)


@router.post(
    "/notices/{uuid:notice}/acknowledge",
    response=schemas.NoticeId,
    **door("directory.notice.acknowledge"),
)
def acknowledge_notice(request: HttpRequest, notice: UUID) -> dict[str, Any]:
    """Say for the caller's State that it has taken note."""
    done = call(request, services.acknowledge_notice, target=str(notice), notice=notice)
    return {"notice": done}


@router.post(
    "/notices/acknowledge",
    response=schemas.NoticesTaken,
    **door("directory.notices.acknowledge"),
)
def acknowledge_notices(request: HttpRequest, body: schemas.NoticeId) -> dict[str, Any]:
    """Say for the caller's State that it has taken note of all up to the newest that is shown."""
    newest = body.notice
    done = call(request, services.acknowledge_notices, target=str(newest), notice=newest)
    return {"count": done}
