"""
Seeing without knowing: what an entry names, said so that it tells an auditor no person's name.

Every id is looked up and said as what it is: a case by its reference, a person by a pseudonym. What
is neither gets a mark; nothing passes unless it is known to say nothing about who somebody is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from audit import keyring
from audit.queries import fields_of
from casehub.cases.models import Case, Circle
from casehub.directory.models import Device, Person
from requests_mla.models import Request

from .. import pseudonyms
from ..models import UnmaskingDecision

_ID = re.compile(r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$")
_HEX = re.compile(r"^[0-9a-f]{32,}$")
# Digests of ciphertext nobody can guess; those of statements lie in the directory beside a name.
_OPEN_DIGESTS = ("messaging.", "requests.")
# Both States read these, and to one of them no case stands behind the request.
_NO_CASE = ("requests.consultation.",)
Shape = dict[str, Any]


@dataclass(slots=True)
class Known:
    """What some ids are."""

    people: dict[str, Person] = field(default_factory=dict)
    # accounts and devices, whose they are
    owners: dict[str, str] = field(default_factory=dict)
    things: dict[str, tuple[str, str]] = field(default_factory=dict)


def looked_up(values: Iterable[str]) -> Known:
    """Look up what these are, each sort of thing in one query."""
    ids = {UUID(value) for value in values if _ID.fullmatch(value)}
    known = Known()
    if not ids:
        return known
    for device, person in Device.objects.filter(id__in=ids).values_list("id", "person_id"):
        known.owners[str(device)] = str(person)
    wanted = ids | {UUID(owner) for owner in known.owners.values()}
    people = Person.objects.select_related("office")
    signing_in = Q(account_id__in=ids) | Q(enrolling_id__in=ids)
    for one in [*people.filter(id__in=wanted), *people.filter(signing_in)]:
        known.people[str(one.id)] = one
        known.owners |= {str(account): str(one.id) for account in one.accounts}
    for case in Case.objects.filter(id__in=ids):
        known.things[str(case.id)] = ("case", case.reference)
    # Of a note's circle one State is not in the case: to it, no case stands behind the note.
    circles = Circle.objects.filter(id__in=ids).exclude(kind=Circle.Kind.NOTE)
    for circle in circles.select_related("case"):
        sort = {"case": "case", "drafting": "draft"}.get(circle.kind, "thread")
        known.things[str(circle.id)] = (sort, circle.case.reference)
    for request in Request.objects.filter(id__in=ids).select_related("case"):
        known.things[str(request.id)] = ("request", request.case.reference)
    return known


class Mask:
    """
    How one auditor sees persons: `reader` is their State.

    `names` holds whom they may know, each with the quarter in which they may.
    """

    def __init__(
        self,
        reader: str,
        *,
        names: Collection[tuple[str, str]] = (),
        own: str = "",
        offices: bool = True,
    ) -> None:
        self._reader = reader
        self._offices = offices
        self._names = frozenset(names)
        self._own = own
        self._key = pseudonyms.key_of(keyring.events_secret(), reader)

    def person(self, id_: str, known: Known, at: datetime) -> Shape | None:
        """Return somebody at a moment; None for nobody."""
        if not id_:
            return None
        who = known.owners.get(id_, id_)
        found = known.people.get(who)
        state = (found.state_id or "") if found else ""
        quarter = pseudonyms.quarter_of(at)
        told = self._offices and state == self._reader
        return {
            "pseudonym": pseudonyms.pseudonym(self._key, quarter, who),
            "quarter": quarter,
            "state": state,
            "office": found.office.name if found and told else None,
            "name": found.name if found and (who, quarter) in self._names else None,
            "own": who == self._own,
        }

    def thing(self, value: object, known: Known, at: datetime, *, kind: str) -> Shape:
        """Return one value of a field of an act of `kind`, or the subject of one."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if text in known.owners or text in known.people:
            person = self.person(text, known, at)
            assert person is not None  # noqa: S101 - a known one is somebody
            return {"sort": "person", "text": person["pseudonym"], "person": person}
        if text in known.things and not kind.startswith(_NO_CASE):
            sort, reference = known.things[text]
            own = "" if sort == "case" else f" · {text[:8]}"
            return {"sort": sort, "text": f"{reference}{own}"}
        hidden = _ID.fullmatch(text) or (
            _HEX.fullmatch(text) and not kind.startswith(_OPEN_DIGESTS)
        )
        if hidden:
            mark = pseudonyms.pseudonym(self._key, pseudonyms.quarter_of(at), text)
            return {"sort": "opaque", "text": mark.removeprefix(pseudonyms.PREFIX)}
        return {"sort": "value", "text": text}

    def fields(
        self, payload: Mapping[str, Any], known: Known, at: datetime, *, kind: str
    ) -> list[Shape]:
        """Return the fields of an act, each with its values."""
        return [
            {
                "name": name,
                "values": [
                    self.thing(one, known, at, kind=kind)
                    for one in (value if isinstance(value, list) else [value])
                    if one not in {None, ""}
                ],
            }
            for name, value in sorted(payload.items())
        ]


def values_in(payload: Mapping[str, Any]) -> list[str]:
    """Return everything in an act's fields that may be an id."""
    found: list[str] = []
    for value in payload.values():
        found += [str(one) for one in (value if isinstance(value, list) else [value])]
    return found


def unmasked_for(person: str, *, now: datetime) -> set[tuple[str, str]]:
    """
    Return whom somebody may know by name now, and in which quarter.

    What they asked or agreed to and has not run out. It was about one pseudonym, which is one
    quarter's: in another the same person stays unknown, or the ground would reach over years.
    """
    own = UUID(person)
    rows = [
        row
        for row in UnmaskingDecision.objects.filter(agreed=True, until__gt=now).select_related(
            "unmasking"
        )
        if own in {row.decider_id, row.unmasking.asker_id}
    ]
    said = fields_of(row.unmasking.audit_event_id for row in rows)
    return {
        (said[row.unmasking.audit_event_id]["person"], row.unmasking.quarter)
        for row in rows
        if row.unmasking.audit_event_id in said
    }
