"""The directory's routes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from casehub.core.frames import from_b64u
from casehub.core.http import actor_of, call, clock, door

from . import queries, schemas, services
from .statements import as_wire

router = Router()


@router.get("/directory/states", response=list[schemas.StateOut], **door("directory.states.list"))
def list_states(request: HttpRequest) -> list[dict[str, Any]]:
    """List the States."""
    del request
    return queries.states()


@router.get("/directory/people", response=list[schemas.CardOut], **door("directory.people.list"))
def list_people(request: HttpRequest) -> list[dict[str, Any]]:
    """List everyone in force."""
    return queries.people_for(actor_of(request))


@router.post("/directory/chains", response=schemas.Chains, **door("directory.chains.read"))
def read_chains(request: HttpRequest, body: schemas.PeopleIn) -> dict[str, Any]:
    """Return the statements that verify the persons asked for."""
    del request
    return {"statements": [as_wire(s) for s in queries.statements_about(body.people)]}


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
