"""What the demo's directory tells of its fictional offices and people: invented, and said so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from casehub.calendars.zones import zone_of
from casehub.core.actor import Actor
from casehub.directory import services
from requests_mla.screening import rulebook

from .people import Post

SCOPE = ("smuggling", "trafficking")
SOURCE = "Región de demostración: dato ficticio"
OF_ASSISTANCE = {"mla", "convention", "conditional"}  # instruments under which requests travel
# One State whose authority for an instrument was another office before, as happens.
MOVED = ("SV", "UNCAC-46", date(2022, 6, 21))
HOURS = {
    "liaison": ((1, 2, 3, 4, 5), "08:00", "16:00"),
    "coordinator": ((1, 2, 3, 4, 5, 6), "07:30", "17:30"),
}
# No country has the code 999 (ITU-T E.164: kept for later), so nobody's telephone rings.
UNREAL = "+999"
USUAL = ((1, 2, 3, 4, 5), "08:30", "16:30")


def furnish(state: str, *, offices: Mapping[str, UUID], actor: Actor, now: datetime) -> None:
    """Name a State's central authority for each treaty that binds it, from the day it does."""
    for instrument in sorted(rulebook().document["instruments"], key=lambda one: str(one["id"])):
        party = instrument["parties"].get(state, {})
        since = _day(party.get("from"))
        if instrument["class"] not in OF_ASSISTANCE or party.get("party") != "yes" or since is None:
            continue
        name = str(instrument["id"])
        moved = MOVED[2] if MOVED[:2] == (state, name) else None
        _enter(name, offices["ministry" if moved else "central"], since, actor, now)
        if moved:
            _enter(name, offices["central"], moved, actor, now)


def _enter(instrument: str, office: UUID, since: date, actor: Actor, now: datetime) -> None:
    services.enter_competence(
        office=office,
        instrument=instrument,
        since=since,
        source=SOURCE,
        confidence="low",
        actor=actor,
        now=now,
    )


def _day(written: object) -> date | None:
    """Return the day that the rulebook writes, if it is one: it may know a year, or nothing."""
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None


def telephone_of(number: int, index: int) -> str:
    """Return a telephone that cannot be real, by the numbers of a State and of its office."""
    return f"{UNREAL} {number:02d}0 {index:04d}"


def keep_hours(person: UUID, *, post: Post, state: str, actor: Actor, now: datetime) -> None:
    """Give a person the working hours of their post, on their capital's clocks."""
    days, opens, closes = HOURS.get(post.role, USUAL)
    services.change_hours(
        person=person,
        zone=zone_of(state).key,
        days=days,
        opens=opens,
        closes=closes,
        actor=actor,
        now=now,
    )
