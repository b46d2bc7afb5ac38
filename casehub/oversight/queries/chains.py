"""How somebody came to act: nominated, approved, vouched for, equipped, and in how many cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F

from audit.queries import concerns
from audit.queries.concerns import Search
from casehub.cases.models import CaseMember
from casehub.designations.models import Approval, Designation
from casehub.directory.models import Device, Person, SignedStatement

from .. import limits

Shape = dict[str, Any]
_STEPS = {"designation": "designated", "binding": "bound"}


def behind(person: str, *, reader: str) -> list[Shape]:
    """Return the steps behind a person of the reader's own State, in order; of others none."""
    try:
        found = Person.objects.filter(id=UUID(person), state_id=reader).first()
    except ValueError:  # a machine, or somebody without an account
        return []
    if found is None:
        return []
    signed = SignedStatement.objects.filter(person=found.id, type__in=_STEPS)
    # What was entered in the same instant stands in the order in which it came to be.
    order = list(_STEPS)
    statements = sorted(signed, key=lambda one: (one.entered_at, order.index(one.type)))
    devices = list(Device.objects.filter(person=found).order_by("added_at"))
    hands = _hands(found)
    rows = [found, *hands, *statements, *devices]
    places = concerns.entries_of(row.audit_event_id for row in rows)
    nowhere: tuple[None, None] = (None, None)
    steps = [_step("entered", None, places.get(found.audit_event_id, nowhere), 1)]
    made = _nominations(found, reader) + [
        _step("approved", hand.at, places.get(hand.audit_event_id, nowhere), hand.place)
        for hand in hands
    ]
    made += [
        _step(
            _STEPS[one.type],
            one.entered_at,
            places.get(one.audit_event_id, nowhere),
            len(one.signatures),
        )
        for one in statements
    ]
    # The last hand and what it makes of the nomination are of one moment: in this order.
    steps += sorted(made, key=lambda one: one["at"])
    if devices:
        last = devices[-1]
        place = places.get(last.audit_event_id, nowhere)
        steps.append(_step("devices", last.added_at, place, len(devices)))
    cases = CaseMember.objects.filter(person=found, removed_at=None).count()
    return [*steps, _step("cases", None, nowhere, cases)]


def _hands(person: Person) -> list[Approval]:
    """Return the hands under what was nominated, the first one first; void ones are no step."""
    rows = Approval.objects.filter(designation__person=person.id, digest=F("designation__digest"))
    return list(rows.order_by("at", "place"))


def _nominations(person: Person, reader: str) -> list[Shape]:
    """Return each nomination of a person; of one that was nominated anew the last."""
    terms = Designation.objects.filter(person=person.id, nominated_at__isnull=False)
    names = tuple(str(id_) for id_ in terms.values_list("id", flat=True))
    if not names:
        return []
    kinds = ("designations.designation.nominated",)
    search = Search(reader, kinds=kinds, subjects=names)
    last = {row.subject: row for row in concerns.moments(search, most=limits.PAIRED)}
    places = concerns.places(row.entry for row in last.values())
    return [_step("nominated", row.at, places[row.entry], 1) for row in last.values()]


def _step(step: str, at: object, place: tuple[str | None, int | None], count: int) -> Shape:
    return {"step": step, "at": at, "log": place[0], "position": place[1], "count": count}
