"""Designating somebody with functions of one's choice, as States do from version 3 on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from casehub.directory.models import Person
from tests.factories import Region, Someone


@contextmanager
def carrying(region: Region, *functions: str) -> Iterator[None]:
    """Let whoever is made meanwhile be designated with these functions, and no others."""
    before, region.carried = region.carried, frozenset(functions)
    yield
    region.carried = before


def let_go(someone: Someone, *left: str) -> None:
    """Let a person have these functions alone from now on, as a new term of theirs says."""
    Person.objects.filter(id=someone.id).update(functions=",".join(left))
    someone.functions = frozenset(left)
