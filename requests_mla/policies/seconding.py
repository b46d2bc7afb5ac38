"""Why not, of the second hand under a step: who puts it, how long it is waited for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casehub.core.lines import is_same_name

from ..codes import URGENT

WAITS, WAITS_URGENT = timedelta(hours=72), timedelta(hours=2)
"""How long a proposed step waits for its second hand (ROLES 1(5))."""


class Wait(StrEnum):
    """How a proposed step stands; "stopped": its first hand counts no more."""

    WAITS = "waits"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Hand:
    """Whoever signs: which person, under which name, with which public key, if that is known."""

    person: str
    name: str
    key: bytes = b""


def lapses(now: datetime, *, urgency: str | None) -> datetime:
    """Return when a step that is proposed now lapses."""
    return now + (WAITS_URGENT if urgency in URGENT else WAITS)


def is_same(first: Hand, second: Hand) -> bool:
    """
    Say whether two hands are one person's: whoever comes back with a new account is not another.

    By name as well, for a person who was designated anew has another id and another key. Of two
    who have one name the second hand is somebody else's.
    """
    if first.person == second.person or (first.key and first.key == second.key):
        return True
    return is_same_name(first.name, second.name)


def wait_of(*, outcome: str, lapses_at: datetime, stands: bool, now: datetime) -> Wait:
    """Return how a proposed step stands; nothing needs to run for it to lapse."""
    if outcome:
        return Wait(outcome)
    if not stands:
        return Wait.STOPPED
    return Wait.LAPSED if now >= lapses_at else Wait.WAITS


def why_not_propose(wait: Wait | None) -> str | None:
    """Return why no step is proposed, or None: one at a time waits, so that none is overlooked."""
    return "second-asked" if wait is Wait.WAITS else None


def why_not_second(wait: Wait | None, *, step: str, seen: str) -> str | None:
    """Return why nobody confirms or declines what they saw as `seen`, or None."""
    if wait is None:
        return "second-over"
    if seen != step:
        return "second-changed"
    if wait is Wait.STOPPED:
        return "second-hand-stopped"
    return None if wait is Wait.WAITS else "second-over"


def why_not_other(first: Hand, second: Hand) -> str | None:
    """Return why a hand is not the second beside `first`, or None: it is another person's."""
    return "second-own" if is_same(first, second) else None


def why_not_alone(*, two: bool) -> str | None:
    """Return why one hand does not do a step, or None."""
    return "second-hand-needed" if two else None


def why_not_two(*, two: bool) -> str | None:
    """Return why a step is not proposed to a second person, or None: it takes one hand."""
    return None if two else "second-not-asked"


def others_than(first: Hand, among: Collection[Hand]) -> list[Hand]:
    """Return who of these can be the second hand beside `first`."""
    return [one for one in among if not is_same(first, one)]
