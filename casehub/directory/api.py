"""The directory's routes."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from casehub.core.http import actor_of, call, door

from . import queries, schemas, services

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
