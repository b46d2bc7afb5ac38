"""From what an auditor asks for to what the log is searched by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from audit import keyring
from audit.events import type_registry
from audit.queries import fields_of
from audit.queries.concerns import Place, Search
from casehub.calendars.zones import zone_of
from casehub.cases.models import Case, Circle
from casehub.core.actor import Actor
from casehub.core.errors import BadFrame, NotVisible
from casehub.directory.models import Office, Person
from requests_mla.models import Request

from .. import limits, pseudonyms
from ..asking import Asked
from ..models import Export, Query

# The auditors' area: a pair's readers see nothing of it. Whom a State sees by name: audits.py.
AUDITING = ("oversight", "audit.bundle.exported")
REFUSALS = ("accounts.sign-in.refused", "core.act.refused", "core.callers.refused")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOBODY: tuple[str, ...] = ()


def outcome_of(kind: str) -> str:
    """Return whether an act of this kind was done or refused; an erased one has no kind."""
    if not kind:
        return "erased"
    return "refused" if kind in REFUSALS else "done"


def kinds_of(acts: Sequence[str]) -> tuple[str, ...] | None:
    """Return the kinds that acts or areas name, None if none is named."""
    if not acts:
        return None
    wanted = set(acts)
    return tuple(
        sorted(
            kind
            for kind in type_registry
            if kind in wanted or any(kind.startswith(f"{area}.") for area in wanted)
        )
    )


def search_for(asked: Asked, *, state: str, upto: int | None, now: datetime) -> Search:
    """Return what the log of a State is searched by; a pseudonym nobody has matches nothing."""
    zone = zone_of(state)
    for day in (asked.since, asked.until):
        if day is not None and not limits.EARLIEST_YEAR <= day.year <= limits.LATEST_YEAR:
            raise BadFrame
    since = datetime.combine(asked.since, time(), zone) if asked.since else None
    until = datetime.combine(asked.until + timedelta(days=1), time(), zone) if asked.until else None
    search = Search(state=state, kinds=kinds_of(asked.acts), since=since, until=until, upto=upto)
    if asked.outcome == "refused":
        kinds = search.kinds if search.kinds is not None else REFUSALS
        search = replace(search, kinds=tuple(kind for kind in kinds if kind in REFUSALS))
    elif asked.outcome == "done":
        search = replace(search, not_kinds=(*REFUSALS, ""))
    if asked.office:
        search = replace(search, actors=_of_office(asked.office, state))
    if asked.case:
        search = replace(search, subjects=_of_case(asked.case, state))
    if asked.person:
        search = _of_person(search, asked.person, now)
    return search


def person_behind(name: str, *, state: str, now: datetime) -> tuple[Person, str] | None:
    """Return who is behind a pseudonym of the last two years, and its quarter."""
    people = [str(id_) for id_ in Person.objects.values_list("id", flat=True)]
    found = pseudonyms.who_is(
        name,
        key=pseudonyms.key_of(keyring.events_secret(), state),
        quarters=pseudonyms.back_from(now, limits.QUARTERS),
        people=people,
    )
    return (Person.objects.get(id=found[0]), found[1]) if found else None


def _of_person(search: Search, name: str, now: datetime) -> Search:
    """
    Narrow a search to a person and to the quarter of their pseudonym.

    Beyond that quarter they have another one: a search that went on would join the two.
    """
    found = person_behind(name, state=search.state, now=now)
    if found is None:
        return replace(search, actors=NOBODY)
    person, quarter = found
    first, after = pseudonyms.bounds(quarter)
    return replace(
        search,
        about=(str(person.id), str(person.account_id)),
        since=max(search.since or first, first),
        until=min(search.until or after, after),
    )


def _of_office(office: str, state: str) -> tuple[str, ...]:
    people = Person.objects.filter(office_id=office, office__state_id=state)
    return tuple(str(id_) for id_ in people.values_list("id", flat=True))


def _of_case(reference: str, state: str) -> tuple[str, ...]:
    """
    Return the ids of a case, its circles and its requests: what acts on it are about.

    One of other States alone is as unknown as one that is not there, even where somebody of this
    State was refused on it: no answer may tell that it exists.
    """
    case = Case.objects.filter(reference=reference).first()
    if case is None or state not in case.state_set:
        return NOBODY
    circles = Circle.objects.filter(case=case).values_list("id", flat=True)
    requests = Request.objects.filter(case=case).values_list("id", flat=True)
    return tuple(str(id_) for id_ in (case.id, *circles, *requests))


def offices(state: str) -> list[dict[str, Any]]:
    """Return the offices of a State."""
    return [
        {"id": one.id, "name": one.name}
        for one in Office.objects.filter(state_id=state).order_by("name")
    ]


def query_of(actor: Actor, query: UUID, *, now: datetime) -> Query:
    """
    Return a query that the actor asked today.

    :raises NotVisible: if it is another's, unknown or too old: looking again is another act.
    """
    fresh = Query.objects.filter(
        id=query, asker_id=UUID(actor.id), asked_at__gt=now - limits.QUERY_LASTS
    )
    found = fresh.filter(state=actor.state).first()
    if found is None:
        raise NotVisible
    return found


def search_of(query: Query) -> Search:
    """
    Return what a recorded query searches by, the same each time.

    :raises NotVisible: if what was asked has been erased.
    """
    return search_for(asked_of(query), state=query.state, upto=query.upto, now=query.asked_at)


def asked_of(query: Query) -> Asked:
    """
    Return what a recorded query asked for.

    :raises NotVisible: if that has been erased.
    """
    said = fields_of([query.audit_event_id]).get(query.audit_event_id)
    if said is None:
        raise NotVisible
    return Asked.read({name: value for name, value in said.items() if value})


def cursor_of(place: Place) -> str:
    """Return a place as it stands in addresses."""
    return f"{(place.at - _EPOCH) // timedelta(microseconds=1)}-{place.entry}"


def place_of(cursor: str) -> Place | None:
    """
    Read a cursor; an empty one is the beginning.

    :raises BadFrame: if it is none of ours.
    """
    if not cursor:
        return None
    try:
        micros, entry = (int(part) for part in cursor.split("-"))
        return Place(_EPOCH + timedelta(microseconds=micros), entry)
    except (ValueError, OverflowError) as error:
        raise BadFrame from error


def search_of_export(export: Export) -> Search:
    """Return what an export holds: its query, up to what was cosigned."""
    return replace(search_of(export.query), upto=export.upto)


def export_of(actor: Actor, export: UUID, *, now: datetime) -> Export:
    """
    Return an export of the actor's, of today.

    :raises NotVisible: if it is another's, unknown or too old.
    """
    rows = Export.objects.filter(id=export, query__asker_id=UUID(actor.id))
    found = rows.filter(asked_at__gt=now - limits.QUERY_LASTS).select_related("query").first()
    if found is None:
        raise NotVisible
    return found
