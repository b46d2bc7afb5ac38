"""A query in numbers, and what stands out in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from audit.queries import concerns
from audit.queries.concerns import Search
from casehub.calendars.zones import zone_of

from .. import limits
from .knowing import Known, Mask, looked_up
from .searching import REFUSALS

Shape = dict[str, Any]
READS = (
    "cases.case.read",
    "directory.card.opened",
    "directory.contact.opened",
    "directory.page.printed",
    "messaging.group-info.read",
    "requests.request.read",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What somebody asks for, and by which acts somebody else answers it.

    Both are about one subject, or name one thing in the field `by`. A `hand` is one of several
    answers to the same wish. `needs_reading`: given at once, the answer was hardly read.
    """

    asked: str
    answers: tuple[str, ...]
    hand: str = ""
    by: str = ""
    needs_reading: bool = True


WISHES = (
    Wish(
        "oversight.unmasking.asked", ("oversight.unmasking.agreed", "oversight.unmasking.refused")
    ),
    Wish(
        "oversight.deferral.asked",
        ("oversight.deferral.agreed", "oversight.deferral.refused"),
        by="deferral",
    ),
    Wish("requests.request.opened", ("requests.attestation.made",), needs_reading=False),
    Wish(
        "designations.designation.nominated",
        ("designations.designation.rejected",),
        hand="designations.approval.given",
    ),
    Wish("cases.hold.lift-asked", ("cases.hold.lifted", "cases.hold.lift-refused"), by="hold"),
    Wish(
        "cases.retention.proposed",
        ("cases.retention.shortened", "cases.retention.refused"),
        by="shortening",
    ),
    Wish("cases.state.proposed", ("cases.state.consented", "cases.state.refused"), by="joining"),
    Wish("cases.state.consented", ("cases.state.accepted", "cases.state.refused"), by="joining"),
)
NEEDS_READING = frozenset(wish.asked for wish in WISHES if wish.needs_reading)
# Programs renew keys and sessions at all hours: the night is about what people do.
BY_THEMSELVES = (
    "accounts.unlock-share.given",
    "accounts.session.ended",
    "core.callers.refused",
    "directory.device.selected",
    "messaging.commit.accepted",
    "messaging.key-packages.claimed",
    "messaging.key-packages.published",
    "messaging.welcome.collected",
)


def period_of(search: Search, *, now: datetime) -> Search:
    """Return a search over a period that can be drawn: what was asked, three months at most."""
    # An act of this very moment is one of the past; the query's own bound holds later ones back.
    present = now + timedelta(seconds=1)
    until = min(search.until or present, present)
    since = search.since or until - limits.FIGURES_DEFAULT
    return replace(search, since=max(since, until - limits.FIGURES), until=until)


def figures(search: Search, *, mask: Mask, now: datetime) -> Shape:
    """Return the numbers of a search over its period."""
    period = period_of(search, now=now)
    assert period.since is not None  # noqa: S101 - just set
    assert period.until is not None  # noqa: S101 - just set
    zone = zone_of(search.state)
    pairs = _approvals(period)
    return {
        "since": period.since.astimezone(zone).date(),
        "until": (period.until - timedelta(microseconds=1)).astimezone(zone).date(),
        "zone": zone.key,
        "days": [
            {"day": day, "kind": kind, "count": count}
            for day, kind, count in concerns.by_day_and_kind(period, zone)
        ],
        "hours": [
            {"hour": hour, "count": count}
            for hour, count in concerns.by_hour(_by_people(period), zone)
        ],
        "night": list(limits.NIGHT),
        "slowest": sorted(pairs, key=lambda one: -one["seconds"])[: limits.LISTED],
        "anomalies": _anomalies(period, pairs, mask),
    }


def _by_people(search: Search) -> Search:
    return replace(search, not_kinds=(*search.not_kinds, *BY_THEMSELVES))


def _narrowed(search: Search, kinds: Sequence[str]) -> Search:
    """Return the search for those of `kinds` that it asks for at all."""
    wanted = kinds if search.kinds is None else [kind for kind in kinds if kind in search.kinds]
    return replace(search, kinds=tuple(wanted))


def _approvals(search: Search) -> list[Shape]:
    """Return each wish of the period that was answered, and after how long."""
    kinds = {kind for one in WISHES for kind in (one.asked, *one.answers, one.hand) if kind}
    # Both sides of a pair are read, whoever of the two a filter names; then it is asked of both.
    rows = concerns.moments(
        replace(search, kinds=tuple(sorted(kinds)), not_kinds=(), actors=None, about=None),
        most=limits.PAIRED,
    )
    named = concerns.opened(
        row.entry for row in rows if any(row.kind in _kinds(one) for one in WISHES if one.by)
    )
    asked_of: dict[tuple[str, str], concerns.Moment] = {}
    pairs = []
    for row in rows:
        for wish in WISHES:
            key = (wish.asked, _thing(wish, row, named))
            if row.kind == wish.asked:
                asked_of[key] = row
            elif row.kind in _kinds(wish) and (begun := asked_of.get(key)) is not None:
                if row.kind != wish.hand:
                    del asked_of[key]
                if _meant(search, begun) or _meant(search, row):
                    pairs.append((wish.asked, row, int((row.at - begun.at).total_seconds())))
    places = concerns.places(row.entry for _, row, _ in pairs)
    return [
        {
            "asked": asked,
            "kind": row.kind,
            "actor": row.actor,
            "at": row.at,
            "seconds": seconds,
            "log": places[row.entry][0],
            "position": places[row.entry][1],
        }
        for asked, row, seconds in pairs
    ]


def _kinds(wish: Wish) -> tuple[str, ...]:
    return (wish.asked, *wish.answers, wish.hand)


def _thing(wish: Wish, row: concerns.Moment, named: Mapping[int, Mapping[str, Any]]) -> str:
    """Return what a wish and its answer have in common; an erased one has its place in the log."""
    return str(named.get(row.entry, {}).get(wish.by, row.entry)) if wish.by else row.subject


def _meant(search: Search, row: concerns.Moment) -> bool:
    """Say whether a side of a pair is of the persons, or the office, that the search names."""
    if search.actors is not None and row.actor not in search.actors:
        return False
    return search.about is None or bool({row.actor, row.subject} & set(search.about))


def _anomalies(search: Search, pairs: Sequence[Shape], mask: Mask) -> list[Shape]:
    """Return what stands out: bulk reads, hasty approvals, refused attempts, night access."""
    bulk = concerns.by_actor_and_hour(
        _narrowed(search, READS), least=limits.BULK, most=limits.LISTED
    )
    tries = concerns.by_actor_and_hour(
        _narrowed(search, REFUSALS), least=limits.TRIES, most=limits.LISTED
    )
    night = concerns.by_actor_at_night(
        _by_people(search), zone_of(search.state), night=limits.NIGHT, most=limits.LISTED
    )
    hasty = [
        one
        for one in pairs
        if one["asked"] in NEEDS_READING and one["seconds"] < limits.HASTY.total_seconds()
    ][: limits.LISTED]
    actors = [row[0] for row in (*bulk, *tries, *night)] + [one["actor"] for one in hasty]
    known = looked_up(actors)
    return [
        *(_hour("bulk", row, known, mask) for row in bulk),
        *(
            _anomaly("hasty", one["actor"], known, mask, one["at"], count=one["seconds"])
            | {"log": one["log"], "position": one["position"]}
            for one in hasty
        ),
        *(_hour("refused", row, known, mask) for row in tries),
        *(
            _anomaly("night", actor, known, mask, _noon(day, search), count=count)
            | {"at": None, "day": day}
            for actor, day, count in night
        ),
    ]


def _noon(day: Any, search: Search) -> datetime:
    """Return a moment of a day: in which quarter somebody was seen."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone_of(search.state))


def _hour(sort: str, row: tuple[str, datetime, int], known: Known, mask: Mask) -> Shape:
    return _anomaly(sort, row[0], known, mask, row[1], count=row[2])


def _anomaly(sort: str, actor: str, known: Known, mask: Mask, at: datetime, *, count: int) -> Shape:
    return {
        "sort": sort,
        "person": mask.person(actor, known, at),
        "at": at,
        "day": None,
        "count": count,
        "log": None,
        "position": None,
    }
