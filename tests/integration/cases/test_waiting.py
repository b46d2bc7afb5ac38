"""Somebody is shut out while an act of theirs waits for its turn: the act sees it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from casehub.cases import queries, services
from casehub.cases.models import CaseMember, Reader
from casehub.core.errors import NotVisible

SERVICES = [
    (services.open_thread, {"client_id": uuid4(), "people": []}),
    (services.add_person, {"client_id": uuid4(), "circles": []}),
    (services.remove_person, {}),
]


@pytest.fixture
def meanwhile(monkeypatch):
    """Return `meanwhile(name, change)`: make `change` while `queries.name` waits for its lock."""

    def arrange(name, change):
        waits = getattr(queries, name)

        def waiting(what):
            waits(what)
            change()

        monkeypatch.setattr(queries, name, waiting)

    return arrange


class TestShutOutOfTheCaseMeanwhile:
    @pytest.mark.parametrize(("service", "asked"), SERVICES)
    def test_changes_nothing_more_in_it(
        self, region, ana, boris, carla, acting, recorded, meanwhile, now, service, asked
    ):
        case = region.case(ana, boris)
        if service is not services.open_thread:
            asked = asked | {"person": carla.id}
        place = CaseMember.objects.filter(case=case, person_id=boris.person)
        meanwhile("hold_case", lambda: place.update(removed_at=now))
        with recorded(), pytest.raises(NotVisible):
            acting(service, boris, case=case, **asked)


class TestShutOutOfTheThreadMeanwhile:
    @pytest.mark.parametrize(
        ("service", "asked"),
        [(services.add_reader, {"client_id": uuid4()}), (services.remove_reader, {})],
    )
    def test_changes_nothing_more_in_it(
        self, region, ana, boris, carla, acting, recorded, meanwhile, now, service, asked
    ):
        case = region.case(ana, boris, carla)
        thread = region.thread(ana, boris, case=case)
        place = Reader.objects.filter(circle_id=thread, person_id=boris.person)
        meanwhile("hold", lambda: place.update(until=now))
        with recorded(), pytest.raises(NotVisible):
            acting(service, boris, circle=thread, person=carla.id, **asked)
