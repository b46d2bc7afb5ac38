"""
On whose clocks a State's days begin and end: the IANA zone of its capital (pure).

A State with several zones has its capital's, for its central authority is there: whoever works
elsewhere is an hour or three off.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_ZONES = {
    "BZ": "America/Belize",
    "CA": "America/Toronto",
    "CR": "America/Costa_Rica",
    "DO": "America/Santo_Domingo",
    "GT": "America/Guatemala",
    "HN": "America/Tegucigalpa",
    "MX": "America/Mexico_City",
    "NI": "America/Managua",
    "PA": "America/Panama",
    "SV": "America/El_Salvador",
    "US": "America/New_York",
}
STATES = frozenset(_ZONES)


def zones() -> dict[str, str]:
    """Return the IANA zone of each State, by its code; of the region, whose code is empty, UTC."""
    return {"": "UTC", **_ZONES}


def zone_of(state: str) -> ZoneInfo:
    """Return a State's zone; UTC for the region."""
    return ZoneInfo(_ZONES.get(state, "UTC"))


def midnight(day: date, state: str) -> datetime:
    """Return the first moment of a day in a State's capital."""
    return datetime.combine(day, time(), zone_of(state))


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """Return what day it is in a zone."""
    return at.astimezone(zone).date()


def begins(day: date, zone: ZoneInfo) -> datetime:
    """
    Return the first moment of a day in a zone, in UTC.

    Where the clocks skip midnight the day begins when they have moved; of a midnight that comes
    twice the first counts.
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)
