"""A term whose statements were signed elsewhere is taken over as they say, and for nobody twice."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.core.actor import Actor
from casehub.core.errors import Refused
from casehub.demo.ceremony import Cast, Ceremony
from casehub.designations import services
from casehub.designations.models import Designation
from casehub.directory import services as directory

pytestmark = pytest.mark.django_db
NOBODY = Actor(id="", account="", state="SV", roles=frozenset(), office="", session="")


@pytest.fixture
def signed(region, now):
    """What a ministry and a coordinator signed for somebody of the directory who has no term."""
    who = region.person("SV")
    office = region.seat("SV").office
    key = Ed25519PrivateKey.generate()
    cast = Cast(who.id, "liaison", key, who.person, "Fiscal de enlace", office.id, office.name)
    ceremony = Ceremony("SV", now=now)
    designation = ceremony.designation(cast, by=[key])
    return designation, ceremony.binding(cast, designation, by=[key])


@pytest.fixture
def entered(signed, now):
    for statement in signed:
        directory.enter_statement(statement=statement, actor=NOBODY, now=now)
    return signed


@pytest.fixture
def adopt(region, now):
    drafter = region.seat("SV").coordinator.id

    def call(designation, binding):
        return services.adopt_term(
            signed=designation, binding=binding, drafter=drafter, actor=NOBODY, now=now
        )

    return call


def refused(act, *args):
    with pytest.raises(Refused) as error:
        act(*args)
    return error.value.code


class TestATerm:
    def test_is_taken_over_in_force_as_its_statements_say(self, entered, adopt, recorded):
        designation, binding = entered
        with recorded("designations.ceremony.entered"):
            found = Designation.objects.get(id=adopt(designation, binding))
        assert (found.stage, found.roles, found.statement) == (
            "active",
            "liaison",
            designation.digest,
        )
        assert found.serial == UUID(designation.fields["serial"])

    def test_is_taken_over_once(self, entered, adopt):
        adopt(*entered)
        assert refused(adopt, *entered) == "enrolled-already"

    def test_has_its_statements_in_the_directory(self, signed, adopt):
        assert refused(adopt, *signed) == "payload-changed"

    def test_has_a_key_that_was_vouched_for(self, entered, adopt):
        designation, _ = entered
        assert refused(adopt, designation, None) == "payload-changed"

    def test_is_of_the_designation_that_the_key_is_for(self, entered, adopt, now):
        designation, binding = entered
        key = Ed25519PrivateKey.generate()
        who = UUID(designation.person)
        cast = Cast(who, "liaison", key, "Otra", "Fiscal", uuid4(), "Fiscalía")
        ceremony = Ceremony("SV", now=now)
        other = ceremony.designation(cast, by=[key])
        directory.enter_statement(statement=other, actor=NOBODY, now=now)
        assert refused(adopt, other, binding) == "payload-changed"

    def test_is_of_somebody_in_the_directory(self, now, adopt):
        key = Ed25519PrivateKey.generate()
        cast = Cast(uuid4(), "liaison", key, "Nadie", "Fiscal", uuid4(), "Fiscalía")
        ceremony = Ceremony("SV", now=now)
        designation = ceremony.designation(cast, by=[key])
        binding = ceremony.binding(cast, designation, by=[key])
        assert refused(adopt, designation, binding) == "person-unknown"
