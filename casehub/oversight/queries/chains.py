"""How somebody came to act: designated, vouched for, equipped, and in how many cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from audit.queries import concerns
from casehub.cases.models import CaseMember
from casehub.directory.models import Device, Person, SignedStatement

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
    made = SignedStatement.objects.filter(person=found.id, type__in=_STEPS)
    # What was entered in the same instant stands in the order in which it came to be.
    order = list(_STEPS)
    statements = sorted(made, key=lambda one: (one.entered_at, order.index(one.type)))
    devices = list(Device.objects.filter(person=found).order_by("added_at"))
    rows = [found, *statements, *devices]
    places = concerns.entries_of(row.audit_event_id for row in rows)
    nowhere: tuple[None, None] = (None, None)
    steps = [_step("entered", None, places.get(found.audit_event_id, nowhere), 1)]
    steps += [
        _step(
            _STEPS[one.type],
            one.entered_at,
            places.get(one.audit_event_id, nowhere),
            len(one.signatures),
        )
        for one in statements
    ]
    if devices:
        last = devices[-1]
        place = places.get(last.audit_event_id, nowhere)
        steps.append(_step("devices", last.added_at, place, len(devices)))
    cases = CaseMember.objects.filter(person=found, removed_at=None).count()
    return [*steps, _step("cases", None, nowhere, cases)]


def _step(step: str, at: object, place: tuple[str | None, int | None], count: int) -> Shape:
    return {"step": step, "at": at, "log": place[0], "position": place[1], "count": count}
