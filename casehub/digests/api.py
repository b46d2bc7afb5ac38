"""The routes of the daily e-mail's setting."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from casehub.core.http import actor_of, call, door

from . import queries, schemas, services

router = Router()


@router.get("/account/digest", response=schemas.DigestOut, **door("digests.setting.read"))
def read_digest(request: HttpRequest) -> dict[str, Any]:
    """Return how often the caller is told by e-mail that there is something new."""
    return queries.setting_of(actor_of(request))


@router.put("/account/digest", response=schemas.DigestOut, **door("digests.setting.change"))
def change_digest(request: HttpRequest, body: schemas.DigestIn) -> dict[str, Any]:
    """Choose that."""
    call(request, services.change_setting, **body.model_dump())
    return queries.setting_of(actor_of(request))
