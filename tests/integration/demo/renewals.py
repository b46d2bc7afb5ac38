"""Somebody of the demo region whose term goes on, by their own coordination and ministry."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.demo.keys import KeyRing
from casehub.designations import services
from casehub.designations.models import Designation
from casehub.designations.queries import reading
from casehub.directory.models import Person
from tests.factories import Someone
from tests.integration.designations.lives import DAY, Life


def playing(username: str) -> Someone:
    """Return somebody of the demo with the key that its browser is given."""
    row = Person.objects.get(account__username=username)
    key = Ed25519PrivateKey.from_private_bytes(KeyRing().key_of(str(row.id)))
    return Someone(
        str(row.id),
        str(row.account_id),
        row.state_id,
        row.role_set,
        key,
        functions=row.function_set,
    )


@dataclass
class Renewal(Life):
    """One State of the demo, and somebody there whose term goes on."""

    def __post_init__(self) -> None:
        self.now = self.region.now
        handle = self.state.lower()
        self.coordinator = playing(f"{handle}.coordinacion")
        self.one, self.two = (playing(f"{handle}.cancilleria{number}") for number in (1, 2))

    def of(self, username: str) -> Renewal:
        """Take the term of somebody."""
        who = playing(username)
        self.key = who.key
        self.designation = Designation.objects.get(person=who.person).id
        return self

    def begin(self, by: Someone | None = None, **changes: object) -> Renewal:
        """Renew as the term before it says, but for `changes`."""
        old = self.row
        said = services.Draft(
            name=old.name,
            post=old.post,
            office=old.office_id,
            roles=old.role_list,
            functions=old.function_list,
            languages=old.language_list,
            scope=old.scope_list,
            region=old.region or None,
            deputy=old.deputy,
            starts=self.now,
            until=self.now + 180 * DAY,
            urgent=False,
        )
        self.designation = services.renew_designation(
            designation=old.id,
            said=replace(said, **changes),
            rekey=False,
            **self.acting(by or self.coordinator),
        )
        return self

    def through(self, by: Someone | None = None) -> None:
        """Go the whole way: whoever nominates, both officers if both are needed, the key."""
        self.nominate(by)
        hands = reading.shape(self.row, self.now)["hands"]
        for officer in (self.one, self.two)[:hands]:
            self.approve(officer)
        self.bind(self.binder())
