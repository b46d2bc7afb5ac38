"""An auditor's looks: recorded before the first byte of what they see leaves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

import audit.services
from audit.queries import concerns
from audit.queries.concerns import Found
from casehub.core.actor import Actor
from casehub.core.errors import NotVisible, Refused, require
from casehub.directory import queries as directory

from .. import limits, policies
from ..asking import Asked
from ..events import EntryOpened, LogExported, LogQueried, StatisticsRead
from ..models import Export, Query
from ..queries import searching


@transaction.atomic
def ask_log(*, asked: Asked, actor: Actor, now: datetime) -> tuple[Query, int]:
    """
    Record a search of the acts of the actor's State; return it and how many entries match.

    Its pages, its numbers and its exports refer to it: however long somebody reads, they asked
    once, and nothing that happens meanwhile enters what they read.

    :raises Refused: `period-inverted`.
    """
    require(policies.why_not_search(since=asked.since, until=asked.until))
    query = Query(
        asker_id=actor.id,
        state=actor.state,
        upto=concerns.newest(),
        asked_at=now,
    )
    search = searching.search_for(asked, state=query.state, upto=query.upto, now=now)
    count = concerns.counted(search, most=limits.COUNTED)
    event = LogQueried(
        states=(actor.state,),
        query=str(query.id),
        acts=asked.acts,
        person=asked.person,
        office=asked.office,
        case=asked.case,
        since=asked.since.isoformat() if asked.since else "",
        until=asked.until.isoformat() if asked.until else "",
        outcome=asked.outcome,
        count=count,
    )
    query.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    query.save(force_insert=True)
    return query, count


@transaction.atomic
def open_entry(*, log: str, position: int, actor: Actor, now: datetime) -> Found:
    """
    Record that the actor opens an entry, and return it.

    :raises NotVisible: if there is none there that concerns their State.
    """
    found = concerns.one(actor.state, log, position)
    if found is None:
        raise NotVisible
    event = EntryOpened(states=(actor.state,), entry=f"{log}#{position}")
    audit.services.record(event, actor=actor.id, at=now)
    return found


@transaction.atomic
def export_log(*, query: UUID, form: str, actor: Actor, now: datetime) -> Export:
    """
    Record that the actor takes a query's entries away, up to what is cosigned now.

    :raises NotVisible: if the query is not theirs of today.
    :raises Refused: `nothing-cosigned` if nobody has cosigned anything yet.
    """
    asked = searching.query_of(actor, query, now=now)
    bound = concerns.published()
    if bound is None:
        raise Refused("nothing-cosigned")
    upto = min(bound.entry, asked.upto)
    export = Export(
        query=asked,
        format=form,
        log=bound.log,
        size=bound.size,
        upto=upto,
        count=0,
        asked_at=now,
    )
    export.count = concerns.counted(searching.search_of_export(export))
    event = LogExported(
        states=(actor.state,),
        query=str(asked.id),
        export=str(export.id),
        format=form,
        log=bound.log,
        size=bound.size,
        count=export.count,
    )
    export.audit_event_id = audit.services.record(event, actor=actor.id, at=now)
    export.save(force_insert=True)
    return export


@transaction.atomic
def read_statistics(*, month: str, actor: Actor, now: datetime) -> str:
    """
    Record that the actor reads a month's counts of all States; return the month.

    :raises Refused: `month-not-over`.
    """
    require(policies.why_not_count(month, now=now))
    event = StatisticsRead(states=tuple(sorted(directory.state_codes())), month=month)
    audit.services.record(event, actor=actor.id, at=now)
    return month
