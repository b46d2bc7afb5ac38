"""
The log as anybody may read it: C2SP tlog-tiles under `/api/log/NAME`, without sign-in.

It holds commitments, no personal data; whoever keeps a copy can later show that it was changed.
Besides, each person's own receipts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from audit import policies
from audit.queries import integrity, keys, receipts, trees
from audit.states import Level
from audit.tlog import tiles
from audit.tlog.errors import Malformed
from casehub.core.errors import BadFrame, NotVisible
from casehub.core.http import Strict, actor_of, clock, door

from . import cosigning, watching

router = Router()
BYTES = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"
LONGEST = 8 * 1024  # bytes of a witness's lines


class OriginOut(Schema):
    """One log: its name in these addresses, its origin, its key, and how much of it is signed."""

    name: str
    origin: str
    key: str
    size: int
    closed: bool


class FindingOut(Schema):
    """
    One thing that is not as it should be; docs/operations.md says what each `code` means.

    `subject` names a log or a witness; `since` and `count` are null where they say nothing.
    """

    code: str
    level: Level
    subject: str
    since: datetime | None
    count: int | None


class HealthOut(Schema):
    """How the log is: the worst level of its findings, `green` if there are none."""

    level: Level
    findings: list[FindingOut]


class ReceiptsIn(Strict):
    """Events whose receipts are wanted."""

    events: Annotated[list[Annotated[int, Field(ge=0, lt=2**53)]], Field(max_length=50)]


class ReceiptOut(Schema):
    """
    One event: its salt, canonical bytes and leaf in base64 (the first two null once erased).

    `proof` is a C2SP tlog-proof of the leaf's place in the published log of acts named `log`; null
    until there is one.
    """

    event: int
    salt: str | None
    payload: str | None
    leaf: str
    log: str
    proof: str | None


def _log(name: str) -> Any:
    found = trees.log_of(name)
    if found is None:
        raise NotVisible
    return found


def _place(text: str) -> tuple[int, int]:
    try:
        return tiles.parse_place(text)
    except Malformed as error:
        raise NotVisible from error


def _file(data: bytes | None) -> HttpResponse:
    if data is None:
        raise NotVisible
    # A page of ours that was led here saves it, whatever its bytes look like.
    return HttpResponse(data, content_type=BYTES, headers={"Content-Disposition": "attachment"})


@router.get("/log", response=list[OriginOut], **door("oversight.logs.list"))
def list_logs(request: HttpRequest) -> list[dict[str, Any]]:
    """List the logs; a reader's own policy, not this list, says whose key to believe."""
    del request
    return [
        {
            "name": trees.slug_of(log),
            "origin": log.origin,
            "key": str(keys.newest(log)),
            "size": trees.published_size(log),
            "closed": log.closed,
        }
        for log in trees.current()
    ]


@router.get("/log/{log}/checkpoint", **door("oversight.checkpoint.read"))
def read_checkpoint(request: HttpRequest, log: str) -> HttpResponse:
    """Return the newest signed checkpoint."""
    del request
    note = trees.newest_published(_log(log))
    if note is None:
        raise NotVisible
    return HttpResponse(note, content_type=TEXT)


@router.get("/log/policy", **door("oversight.policy.read"))
def read_policy(request: HttpRequest) -> HttpResponse:
    """Return whose keys this region publishes under; a careful reader has it from elsewhere."""
    del request
    return HttpResponse(keys.served(clock()), content_type=TEXT)


@router.get("/log/health", response=HealthOut, **door("oversight.health.read"))
def read_health(request: HttpRequest) -> dict[str, Any]:
    """Return what is the matter with the log: for monitoring, and for whoever wants to know."""
    del request
    found = watching.findings(clock())
    return {"level": policies.level_of(found), "findings": found}


@router.post("/log/receipts", response=list[ReceiptOut], **door("oversight.receipts.read"))
def read_receipts(request: HttpRequest, body: ReceiptsIn) -> list[receipts.Receipt]:
    """
    Open the caller's own events, each with the proof of its place once it has one.

    An event of somebody else is answered like one that is not there: by nothing.
    """
    return receipts.of(body.events, actor=actor_of(request).id)


@router.get("/log/{log}/pending", **door("oversight.pending.read"))
def read_pending(request: HttpRequest, log: str) -> HttpResponse:
    """Return the note that lies before the witnesses, for those who come by themselves."""
    del request
    lies = integrity.submission_of(_log(log))
    if lies is None:
        raise NotVisible
    return HttpResponse(lies.note, content_type=TEXT)


@router.post("/log/{log}/cosignatures", **door("oversight.cosignature.give"))
def give_cosignature(request: HttpRequest, log: str) -> HttpResponse:
    """
    Take the lines of a witness of the policy under the note that lies before it.

    :raises BadFrame: if there is none among them that holds.
    """
    if len(request.body) > LONGEST:
        raise BadFrame
    cosigning.take(_log(log), request.body, now=clock())
    return HttpResponse(status=204)


@router.get("/log/{log}/tile/entries/{path:place}", **door("oversight.entries.read"))
def read_entries(request: HttpRequest, log: str, place: str) -> HttpResponse:
    """Return up to 256 entries of the signed tree, each behind its length."""
    del request
    return _file(trees.bundle(_log(log), *_place(place)))


@router.get("/log/{log}/tile/{int:level}/{path:place}", **door("oversight.tile.read"))
def read_tile(request: HttpRequest, log: str, level: int, place: str) -> HttpResponse:
    """Return up to 256 hashes of one level of the signed tree."""
    del request
    if level > tiles.DEEPEST:
        raise NotVisible
    return _file(trees.tile(_log(log), level, *_place(place)))
