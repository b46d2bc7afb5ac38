"""
On whose clocks a night is a night: the IANA zone of each State's capital.

A State with several zones has its capital's: whoever works elsewhere is an hour or three off, which
a person who looks at night access has to know (docs/auditor.md).
"""

from __future__ import annotations

from datetime import date, datetime, time
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
NIGHT = (22, 23, 0, 1, 2, 3, 4, 5)  # hours of the day


def zones() -> dict[str, str]:
    """Return the IANA zone of each State, by its code; of the region, whose code is empty, UTC."""
    return {"": "UTC", **_ZONES}


def zone_of(state: str) -> ZoneInfo:
    """Return a State's zone; UTC for the region."""
    return ZoneInfo(_ZONES.get(state, "UTC"))


def midnight(day: date, state: str) -> datetime:
    """Return the first moment of a day in a State's capital."""
    return datetime.combine(day, time(), zone_of(state))
