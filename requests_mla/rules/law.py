"""Who is bound by what on a day: every answer may be yes, no, or not known."""

from __future__ import annotations

from .book import Instrument


def _all(*answers: bool | None) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def bound(instrument: Instrument, state: str, day: str) -> bool | None:
    """
    Return whether a State is a party on `day` (YYYY-MM-DD); None if not known.

    A bilateral treaty binds nobody but those it names.
    """
    party = instrument.parties.get(state)
    if not state:
        return None
    if party is None:
        return False if instrument.kind == "bilateral" else None
    return party.party if not party.party else party.span.holds(day)


def in_force(instrument: Instrument, one: str, other: str, day: str) -> bool | None:
    """Return whether an instrument binds both States on `day`; None if that is not known."""
    return _all(
        bound(instrument, one, day), bound(instrument, other, day), instrument.span.holds(day)
    )
