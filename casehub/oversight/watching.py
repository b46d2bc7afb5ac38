"""How the log is, looked up at most every few seconds: anybody may ask, and asking costs little."""

from __future__ import annotations

from datetime import datetime, timedelta

from audit.queries import health
from audit.states import Finding

EVERY = timedelta(seconds=5)
_last: list[tuple[datetime, list[Finding]]] = []


def findings(now: datetime) -> list[Finding]:
    """Return what is not as it should be, the worst first, as of five seconds ago at most."""
    if not _last or abs(now - _last[-1][0]) >= EVERY:
        _last[:] = [(now, health.findings(now))]
    return _last[-1][1]


def look_again() -> None:
    """Forget the last answer."""
    _last.clear()
