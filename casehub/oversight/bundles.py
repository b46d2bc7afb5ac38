"""What an auditor carries away: a bundle of their State's acts that anybody can check."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

from channels.db import database_sync_to_async
from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

import audit.services
from audit.queries import exporting, trees
from audit.queries.exporting import NothingToExport, Selection
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused
from casehub.core.http import call, door

from . import discretion

router = Router()


@transaction.atomic
def export_bundle(
    *,
    log: str,
    since: datetime | None,
    until: datetime | None,
    first: int | None,
    last: int | None,
    actor: Actor,
    now: datetime,
) -> Selection:
    """
    Record that the actor takes the acts of their State away, and return which.

    An act that names somebody else stays closed: who did what an auditor learns one by one, with
    a ground, and not by the thousand. Its place in the log is proven all the same.

    :raises NotVisible: if there is no such log, or nothing of it is published.
    :raises Refused: `nothing-to-export` if the range is none, or too much for one bundle.
    """
    found = trees.log_of(log)
    if found is None or trees.newest_published(found) is None:
        raise NotVisible
    try:
        selection = exporting.select(
            found,
            first=first,
            last=last,
            state=actor.state,
            since=since,
            until=until,
            opens=discretion.naming_nobody_but(actor.id),
        )
    except NothingToExport as error:
        raise Refused("nothing-to-export") from error
    audit.services.record_export(selection=selection, actor=actor.id, now=now)
    return selection


@router.get("/oversight/logs/{log}/bundle", **door("oversight.bundle.export"))
def read_bundle(
    request: HttpRequest,
    log: str,
    since: datetime | None = None,
    until: datetime | None = None,
    first: int | None = None,
    last: int | None = None,
) -> StreamingHttpResponse:
    """
    Return a bundle of the acts that concern the caller's State, as a zip archive.

    Indices `first` to `last` are both included; a moment without a zone is one of UTC.
    """
    selection = call(
        request,
        export_bundle,
        target=log[:64],
        log=log,
        since=_in_utc(since),
        until=_in_utc(until),
        first=first,
        last=last,
    )
    answer = StreamingHttpResponse(
        _as_they_come(exporting.bundle(selection)), content_type="application/zip"
    )
    chosen = selection.filter
    name = f"{trees.slug_of(selection.log)}-{chosen.state}-{chosen.first}-{chosen.last}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)


async def _as_they_come(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Hand on each piece as it is made: the database is read beside the event loop, not in it."""
    take = database_sync_to_async(lambda: next(pieces, None))
    while (piece := await take()) is not None:
        yield piece
