"""Why an auditor may not do something, or nothing."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime

from . import limits

_REFERENCE = re.compile(r"[\w .:;,()/§-]{3,64}")
_DECEMBER = 12


def why_not_search(*, since: date | None, until: date | None) -> str | None:
    """Return why a period cannot be searched: no act in no time would read like nothing done."""
    inverted = since is not None and until is not None and since > until
    return "period-inverted" if inverted else None


def why_not_ask(*, ground: str, reference: str, own_state: bool, own: bool) -> str | None:
    """Return why a pseudonym cannot be asked about: of whom, and on what ground."""
    if ground not in limits.GROUNDS or not _REFERENCE.fullmatch(reference):
        return "unmasking-ground"
    if own:
        return "unmasking-own"
    return None if own_state else "unmasking-foreign"


def why_not_seen(*, digest: str, seen: str) -> str | None:
    """Return why a hand does not count: what its page showed is not what was asked."""
    return None if digest == seen else "payload-changed"


def why_not_decide(*, stage: str, own: bool) -> str | None:
    """Return why somebody cannot answer a wish: it is their own, or no more open."""
    if own:
        return "second-person-needed"
    return None if stage == "open" else "unmasking-closed"


def why_not_defer(
    *, ground: str, reference: str, until: datetime, due: datetime, own: bool, now: datetime
) -> str | None:
    """
    Return why telling somebody at `due` cannot be put off until another moment.

    Once it is due they may have been told: what was said cannot be unsaid, and the log must not
    look as if it had.
    """
    if ground not in limits.DEFERRAL_GROUNDS or not _REFERENCE.fullmatch(reference):
        return "unmasking-ground"
    if own:
        return "unmasking-own"
    if now >= due:
        return "deferral-late"
    return None if due < until <= now + limits.DEFERRED_MOST else "deferral-period"


def why_not_decide_deferral(*, stage: str, own: bool, due: datetime, now: datetime) -> str | None:
    """Return why somebody cannot answer a wish to put it off."""
    why = why_not_decide(stage=stage, own=own)
    return why or (None if now < due else "deferral-late")


def why_not_pair(*, first: str, second: str, known: Collection[str], consented: bool) -> str | None:
    """Return why what concerns two States is not shown to the region."""
    if first == second or not {first, second} <= set(known):
        return "unknown-state"
    return None if consented else "pair-consent"


def why_not_ask_pair(
    *, ground: str, reference: str, quarter: str, known: Collection[str]
) -> str | None:
    """Return why a quarter of a pair cannot be asked for: `known` quarters can."""
    if ground not in limits.GROUNDS or not _REFERENCE.fullmatch(reference):
        return "unmasking-ground"
    return None if quarter in known else "bad-frame"


def why_not_read_pair(*, stage: str) -> str | None:
    """Return why a pair's acts are not shown: nobody has agreed, or it has run out."""
    return None if stage == "agreed" else "unmasking-closed"


def why_not_keep(*, count: int) -> str | None:
    """Return why no more filters can be kept."""
    return "views-full" if count >= limits.VIEWS else None


def month_of(month: str) -> tuple[datetime, datetime]:
    """Return the first moment of a month such as `2026-11` in UTC, and the first after it."""
    year, number = int(month[:4]), int(month[5:])
    following = (year + 1, 1) if number == _DECEMBER else (year, number + 1)
    return datetime(year, number, 1, tzinfo=UTC), datetime(*following, 1, tzinfo=UTC)


def why_not_count(month: str, *, now: datetime) -> str | None:
    """
    Return why a month's counts are not told: it can still grow.

    Read before and after an act, they would tell that act. The log takes changes up to a day late.
    """
    return None if now >= month_of(month)[1] + limits.MONTH_SETTLES else "month-not-over"
