"""Why not, of exports for a court."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from . import limits

MAY_CONSENT = frozenset({"coordinator"})


class CourtStep(StrEnum):
    """What an export waits for, or how it ended; "void": a hand under it was stopped since."""

    CONSENT = "consent"
    READY = "ready"
    MADE = "made"
    REFUSED = "refused"
    LAPSED = "lapsed"
    VOID = "void"


OPEN = frozenset({CourtStep.CONSENT, CourtStep.READY})


def step_of(
    *, foreign: bool, consented: bool, made: bool, refused: bool, lapses_at: datetime, now: datetime
) -> CourtStep:
    """Return what it waits for, or how it ended; nothing needs to run for it to lapse."""
    if made or refused:
        return CourtStep.MADE if made else CourtStep.REFUSED
    if now >= lapses_at:
        return CourtStep.LAPSED
    return CourtStep.CONSENT if foreign and not consented else CourtStep.READY


def why_not_ask(*, first: int, last: int, head: int, messages: int) -> str | None:
    """Return why entries `first` to `last` of a log that ends at `head` are no range, or None."""
    if not 1 <= first <= last <= head or messages == 0:
        return "export-range"
    return "export-long" if last - first >= limits.MOST_ENTRIES else None


def why_not_sealed(*, foreign: bool, keys: int) -> str | None:
    """Return why a wish that takes a second person cannot be looked at by any, or None."""
    return "export-unseen" if foreign and keys == 0 else None


def why_not_decide(*, step: CourtStep, own: bool, wish: str, seen: str) -> str | None:
    """Return why somebody of the coordination may not decide on a wish, or None."""
    if own:
        return "export-own"
    if step is CourtStep.VOID:
        return "export-hand-stopped"
    if step is not CourtStep.CONSENT:
        return "export-over"
    return None if seen == wish else "export-changed"


def why_not_sign(*, said_at: datetime, now: datetime, signed: bool) -> str | None:
    """Return why a consent's signature or date does not count, or None."""
    return why_not_date(said_at=said_at, now=now) if signed else "export-signature"


def why_not_date(*, said_at: datetime, now: datetime) -> str | None:
    """Return why a moment that a device has signed does not count, or None."""
    return "export-clock" if abs(said_at - now) > limits.CLOCKS else None


def why_not_make(*, step: CourtStep, stands: bool) -> str | None:
    """Return why it may not be made, or None; `stands`: who consented could still do so."""
    if step is CourtStep.CONSENT:
        return "export-unconsented"
    if step is CourtStep.VOID or not stands:
        return "export-hand-stopped"
    return None if step is CourtStep.READY else "export-over"


def lapses(at: datetime) -> datetime:
    """Return when what was said at `at` counts no more."""
    return at + limits.LASTS
