"""The routes of the auditors' console, and of the page on which a State sees who audited it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from audit.queries import exporting, tags, trees
from casehub.core.http import actor_of, call, clock, door
from casehub.core.storage import NOT_STORED, Cut, refused_by

from .. import limits, schemas, services
from ..models import Export
from ..queries import (
    audits,
    entries,
    figures,
    searching,
    standing,
    statistics,
    telling,
    unmaskings,
    views,
)
from ..queries.knowing import Mask, unmasked_for
from ..schemas.wishes import WishHand
from .pairs import router as pairs

router = Router()
router.add_router("", pairs)
Shape = dict[str, Any]


def _mask(request: HttpRequest) -> Mask:
    actor = actor_of(request)
    names = unmasked_for(actor.id, now=clock())
    return Mask(actor.state, names=names, own=actor.id)


@router.get(
    "/oversight/integrity", response=schemas.IntegrityOut, **door("oversight.integrity.read")
)
def read_integrity(request: HttpRequest) -> Shape:
    """Return how the logs stand, judged for the caller's State."""
    return standing.standing(own=actor_of(request).state, now=clock())


@router.get(
    "/oversight/offices", response=list[schemas.OfficeOut], **door("oversight.offices.list")
)
def list_offices(request: HttpRequest) -> list[Shape]:
    """List the offices of the caller's State, to filter by."""
    return searching.offices(actor_of(request).state)


@router.post("/oversight/queries", response=schemas.QueryOut, **door("oversight.log.query"))
def query_log(request: HttpRequest, body: schemas.FilterIn) -> Shape:
    """Search the acts of the caller's State; the search is logged before the answer leaves."""
    query, count = call(request, services.ask_log, asked=body.meant())
    search = searching.search_of(query)
    first = entries.page(search, mask=_mask(request), after=None, most=limits.PAGE)
    return {
        **first,
        "query": query.id,
        "count": count,
        "most": limits.COUNTED,
        "unknown": body.person is not None and search.about is None,
        "unknown_case": body.case is not None and search.subjects == searching.NOBODY,
    }


@router.get(
    "/oversight/queries/{uuid:query}/entries",
    response=schemas.PageOut,
    **door("oversight.query.page"),
)
def read_page(request: HttpRequest, query: UUID, after: str = "") -> Shape:
    """Return a page of a query that was logged."""
    asked = searching.query_of(actor_of(request), query, now=clock())
    return entries.page(
        searching.search_of(asked),
        mask=_mask(request),
        after=searching.place_of(after),
        most=limits.PAGE,
    )


@router.get(
    "/oversight/queries/{uuid:query}/figures",
    response=schemas.FiguresOut,
    **door("oversight.query.figures"),
)
def read_figures(request: HttpRequest, query: UUID) -> Shape:
    """Return a query that was logged in numbers."""
    asked = searching.query_of(actor_of(request), query, now=clock())
    return figures.figures(searching.search_of(asked), mask=_mask(request), now=asked.asked_at)


@router.post(
    "/oversight/queries/{uuid:query}/exports",
    response=schemas.ExportOut,
    **door("oversight.log.export"),
)
def export_log(request: HttpRequest, query: UUID, body: schemas.ExportIn) -> Shape:
    """Take the entries of a query away; logged before the first byte leaves."""
    export = call(request, services.export_log, target=str(query), query=query, form=body.format)
    return {
        "export": export.id,
        "name": _file_name(export),
        "log": export.log,
        "size": export.size,
        "count": export.count,
        "tag_key": tags.key_text(export.query.state),
    }


def _file_name(export: Export) -> str:
    """Return a name that says of which State, which case or days, and up to which size."""
    asked = searching.asked_of(export.query)
    days = [day.isoformat() for day in (asked.since, asked.until) if day]
    parts = [export.log, export.query.state, *filter(None, [asked.case]), *days, str(export.size)]
    return f"{'-'.join(parts)}.{export.format}"


@router.get(
    "/oversight/exports/{uuid:export}/pieces",
    response=schemas.ChunkOut,
    **door("oversight.export.piece"),
)
def read_piece(request: HttpRequest, export: UUID, after: str = "") -> Shape:
    """Return a piece of an export; all of them in a row are the file."""
    asked = searching.export_of(actor_of(request), export, now=clock())
    text, count, following = entries.piece(
        searching.search_of_export(asked),
        form=asked.format,
        # Never a name: the file leaves the console, and is the same whoever makes it.
        mask=Mask(asked.query.state),
        after=searching.place_of(after),
        most=limits.CHUNK,
    )
    return {"text": text, "entries": count, "next": following}


@router.post(
    "/oversight/entries/{log}/{int:position}/open",
    response=schemas.OpenedOut,
    **door("oversight.entry.open"),
)
def open_entry(request: HttpRequest, log: str, position: int) -> Shape:
    """Open one entry; logged before it is shown."""
    found = call(
        request, services.open_entry, target=f"{log}#{position}", log=log, position=position
    )
    return entries.opened(found, mask=_mask(request), reader=actor_of(request).state)


@router.get("/oversight/views", response=list[schemas.ViewOut], **door("oversight.views.list"))
def list_views(request: HttpRequest) -> list[Shape]:
    """List the caller's kept filters."""
    return views.views_of(actor_of(request))


@router.post("/oversight/views", response=list[schemas.ViewOut], **door("oversight.view.save"))
def save_view(request: HttpRequest, body: schemas.ViewIn) -> list[Shape]:
    """Keep a filter under a name."""
    call(request, services.save_view, asked=body.filter.meant())
    return views.views_of(actor_of(request))


@router.delete(
    "/oversight/views/{uuid:view}",
    response=list[schemas.ViewOut],
    **door("oversight.view.remove"),
)
def remove_view(request: HttpRequest, view: UUID) -> list[Shape]:
    """Give a kept filter up."""
    call(request, services.remove_view, target=str(view), view=view)
    return views.views_of(actor_of(request))


@router.get(
    "/oversight/unmaskings",
    response=list[schemas.UnmaskingOut],
    **door("oversight.unmaskings.list"),
)
def list_unmaskings(request: HttpRequest) -> list[Shape]:
    """List the wishes of the caller's State to know who somebody is."""
    return unmaskings.unmaskings_of(actor_of(request), now=clock())


@router.post(
    "/oversight/unmaskings",
    response=list[schemas.UnmaskingOut],
    **door("oversight.unmasking.ask"),
)
def ask_unmasking(request: HttpRequest, body: schemas.UnmaskingIn) -> list[Shape]:
    """Ask to know who a pseudonym is."""
    call(request, services.ask_unmasking, target=body.person, **body.model_dump())
    return unmaskings.unmaskings_of(actor_of(request), now=clock())


@router.post(
    "/oversight/unmaskings/{uuid:unmasking}/agree",
    response=list[schemas.UnmaskingOut],
    **door("oversight.unmasking.agree"),
)
def agree_to_unmasking(request: HttpRequest, unmasking: UUID, body: WishHand) -> list[Shape]:
    """Let another auditor and oneself know who it is."""
    call(
        request,
        services.agree_to_unmasking,
        target=str(unmasking),
        unmasking=unmasking,
        digest=body.digest,
    )
    return unmaskings.unmaskings_of(actor_of(request), now=clock())


@router.post(
    "/oversight/unmaskings/{uuid:unmasking}/refuse",
    response=list[schemas.UnmaskingOut],
    **door("oversight.unmasking.refuse"),
)
def refuse_unmasking(request: HttpRequest, unmasking: UUID) -> list[Shape]:
    """Leave a pseudonym as it is."""
    call(request, services.refuse_unmasking, target=str(unmasking), unmasking=unmasking)
    return unmaskings.unmaskings_of(actor_of(request), now=clock())


@router.post(
    "/oversight/namings/{uuid:naming}/deferrals",
    response=list[schemas.UnmaskingOut],
    **door("oversight.deferral.ask"),
)
def ask_deferral(request: HttpRequest, naming: UUID, body: schemas.DeferralIn) -> list[Shape]:
    """Ask to tell somebody later whose name is known."""
    call(
        request,
        services.ask_deferral,
        target=str(naming),
        unmasking=naming,
        **body.model_dump(),
    )
    return unmaskings.unmaskings_of(actor_of(request), now=clock())


@router.post(
    "/oversight/deferrals/{uuid:deferral}/agree",
    response=list[schemas.UnmaskingOut],
    **door("oversight.deferral.agree"),
)
def agree_to_deferral(request: HttpRequest, deferral: UUID, body: WishHand) -> list[Shape]:
    """Let somebody be told later."""
    call(
        request,
        services.agree_to_deferral,
        target=str(deferral),
        deferral=deferral,
        digest=body.digest,
    )
    return unmaskings.unmaskings_of(actor_of(request), now=clock())


@router.post(
    "/oversight/deferrals/{uuid:deferral}/refuse",
    response=list[schemas.UnmaskingOut],
    **door("oversight.deferral.refuse"),
)
def refuse_deferral(request: HttpRequest, deferral: UUID) -> list[Shape]:
    """Leave the day on which somebody is told."""
    call(request, services.refuse_deferral, target=str(deferral), deferral=deferral)
    return unmaskings.unmaskings_of(actor_of(request), now=clock())


@router.get(
    "/oversight/notices", response=list[schemas.GivenNameOut], **door("oversight.notices.list")
)
def list_notices(request: HttpRequest) -> list[Shape]:
    """List when auditors learnt the caller's name, as far as they may know it by now."""
    return telling.notices_of(actor_of(request), now=clock())


@router.post(
    "/oversight/notices/{uuid:notice}/confirm",
    response=list[schemas.GivenNameOut],
    **door("oversight.notice.confirm"),
)
def confirm_notice(request: HttpRequest, notice: UUID) -> list[Shape]:
    """Say that one has read it."""
    call(request, services.confirm_notice, target=str(notice), unmasking=notice)
    return telling.notices_of(actor_of(request), now=clock())


@router.get("/oversight/audits", response=schemas.AuditsOut, **door("oversight.audits.list"))
def list_audits(request: HttpRequest, after: str = "") -> Shape:
    """List who audited the caller's State."""
    state = actor_of(request).state
    return audits.audits_of(state, after=searching.place_of(after), most=limits.AUDITS)


@router.post(
    "/oversight/statistics",
    response=schemas.StatisticsOut,
    **door("oversight.statistics.read"),
)
def read_statistics(request: HttpRequest, body: schemas.MonthIn) -> Shape:
    """Return a month's counts of all States, without the small ones; logged before."""
    return statistics.statistics(call(request, services.read_statistics, month=body.month))


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
        services.export_bundle,
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
    """
    Hand on each piece as it is made: the database is read beside the event loop, not in it.

    :raises Cut: if the database does not say the rest; the log has its line.
    """
    take = database_sync_to_async(lambda: next(pieces, None))
    try:
        while (piece := await take()) is not None:
            yield piece
    except NOT_STORED as error:
        refused_by(error)
        raise Cut from None
