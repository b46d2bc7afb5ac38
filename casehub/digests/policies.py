"""When somebody's e-mail is due, on the clocks of their zone, and what may be set. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from . import limits
from .states import NEVER, WEEKDAYS

FRIDAY = 5
# Of RFC 5321 what mail servers take everywhere: no quotes, no brackets, nothing that ends a header.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_LOCAL = 64  # characters before the @, RFC 5321 4.5.3.1.1


def why_not_set(*, often: str, zone: str, address: str) -> str | None:
    """Return why a choice cannot be kept, or None; whoever wants none needs no address."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return "digest-zone-unknown"
    if often == NEVER:
        return None
    fits = len(address) <= limits.ADDRESS and len(address.partition("@")[0]) <= _LOCAL
    return None if fits and _ADDRESS.fullmatch(address) else "digest-address-malformed"


def day_in(zone: str, now: datetime) -> date:
    """Return what day it is in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def begins(*, day: date, hour: int, zone: str) -> datetime:
    """
    Return when an hour of a day begins in a zone, in UTC.

    An hour that the clocks skip begins when they have been put forward; of one that comes twice the
    first counts.
    """
    here = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone))
    return here.astimezone(UTC)


def day_due(*, often: str, hour: int, zone: str, looked_on: date, now: datetime) -> date | None:
    """Return the day (of the zone) whose e-mail is due and was not looked at, or None."""
    day = day_in(zone, now)
    if day <= looked_on or often == NEVER or (often == WEEKDAYS and day.isoweekday() > FRIDAY):
        return None
    return day if now >= begins(day=day, hour=hour, zone=zone) else None


def looked_after_change(*, hour: int, zone: str, before: date | None, now: datetime) -> date:
    """
    Return up to which day nothing more is sent once somebody has set this, at `now`.

    An hour that is over today comes tomorrow; what was sent today is not sent again.
    """
    day = day_in(zone, now)
    today_is_over = now >= begins(day=day, hour=hour, zone=zone)
    since = day if today_is_over else day - timedelta(days=1)
    return since if before is None else max(since, min(before, day))
