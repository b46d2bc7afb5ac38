"""What concerns a State: searching its entries, a page at a time, and counting them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate, TruncHour

from .. import commitments, keyring, marks
from ..models import AuditEvent, Concern, Log, LogEntry
from ..tlog.errors import Unproven
from .trees import current, published_size, slug_of

_NEWEST = ("-span", "-at", "-entry")
_AT_ONCE = 500  # ids in one question: SQLite takes no endless list
_WALKED = 24  # kinds that are walked one by one; an area of acts has fewer


@dataclass(frozen=True, slots=True)
class Search:
    """
    Which entries of one State's acts (`""`: the region's) are meant; None leaves a thing open.

    `actors` caused it; `about` caused it or are its subject; `subjects` it is about. `since` is
    included, `until` not. `upto` is the id of the newest entry that counts: what came later is
    another search's. With `also` only entries that concern that State as well. An empty kind is
    that of what was erased.
    """

    state: str
    kinds: tuple[str, ...] | None = None
    not_kinds: tuple[str, ...] = ()
    actors: tuple[str, ...] | None = None
    about: tuple[str, ...] | None = None
    subjects: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    upto: int | None = None
    also: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the next begins after this moment and entry, going back in time."""

    at: datetime
    entry: int


@dataclass(frozen=True, slots=True)
class Found:
    """
    One entry as its State's auditors find it.

    `kind`, `actor` and `subject` are empty once it is erased; `payload` is None then, if it does
    not open, or if nobody asked for it.
    """

    entry: int
    event: int
    log: str
    position: int
    at: datetime
    kind: str
    actor: str
    subject: str
    states: tuple[str, ...]
    erased: bool
    payload: bytes | None

    @property
    def place(self) -> Place:
        """Where it stands among others."""
        return Place(self.at, self.entry)


@dataclass(frozen=True, slots=True)
class Bound:
    """A newest entry that counts, and the log and size that it stands for."""

    entry: int
    log: str
    size: int


def _matching(search: Search) -> QuerySet[Concern]:
    found = Concern.objects.filter(state=marks.of_state(search.state))
    if search.kinds is not None:
        found = found.filter(kind__in=[marks.of_kind(kind) for kind in search.kinds])
    if search.not_kinds:
        found = found.exclude(kind__in=[marks.of_kind(kind) for kind in search.not_kinds])
    if search.actors is not None:
        found = found.filter(actor__in=_ids(search.actors))
    if search.about is not None:
        about = _ids(search.about)
        found = found.filter(Q(actor__in=about) | Q(subject__in=about))
    if search.subjects is not None:
        found = found.filter(subject__in=_ids(search.subjects))
    if search.since is not None:
        found = found.filter(at__gte=search.since, span__gte=marks.span_of(search.since))
    if search.until is not None:
        found = found.filter(at__lt=search.until, span__lte=marks.span_of(search.until))
    if search.upto is not None:
        found = found.filter(entry__lte=search.upto)
    if search.also is not None:
        others = Concern.objects.filter(state=marks.of_state(search.also)).values("entry")
        found = found.filter(entry__in=others)
    return found


def _ids(names: Sequence[str]) -> list[int]:
    return [marks.of_id(name) for name in names]


def page(search: Search, *, after: Place | None, most: int, opened: bool = False) -> list[Found]:
    """
    Return up to `most` entries, newest first, beginning behind `after`.

    Only with `opened` are their events unsealed.
    """
    found = _matching(search)
    if after is not None:
        # The first condition alone walks the index; the others settle what shares the stretch.
        found = found.filter(span__lte=marks.span_of(after.at), at__lte=after.at)
        found = found.filter(Q(at__lt=after.at) | Q(entry__lt=after.entry))
    return _entries(_newest(found, search, most), opened=opened)


def _newest(found: QuerySet[Concern], search: Search, most: int) -> list[int]:
    """
    Return the newest entries of `found`.

    Of several kinds each is walked by itself along its index, as far as a page reaches: asked for
    together the database would sort all there ever were of them.
    """
    kinds = search.kinds or ()
    open_ = search.about is None and search.subjects is None
    parts = (
        [found.filter(kind=marks.of_kind(kind)) for kind in kinds]
        if open_ and 1 < len(kinds) <= _WALKED
        else [found]
    )
    rows = [
        row for part in parts for row in part.order_by(*_NEWEST).values_list("at", "entry")[:most]
    ]
    return [entry for _, entry in sorted(rows, reverse=True)[:most]]


def one(state: str, log: str, position: int) -> Found | None:
    """Return an entry of a log of acts, opened, if it concerns the State."""
    entries = LogEntry.objects.filter(position=position, log__in=_logs_called(log))
    found = Concern.objects.filter(state=marks.of_state(state), entry__in=entries)
    ids = list(found.values_list("entry", flat=True)[:1])
    return _entries(ids, opened=True)[0] if ids else None


def entries_of(events: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Return log and position in the acts of those of `events` that have a place there."""
    rows = LogEntry.objects.filter(event_id__in=list(events), log__name="acts")
    return {
        row.event_id: (slug_of(row.log), row.position)
        for row in rows.select_related("log")
        if row.event_id is not None
    }


def _logs_called(slug: str) -> list[int]:
    return [log.id for log in current() if log.name == "acts" and slug_of(log) == slug]


def _entries(ids: Sequence[int], *, opened: bool) -> list[Found]:
    """Return these entries in this order."""
    entries = LogEntry.objects.select_related("log", "event").in_bulk(ids)
    secret = keyring.events_secret() if opened else None
    return [_found(entries[id_], secret) for id_ in ids]


def _found(entry: LogEntry, secret: bytes | None) -> Found:
    event = entry.event
    assert event is not None  # noqa: S101 - a mark of the log concerns nobody
    return Found(
        entry=entry.id,
        event=event.id,
        log=slug_of(entry.log),
        position=entry.position,
        at=event.at,
        kind=event.kind,
        actor=event.actor,
        subject=event.subject,
        states=tuple(event.states.split(",")) if event.states else (),
        erased=event.salt is None,
        payload=None if secret is None else _payload(event, secret),
    )


def _payload(event: AuditEvent, secret: bytes) -> bytes | None:
    if event.salt is None or event.payload is None:
        return None
    try:
        return commitments.unseal(bytes(event.payload), salt=bytes(event.salt), secret=secret)
    except Unproven:  # changed in the database: shown as what cannot be opened
        return None


def counted(search: Search, *, most: int | None = None) -> int:
    """Return how many entries there are, at most `most`: counting on tells nobody more."""
    found = _matching(search)
    if most is None:
        return found.count()
    return found.values("entry")[:most].count()  # which the indexes hold


def newest() -> int:
    """Return the id of the newest entry, or 0."""
    return LogEntry.objects.aggregate(last=Max("id"))["last"] or 0


def published() -> Bound | None:
    """Return how far others have cosigned the acts, or None before they ever have."""
    for log in Log.objects.filter(name="acts").order_by("-id"):
        size = published_size(log)
        if size:
            last = LogEntry.objects.get(log=log, position=size - 1)
            return Bound(last.id, slug_of(log), size)
    return None


def by_day_and_kind(search: Search, zone: tzinfo) -> list[tuple[date, str, int]]:
    """Return how many entries of each kind each calendar day of `zone` has."""
    days = _matching(search).annotate(day=TruncDate("at", tzinfo=zone))
    rows = days.values_list("day", "kind").annotate(count=Count("*"), one=Max("entry"))
    kinds = _said_by({kind: one for _, kind, _, one in rows}, "event__kind")
    return sorted((day, kinds[kind], count) for day, kind, count, _ in rows)


def by_hour(search: Search, zone: tzinfo) -> list[tuple[int, int]]:
    """Return how many entries that somebody caused each hour of the day has, on `zone`'s clocks."""
    hours = (
        _matching(search).exclude(actor=marks.NONE).annotate(hour=ExtractHour("at", tzinfo=zone))
    )
    return list(hours.values_list("hour").annotate(count=Count("*")).order_by("hour"))


def by_actor_and_hour(search: Search, *, least: int, most: int) -> list[tuple[str, datetime, int]]:
    """Return who caused at least `least` entries within one hour, the most first."""
    hours = _matching(search).exclude(actor=marks.NONE).annotate(hour=TruncHour("at"))
    rows = hours.values_list("actor", "hour").annotate(count=Count("*"), one=Max("entry"))
    first = list(rows.filter(count__gte=least).order_by("-count", "-hour", "actor")[:most])
    actors = _said_by({actor: one for actor, _, _, one in first}, "event__actor")
    return [(actors[actor], hour, count) for actor, hour, count, _ in first]


def by_actor_at_night(
    search: Search, zone: tzinfo, *, night: Sequence[int], most: int
) -> list[tuple[str, date, int]]:
    """Return who caused entries in the hours `night` on the clocks of `zone`, by day."""
    hours = _matching(search).exclude(actor=marks.NONE)
    hours = hours.annotate(hour=ExtractHour("at", tzinfo=zone), day=TruncDate("at", tzinfo=zone))
    days = hours.filter(hour__in=night).values_list("actor", "day")
    rows = days.annotate(count=Count("*"), one=Max("entry")).order_by("-day", "-count", "actor")
    first: list[tuple[int, date, int, int]] = list(rows[:most])
    actors = _said_by({actor: one for actor, _, _, one in first}, "event__actor")
    return [(actors[actor], day, count) for actor, day, count, _ in first]


def _said_by(entries: Mapping[int, int], column: str) -> dict[int, str]:
    """Return what a mark stands for, from the event of one entry that has it."""
    rows = LogEntry.objects.filter(id__in=set(entries.values())).values_list("id", column)
    said = dict(rows)
    return {mark: said[entry] for mark, entry in entries.items()}


def listed(search: Search, *, skip: int, most: int) -> list[Moment]:
    """Return `most` entries as they are listed, newest first, behind the first `skip`."""
    found = _matching(search).order_by(*_NEWEST).values_list("entry", flat=True)
    return _moments(found[skip : skip + most])[::-1]


@dataclass(frozen=True, slots=True)
class Moment:
    """What an entry is listed as."""

    kind: str
    subject: str
    actor: str
    at: datetime
    entry: int


def moments(search: Search, *, most: int) -> list[Moment]:
    """Return the newest `most` entries as they are listed, the oldest of them first."""
    found = _matching(search).order_by(*_NEWEST).values_list("entry", flat=True)
    return _moments(found[:most])


def _moments(entries: Iterable[int]) -> list[Moment]:
    """Return what entries are listed as, the oldest first."""
    said = LogEntry.objects.filter(id__in=list(entries)).order_by("event__at", "id")
    found = said.values_list("event__kind", "event__subject", "event__actor", "event__at", "id")
    return [Moment(*row) for row in found]


def opened(entries: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return what these entries say in their own fields, by id; without those that do not open."""
    secret = keyring.events_secret()
    found = {}
    for row in LogEntry.objects.filter(id__in=list(entries)).select_related("event"):
        payload = None if row.event is None else _payload(row.event, secret)
        if payload is not None:
            found[row.id] = json.loads(payload)["payload"]
    return found


def bodies(search: Search) -> dict[int, dict[str, Any] | None]:
    """
    Return the whole events of all matching entries, by entry; None for those that do not open.

    For what reads a whole life: some hundred are unsealed at a time.
    """
    secret = keyring.events_secret()
    ids = sorted(_matching(search).values_list("entry", flat=True))
    found: dict[int, dict[str, Any] | None] = {}
    for start in range(0, len(ids), _AT_ONCE):
        rows = LogEntry.objects.filter(id__in=ids[start : start + _AT_ONCE])
        for row in rows.select_related("event").order_by("id"):
            payload = None if row.event is None else _payload(row.event, secret)
            found[row.id] = None if payload is None else json.loads(payload)
    return found


def places(entries: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Return log and position of entries, by id."""
    rows = LogEntry.objects.filter(id__in=list(entries)).select_related("log")
    return {row.id: (slug_of(row.log), row.position) for row in rows}
