"""The route of the indicators."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from casehub.core.http import call, clock, door

from . import queries, schemas, services

router = Router()


@router.post("/indicators", response=schemas.IndicatorsOut, **door("indicators.quarter.read"))
def read_indicators(request: HttpRequest, body: schemas.QuarterIn) -> dict[str, Any]:
    """Return a quarter's indicators; that they were read is logged before the answer leaves."""
    state = call(request, services.read_quarter, quarter=body.quarter)
    return queries.of_quarter(body.quarter, state=state, now=clock())
