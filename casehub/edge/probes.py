"""
`/healthz` and `/readyz`: for whoever runs the server, and nobody else.

They are answered to this machine and to its private network, never to what came through the edge;
the edge hides them besides. To everybody else they do not exist.
"""

from __future__ import annotations

from ipaddress import ip_address

from django.http import HttpRequest
from ninja import Router, Schema, Status

from audit.states import Level
from casehub.core.errors import NotVisible
from casehub.core.http import clock, door

from . import readiness

router = Router()
UNWELL = 503


class AliveOut(Schema):
    """The process lives; it says no more."""

    alive: bool


class LackOut(Schema):
    """One thing that is not as it should be; docs/operations.md says what each `code` means."""

    code: str
    level: Level
    subject: str


class ReadyOut(Schema):
    """Whether callers can be answered, and the worst level of what was found."""

    ready: bool
    level: Level
    findings: list[LackOut]


def _require_inside(request: HttpRequest) -> None:
    """
    Turn away whoever comes from outside.

    :raises NotVisible: if a proxy handed the request on, or it is no private address.
    """
    forwarded = "X-Forwarded-For" in request.headers  # however many proxies we know of
    caller = str(request.META.get("REMOTE_ADDR") or "")  # empty on a unix socket
    if forwarded or (caller and not ip_address(caller).is_private):
        raise NotVisible


@router.get("/healthz", response=AliveOut, **door("edge.process.alive"))
def alive(request: HttpRequest) -> dict[str, bool]:
    """Say that the process answers, without looking at anything else."""
    _require_inside(request)
    return {"alive": True}


@router.get("/readyz", response={200: ReadyOut, UNWELL: ReadyOut}, **door("edge.process.ready"))
def ready(request: HttpRequest) -> Status[dict[str, object]]:
    """Say whether callers can be answered, and what is not as it should be."""
    _require_inside(request)
    found = readiness.findings(clock())
    fit = readiness.ready(found)
    said = {"ready": fit, "level": readiness.level_of(found), "findings": found}
    return Status(200 if fit else UNWELL, said)
