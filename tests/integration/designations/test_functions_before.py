"""Whoever was designated before functions were said keeps by the migrations what they could do."""

from __future__ import annotations

from importlib import import_module

import pytest

from casehub.designations.models import Designation
from casehub.directory.functions import carried_before
from casehub.directory.models import Person
from tests.integration.designations.lives import Life
from tests.tables import AsBefore

PEOPLE, TERMS = (
    import_module(f"casehub.{app}.migrations.{name}_functions")
    for app, name in (("directory", "0015"), ("designations", "0007"))
)
STATE = [("directory", "0015_functions"), ("designations", "0007_functions")]
ROLES = [
    ("liaison",),
    ("coordinator",),
    ("liaison", "coordinator"),
    ("central-authority",),
    ("national-auditor",),
    ("ministry",),
]


@pytest.fixture(scope="module")
def apps():
    """Return the models as they are where these migrations run, whatever they became since."""
    return AsBefore(None).project_state(STATE).apps


def held(row) -> set[str]:
    """Return the functions of a row, as people and terms have them."""
    return set(filter(None, row.functions.split(",")))


@pytest.mark.parametrize("roles", ROLES, ids="+".join)
def test_people_carry_what_their_roles_did(apps, region, roles):
    who = region.person("SV", *roles)
    Person.objects.update(functions="")
    PEOPLE.keep(apps, None)
    assert held(Person.objects.get(id=who.id)) == carried_before(roles)


@pytest.mark.parametrize("roles", ROLES[:-1], ids="+".join)
def test_so_do_designations_and_drafts(apps, region, roles):
    life = Life(region)
    life.draft()
    Designation.objects.update(functions="", roles=",".join(sorted(roles)))
    TERMS.keep(apps, None)
    assert held(life.row) == carried_before(roles)
