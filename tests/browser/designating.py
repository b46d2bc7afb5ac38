"""A designation in a running server's region, up to its code; and the binding that ends it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.core.frames import to_b64u
from casehub.core.http import clock
from casehub.demo.keys import KeyRing
from casehub.designations.models import Designation
from casehub.designations.services import Draft
from casehub.directory import queries
from casehub.directory.models import Person
from casehub.directory.statements import as_wire, fingerprint, make
from tests.factories import Region, Someone, stamp
from tests.integration.designations.lives import Life


def played(username: str) -> Someone:
    """Return a fictional person of the demo, with the key that the demo's ceremony gave them."""
    person = Person.objects.get(account__username=username)
    seed = KeyRing().key_of(str(person.id))
    assert seed is not None
    return Someone(
        str(person.id),
        str(person.account_id),
        str(person.state_id),
        person.role_set,
        Ed25519PrivateKey.from_private_bytes(seed),
    )


class DemoLife(Life):
    """The way to a designation, by the demo's fictional people."""

    def __post_init__(self) -> None:
        self.now: datetime = clock().replace(microsecond=0)
        handle = self.state.lower()
        self.coordinator = played(f"{handle}.coordinacion")
        self.one, self.two = (played(f"{handle}.cancilleria{n}") for n in (1, 2))

    def said(self, **changes: object) -> Draft:
        office = Person.objects.get(id=self.coordinator.person).office
        self.region.seats[self.state] = type("Seat", (), {"office": office})()
        return super().said(**changes)


def code(name: str, state: str = "SV") -> str:
    """Designate somebody and return their designation's id and the code for their enrolment."""
    life = DemoLife(Region(clock().replace(microsecond=0)), state)
    life.consulted(name=name).nominate()
    life.approve(life.one)
    life.approve(life.two)
    return f"{life.designation} {life.code()}"


def told(name: str) -> str:
    """Return what each State is told of somebody, the first thing first: `MX:announced,…`."""
    now = clock()
    found = {}
    for person in Person.objects.filter(account__username__endswith=".central"):
        actor = queries.actor_behind(account=str(person.account_id), session="", device=None)
        assert actor is not None
        about = [one for one in queries.notices_for(actor, now=now) if one["name"] == name]
        found[actor.state] = ",".join(one["kind"] for one in reversed(about))
    return " ".join(f"{state}:{kinds}" for state, kinds in sorted(found.items()))


def bind(designation: str) -> str:
    """Bind the key that the person has offered, as their coordinator does."""
    row = Designation.objects.get(id=UUID(designation))
    assert row.key is not None
    life = DemoLife(Region(clock().replace(microsecond=0)), row.state)
    life.designation = row.id
    fields = {
        "serial": str(UUID(int=row.id.int ^ 1)),
        "issued": stamp(life.now),
        "state": row.state,
        "person": str(row.person),
        "key": to_b64u(bytes(row.key)),
        "words": fingerprint(bytes(row.key)),
        "designation": str(row.serial),
    }
    life.bind(statement=as_wire(make("binding", fields, [life.coordinator.key])))
    return "bound"


def approved_at(designation: str) -> str:
    """Return when somebody was designated by the last hand that it took (ISO 8601)."""
    at = Designation.objects.get(id=UUID(designation)).approved_at
    assert at is not None
    return at.isoformat()
