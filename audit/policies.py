"""When the log is too far behind to take more, and what of its state somebody should know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from .limits import PLACED_LATE, PUBLISHED_LATE, STALLED, WITNESS_GONE, WITNESS_LATE
from .states import Finding, Level, Standing, Strays, WitnessSeen

# A witness that says these will not come back by itself: somebody has to call somebody.
NEEDS_A_PERSON = frozenset({"clock", "nonsense", "refused", "unknown-log"})


def stalled_by(standing: Standing) -> str | None:
    """Return the code, as in `LogStalled`, of what speaks against taking a change now, or None."""
    if standing.waiting >= standing.most:
        return "full"
    if standing.oldest is not None and standing.at - standing.oldest > STALLED:
        return "unpublished"
    return None


def level_of(found: Iterable[Finding]) -> Level:
    """Return how serious the worst of them is."""
    levels = {one.level for one in found}
    return next((one for one in (Level.RED, Level.AMBER) if one in levels), Level.GREEN)


def findings(
    *,
    standing: Standing,
    strays: Strays,
    disputed: Iterable[str],
    witnesses: Iterable[WitnessSeen],
    now: datetime,
) -> list[Finding]:
    """Return all that is not as it should be, the worst first; `now` judges the witnesses."""
    found = [
        *_behind(standing),
        *_rows(strays),
        *(Finding("disputed", Level.RED, log) for log in disputed),
        *(one for seen in witnesses for one in _witness(seen, now)),
    ]
    return sorted(found, key=lambda one: one.level != Level.RED)


def _behind(standing: Standing) -> Iterator[Finding]:
    why = stalled_by(standing)
    if why is not None:
        since, count = (None, standing.waiting) if why == "full" else (standing.oldest, None)
        yield Finding("log-stalled", Level.RED, since=since, count=count)
    elif 2 * standing.waiting >= standing.most:
        yield Finding("queue-half-full", Level.AMBER, count=standing.waiting)
    for code, since, late in (
        ("unplaced", standing.unplaced_since, PLACED_LATE),
        ("unsigned", standing.unsigned_since, PLACED_LATE),
        ("unpublished", standing.unpublished_since, PUBLISHED_LATE),
    ):
        level = _level(since, standing.at, late, PUBLISHED_LATE)
        if level is not Level.GREEN:
            yield Finding(code, level, since=since)


def _level(since: datetime | None, now: datetime, amber: timedelta, red: timedelta) -> Level:
    if since is None or now - since <= amber:
        return Level.GREEN
    return Level.RED if now - since > red else Level.AMBER


def _rows(strays: Strays) -> Iterator[Finding]:
    for code, count in (
        ("stray-entries", strays.entries),
        ("stray-tiles", strays.tiles),
        ("stray-places", strays.places),
    ):
        if count:
            yield Finding(code, Level.RED, count=count)


def _witness(seen: WitnessSeen, now: datetime) -> Iterator[Finding]:
    subject = f"{seen.name} {seen.log}"
    if seen.trouble in NEEDS_A_PERSON:
        yield Finding(f"witness-{seen.trouble}", Level.AMBER, subject, seen.seen_at)
    elif seen.seen_at is None:
        yield Finding("witness-never-seen", Level.AMBER, subject)
    elif (level := _level(seen.seen_at, now, WITNESS_LATE, WITNESS_GONE)) is not Level.GREEN:
        yield Finding("witness-not-seen", level, subject, seen.seen_at)
