"""What a designation's statement has to say, out of what the State has put together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid5

from casehub.core.lines import folded
from casehub.directory import statements
from casehub.directory.models import SignedStatement

from ..models import Consultation, Designation

Shape = dict[str, Any]
OBJECTION = "objection"
VERSION = 3  # of what is nominated now; earlier ones are judged as they were (ADR 34, 61)


def stamp(at: datetime) -> str:
    """Return an instant as statements write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def consultations_of(found: Designation) -> list[Consultation]:
    """
    Return what agencies were asked about this person in this role, in the order of asking.

    A term that renews another goes on with what was said about that, as long as it is true of it.
    """
    own = [one for one in _asked(found) if one.is_about(found)]
    old = found.renews
    if old is None or (found.name, found.roles) != (old.name, old.roles):
        return own
    return [*consultations_of(old), *own]


def _asked(found: Designation) -> list[Consultation]:
    own = list(found.consultations.filter(void=False).order_by("asked_at", "id"))
    return [*_answered_elsewhere(found), *own]


def _answered_elsewhere(found: Designation) -> list[Consultation]:
    """
    Return what agencies said before a term that was adopted, as its statement says; none is a row.

    Nobody asked them here, so no event tells of it: what was signed does.
    """
    if found.body is not None:
        return []
    lines = (signed_fields(found) or {}).get("consultation", [])
    return [
        Consultation(
            id=uuid5(found.id, str(place)),
            designation=found,
            agency=line["agency_kind"],
            asked_at=day,
            due_at=day,
            outcome=line["outcome"],
            date=date.fromisoformat(line["date"]),
            digest=line["digest"] or "",
            name=found.name,
            roles=found.roles,
        )
        for place, line in enumerate(lines)
        # Of the hour nothing was signed; at noon it is that day in every State.
        for day in [statements.instant(f"{line['date']}T12:00:00Z")]
    ]


def signed_body(found: Designation) -> bytes | None:
    """Return the bytes signed of a designation, here or before it was adopted; None if none are."""
    if found.body is not None:
        return bytes(found.body)
    if not found.statement:
        return None
    row = SignedStatement.objects.filter(digest=found.statement, type="designation").first()
    return bytes(row.body) if row is not None else None


def signed_fields(found: Designation) -> Mapping[str, Any] | None:
    """Return what those bytes say."""
    body = signed_body(found)
    said: Mapping[str, Any] | None = None if body is None else json.loads(body)
    return said


def objected_before(found: Designation) -> list[Consultation]:
    """
    Return the objections to what a draft, or the terms that it renews, said before, in their order.

    They are in no statement of what it says now, and whoever approves it is to know of them.
    """
    earlier = objected_before(found.renews) if found.renews is not None else []
    if found.renews is not None:
        earlier += [o for o in consultations_of(found.renews) if o.outcome == OBJECTION]
    earlier += [o for o in _asked(found) if o.outcome == OBJECTION and not o.is_about(found)]
    earlier += _objected_elsewhere(found)
    now = {one.id for one in consultations_of(found)}
    return list({one.id: one for one in earlier if one.id not in now}.values())


def _objected_elsewhere(found: Designation) -> list[Consultation]:
    """Return those to other drafts for the same person, or for a name that looks like theirs."""
    rows = (
        Consultation.objects.filter(designation__state=found.state, outcome=OBJECTION, void=False)
        .exclude(designation=found)
        .select_related("designation")
        .order_by("asked_at", "id")
    )
    own = folded(found.name)
    return [
        one
        for one in rows
        if one.designation.person == found.person or folded(one.name or one.designation.name) == own
    ]


def said(one: Consultation, now: datetime) -> tuple[str, str, str | None]:
    """Return an agency's outcome, its date and its document's digest as a statement says them."""
    lapsed = not one.outcome and one.due_at <= now
    outcome = "no-answer" if lapsed else one.outcome
    day = one.date or (one.due_at.date() if lapsed or outcome == "no-answer" else None)
    return outcome, day.isoformat() if day else "", one.digest or None


def fields_of(found: Designation, now: datetime) -> Shape:
    """
    Return what a designation's statement must say, besides its `serial` and `issued`.

    Two agencies of one kind with the same answer on the same day are one line of it: a list names
    each thing once.
    """
    consulted: list[Shape] = []
    for one in consultations_of(found):
        outcome, day, digest = said(one, now)
        line = {"agency_kind": one.agency, "date": day, "outcome": outcome, "digest": digest}
        if outcome and line not in consulted:
            consulted.append(line)
    return {
        "v": VERSION,
        "state": found.state,
        "person": str(found.person),
        "name": found.name,
        "post": found.post,
        "roles": found.role_list,
        "functions": found.function_list,
        "office": str(found.office_id),
        "agency": found.office.name,
        "scope": found.scope_list,
        "languages": found.language_list,
        "region": found.region or None,
        "deputy": str(found.deputy) if found.deputy else None,
        "from": stamp(found.starts),
        "until": stamp(found.until),
        "urgent": found.urgent,
        "consultation": consulted,
    }


def body_digest(body: bytes) -> str:
    """Return the SHA-256 of a body in hex, as every hand under it names it."""
    return hashlib.sha256(body).hexdigest()
