"""
What the state of a log means for somebody who relies on it (pure).

Limits are those under which the log is run (docs/audit-log.md): an act has its place after a
minute, others have cosigned it after ten; witnesses say each hour that they see the same tree.
Witnesses too few for a quorum are said at once: there is nothing to wait for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

PLACE_AFTER = timedelta(seconds=60)
COSIGNED_AFTER = timedelta(minutes=10)
ABSENT_AFTER = timedelta(hours=1)
# Of one size a new note comes every hour; somebody may be late.
REPEATED_AFTER = timedelta(hours=1, minutes=10)
_LEVELS = ("ok", "note", "amber", "red")


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What is known of a log.

    `waiting_for` is how long the oldest act has had no place, `behind_for` how long the oldest has
    had no quorum; `heard` are witnesses, when each was last heard (None: never) and its trouble.
    """

    published_at: datetime | None
    cosigned: int
    needed: int
    known: int
    disputed: bool
    waiting_for: timedelta | None
    behind_for: timedelta | None
    heard: tuple[tuple[str, datetime | None, str], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`level` is ok, note, amber or red; `reasons` are codes, the gravest first."""

    level: str
    reasons: tuple[str, ...]


def judge(log: Standing, *, own: str, now: datetime) -> Verdict:
    """Return what to think of a log; `own` names the reader's own State's witness."""
    found: list[tuple[int, str]] = []
    if log.disputed:
        found.append((3, "disputed"))
    if log.behind_for is not None and log.behind_for > COSIGNED_AFTER:
        found.append((3, "below-quorum"))
    elif log.published_at is None:
        found.append((2, "nothing-published"))
    elif log.known and now - log.published_at > REPEATED_AFTER:
        found.append((3, "not-repeated"))
    if log.waiting_for is not None and log.waiting_for > PLACE_AFTER:
        found.append((2, "waits"))
    if log.known == 0:
        found.append((2, "no-witnesses"))
    late = {name for name, seen, _ in log.heard if seen is None or now - seen > REPEATED_AFTER}
    absent = late | {name for name, _, trouble in log.heard if trouble}
    if log.known - len(absent) < log.needed:
        # At once: what is recorded from now on is attested by nobody, however little waits yet.
        found.append((2, "quorum-missing"))
    if own in late:
        found.append((2, "own-witness-missing"))
    if absent - (late & {own}) and all(code != "quorum-missing" for _, code in found):
        found.append((1, "witness-missing"))
    found.sort(key=lambda one: -one[0])
    level = _LEVELS[found[0][0]] if found else "ok"
    return Verdict(level, tuple(code for _, code in found))
